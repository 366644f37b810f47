"""A small collection with everything that an export must survive, the same at every run."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from annotations.models import Annotation, Claim
from annotations.states import AnnotationState, TargetState
from corpus.models import Collection, Document, Role
from tests import factories

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

WIRE = (
    "Storm closes port\n\n"
    "PORT SARELLE (Petrel) -- The port 🚢 is closed, the harbour office said on Monday. "
    "=Later= nobody knew when it would open.\n"
)
REWRITE = (
    'Tempest shuts harbour\n\nThe harbour "may" reopen. قال الربان: لن نبحر اليوم. That was all.\n'
)


def newsroom() -> Collection:
    """Two documents, three coders, five annotations; every number and moment is set, so that the
    files in tests/fixtures can be compared byte for byte."""
    alice, bob = factories.user("alice", first_name="Alice"), factories.user("bob")
    collection = factories.collection("Newsroom", owner=alice)
    factories.member(collection, bob, Role.CODER)
    wire = factories.document(
        collection,
        WIRE,
        title="Storm closes port",
        pk=9001,
        publisher="Petrel",
        published_on=START.date(),
        url="https://petrel.example/storm?a=1&b=2",
        language="en-GB",
    )
    rewrite = factories.document(collection, REWRITE, title="+1: Tempest, “again”", pk=9002)
    claim = Claim.objects.create(
        pk=9003,
        collection=collection,
        statement="The port of Sarelle is closed.",
        description="Since Monday.",
        number=4,
        order=1,
        creator=alice,
    )
    claim.change(replace(claim.as_state(), codings=(("claim_type", "fact"),)), user=alice)

    stance = AnnotationState("classifying", (TargetState(wire.pk),)).coded(stance="reporting")
    occurrence = AnnotationState(
        "assessing",
        (
            factories.passage(wire, "The port 🚢 is closed"),
            factories.passage(wire, "the harbour office", role="source"),
            factories.passage(wire, "said", role="cue"),
        ),
        claim=9003,
        note="-- which office?\nAsk “them”.",
        unsure=True,
    ).coded(voice="source", position="supports")
    comment = AnnotationState(
        "commenting", (factories.passage(wire, "=Later="),), note="@desk: odd signs\u2028here"
    )
    quotation = AnnotationState("assessing", (factories.passage(rewrite, "لن نبحر اليوم"),)).coded(
        voice="source"
    )
    pair = AnnotationState(
        "linking",
        (factories.passage(wire, "The port 🚢 is closed"), factories.passage(rewrite, '"may"')),
        codings=(("change", "weaker"), ("change", "quote_altered")),
    )
    for number, (state, user) in enumerate(
        [(stance, alice), (occurrence, alice), (comment, bob), (quotation, bob), (pair, alice)], 1
    ):
        key = UUID(int=number)
        via = Annotation.objects.filter(pk=UUID(int=2)).first() if user == bob else None
        Annotation.objects.record(
            state,
            collection=collection,
            user=user,
            id=key,
            via=via,
            generator="alignment 1" if via else "",
        )
        moment = START + timedelta(minutes=number, microseconds=number - 1)
        Annotation.objects.filter(pk=key).update(created=moment, modified=moment)
    deleted = factories.mark(wire, bob, "nobody knew")
    factories.delete(deleted, user=bob)
    return collection


def texts(collection: Collection) -> dict[int, str]:
    return dict(Document.objects.filter(collection=collection).values_list("pk", "text"))
