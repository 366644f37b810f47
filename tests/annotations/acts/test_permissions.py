"""Who may do what, asked of the acts themselves: a page, a program and a command meet the same."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from annotations.acts import claims, marks, offers, pairs, stances, undoing
from annotations.acts.claims import Absence, Merging, Placing, Rewording, Splitting
from annotations.acts.done import Seen
from annotations.acts.marks import Change, Marking, Moving
from annotations.acts.offers import Accepting, Choosing
from annotations.acts.stances import Answer
from annotations.models import Annotation, Claim, Revision, Variable
from annotations.states import AnnotationState, ClaimState
from corpus.models import Collection, Document, Membership, Role
from tests import factories

CODERS = {"owner", "curator", "coder", "writer"}
CURATORS = {"owner", "curator"}
# The writer has made the mark and the claim that the acts are about.
OWN = CURATORS | {"writer"}


@pytest.fixture(params=[False, True], ids=["open", "blind"])
def place(request, db):
    """A collection with one person of each kind, a mark and a claim of the writer's."""
    owner = factories.user("owner")
    made = factories.collection("Harbour", owner=owner, blind=request.param)
    for name in ("curator", "coder", "reader"):
        factories.member(made, factories.user(name), Role(name))
    writer = factories.user("writer")
    factories.member(made, writer)
    factories.member(made, factories.user("left"))
    Membership.objects.filter(user__username="left").update(archived_at=made.created)
    factories.user("stranger")
    factories.user("keeper", is_staff=True, is_superuser=True)
    first = factories.document(made, "The port is closed. Ships wait.", title="Storm")
    factories.document(made, "The port is shut. Ships wait.", title="Copy")
    claim = factories.claim(made, writer)
    factories.claim(made, owner, "Ships wait.")
    factories.mark(first, writer, "The port", claim=claim)
    return made


def the_mark():
    return Annotation.objects.get(creator__username="writer")


def the_claim():
    return Claim.objects.get(number=1)


def the_stance():
    return Variable.objects.get(codebook__collection__name="Harbour", key="stance")


def passage(quote="Ships wait"):
    return factories.passage(Document.objects.get(title="Storm"), quote)


def gone(row):
    type(row).objects.filter(pk=row.pk).update(deleted_at=row.created)
    row.refresh_from_db()
    return row


def put_away(row):
    type(row).objects.filter(pk=row.pk).update(archived_at=row.created)
    row.refresh_from_db()
    return row


def pair():
    other = factories.passage(Document.objects.get(title="Copy"), "The port is shut")
    state = AnnotationState("linking", (passage("The port is closed"), other))
    return Marking(state.coded(change="reworded"))


def said(**codes):
    return AnnotationState("assessing", (passage(),)).coded(**codes)


