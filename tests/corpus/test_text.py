import json
import re
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import (
    LONGEST_PARAGRAPH,
    MAX_MARKS,
    TextError,
    canonical,
    code_point_offset,
    paragraphs,
    sentences,
    sha256,
    utf16_offset,
    visible,
)

OFFSETS = json.loads((Path(__file__).parents[1] / "fixtures" / "offsets.json").read_text())

# What breaks splitters and normalisers, in the proportions that find it.
FRAGMENTS = [
    *'“”"’()。「」É🚢e\u0301\u0344\u0958\ufeff\u202e\u2028\n',
    *["\n\n", "\r\n", " ", ". ", "? ", "؟ ", "...", "- ", "1. ", "[1]"],
    *["Mr. ", "Nov.", "U.S.", "p.m.", "etc.", "Harbour", "levy"],
]
awkward = st.lists(
    st.one_of(
        st.sampled_from(
            ["\n", "\n\n", "\r\n", "\u2028", " ", ". ", "? ", "؟ ", "Mr. ", "1. ", "- "]
        ),
        st.sampled_from(FRAGMENTS),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5),
    ),
    max_size=60,
).map("".join)


def pieces(text, spans):
    return [text[start:end] for start, end in spans]


# --- canonical


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("one\r\ntwo\rthree\ntwo", "one\ntwo\nthree\ntwo"),
        ("one\u2028two\u2029three\x85four\ffive\vsix", "one\ntwo\n\nthree\nfour\nfive\nsix"),
        ("\ufeffThe port", "The port"),
        ("\n\n  The port \n\t\n", "The port"),
        ("Re\u0301gion", "Région"),
        ("\u212b", "Å"),
        (
            "tab\tstays, so does \x1b and \u202eoverride",
            "tab\tstays, so does \x1b and \u202eoverride",
        ),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("", ""),
        (" \n", ""),
    ],
)
def test_the_canonical_text_keeps_what_was_written(raw, kept):
    assert canonical(raw) == kept


@pytest.mark.parametrize(
    ("raw", "line"), [("one\ntwo \0 words", 2), ("\0", 1), ("a\r\nb\r\nc \ud800", 3), ("\udfff", 1)]
)
def test_what_no_text_can_hold_is_refused_and_its_line_named(raw, line):
    with pytest.raises(TextError) as refusal:
        canonical(raw)

    assert refusal.value.line == line
    assert f"Line {line} " in str(refusal.value)


def test_a_tower_of_combining_marks_is_capped():
    assert canonical("q" + "\u0323" * 500 + "x") == "q" + "\u0323" * MAX_MARKS + "x"


def test_a_mark_that_comes_apart_in_normalising_is_capped_too():
    text = canonical("q" + "\u0344" * MAX_MARKS)

    assert sum(map(bool, map(unicodedata.combining, text))) == MAX_MARKS
    assert canonical(text) == text


def test_marks_on_many_letters_all_stay():
    text = "ạ̈" * 1000

    assert canonical(text) == unicodedata.normalize("NFC", text)


@given(awkward)
def test_normalising_twice_changes_nothing(raw):
    once = canonical(raw)

    assert canonical(once) == once


@given(awkward)
def test_the_canonical_text_is_normalised_and_trimmed(raw):
    text = canonical(raw)

    assert "\r" not in text
    assert text == text.strip()
    assert text == unicodedata.normalize("NFC", text)


