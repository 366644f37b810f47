"""Sentences, words and edits: what answers to what."""

import time

import pytest

from corpus.comparison import align_sentences, align_words, compare
from corpus.comparison.side import Side
from corpus.comparison.tokens import key, tokenize
from corpus.comparison.windows import heaviest_increasing

WIRE = [
    "Lorvane will make cargo ships pay for dredging its largest harbour from July.",
    "Prime Minister Davor Lindqvane blocked a similar levy in 2019.",
    "Fishing boats and vessels under 500 tonnes would be exempt, the ministry said.",
    "The levy would raise about 38 million florins a year.",
    "Captain Aurélie Stannick chairs the Harbour Pilots' Guild.",
    "She said that nobody had shown the pilots any soundings.",
]


def linked(source, derived):
    return [(link.source, link.derived) for link in sorted(align_sentences(source, derived))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Guaidó", "guaido"),
        ("US", "United States"),
        ("U.S.", "USA"),
        ("US’s", "U.S.'s"),
        ("Nov.", "November"),
        ("re-establish", "reestablish"),
        ("1,000,000", "1000000"),
        ("“", '"'),
        ("—", "--"),
        ("per cent", "percent"),
        ("anti‑dumping", "anti-dumping"),
    ],
)
def test_spellings_of_one_word_have_one_key(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("us", "US"),
        ("1.5", "15"),
        ("3,5", "35"),
        ("may", "March"),
        ("non-like-minded", "like-minded"),
    ],
)
def test_words_that_only_look_alike_have_different_keys(one, other):
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Jan. 19, 10:30 a.m.", ["Jan.", "19", ",", "10:30", "a.m."]),
        ("non-hazardous cargo", ["non-hazardous", "cargo"]),
        ("the United States’ port", ["the", "United States", "’", "port"]),
        ("the pilots’ guild’s", ["the", "pilots", "’", "guild’s"]),
        ("港口 fee", ["港", "口", "fee"]),
        ("e\u0301tat", ["e\u0301tat"]),
        ("paid 3.40... or 1,000", ["paid", "3.40", "...", "or", "1,000"]),
        ("(Petrel) -- Lorvane", ["(", "Petrel", ")", "--", "Lorvane"]),
    ],
)
def test_tokens_are_words_figures_and_marks(text, words):
    tokens = tokenize(text)

    assert [token.text for token in tokens] == words
    assert all(text[token.start : token.end] == token.text for token in tokens)


def test_sentences_in_other_words_are_linked_in_order():
    derived = [
        "Lorvane is to make freight ships pay for dredging its biggest harbour from July.",
        "Davor Lindqvane, the prime minister, stopped a similar levy in 2019.",
        "The levy would bring in some 38 million florins a year.",
    ]

    assert linked(WIRE, derived) == [((0,), (0,)), ((1,), (1,)), ((3,), (2,))]


def test_sentences_are_linked_wherever_they_stand():
    derived = WIRE[3:] + WIRE[:3]

    assert linked(WIRE, derived) == [((i,), ((i + 3) % 6,)) for i in range(6)]


def test_two_sentences_made_one_are_linked_with_it():
    derived = [
        *WIRE[:4],
        (
            "Captain Aurélie Stannick chairs the Harbour Pilots' Guild and said that nobody had "
            "shown the pilots any soundings."
        ),
    ]

    assert linked(WIRE, derived)[-1] == ((4, 5), (4,))


def test_one_sentence_made_two_is_linked_with_both():
    derived = [
        *WIRE[:2],
        "Fishing boats would be exempt.",
        "Vessels under 500 tonnes would be too.",
    ]

    assert linked(WIRE, derived)[-1] == ((2,), (2, 3))


@pytest.mark.parametrize(
    "extra",
    [
        "Weekend kite engineer.",
        "Petrel Photo/Osric Bellamont",
        "(Additional reporting by Goran Aldemar; editing by Paula Skeat)",
        "©2024 Petrel News Agency",
        "Follow us wherever you like to read.",
    ],
)
def test_a_credit_or_notice_of_one_text_stays_unlinked(extra):
    derived = [*WIRE, extra]

    links = align_sentences(WIRE[:3], derived)

    assert not [link for link in links if 6 in link.derived]


