from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.models import default_codebook
from annotations.positions import Combined, Occurrence, Position, Tally, combine, derive

VOICES = [None, "author", "source"]
POSITIONS = [None, "supports", "disputes", "questions", "mentions", "our_own"]
occurrences = st.lists(
    st.builds(Occurrence, st.sampled_from(VOICES), st.sampled_from(POSITIONS)), max_size=6
)


@pytest.mark.parametrize(
    ("marked", "position"),
    [
        ("", "not_looked_at"),
        ("author supports", "for"),
        ("author disputes", "against"),
        ("author supports, author disputes", "mixed"),
        ("author questions", "questioned"),
        ("author mentions", "reported"),
        ("source supports", "reported"),
        ("source disputes", "reported"),
        ("source questions", "reported"),
        ("source supports, source disputes", "reported"),
        ("author supports, source disputes", "for"),
        ("source supports, author disputes", "against"),
        ("author questions, source supports", "questioned"),
        ("author questions, author supports", "for"),
        ("author questions, author disputes", "against"),
        ("author mentions, author questions", "questioned"),
        ("- questions", "questioned"),
        ("- mentions", "reported"),
        ("- supports", "for"),
        ("author -", "reported"),
        ("- -", "reported"),
        ("author our_own", "reported"),
    ],
)
def test_a_position_is_what_the_text_says_in_its_own_voice(marked, position):
    words = [pair.split() for pair in marked.split(",") if pair]
    found = [Occurrence(*(None if word == "-" else word for word in pair)) for pair in words]

    assert derive(found) == position


def test_absent_needs_somebody_who_confirmed_it():
    assert derive([], absent=True) == Position.ABSENT
    assert derive([]) == Position.NOT_LOOKED_AT


@given(occurrences.filter(bool))
def test_a_marked_passage_outweighs_a_confirmed_absence(found):
    assert derive(found, absent=True) == derive(found)
    assert derive(found).made


@given(occurrences)
def test_the_order_and_the_number_of_marks_do_not_matter(found):
    expected = derive(found)

    assert derive(reversed(found)) == derive(found + found) == expected


@given(occurrences, occurrences)
def test_only_the_texts_own_words_move_it_off_reported(found, more):
    quoted = [Occurrence("source", row.position) for row in more]

    assert derive(found + quoted) in {derive(found), Position.REPORTED}


def test_the_positions_refine_those_of_the_codebooks_rule():
    rule = next(row for row in default_codebook()["derived"] if row["name"] == "document_stance")

    for named in ("against", "for", "mixed", "observing", "absent"):
        assert f": {named}" in rule["rule"]


@pytest.mark.parametrize(
    ("given", "position", "differ"),
    [
        ({}, "not_looked_at", False),
        ({1: "not_looked_at"}, "not_looked_at", False),
        ({1: "for"}, "for", False),
        ({1: "for", 2: "not_looked_at"}, "for", False),
        ({1: "for", 2: "for", 3: "against"}, "for", True),
        ({1: "for", 2: "against"}, "divided", True),
        ({1: "absent", 2: "reported"}, "divided", True),
        ({1: "for", 2: "for", 3: "against", 4: "against", 5: "absent"}, "divided", True),
        ({1: "absent", 2: "absent", 3: "not_looked_at"}, "absent", False),
    ],
)
def test_coders_are_combined_by_what_most_of_them_say(given, position, differ):
    positions = {coder: Position(name) for coder, name in given.items()}

    assert combine(positions) == Combined(Position(position), differ=differ)


def test_it_does_not_matter_who_said_it():
    said = [Position.FOR, Position.FOR, Position.AGAINST, Position.REPORTED]

    found = {combine(dict(enumerate(order))) for order in permutations(said)}

    assert found == {Combined(Position.FOR, differ=True)}


def test_no_two_positions_share_a_letter_or_a_label():
    letters = {position.letter for position in Position}
    labels = {position.label for position in Position}

    assert len(letters) == len(labels) == len(Position)
    assert all(len(letter) == 1 for letter in letters)
    assert all(position.meaning.endswith(".") for position in Position)


def test_a_tally_counts_and_reads_in_the_order_of_the_legend():
    tally = Tally.of([Position.ABSENT, Position.FOR, Position.ABSENT, Position.AGAINST])

    assert str(tally) == "1 for, 1 against, 2 absent"
    assert tally.count(Position.ABSENT) == 2
    assert tally.count(Position.MIXED) == 0


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("for against", "against against"),
        ("for for against against", "for for for against"),
        ("mixed", "against"),
        ("against", "reported"),
        ("questioned", "absent"),
        ("divided", "for"),
    ],
)
def test_documents_on_both_sides_are_the_dispute_that_counts_most(more, less):
    disputed, settled = (Tally.of(map(Position, words.split())) for words in (more, less))

    assert disputed.dispute > settled.dispute