def test_the_hash_is_of_the_bytes_in_utf_8():
    # The digest of "é" in UTF-8, by sha256sum.
    assert sha256("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


# --- what shows


def test_control_characters_show_one_for_one():
    text = "a\x1b[0m\x7f\x9c\u202eb\u2066c\td\ne"

    shown = visible(text)

    assert shown == "a␛[0m␡␦␦b␦c\td\ne"
    assert len(shown) == len(text)


@pytest.mark.parametrize("text", ["👩\u200d👩\u200d👧 و\u200cم", "Café\n“levy”", "שלום \u200f12"])
def test_ordinary_text_shows_as_it_is(text):
    assert visible(text) == text


# --- offsets of a browser


@pytest.mark.parametrize("case", OFFSETS, ids=lambda case: case["name"])
def test_offsets_convert_to_utf_16_and_back(case):
    for offset, units in case["pairs"]:
        assert utf16_offset(case["text"], offset) == units
        assert code_point_offset(case["text"], units) == offset


def test_half_an_emoji_counts_as_its_start():
    assert code_point_offset("a🚢b", 2) == 1


@pytest.mark.parametrize("convert", [utf16_offset, code_point_offset])
@pytest.mark.parametrize("offset", [-1, 4])
def test_an_offset_outside_the_text_is_refused(convert, offset):
    with pytest.raises(TextError, match="outside"):
        convert("abc", offset)


@given(awkward, st.integers(min_value=0))
def test_every_offset_comes_back(text, offset):
    offset %= len(text) + 1

    assert code_point_offset(text, utf16_offset(text, offset)) == offset


# --- paragraphs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\n \t\nTwo.", ["One.", "Two."]),
        ("A heading\nBy Ana Ruiz\nThe port is closed.", ["A heading", "By Ana Ruiz", "The port is closed."]),
        ("The port is closed.\nThe levy starts.", ["The port is closed.", "The levy starts."]),
        ("- apples\n- pears", ["- apples", "- pears"]),
        ("   indented\n\n   again", ["indented", "again"]),
        ("", []),
    ],
)  # fmt: skip
def test_paragraphs_of_a_short_text(text, expected):
    assert pieces(text, paragraphs(text)) == expected


LONG_LINE = "The port will charge a levy on every ship that calls there from March onwards, " * 2


def test_wire_copy_has_a_paragraph_a_line():
    text = f"{LONG_LINE.strip()}\n{LONG_LINE.strip()}\nThe end."

    assert len(paragraphs(text)) == 3


HARD_WRAPPED = """\
PORT TO CHARGE LEVY

The port of Sant Elm will charge a levy on every ship that calls
there from March onwards, the harbour master said on Tuesday.
Meridian Shipping, which runs most of the ferries, said that Ana
Ruiz, its head, had not been asked before.
   "We read it in the newspaper," she said, adding that the whole
of the fleet might move away.
- Ferries pay half of the levy, as they did in the years of the
old rule.
- Ships under 500 tonnes pay nothing.
"""


def test_a_hard_wrapped_file_is_put_together_again():
    text = canonical(HARD_WRAPPED)

    assert [piece.split()[0] for piece in pieces(text, paragraphs(text))] == [
        "PORT", "The", '"We', "-", "-",
    ]  # fmt: skip
    assert "Tuesday.\nMeridian Shipping" in pieces(text, paragraphs(text))[1]
    assert "Ana\nRuiz, its head" in pieces(text, paragraphs(text))[1]


def test_a_line_broken_in_mid_sentence_goes_on_even_in_wire_copy():
    text = f"{LONG_LINE.strip()}\nThe harbour master of Sant Elm told\nreporters nothing.\n{LONG_LINE.strip()}"

    assert "told\nreporters nothing." in pieces(text, paragraphs(text))[1]


# --- sentences


