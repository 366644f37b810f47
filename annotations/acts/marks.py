"""What a person does to marks: each once, for pages and programs alike.

Each is one undoable step, in one transaction, with a revision for each row that it changes.
"""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from annotations.access import must_change, must_code, sees_all
from annotations.forms.words import quoted
from annotations.models import (
    Annotation,
    Claim,
    EditConflict,
    Fitted,
    Revision,
    Target,
    fit,
    known_claims,
)
from annotations.states import AnnotationState, Codings, TargetState, touched_by
from annotations.vocabulary import SPANS, VOICE
from corpus.models import Collection, Document

from .done import ALL, Done, Seen, those

MARK_ARCHIVED = "This mark is archived. Take it out of the archive first."


@dataclass(frozen=True, slots=True)
class Marking:
    """What a person says of a passage; a `statement` puts it under that claim, new or known.

    The same passage and claim by the same person is one mark, if the person gives it an `id`: it
    makes a repeated request harmless. Marking again changes what is said: codes that are `toggled`
    are taken away where the mark has them, and words that are only `guessed` to name the source
    leave alone what stands. `documents` are those that have been read already.
    """

    state: AnnotationState
    statement: str = ""
    id: UUID | None = None
    via: UUID | None = None
    generator: str = ""
    toggled: Codings = ()
    guessed: bool = False
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a mark is to say, by the version of it that the person had seen.

    A deleted one is changed only by who knows of that and would `bring_back` the mark.
    """

    annotation: Annotation
    state: AnnotationState
    version: int | None = None
    statement: str = ""
    bring_back: bool = False


@dataclass(frozen=True, slots=True)
class Moving:
    """Other boundaries for one of the passages of a mark."""

    annotation: Annotation
    passage: TargetState
    to: TargetState
    version: int | None = None
    bring_back: bool = False


def mark(
    collection: Collection, user: User, values: Marking, *, operation: UUID | None = None
) -> Done:
    """Make a mark, or change the person's own on the same passage.

    Raises EditConflict where the id is somebody else's, and ValidationError where the codebook, a
    closed document or another answer of the person leaves no room.
    """
    must_code(user, collection)
    operation = operation or values.id or uuid4()
    # The write lock is everybody's: what can be read before it is taken is read here.
    fitted = fit(values.state, collection, documents=values.documents)
    try:
        with transaction.atomic():
            state, made = settled(
                collection, user, fitted.state, values.statement, operation=operation
            )
            fitted = replace(fitted, state=state).standing()
            state = fitted.state
            met = values.id is not None and _met(collection, user, state, values.id)
            if met and (done := _again(collection, user, replace(values, state=state), made=made)):
                return done
            Annotation.objects.record(
                state,
                collection=collection,
                user=user,
                id=values.id,
                via=_accepted(collection, user, values.via),
                generator=values.generator,
                operation=operation,
                fitted=fitted,
                is_new=not met,
            )
    except EditConflict as conflict:
        # A late repetition: the mark was saved the first time and has been changed since.
        stored: Annotation = conflict.current
        if stored.creator_id != user.pk or stored.collection_id != collection.pk:
            raise
        return Done(
            "Saved before, and changed since.",
            collection=collection,
            touched=touched_by(stored.as_state()),
            claims=those({stored.claim_id}),
        )
    source = next((f". Source: {row.exact}" for row in state.targets if row.role == "source"), "")
    back = Revision.objects.filter(operation=operation, user=user, action="delete")
    if state.claim and back.exists():
        source += ". Your “absent” is taken back"
    verb = f"Marked{' under a new claim' if made else ''}"
    return _done(collection, user, fitted, verb, more=source, made=made)


def change(
    collection: Collection, user: User, values: Change, *, operation: UUID | None = None
) -> Done:
    """Change a mark; the same `operation` again is a repetition, which changes nothing.

    Raises EditConflict, with what was `sent`, where somebody has changed or deleted it since, and
    ValidationError as mark() does.
    """
    annotation, operation = values.annotation, operation or uuid4()
    must_change(annotation, user, collection)
    before = annotation.as_state()
    if annotation.revisions.filter(operation=operation, user=user).exists():
        return _done(collection, user, fit(before, collection).standing(), "Mark changed")
    with transaction.atomic():
        state, made = settled(
            collection,
            user,
            values.state,
            values.statement,
            operation=operation,
            stood=before.claim,
        )
        said = fit(state, collection).standing()
        _store(annotation, state, values, user=user, operation=operation)
    done = _done(collection, user, said, "Mark changed", before=before, made=made)
    return replace(done, claims=ALL) if _comes_back(said.claim) else done


def move(
    collection: Collection, user: User, values: Moving, *, operation: UUID | None = None
) -> Done:
    """Move the boundaries of a passage. Raises as change() does."""
    annotation = values.annotation
    must_change(annotation, user, collection)
    before = annotation.as_state()
    targets = tuple(values.to if row == values.passage else row for row in before.targets)
    state = replace(before, targets=targets, deleted=False)
    said = fit(replace(state, targets=(values.to,)), collection).standing()
    _store(annotation, state, values, user=user, action="move", operation=operation)
    return Done(
        f"Moved to {_told(collection, user, said)}",
        collection=collection,
        touched=touched_by(before, state),
        claims=ALL if _comes_back(said.claim) else those({state.claim}),
    )


def delete(
    collection: Collection, user: User, values: Seen[Annotation], *, operation: UUID | None = None
) -> Done:
    """Delete a mark; deleting it twice changes nothing.

    Raises EditConflict where somebody has changed it since, and ValidationError where its document
    is closed.
    """
    annotation = values.row
    must_change(annotation, user, collection)
    state = annotation.as_state()
    try:
        annotation.change(
            replace(state, deleted=True),
            user=user,
            action="delete",
            version=None if annotation.deleted else values.version,
            operation=operation,
        )
    except EditConflict as conflict:
        if not conflict.current.deleted:
            raise
    return Done(
        "Deleted. Undo brings it back.",
        collection=collection,
        touched=touched_by(state),
        claims=those({annotation.claim_id}),
    )


def bring_back(
    collection: Collection, user: User, values: Annotation, *, operation: UUID | None = None
) -> Done:
    """Bring a deleted mark back, and with it its claim where that was deleted.

    Raises ValidationError where an answer given since leaves no room for it.
    """
    must_change(values, user, collection)
    state = values.as_state()
    claim = fit(state, collection).standing().claim
    values.change(
        replace(state, deleted=False), user=user, action="bring back", operation=operation
    )
    words = "Brought back."
    if claim and _comes_back(claim):
        words = f"Brought back, and with it the claim {quoted(str(claim))}."
    return Done(
        words,
        collection=collection,
        touched=touched_by(state),
        claims=ALL if _comes_back(claim) else those({state.claim}),
    )


def archive(
    collection: Collection, user: User, values: Seen[Annotation], *, operation: UUID | None = None
) -> Done:
    """Put a mark away, out of all lists and counts; doing it twice changes nothing.

    Raises EditConflict where somebody has changed or deleted it since, and ValidationError where
    its document is closed.
    """
    annotation = values.row
    must_change(annotation, user, collection)
    if annotation.deleted:
        raise EditConflict(annotation)
    state = annotation.as_state()
    annotation.change(
        replace(state, archived=True),
        user=user,
        action="archive",
        version=None if state.archived else values.version,
        operation=operation,
    )
    return Done(
        "Archived. Undo takes it out again.",
        collection=collection,
        touched=touched_by(state),
        claims=those({annotation.claim_id}),
    )


def take_out(
    collection: Collection, user: User, values: Annotation, *, operation: UUID | None = None
) -> Done:
    """Take a mark out of the archive.

    Raises ValidationError where its claim is archived, or an answer given since leaves no room.
    """
    must_change(values, user, collection)
    state = values.as_state()
    claim = fit(state, collection).standing().claim
    values.change(replace(state, archived=False), user=user, action="take out", operation=operation)
    return Done(
        "Taken out of the archive.",
        collection=collection,
        touched=touched_by(state),
        claims=ALL if _comes_back(claim) else those({claim.pk if claim else None}),
    )


def marked_again(before: AnnotationState, values: Marking) -> AnnotationState:
    """A mark with what is said of its passage again; what is not said stays."""
    said = values.state
    toggled = {variable for variable, _ in values.toggled}
    asked = {variable for variable, _ in said.codings} - toggled
    codings = {pair for pair in before.codings if pair[0] not in asked}
    codings |= {pair for pair in said.codings if pair[0] in asked}
    stood = {row.role: row for row in before.targets if row.role in SPANS}
    found = {row.role: row for row in said.targets if row.role in SPANS}
    if values.guessed and (stood or "source" in before.codes(VOICE)):
        found = {}
    for role, row in stood.items():
        if role not in found or found[role].exact.split() == row.exact.split():
            found[role] = row
    passages = [row for row in before.targets if row.role not in SPANS]
    return replace(
        before,
        targets=(*passages, *(found[role] for role in SPANS if role in found)),
        codings=tuple(codings ^ set(values.toggled)),
        note=said.note or before.note,
        unsure=said.unsure or before.unsure,
    )


def settled(
    collection: Collection,
    user: User,
    state: AnnotationState,
    statement: str,
    *,
    operation: UUID,
    stood: int | None = None,
) -> tuple[AnnotationState, Claim | None]:
    """The state under the claim that is stated, if one is; and that claim where it is new.

    One that is only named must be known to the person, unless it `stood` there before.
    """
    statement = " ".join(statement.split())
    if not statement:
        if state.claim != stood:
            _check_claim(collection, user, state.claim)
        return state, None
    claim, new = Claim.objects.stating(
        statement, collection=collection, user=user, operation=operation
    )
    return replace(state, claim=claim.pk), claim if new else None


def _check_claim(collection: Collection, user: User, pk: int | None) -> None:
    if pk is None or sees_all(user, collection):
        return
    if not Claim.objects.seen_by(user, collection).filter(pk=pk).exists():
        raise ValidationError("This claim is not in the collection.")


def _store(
    annotation: Annotation,
    state: AnnotationState,
    values: Change | Moving,
    *,
    user: User,
    action: str = "edit",
    operation: UUID | None = None,
) -> None:
    if annotation.archived_at is not None:
        raise ValidationError(MARK_ARCHIVED)
    try:
        if annotation.deleted and not values.bring_back:
            raise EditConflict(annotation)
        annotation.change(
            state, user=user, action=action, version=values.version, operation=operation
        )
    except EditConflict as conflict:
        # A repeated request meets its own first success.
        if conflict.current.as_state() != state:
            conflict.sent = state
            raise


def _met(collection: Collection, user: User, state: AnnotationState, id: UUID) -> bool:
    """Whether a mark has the id, or was changed by it, or is the person's own of the same passage.

    One question, as nearly always there is none.
    """
    passage = state.targets[0]
    places = Target.objects.filter(
        document=passage.document, start=passage.start, end=passage.end, role="passage"
    )
    changed = Revision.objects.filter(operation=id, user=user, annotation__isnull=False)
    own = Q(collection=collection, creator=user, deleted_at=None, claim=state.claim)
    rows = Q(pk=id) | Q(pk__in=changed.values("annotation"))
    rows |= own & Q(pk__in=places.values("annotation"))
    return Annotation.objects.filter(rows).exists()


def _again(
    collection: Collection, user: User, values: Marking, *, made: Claim | None
) -> Done | None:
    """What a mark that the person has made before becomes; None where the id is that of a mark."""
    assert values.id is not None  # noqa: S101  only what has an id is ever repeated
    if before := _marked_before(collection, user, values.id):
        state = before.as_state()
        return _done(collection, user, fit(state, collection).standing(), "Already marked so")
    same = _same_passage(collection, user, values.state)
    if same is None or Annotation.objects.filter(pk=values.id).exists():
        return None
    stood = same.as_state()
    wanted = marked_again(stood, values)
    same.change(wanted, user=user, operation=values.id)
    verb = "Already marked so" if wanted == stood else "Mark changed"
    said = fit(values.state, collection).standing()
    return _done(collection, user, said, verb, before=stood, made=made)


def _marked_before(collection: Collection, user: User, operation: UUID) -> Annotation | None:
    """The mark that the same request has changed already: a retry, which changes nothing."""
    changed = Annotation.objects.by(user).exclude(pk=operation).with_parts()
    return changed.filter(
        collection=collection, revisions__operation=operation, revisions__user=user
    ).first()


def _same_passage(collection: Collection, user: User, state: AnnotationState) -> Annotation | None:
    passage = state.targets[0]
    found = (
        Annotation.objects.live()
        .by(user)
        .filter(
            collection=collection,
            claim=state.claim,
            motivation=state.motivation,
            targets__document=passage.document,
            targets__start=passage.start,
            targets__end=passage.end,
            targets__role="passage",
        )
        .with_parts()
        .order_by("created", "pk")
    )
    # Two comments on the same words are two comments.
    return None if state.motivation == "commenting" else found.first()


def _accepted(collection: Collection, user: User, pk: UUID | None) -> Annotation | None:
    """The mark whose suggestion was accepted, if the person may know of it."""
    if pk is None:
        return None
    seen = Annotation.objects.visible_to(user).filter(collection=collection)
    return seen.filter(pk=pk).first()


def _comes_back(claim: Claim | None) -> bool:
    """Whether the claim was deleted, and comes back with a mark."""
    return claim is not None and claim.deleted_at is not None


def _done(
    collection: Collection,
    user: User,
    said: Fitted,
    verb: str,
    *,
    before: AnnotationState | None = None,
    made: Claim | None = None,
    more: str = "",
) -> Done:
    state = said.state
    return Done(
        f"{verb}: {_told(collection, user, said)}{more}",
        collection=collection,
        touched=touched_by(before, state),
        claims=ALL if made else those({before.claim if before else None, state.claim}),
        made=(made,) if made else (),
    )


def _told(collection: Collection, user: User, said: Fitted) -> str:
    """The words marked, and which claim they went to, by the number that this person knows it by.

    Of a claim that the person may not know of, nothing is said.
    """
    state, claim = said.state, said.claim
    words = quoted(state.targets[0].exact)
    if claim is None:
        return words if state.motivation == "commenting" else f"{words}, without a claim"
    known = known_claims(user, collection)
    if known is None:
        return f"{words}, claim {claim.number}: {quoted(claim.statement)}"
    if claim.pk not in known:
        return words
    return f"{words}, claim {known[claim.pk].number}: {quoted(claim.statement)}"
