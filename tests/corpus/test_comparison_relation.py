"""How two texts are related, and which of them came first."""

from datetime import date

import pytest

from corpus.comparison import About, compare
from corpus.comparison.relation import cues
from corpus.comparison.side import Side
from corpus.comparison.wording import REASONS, verdict

REPORT = """\
PORT SARELLE, Feb. 6 (Petrel) -- Lorvane plans to make cargo ships pay for dredging its largest \
harbour from July.

Prime Minister Davor Lindqvane blocked a similar levy in 2019, arguing that it would be a gift to \
rival ports.

Cargo ships would pay 3.40 florins per tonne, according to an internal memo seen by Petrel.

“Port Sarelle is losing about 20 centimetres of depth a year, and it will lose more,” the ministry \
says in the memo.

Competitors did not wait. Neighbouring Osmere opened a deep-water quay at Tarnhaven last month.

The Maritime Ministry declined to comment on the memo or on the levy.
"""
CREDITS = """
(Additional reporting by Goran Aldemar; editing by Paula Skeat)

©2024 Petrel News Agency
"""
REWRITE = """\
Lorvane intends to make freight ships pay for excavating its biggest harbor from July.

Prime Minister Davor Lindqvane blocked a comparable levy in 2019, claiming it would be a present \
to rivals.

Freight ships would pay 3.40 florins per tonne, according to a memo.

“Port Sarelle is losing about 20 centimetres of depth a year,” the ministry says.

Rivals did not wait. Osmere opened a deep-water quay at Tarnhaven.

The Maritime Ministry refused to comment on the memo.
"""
OTHER = """\
The museum of Dunmarrow bought a painting of three horses on Friday.

Its director said that visitors may see the painting soon, and that nobody knows who made it.
"""
SPEECH = """\
I have read the paper of Port Sarelle. In it Osmere and the Petrel agency are named, and Davor \
Lindqvane of Lorvane is not, though Tarnhaven is.
"""
COLUMN = f"""\
{OTHER * 3}
One only hears that “Port Sarelle is losing about 20 centimetres of depth a year”.
"""


@pytest.mark.parametrize(
    ("derived", "relation"),
    [
        (REPORT, "same"),
        (REPORT + "\nSubscribe to our newsletter.\n", "same"),
        (REPORT.replace("Feb. 6", "Feb. 7").replace("declined", "refused"), "revision"),
        (REWRITE, "rewrite"),
        ("\n\n".join(REPORT.split("\n\n")[:3]), "abridgement"),
        (OTHER, "unrelated"),
        (SPEECH, "same_event"),
        (COLUMN, "quotes"),
    ],
)
def test_the_relation_of_two_texts(derived, relation):
    assert compare(REPORT, derived).relation == relation
    assert compare(derived, REPORT).relation == relation


@pytest.mark.parametrize(
    ("source", "derived"),
    [
        pytest.param(REPORT + CREDITS, REWRITE, id="credits dropped"),
        pytest.param(REPORT, REWRITE, id="details and ends of quotations lost"),
        pytest.param(
            REPORT, REPORT + "\nFirst published by the Petrel agency.\n", id="says so itself"
        ),
        pytest.param(
            REPORT,
            REPORT.replace("similar", "comparable")
            + "\nCorrection: an earlier version of this report gave a wrong year.\n",
            id="corrected",
        ),
        pytest.param(
            REPORT,
            "Lorvane plans to make cargo ships pay for dredging its largest harbour from July, the "
            "news agency Petrel reports.\n\nThe Maritime Ministry declined to comment on the memo.",
            id="names the agency",
        ),
        pytest.param(REPORT + CREDITS, REPORT.replace("Feb. 6", "Feb. 8"), id="of a later day"),
    ],
)
def test_the_direction_of_a_derivation(source, derived):
    there, back = compare(source, derived), compare(derived, source)

    assert there.direction == "source_to_derived"
    assert back.direction == "derived_to_source"
    assert there.direction_score == back.direction_score >= 0.5


@pytest.mark.parametrize(
    "derived",
    [
        pytest.param(REPORT, id="the same"),
        pytest.param(REPORT.replace("similar", "comparable"), id="one word"),
        pytest.param(REPORT.partition("\n\nCompetitors")[0], id="shorter and nothing else"),
        pytest.param(OTHER, id="unrelated"),
    ],
)
def test_a_direction_is_not_guessed(derived):
    comparison = compare(REPORT, derived)

    assert comparison.direction == "undecided"


def test_every_cue_turns_with_the_texts():
    there, back = compare(REPORT + CREDITS, REWRITE), compare(REWRITE, REPORT + CREDITS)
    source, derived = Side(REPORT + CREDITS), Side(REWRITE)

    found = cues(source, derived, there.pairs, there.changes)
    turned = cues(derived, source, back.pairs, back.changes)

    assert {cue.name: -cue.worth for cue in turned} == pytest.approx(
        {cue.name: cue.worth for cue in found}
    )


def test_the_real_rewrite_derives_from_the_real_report(seeds):
    wire, rewrite = (
        next(seeds.glob(f"{number}_*")).read_text(encoding="utf-8") for number in ("001", "000")
    )

    comparison = compare(wire, rewrite)

    assert (comparison.relation, comparison.direction) == ("rewrite", "source_to_derived")


def test_days_and_publishers_help_where_the_texts_do_not_tell():
    one = "The port of Vell opens in March. Ana Ruiz leads it. Ships pay a levy of 40 dollars."
    other = "Ana Ruiz leads it. The port of Vell opens in March. Ships pay a levy of 40 dollars."
    early, late = About(date(2024, 3, 1), "Petrel"), About(date(2024, 3, 2), "Osmere Post")

    assert compare(one, other).direction == "undecided"
    found = compare(one, other, source_about=early, derived_about=late)
    assert found.direction == "source_to_derived"
    assert found.direction_reasons == ("published",)
    assert "by the days on which they were published" in verdict(found)
    assert compare(one, other, source_about=late, derived_about=early).direction == (
        "derived_to_source"
    )
    named = compare(one, f"{other} Petrel was the first to say so.", source_about=early)
    assert "publisher" in named.direction_reasons


def test_a_speech_that_both_print_makes_no_version():
    said = ["wait for no ship", "ask nobody for leave", "pay what we owe", "sleep at our desks"]
    one = "Ana Ruiz opened the port of Vell on Monday before a small crowd and then it rained. "
    one += " ".join(f"“We will {words},” Ruiz said at the end of a long lunch." for words in said)
    one += " The levy of 40 dollars starts in March, and fishermen held up signs against it."
    other = "Cheers greeted the guests at the quay, a reporter of the Post saw with his own eyes. "
    other += " ".join(f"The crowd clapped when it heard “we will {words}” again." for words in said)
    other += " Later the minister bought two herrings in the market and shook many hands there."

    assert compare(one, other).relation == "quotes"


def test_every_reason_has_words():
    report, copy = Side(REPORT), Side(REPORT.replace("Petrel", "Kestrel"))

    assert {cue.name for cue in cues(report, copy, [], [])} <= REASONS.keys()
    assert {"published", "publisher"} < REASONS.keys()
