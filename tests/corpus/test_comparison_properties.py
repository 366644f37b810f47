"""What holds of every comparison, whatever the two texts are."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.comparison import (
    Comparison,
    Edit,
    Pair,
    Span,
    align_sentences,
    align_words,
    compare,
)

VOCABULARY = """the minister a port levy said “ ” harbour Nov. 30 not will US United States 1,000
, . ; é \U0001f6a2 שלום 港 non-like-minded x"""
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCE = st.lists(WORDS, min_size=1, max_size=8).map(lambda words: " ".join(words) + ". ")
TEXT = st.lists(SENTENCE, max_size=8).map("".join) | st.text(max_size=80)
MIRRORED = {
    "added": "dropped",
    "dropped": "added",
    "merged": "split",
    "split": "merged",
}
MIRRORED_OPS = {"insert": "delete", "delete": "insert"}


def spans_of(text: str) -> list[Span]:
    """Sentence spans of our own, so that the properties do not rest on a sentence splitter."""
    spans = []
    start = 0
    for part in text.split(". "):
        end = start + len(part)
        first = start + len(part) - len(part.lstrip())
        last = start + len(part.rstrip())
        if first < last:
            spans.append(Span(first, last))
        start = end + 2
    return spans


def compared(source: str, derived: str) -> Comparison:
    return compare(
        source,
        derived,
        source_sentences=spans_of(source),
        derived_sentences=spans_of(derived),
    )


def runs(spans: tuple[Span, ...], sentences: list[Span]) -> list[Span]:
    """Neighbouring sentences joined, with the white space between them."""
    joined: list[Span] = []
    last = -2
    for span in spans:
        at = sentences.index(span)
        if at == last + 1:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
        last = at
    return joined


def mirror(pair: Pair) -> tuple:
    edits = tuple(
        Edit(MIRRORED_OPS.get(edit.op, edit.op), edit.derived, edit.source) for edit in pair.edits
    )
    return (
        pair.derived,
        pair.source,
        MIRRORED.get(pair.kind, pair.kind),
        pair.score,
        edits,
    )


def plain(pair: Pair) -> tuple:
    return pair.source, pair.derived, pair.kind, pair.score, pair.edits


@given(TEXT, TEXT)
def test_every_sentence_of_both_texts_is_in_exactly_one_pair(source, derived):
    pairs = compared(source, derived).pairs

    assert sorted(span for pair in pairs for span in pair.source) == spans_of(source)
    assert sorted(span for pair in pairs for span in pair.derived) == spans_of(derived)


@given(TEXT, TEXT)
def test_the_edits_of_a_pair_rebuild_both_of_its_sides(source, derived):
    for pair in compared(source, derived).pairs:
        for text, spans, pieces in (
            (source, pair.source, [edit.source for edit in pair.edits]),
            (derived, pair.derived, [edit.derived for edit in pair.edits]),
        ):
            expected = "".join(text[s:e] for s, e in runs(spans, spans_of(text)))
            assert "".join(text[s:e] for s, e in pieces) == expected
            assert all(a.end <= b.start for a, b in pairwise(pieces))


@given(TEXT, TEXT)
def test_each_edit_is_what_it_says(source, derived):
    for pair in compared(source, derived).pairs:
        for edit in pair.edits:
            left, right = source[slice(*edit.source)], derived[slice(*edit.derived)]
            assert (bool(left), bool(right)) == {
                "equal": (True, True),
                "replace": (True, True),
                "delete": (True, False),
                "insert": (False, True),
            }[edit.op]


@given(TEXT, TEXT)
def test_swapping_the_texts_mirrors_the_comparison(source, derived):
    there, back = compared(source, derived), compared(derived, source)

    assert sorted(map(mirror, back.pairs)) == sorted(map(plain, there.pairs))
    assert (there.source_in_derived, there.derived_in_source) == (
        back.derived_in_source,
        back.source_in_derived,
    )
    assert there.similarity == back.similarity
    assert there.relation == back.relation
    assert there.direction_score == back.direction_score
    assert (
        there.direction
        == {
            "source_to_derived": "derived_to_source",
            "derived_to_source": "source_to_derived",
            "undecided": "undecided",
        }[back.direction]
    )


@given(TEXT)
def test_a_text_against_itself_is_the_same_throughout(text):
    comparison = compared(text, text)

    assert {pair.kind for pair in comparison.pairs} <= {"same"}
    assert {edit.op for pair in comparison.pairs for edit in pair.edits} <= {"equal"}
    assert all(pair.source == pair.derived for pair in comparison.pairs)
    assert comparison.changes == ()
    assert (comparison.relation, comparison.direction) == ("same", "undecided")
    assert comparison.similarity == 1.0


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=50)
def test_any_unicode_can_be_compared_with_the_products_own_sentences(source, derived):
    comparison = compare(source, derived)

    assert comparison.as_dict()["similarity"] <= 1.0


@given(st.lists(SENTENCE, max_size=10), st.lists(SENTENCE, max_size=10))
def test_no_sentence_is_in_two_links(source, derived):
    links = align_sentences(source, derived)

    s = [i for link in links for i in link.source]
    d = [j for link in links for j in link.derived]
    assert len(s) == len(set(s))
    assert len(d) == len(set(d))
    assert set(s) <= set(range(len(source)))
    assert set(d) <= set(range(len(derived)))
    assert all(link.source and link.derived and 0 <= link.score <= 1 for link in links)


@given(st.lists(SENTENCE, max_size=10), st.lists(SENTENCE, max_size=10))
def test_swapped_sequences_give_mirrored_links(source, derived):
    there, back = align_sentences(source, derived), align_sentences(derived, source)

    assert sorted(there) == sorted((d, s, *rest) for s, d, *rest in back)


@given(st.lists(WORDS, max_size=15), st.lists(WORDS, max_size=15))
def test_swapped_sequences_give_mirrored_word_pairs(source, derived):
    there, back = align_words(source, derived), align_words(derived, source)

    assert sorted(there) == sorted((i, j) for j, i in back)
    assert all(0 <= i < len(source) and 0 <= j < len(derived) for i, j in there)
