from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from annotations.states import AnnotationState
from annotations.vocabulary import PRESENCE

if TYPE_CHECKING:
    from .annotation import Annotation


def settle_absence(
    annotation: "Annotation",
    state: AnnotationState,
    *,
    user: User,
    operation: UUID,
    kind: str = "do",
    of: UUID | None = None,
) -> None:
    """One coder says of a claim that it is absent from a document, or marks it there: not both.

    A mark takes the coder's own “absent” back in the same step; “absent” is refused, with a
    ValidationError, where the coder has marked a passage. What others say is theirs.
    """
    if not state.live or state.claim is None or state.motivation == "linking":
        return
    absent = bool(state.codes(PRESENCE))
    marked = {row.document for row in state.targets if row.start is not None}
    places = {row.document for row in state.targets} if absent else marked
    if not places:
        return
    others = (
        type(annotation)
        .objects.live()
        .filter(
            collection=annotation.collection_id,
            creator=annotation.creator_id,
            claim=state.claim,
            targets__document__in=places,
            targets__start__isnull=not absent,
        )
        .exclude(pk=annotation.pk)
        .exclude(motivation="linking")
        .distinct()
    )
    if absent:
        if marked or others.exists():
            raise ValidationError(
                "You have marked a passage of this document with this claim, so it is not absent. "
                "Delete the mark first."
            )
        return
    for row in others.filter(codings__variable__key=PRESENCE):
        row.change(
            replace(row.as_state(), deleted=True),
            user=user,
            action="delete",
            operation=operation,
            kind=kind,
            of=of,
        )
