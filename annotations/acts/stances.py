"""What a person says of a whole document in one variable, such as its stance."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from annotations.access import must_code
from annotations.models import Annotation, Variable
from annotations.states import AnnotationState, TargetState
from corpus.models import Collection, Document

from .done import Done


@dataclass(frozen=True, slots=True)
class Answer:
    """A code of a variable for a document, by its key; none clears what was said."""

    document: Document
    variable: Variable
    code: str = ""


def code(
    collection: Collection, user: User, values: Answer, *, operation: UUID | None = None
) -> Done:
    """Set, change or clear the person's code. Raises ValidationError where the document is closed."""
    must_code(user, collection)
    document, variable = values.document, values.variable
    if document.collection_id != collection.pk:
        raise PermissionDenied("This document is of another collection.")
    target = TargetState(document.pk)
    said = {variable.key: values.code or None}
    with transaction.atomic():
        found = (
            Annotation.objects.live()
            .by(user)
            .filter(codings__document=document, codings__variable=variable, claim=None)
            .first()
        )
        if found is None and values.code:
            Annotation.objects.record(
                AnnotationState("classifying", (target,)).coded(**said),
                collection=collection,
                user=user,
                operation=operation,
            )
        elif found is not None:
            state = found.as_state().coded(**said)
            if state.codings:
                found.change(state, user=user, operation=operation)
            else:
                gone = replace(found.as_state(), deleted=True)
                found.change(gone, user=user, action="delete", operation=operation)
    label = next((row.label for row in variable.codes.all() if row.key == values.code), "cleared")
    words = f"{variable.label} of “{document}”: {label}"
    return Done(words, collection=collection, touched=(target,))
