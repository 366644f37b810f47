"""What a person says of two passages: what was changed from one to the other."""

from dataclasses import replace
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import transaction

from annotations.access import must_code
from annotations.models import Annotation, Code
from annotations.states import AnnotationState, touched_by
from annotations.vocabulary import CHANGE
from corpus.models import Collection

from . import marks
from .done import ALL, Done, those
from .marks import Change, Marking


def code(
    collection: Collection, user: User, values: Marking, *, operation: UUID | None = None
) -> Done:
    """Code a pair. Raises EditConflict where its id stands for something else, and ValidationError
    as marks.mark() does.
    """
    must_code(user, collection)
    operation = operation or uuid4()
    with transaction.atomic():
        state, made = marks.settled(
            collection, user, values.state, values.statement, operation=operation
        )
        Annotation.objects.record(
            state, collection=collection, user=user, id=values.id, operation=operation
        )
    return Done(
        _told(collection, state),
        collection=collection,
        touched=touched_by(state),
        claims=ALL if made else those({state.claim}),
        made=(made,) if made else (),
    )


def correct(
    collection: Collection, user: User, values: Change, *, operation: UUID | None = None
) -> Done:
    """Say something else of a pair. Raises as marks.change() does."""
    done = marks.change(collection, user, values, operation=operation)
    return replace(done, words=_told(collection, values.state))


def _told(collection: Collection, state: AnnotationState) -> str:
    codes = Code.objects.filter(
        variable__codebook__collection=collection,
        variable__key=CHANGE,
        key__in=state.codes(CHANGE),
    )
    return f"Pair coded: {', '.join(codes.order_by('order', 'pk').values_list('label', flat=True))}"
