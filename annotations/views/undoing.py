from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from annotations.acts import undoing
from annotations.acts.done import Done
from annotations.acts.undoing import Kind, Refused, not_done
from corpus.http import Request
from corpus.models import MAY_CODE, Collection

from .answers import answer

ACTS: dict[Kind, Callable[..., Done]] = {"undo": undoing.undo, "redo": undoing.redo}


@require_POST
def undo(request: Request, slug: str) -> HttpResponse:
    """Take back the person's latest change in the collection; `id` makes a retry harmless."""
    return answer(request, replay(request, slug, "undo", operation=sent_id(request)))


@require_POST
def redo(request: Request, slug: str) -> HttpResponse:
    return answer(request, replay(request, slug, "redo", operation=sent_id(request)))


def replay(request: Request, slug: str, kind: Kind, *, operation: UUID | None) -> Done:
    """Undo or redo; where that is refused, why."""
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    try:
        return ACTS[kind](collection, request.user, operation=operation)
    except Refused as refused:
        return not_done(collection, refused, kind=kind)


def sent_id(request: Request) -> UUID | None:
    """The id that makes a repeated request harmless, if one was sent."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return None