@pytest.mark.parametrize(
    "expected",
    [
        ["The deadline is Nov. 30 for all.", "He said so."],
        ["The port closes.", "Dogs bark.", "The tug sinks.", "Cats “sleep.”", "Nobody came."],
        ["About approx. Fifty ships came.", "All left."],
        ["Der Hafen schließt am 3. Oktober.", "Der 1. Mai ist frei.", "Am 5. April regnet es."],
        ["He had 31.", "April came."],
        ["The U.S. suspended the levy.", "Mr. Vance of the U.S. spoke."],
        ["It is made in the U.S.", "The minister left."],
        ["Dec. 1 (Agency) -- The port is closed.", "It was open."],
        ["SANT ELM, Dec. 1 (Agency) — The port is closed.", "It was open."],
        ["(Agency) -- The port is closed.", "It was open."],
        ["He came at 5 p.m. on Monday.", "It rained at 6 p.m.", "Then it stopped."],
        ["“We will go.”", "She left."],
        ["“We will go,” he said.", "“Then we come back.”", "He slept."],
        ['"Stop!" he cried.', '"Why?" she asked.'],
        ['He said "I go."', '"You stay."', "They left."],
        ["He asked: “Is it so?”", "Nobody answered."],
        ["‘It is so.’", "He went."],
        ["He said “it is “so.””", "Then he left."],
        ["J. K. Arden and George W. Moss met.", "They spoke."],
        ["Lt. Col. Arden met Gov. Li on Jan. 5.", "August was hot."],
        ["He lives on St. Mark Street.", "Mrs. Moss does not."],
        ["Acme Inc. said so.", "Acme Co. agreed."],
        ["The minister said no.", "The vote was lost."],
        ["Sales rose 3.5 percent.", "(Adds detail.)", "The end."],
        ["Prices rose to $1.2 billion.", "In 2019 they fell."],
        ["The memo was seen. .", "The parties agreed."],
        ["Spam on blogs, forums. etc.", "The end."],
        ["He said so.[1]", "Nobody else did.[2][3]", "The end."],
        ["He said.", "“Go.”"],
        ["1. The levy starts in March.", "It is new."],
        ["Wait… what?", "Yes.", "No!"],
        ["Il a dit « oui. »", "Puis il est parti."],
        ["هل هذا صحيح؟", "نعم.", "لا."],
    ],
    ids=" | ".join,
)
def test_sentences_end_where_a_reader_ends_them(expected):
    text = " ".join(expected)

    assert pieces(text, sentences(text)) == expected


def test_sentences_without_spaces_between_them():
    text = "港は閉鎖された。大臣は「知らない。」と述べた。以上"

    assert pieces(text, sentences(text)) == [
        "港は閉鎖された。",
        "大臣は「知らない。」と述べた。",
        "以上",
    ]


def test_a_heading_and_a_caption_are_sentences_of_their_own():
    text = "The harbour levy\n\nShips at Sant Elm. Photo: Ana Ruiz\nThe port is closed."

    assert pieces(text, sentences(text)) == [
        "The harbour levy",
        "Ships at Sant Elm.",
        "Photo: Ana Ruiz",
        "The port is closed.",
    ]


def test_a_sentence_runs_over_the_lines_of_a_wrapped_file():
    text = canonical(HARD_WRAPPED)

    assert "Ferries pay half of the levy, as they did in the years of the\nold rule." in [
        piece.removeprefix("- ") for piece in pieces(text, sentences(text))
    ]


@given(awkward)
def test_sentences_tile_the_paragraphs_and_paragraphs_the_text(raw):
    text = canonical(raw)

    for spans, wholes in [
        (paragraphs(text), [(0, len(text))]),
        (sentences(text), paragraphs(text)),
    ]:
        ends = [0, *(offset for span in spans for offset in span), len(text)]
        assert ends == sorted(ends)
        assert all(start < end for start, end in spans)
        assert all(piece == piece.strip() for piece in pieces(text, spans))
        assert all(any(a <= start and end <= b for a, b in wholes) for start, end in spans)
        outside = [text[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True)]
        assert not "".join(outside).strip()


@given(awkward)
def test_every_word_of_the_text_is_in_one_sentence(raw):
    text = canonical(raw)

    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", "".join(pieces(text, sentences(text))))


@pytest.mark.parametrize(
    "unit",
    [
        "The levy starts in March. ",
        "A.\n",
        "? ",
        ". “ ",
        "...[1]",
        "é…(",
        "e\u0301",
        "\u0301",
        '"',
        "!’… ",
    ],
)
def test_no_text_is_slow(unit):
    raw = unit * (200_000 // len(unit))

    started = time.process_time()
    sentences(canonical(raw))

    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "piece",
    [
        "the levy on ships ",
        "x",
        "The levy is due. ",
        "税が上がる。",
        "e\u0301",
        "a" * 300 + "\n",
        "no end" * 50 + " ",
    ],
)
def test_a_paragraph_without_end_is_cut_and_nothing_is_lost(piece):
    text = canonical(piece * (200_000 // len(piece)))

    found = paragraphs(text)

    assert max(end - start for start, end in found) <= LONGEST_PARAGRAPH
    assert all(a[1] <= b[0] and not text[a[1] : b[0]].strip() for a, b in pairwise(found))
    assert not any(unicodedata.combining(text[start]) for start, _ in found)
    assert all(
        any(first <= start and end <= last for first, last in found)
        for start, end in sentences(text)
    )