def test_texts_on_other_matters_have_no_links():
    other = [
        "The museum bought a painting of three horses.",
        "Its director said that visitors may see it on Friday.",
        "Nobody knows who painted the horses.",
    ]

    assert align_sentences(WIRE, other) == []


def test_a_short_line_that_occurs_often_is_linked_by_its_neighbours():
    source = [WIRE[0], "“Yes.”", WIRE[1], WIRE[2], "“Yes.”", WIRE[3]]
    derived = [WIRE[2], "“Yes.”", WIRE[3], WIRE[0], "“Yes.”", WIRE[1]]

    assert linked(source, derived) == [((i,), ((i + 3) % 6,)) for i in range(6)]


def test_the_twenty_sentences_of_the_real_rewrite_are_linked(seeds):
    wire, rewrite = (
        next(seeds.glob(f"{number}_*")).read_text(encoding="utf-8") for number in ("001", "000")
    )
    left, right = Side(wire), Side(rewrite)

    pairs = compare(wire, rewrite).pairs

    assert [
        ([left.index[span] for span in pair.source], [right.index[span] for span in pair.derived])
        for pair in pairs
        if pair.source and pair.derived
    ] == [([n], [n + 2]) for n in range(20)]
    # The caption and its credit at the top, the spinner's line at the end, the staff and the rights.
    assert [right.index[s] for pair in pairs if not pair.source for s in pair.derived] == [
        0,
        1,
        *range(22, len(right.spans)),
    ]
    assert [left.index[s] for pair in pairs if not pair.derived for s in pair.source] == [20, 21]


@pytest.mark.parametrize("number", ["000", "001"])
def test_the_real_column_copies_no_sentence_of_the_real_reports(seeds, number):
    report, column = (
        next(seeds.glob(f"{n}_*")).read_text(encoding="utf-8") for n in (number, "004")
    )

    comparison = compare(report, column)

    assert not [pair for pair in comparison.pairs if pair.source and pair.derived]
    assert comparison.relation in ("same_event", "unrelated")


@pytest.mark.parametrize(
    ("source", "derived", "expected"),
    [
        (
            "The ministry declined to comment .",
            "The ministry refused to comment .",
            [("declined", "refused"), ("ministry", "ministry"), ("to", "to")],
        ),
        (
            "Police said Friday that the man died in a traffic accident .",
            "The man died in a car accident on Friday , police said .",
            [("Police", "police"), ("man", "man"), ("traffic", "car"), ("Friday", "Friday")],
        ),
        (
            "Researchers discovered a new species of beetle in Borneo .",
            "A new beetle species was discovered by researchers in Borneo .",
            [("Researchers", "researchers"), ("beetle", "beetle"), ("in", "in"), ("a", "A")],
        ),
        ("It has four cranes .", "It has 4 cranes .", [("four", "4")]),
        ("He kept smoking .", "He kept on smoking .", [("kept", "kept"), ("smoking", "smoking")]),
    ],
)
def test_words_that_say_the_same_are_aligned(source, derived, expected):
    left, right = source.split(), derived.split()

    pairs = [(left[i], right[j]) for i, j in align_words(left, right)]

    assert set(expected) <= set(pairs)


def test_the_same_word_twice_is_aligned_by_its_neighbours():
    left = ["the", "old", "pier", "beside", "the", "new", "quay"]
    right = ["the", "new", "quay", "beside", "the", "old", "pier"]

    assert align_words(left, right) == [(0, 4), (1, 5), (2, 6), (3, 3), (4, 0), (5, 1), (6, 2)]


def test_words_without_a_counterpart_are_left_alone():
    left, right = ["Ships", "pay", "."], ["Nobody", "painted", "the", "horses", "."]

    assert align_words(left, right) == [(2, 4)]


@pytest.mark.parametrize("words", [[], [""], ["``", "''"]])
def test_odd_sequences_of_words_are_aligned_with_themselves(words):
    assert align_words(words, words) == [(n, n) for n in range(len(words))]


def edits(source: str, derived: str) -> list[tuple[str, str, str]]:
    (pair,) = compare(source, derived).pairs
    return [
        (edit.op, source[slice(*edit.source)], derived[slice(*edit.derived)])
        for edit in pair.edits
        if edit.op != "equal"
    ]


