from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from annotations.acts import undoing
from annotations.acts.undoing import Refused
from annotations.forms.words import quoted
from annotations.models import Annotation, Revision
from annotations.states import AnnotationState, TargetState
from corpus.http import Request
from corpus.models import MAY_CODE, Collection

from .answers import answer, touched_by
from .panels import told


@require_POST
def undo(request: Request, slug: str) -> HttpResponse:
    """Take back the person's latest change in the collection; `id` makes a retry harmless."""
    return _replay(request, slug, undoing.undo, done="Undone", nothing="Nothing to undo.")


@require_POST
def redo(request: Request, slug: str) -> HttpResponse:
    return _replay(request, slug, undoing.redo, done="Done again", nothing="Nothing to redo.")


def _replay(
    request: Request,
    slug: str,
    replay: Callable[..., list[Revision]],
    *,
    done: str,
    nothing: str,
) -> HttpResponse:
    collection = Collection.objects.open_to(request.user, slug, MAY_CODE)
    view = request.POST.get("view", "")
    try:
        revisions = replay(request.user, collection, operation=sent_id(request))
    except Refused as refused:
        return answer(
            request,
            collection,
            view=view,
            message=why_not(refused, done),
            touched=_touched_now(refused.current),
            warning=True,
        )
    touched = [target for row in revisions for target in _touched(row)]
    message = what_was(revisions, done) if revisions else nothing
    return answer(request, collection, view=view, message=message, touched=touched)


def sent_id(request: Request) -> UUID | None:
    """The id that makes a repeated request harmless, if one was sent."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return None


def what_was(revisions: list[Revision], done: str) -> str:
    """What an undo or redo did, in words; a claim that a mark brought along is named after it."""
    back = [row for row in revisions if row.claim_id and row.action == "bring back"]
    back = [
        row for row in back if (row.before or {})["deleted"] and not (row.after or {})["deleted"]
    ]
    leading = next((row for row in revisions if row not in back), revisions[0])
    along = (
        f"the claim {quoted((row.after or {})['statement'])}" for row in back if row != leading
    )
    return ". ".join([f"{done}: {told(leading)}", *(f"With it {claim} is back" for claim in along)])


def why_not(refused: Refused, done: str) -> str:
    again = "redo" if done == "Done again" else "undo"
    return f"Not {done.lower()}: {refused.reason}. The next {again} goes on from there."


def _touched(row: Revision) -> list[TargetState]:
    if row.annotation_id is None:
        return []
    states = [AnnotationState.from_dict(data) for data in (row.before, row.after) if data]
    return touched_by(*states)


def _touched_now(current: object) -> list[TargetState]:
    return touched_by(current.as_state()) if isinstance(current, Annotation) else []