ACTS = {
    "mark": (marks.mark, lambda: Marking(said(position="supports")), CODERS, CODERS),
    "change": (
        marks.change,
        lambda: Change(the_mark(), replace(the_mark().as_state(), note="Why?")),
        OWN,
        OWN,
    ),
    "move a mark": (
        marks.move,
        lambda: Moving(the_mark(), the_mark().as_state().targets[0], passage("port")),
        OWN,
        OWN,
    ),
    "delete a mark": (marks.delete, lambda: Seen(the_mark()), OWN | {"keeper"}, OWN | {"keeper"}),
    "bring back a mark": (marks.bring_back, lambda: gone(the_mark()), OWN, OWN),
    "archive a mark": (marks.archive, lambda: Seen(the_mark()), OWN, OWN),
    "take a mark out": (marks.take_out, lambda: put_away(the_mark()), OWN, OWN),
    "code a document": (
        stances.code,
        lambda: Answer(Document.objects.get(title="Storm"), the_stance(), "reporting"),
        CODERS,
        CODERS,
    ),
    "code a pair": (pairs.code, pair, CODERS, CODERS),
    "accept an offer": (offers.accept, lambda: Accepting(the_mark(), ()), OWN, OWN),
    "reject an offer": (offers.reject, lambda: Choosing(the_mark(), ()), OWN, OWN),
    "have it offered again": (offers.offer_again, lambda: Choosing(the_mark(), ()), OWN, OWN),
    "add a claim": (claims.add, lambda: ClaimState("Fees rise."), CODERS, CODERS),
    "state a claim": (claims.state, lambda: "Fees rise.", CODERS, CODERS),
    "reword a claim": (
        claims.reword,
        lambda: Rewording(the_claim(), replace(the_claim().as_state(), statement="It is shut.")),
        CODERS,
        OWN,
    ),
    "move a claim": (claims.move, lambda: Placing(the_claim(), 1), CODERS, CURATORS),
    "merge claims": (
        claims.merge,
        lambda: Merging(the_claim(), Claim.objects.get(number=2)),
        CODERS,
        CURATORS,
    ),
    "split a claim": (
        claims.split,
        lambda: Splitting(the_claim(), ClaimState("Part."), [the_mark()]),
        CODERS,
        CURATORS,
    ),
    "delete a claim": (
        claims.delete,
        lambda: Seen(Claim.objects.get(number=2)),
        CODERS,
        CURATORS,
    ),
    "bring back a claim": (
        claims.bring_back,
        lambda: gone(Claim.objects.get(number=2)),
        CODERS,
        CURATORS,
    ),
    "archive a claim": (claims.archive, lambda: Seen(the_claim()), CODERS, CURATORS),
    "take a claim out": (claims.take_out, lambda: put_away(the_claim()), CODERS, CURATORS),
    "say absent": (
        claims.confirm_absent,
        lambda: Absence(the_claim(), Document.objects.get(title="Copy")),
        CODERS,
        OWN,
    ),
    "say no longer absent": (
        claims.withdraw_absent,
        lambda: Absence(the_claim(), Document.objects.get(title="Copy")),
        CODERS,
        OWN,
    ),
    "undo": (undoing.undo, lambda: None, CODERS, CODERS),
    "redo": (undoing.redo, lambda: None, CODERS, CODERS),
}
# Who keeps marks and claims in the administration does there what the site lets a curator do.
KEPT = {
    "change", "move a mark", "delete a mark", "bring back a mark", "accept an offer",
    "reject an offer", "have it offered again", "move a claim", "merge claims", "split a claim",
    "delete a claim", "bring back a claim", "archive a mark", "take a mark out",
    "archive a claim", "take a claim out",
}  # fmt: skip
PEOPLE = ["owner", "curator", "coder", "writer", "reader", "left", "stranger", "keeper"]


@pytest.mark.parametrize("name", ACTS)
def test_who_may(place, name, django_user_model):
    act, values, where_open, where_blind = ACTS[name]
    may = (where_blind if place.blind else where_open) | ({"keeper"} if name in KEPT else set())
    did = set()
    for person in PEOPLE:
        user = django_user_model.objects.get(username=person)
        with pytest.raises(_Over):
            _try(act, place, user, values, did)

    assert did == may


class _Over(Exception):
    pass


def _try(act, place, user, values, did):
    """Do it, and take it back: an exception ends the transaction."""
    with transaction.atomic():
        before = Revision.objects.count()
        try:
            act(place, user, values())
        except PermissionDenied:
            assert Revision.objects.count() == before
        else:
            did.add(user.username)
        raise _Over


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_done_in_an_archived_collection(place, name, django_user_model):
    act, values, *_ = ACTS[name]
    given = values()
    Collection.objects.filter(pk=place.pk).update(archived_at=place.created)
    archived = Collection.objects.get(pk=place.pk)

    with pytest.raises(PermissionDenied, match="archived"):
        act(archived, django_user_model.objects.get(username="owner"), given)


# What names nothing that could be elsewhere, or is told so in other words below.
NAMELESS = {"mark", "code a pair", "undo", "redo", "add a claim", "state a claim"}


@pytest.mark.parametrize("name", [name for name in ACTS if name not in NAMELESS])
def test_what_is_of_another_collection_is_refused(place, name, django_user_model):
    act, values, *_ = ACTS[name]
    owner = django_user_model.objects.get(username="owner")
    elsewhere = factories.collection("Elsewhere", owner=owner)
    before = Revision.objects.count()

    with pytest.raises((PermissionDenied, ValueError, Claim.DoesNotExist)):
        act(elsewhere, owner, values())

    assert Revision.objects.count() == before


@pytest.mark.parametrize("name", ["mark", "code a pair"])
def test_a_passage_of_another_collection_is_refused(place, name, django_user_model):
    act, values, *_ = ACTS[name]
    owner = django_user_model.objects.get(username="owner")
    elsewhere = factories.collection("Elsewhere", owner=owner)

    with pytest.raises(Document.DoesNotExist):
        act(elsewhere, owner, values())
