"""Marking without a page: what is stored, what is told, what is asked of the database."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.acts import marks
from annotations.acts.done import ALL
from annotations.acts.marks import Marking, marked_again
from annotations.models import Annotation, Claim, EditConflict, Revision
from annotations.states import AnnotationState, TargetState
from tests import factories

TEXT = "The port is closed, Ana Ruiz said. Ships wait outside the bay."


@pytest.fixture
def storm(harbour):
    return factories.document(harbour, TEXT, title="Storm")


def said(document, quote="The port", claim=None, **codes):
    state = AnnotationState("assessing", (factories.passage(document, quote),), claim=claim)
    return state.coded(**codes)


def queries(captured):
    """What is asked and stored; where the transaction begins and ends is neither."""
    around = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [row["sql"] for row in captured if not row["sql"].startswith(around)]


def test_a_mark_tells_what_it_did(harbour, bob, storm):
    claim = factories.claim(harbour, bob, "The port is closed.")

    done = marks.mark(harbour, bob, Marking(said(storm, claim=claim.pk, position="supports")))

    assert done.words == "Marked: “The port”, claim 1: “The port is closed.”"
    assert done.claims == {claim.pk}
    assert [target.exact for target in done.touched] == ["The port"]
    assert Annotation.objects.get().as_state() == said(storm, claim=claim.pk, position="supports")


def test_a_stated_claim_is_made_once(harbour, bob, storm):
    state = said(storm, position="supports")

    first = marks.mark(harbour, bob, Marking(state, "Ships  wait."))
    second = marks.mark(harbour, bob, Marking(said(storm, "Ships"), "ships wait."))

    claim = Claim.objects.get()
    assert (first.claims, first.made) == (ALL, (claim,))
    assert (second.claims, second.made) == ({claim.pk}, ())
    assert claim.annotations.count() == 2


def test_the_same_request_again_changes_nothing(harbour, bob, storm):
    values = Marking(said(storm, position="supports"), id=uuid4())

    told = {marks.mark(harbour, bob, values).words for _ in range(3)}

    assert told == {"Marked: “The port”, without a claim"}
    assert Annotation.objects.count() == Revision.objects.count() == 1


def test_the_id_of_somebody_elses_mark_is_refused(harbour, alice, bob, storm):
    theirs = factories.mark(storm, alice, "Ships")

    with pytest.raises(EditConflict):
        marks.mark(harbour, bob, Marking(said(storm, position="supports"), id=theirs.pk))

    assert Annotation.objects.count() == 1


def test_a_claim_that_a_blind_coder_must_not_know_of_is_refused(harbour, bob, storm):
    carol = factories.user("carol")
    factories.member(harbour, carol)
    hers = factories.claim(harbour, carol, "Ships wait.")
    harbour.blind = True
    harbour.save()

    with pytest.raises(ValidationError, match="not in the collection"):
        marks.mark(harbour, bob, Marking(said(storm, claim=hers.pk, position="supports")))


def test_a_claim_that_was_merged_leads_on_to_the_one_that_took_it(harbour, alice, bob, storm):
    old, new = (factories.claim(harbour, alice, words) for words in ("Old.", "New."))
    factories.merge(old, new, user=alice)

    done = marks.mark(harbour, bob, Marking(said(storm, claim=old.pk, position="supports")))

    assert done.claims == {new.pk}
    assert Annotation.objects.get().claim == new


PASSAGE = TargetState(1, 0, 8, "The port")
SOURCE = TargetState(1, 20, 28, "Ana Ruiz", "source")
CUE = TargetState(1, 29, 33, "said", "cue")
STOOD = AnnotationState("assessing", (PASSAGE,), note="Why?").coded(voice="author", topic="sea")


@pytest.mark.parametrize(
    ("before", "more", "after"),
    [
        ({}, {}, {}),
        ({}, {"codes": {"voice": "source"}}, {"codes": {"voice": "source"}}),
        ({}, {"codes": {"topic": "trade"}}, {"codes": {"topic": "trade"}}),
        ({}, {"note": "So."}, {"note": "So."}),
        ({}, {"unsure": True}, {"unsure": True}),
        ({}, {"codes": {"topic": "sea"}, "toggled": True}, {"codes": {"topic": None}}),
        ({}, {"spans": (SOURCE, CUE)}, {"spans": (SOURCE, CUE)}),
        ({"spans": (SOURCE,)}, {}, {"spans": (SOURCE,)}),
        ({"spans": (SOURCE,)}, {"spans": (CUE,), "guessed": True}, {"spans": (SOURCE,)}),
        ({"spans": (SOURCE,)}, {"spans": (CUE,)}, {"spans": (SOURCE, CUE)}),
    ],
)
def test_marking_again_changes_what_is_said_and_nothing_else(before, more, after):
    def state(start, said):
        changed = replace(start, targets=(PASSAGE, *said.get("spans", ())))
        changed = replace(changed, note=said.get("note", start.note))
        changed = replace(changed, unsure=said.get("unsure", start.unsure))
        return changed.coded(**said.get("codes", {}))

    stood = state(STOOD, before)
    new = state(AnnotationState("assessing", (PASSAGE,)), more)
    toggled = new.codings if more.get("toggled") else ()

    again = marked_again(stood, Marking(new, toggled=toggled, guessed=more.get("guessed", False)))

    assert again == state(stood, after | {"spans": after.get("spans", before.get("spans", ()))})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["", "Ships wait."])
def test_ten_in_a_row_ask_the_same_few_things(statement):
    alice = factories.user("alice")
    harbour = factories.collection("Harbour", owner=alice)
    storm = factories.document(harbour, TEXT)
    claim = None if statement else factories.claim(harbour, alice).pk
    asked = []
    for start in range(10):
        target = TargetState(storm.pk, start, start + 4, TEXT[start : start + 4])
        state = AnnotationState("assessing", (target,), claim=claim).coded(position="supports")
        with CaptureQueriesContext(connection) as captured:
            marks.mark(harbour, alice, Marking(state, statement, id=uuid4()))
        asked.append(len(queries(captured)))

    assert Annotation.objects.filter(claim=Claim.objects.get()).count() == 10
    assert Revision.objects.filter(annotation__isnull=False).count() == 10
    assert len(set(asked[1:])) == 1  # the first of a statement makes the claim


def test_a_mark_by_post_asks_sixteen_things(client, harbour, alice, bob, storm):
    """Two for the person, one for the place, then what the form and the act must know and store."""
    claim = factories.claim(harbour, alice)
    client.force_login(bob)
    sent = {"document": storm.pk, "claim": claim.pk, "button": "author:supports"}
    for start in range(2):
        sent |= {"start": start, "end": start + 8, "exact": TEXT[start : start + 8]}
        with CaptureQueriesContext(connection) as captured:
            response = client.post(
                reverse("annotations:mark", args=["harbour"]), {**sent, "id": str(uuid4())}
            )
        assert response.status_code == 302
    asked = queries(captured)
    written = [sql for sql in asked if not sql.startswith("SELECT")]
    tables = ["annotation", "target", "coding", "revision"]

    assert [sql.split('"')[1] for sql in written] == [f"annotations_{name}" for name in tables]
    assert len(asked) <= 16, "\n".join(asked)
