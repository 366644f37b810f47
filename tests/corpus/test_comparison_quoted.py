"""Quotations in two documents: one worded anew is one change, and what a cut drops can count."""

import pytest

from corpus.comparison import compare

FRAME = """\
The port of Tarn opened a deep quay in May, and two ships berthed there on the first day.

{}

Nobody had asked the pilots, whose guild was angry with the board of the port.
"""


def _changes(source, derived):
    found = compare(FRAME.format(source), FRAME.format(derived)).changes
    return [change for change in found if change.kind == "quotation"]


@pytest.mark.parametrize(
    ("source", "derived"),
    [
        (
            "“We were never asked what the new quay would do to our trade,” {}.",
            "“Nobody came to us to talk about how the quay affects business,” {}.",
        ),
        (
            "{} to reporters: “It is the worst thing that has happened here.”",
            "{} to reporters: “This port has seen no greater disaster.”",
        ),
        (
            "“The board treats pilots like furniture,” {}.",
            "“We pilots count for as little as chairs do,” {}.",
        ),
    ],
)
def test_two_wordings_of_one_quotation_are_one_change(source, derived):
    said = "Ilse Varnholt of the guild said on Friday"

    (change,) = _changes(source.format(said), derived.format(said))

    assert change.source
    assert change.derived
    assert change.severity == 3
    assert "worded differently throughout" in change.note


def test_quotations_of_two_speakers_are_not_two_wordings_of_one():
    found = _changes(
        "“We were never asked what it would do to our trade,” Ilse Varnholt said at the quay of "
        "Tarn on Friday.",
        "“The lock will open before the winter storms,” Osric Bellamont said at the quay of Tarn "
        "on Friday.",
    )

    assert not any("worded differently" in change.note for change in found)


@pytest.mark.parametrize(
    ("whole", "cut", "dropped"),
    [
        ("We will pay the levy if the board opens its books", "We will pay the levy", "if"),
        ("We will strike on Monday unless they listen to us", "We will strike on Monday", "unless"),
        ("We will not accept that the board is right", "the board is right", "not"),
        ("I never said the pilots were to blame", "the pilots were to blame", "never"),
        ("Nobody here believes that the quay is safe", "the quay is safe", "Nobody"),
    ],
)
def test_a_cut_that_drops_a_denial_or_a_condition_says_something_else(whole, cut, dropped):
    (change,) = _changes(
        f"“{whole},” Ilse Varnholt of the guild said on Friday.",
        f"“{cut},” Ilse Varnholt of the guild said on Friday.",
    )
    (back,) = _changes(
        f"“{cut},” Ilse Varnholt of the guild said on Friday.",
        f"“{whole},” Ilse Varnholt of the guild said on Friday.",
    )

    assert (change.severity, back.severity) == (3, 3)
    assert f"“{dropped}" in change.note
    assert "left out" in change.note
    assert "put in" in back.note


@pytest.mark.parametrize(
    ("whole", "cut"),
    [
        ("We will pay the levy in May as we did before", "We will pay the levy in May"),
        ("We will pay the levy, and we are not happy about the board", "We will pay the levy"),
        ("We will pay. We do not know how", "We will pay"),
    ],
)
def test_a_cut_that_only_shortens_is_a_nuance(whole, cut):
    (change,) = _changes(
        f"“{whole},” Ilse Varnholt of the guild said on Friday.",
        f"“{cut},” Ilse Varnholt of the guild said on Friday.",
    )

    assert change.severity == 1


def test_quotations_are_paired_inside_linked_sentences_first():
    source = (
        "“The quay is a gift to the town,” Ilse Varnholt told the board on Monday in Tarn.\n\n"
        "“The quay is a burden to the town,” Osric Bellamont told the guild on Friday in Osmere."
    )
    derived = (
        "“The quay is a present to the town,” Ilse Varnholt told the board on Monday in Tarn.\n\n"
        "“The quay is a burden to the whole town,” Osric Bellamont told the guild on Friday in "
        "Osmere."
    )

    found = _changes(source, derived)

    assert [(c.source.text[:15], c.derived.text[:15]) for c in found] == [
        ("The quay is a g", "The quay is a p"),
        ("The quay is a b", "The quay is a b"),
    ]