@pytest.mark.parametrize(
    ("source", "derived", "expected"),
    [
        (
            "The plan is a sharp turnaround for the ministry of ports.",
            "The plan is a radical shift for the ministry of ports.",
            [("replace", "sharp turnaround", "radical shift")],
        ),
        (
            "A quick end of the old dispute was expected by all of the harbour pilots.",
            "A rapid settlement of the long quarrel was expected by all of the harbour pilots.",
            [("replace", "quick end of the old dispute", "rapid settlement of the long quarrel")],
        ),
        (
            "The memo seen by Petrel says that the levy starts in July.",
            "The memo says that the levy starts in July.",
            [("delete", "seen by Petrel ", "")],
        ),
        (
            "The quay opened in March, the pilots said.",
            "The quay opened in March, the pilots said on Monday.",
            [("insert", "", " on Monday")],
        ),
        (
            "The harbour serves non-hazardous cargo and the US navy.",
            "The harbour serves hazardous cargo and the United States navy.",
            [("replace", "non-hazardous", "hazardous")],
        ),
    ],
)
def test_edits_are_whole_phrases(source, derived, expected):
    assert edits(source, derived) == expected


def test_the_kinds_of_pairs():
    source = " ".join(WIRE)
    derived = " ".join(
        [
            WIRE[3],
            WIRE[0],
            "Prime Minister Davor Lindqvane rejected a similar levy in 2019.",
            "Fishing boats would be exempt, the ministry said.",
            "Vessels under 500 tonnes would be exempt.",
            "Write to us about your own harbour!",
        ]
    )

    kinds = [pair.kind for pair in compare(source, derived).pairs]

    assert kinds == ["same", "reworded", "split", "added", "moved", "dropped", "dropped"]


def test_sentences_apart_are_merged_without_what_lies_between():
    first, between, second = (
        "The dredger Halcyon left the port of Sarelle on Monday.",
        "Gulls were seen.",
        "It carried eleven pilots and two customs officers from Osmere.",
    )
    derived = (
        "The dredger Halcyon left the port of Sarelle on Monday and it carried eleven pilots and "
        "two customs officers from Osmere."
    )
    source = f"{first} {between} {second}"

    merged, alone = compare(source, derived).pairs

    assert (merged.kind, [source[s:e] for s, e in merged.source]) == ("merged", [first, second])
    assert "".join(source[slice(*edit.source)] for edit in merged.edits) == first + second
    assert "".join(derived[slice(*edit.derived)] for edit in merged.edits) == derived
    assert (alone.kind, [source[s:e] for s, e in alone.source]) == ("dropped", [between])


@pytest.mark.parametrize(
    ("values", "weights", "kept"),
    [
        ([], [], []),
        ([0, 1, 2], [1, 1, 1], [0, 1, 2]),
        ([2, 0, 1], [1, 1, 1], [1, 2]),
        ([2, 0, 1], [5, 1, 1], [0]),
        ([3, 1, 2, 0, 4], [1, 1, 1, 1, 1], [1, 2, 4]),
    ],
)
def test_as_few_words_as_possible_are_said_to_have_moved(values, weights, kept):
    assert heaviest_increasing(values, weights) == kept


@pytest.mark.parametrize(
    ("source", "derived"),
    [
        ("the " * 50_000, "the " * 50_000),
        ("the " * 50_000, "the " * 49_000 + "a "),
        ("ship quay " * 25_000, "quay ship " * 25_000),
        ("The ship left. " * 12_500, "The ship left. " * 12_000 + "A ship left. "),
    ],
)
def test_no_repetition_makes_a_comparison_slow(source, derived):
    begun = time.process_time()
    compare(source, derived)

    assert time.process_time() - begun < 6


def test_a_huge_comparison_says_that_it_is_coarse():
    source = "".join(f"Ship {n} left the quay. " for n in range(900))
    derived = "".join(f"Ship {n} left the quay. " for n in range(1, 901))

    comparison = compare(source, derived)

    assert comparison.coarse
    assert sum(pair.kind == "same" for pair in comparison.pairs) == 899
