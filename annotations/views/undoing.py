from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from annotations import models
from annotations.models import Annotation, EditConflict, Revision
from annotations.states import AnnotationState, TargetState
from corpus.http import Request
from corpus.models import MAY_CODE, Collection

from .answers import answer, touched_by
from .panels import told


@require_POST
def undo(request: Request, slug: str) -> HttpResponse:
    """Take back the person's latest change in the collection; `id` makes a retry harmless."""
    return _replay(request, slug, models.undo, done="Undone", nothing="Nothing to undo.")


@require_POST
def redo(request: Request, slug: str) -> HttpResponse:
    return _replay(request, slug, models.redo, done="Done again", nothing="Nothing to redo.")


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
        operation = UUID(request.POST["id"]) if request.POST.get("id") else None
    except ValueError:
        operation = None
    try:
        revisions = replay(request.user, collection, operation=operation)
    except EditConflict as conflict:
        return answer(
            request,
            collection,
            view=view,
            message=f"Not {done.lower()}: somebody else has changed this since. Edit it instead.",
            touched=_touched_now(conflict.current),
            warning=True,
        )
    touched = [target for row in revisions for target in _touched(row)]
    message = f"{done}: {told(revisions[0])}" if revisions else nothing
    return answer(request, collection, view=view, message=message, touched=touched)


def _touched(row: Revision) -> list[TargetState]:
    if row.annotation_id is None:
        return []
    states = [AnnotationState.from_dict(data) for data in (row.before, row.after) if data]
    return touched_by(*states)


def _touched_now(current: object) -> list[TargetState]:
    return touched_by(current.as_state()) if isinstance(current, Annotation) else []
