"""Small makers of stored things, with the least that makes each valid."""

from django.contrib.auth.models import User

from annotations.acts import claims as claim_acts
from annotations.acts import marks as mark_acts
from annotations.acts.claims import Absence, Merging, Splitting
from annotations.acts.done import Seen
from annotations.models import Annotation, Claim, Codebook
from annotations.states import AnnotationState, ClaimState, TargetState
from corpus.models import Collection, Document, Membership, Role


def user(username: str = "alice", **fields) -> User:
    return User.objects.create_user(username, password="a long password", **fields)


def collection(name: str = "Harbour", *, owner: User | None = None, **fields) -> Collection:
    made = Collection.objects.create(name=name, slug=Collection.free_slug(name), **fields)
    Codebook.start(made)
    if owner:
        member(made, owner, Role.OWNER)
    return made


def member(collection: Collection, user: User, role: str = Role.CODER) -> Membership:
    return Membership.objects.create(collection=collection, user=user, role=role)


def document(
    collection: Collection, text: str = "The port is closed.", *, title: str = "Storm", **fields
) -> Document:
    made = Document.with_text(
        text, collection=collection, title=title, reader=Document.Reader.PLAIN, **fields
    )
    made.save()
    return made


def claim(
    collection: Collection, user: User, statement: str = "The port is closed.", **fields
) -> Claim:
    state = ClaimState(statement=statement, **fields)
    return Claim.objects.record(state, collection=collection, user=user)


def passage(document: Document, quote: str, *, role: str = "passage") -> TargetState:
    start = document.text.index(quote)
    return TargetState(document.pk, start, start + len(quote), quote, role)


def mark(
    document: Document,
    user: User,
    quote: str,
    *,
    claim: Claim | None = None,
    voice: str | None = "author",
    position: str | None = "supports",
    **fields,
) -> Annotation:
    state = AnnotationState(
        "assessing",
        (passage(document, quote),),
        claim=claim.pk if claim else None,
        **fields,
    ).coded(voice=voice, position=position)
    return Annotation.objects.record(state, collection=document.collection, user=user)


def stance(document: Document, user: User, code: str, variable: str = "stance") -> Annotation:
    state = AnnotationState("classifying", (TargetState(document.pk),)).coded(**{variable: code})
    return Annotation.objects.record(state, collection=document.collection, user=user)


def merge(claim: Claim, into: Claim, *, user: User, version: int | None = None) -> None:
    claim_acts.merge(claim.collection, user, Merging(claim, into, version))


def split(claim: Claim, state: ClaimState, marks: list[Annotation], *, user: User) -> Claim:
    made = claim_acts.split(claim.collection, user, Splitting(claim, state, marks))
    return made.claims_made[0]


def absent(claim: Claim, document: Document, *, user: User) -> None:
    claim_acts.confirm_absent(claim.collection, user, Absence(claim, document))


def delete(row: Annotation | Claim, *, user: User, version: int | None = None) -> None:
    acts = claim_acts if isinstance(row, Claim) else mark_acts
    acts.delete(row.collection, user, Seen(row, version))


def archive(row: Annotation | Claim, *, user: User, version: int | None = None) -> None:
    acts = claim_acts if isinstance(row, Claim) else mark_acts
    acts.archive(row.collection, user, Seen(row, version))


def take_out(row: Annotation | Claim, *, user: User) -> None:
    acts = claim_acts if isinstance(row, Claim) else mark_acts
    acts.take_out(row.collection, user, row)


def bring_back(row: Annotation | Claim, *, user: User) -> None:
    acts = claim_acts if isinstance(row, Claim) else mark_acts
    acts.bring_back(row.collection, user, row)
