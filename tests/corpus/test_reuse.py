import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.relatives import candidates as reuse
from corpus.relatives.candidates import COMMON, MOST_PER_DOCUMENT, candidates, shingles

SYLLABLES = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]


def prose(rng, words=150):
    return " ".join("".join(rng.choices(SYLLABLES, k=3)) for _ in range(words))


def corpus(count, *, words=150, seed=1):
    rng = random.Random(seed)
    return [prose(rng, words) for _ in range(count)]


def pairs(texts, **options):
    return [(one.first, one.second) for one in candidates(enumerate(texts), **options)]


# --- shingles ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The port will charge ships.", "the PORT, will — charge “ships”"),
        ("The port will charge ships.", "Why?\n\nThe port\twill charge ships, 🚢 it said"),
        ("Le café n’est pas fermé", "Le café n'est pas fermé!"),
        ("港口将收取费用", "港口将、收取费用。"),
        ("שלום עולם זה הנמל שלנו", "“שלום עולם זה הנמל שלנו”"),
    ],
)
def test_case_marks_and_place_make_no_difference(one, other):
    assert set(shingles(one)) <= set(shingles(other))
    assert len(shingles(one)) > 0


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("one two three four", 0), ("a b c d e", 1), ("a b c d e f", 2), ("a " * 5000, 1)],
)
def test_a_shingle_is_five_words_and_counts_once(text, count):
    assert len(shingles(text)) == count


def test_other_words_and_another_order_are_other_shingles():
    texts = ["a b c d e", "b a c d e", "ab c d e f", "a bc d e f", "a b c d f"]

    assert len({int(shingles(text)[0]) for text in texts}) == len(texts)


@given(st.text(), st.text())
def test_any_text_keeps_its_shingles_inside_a_longer_one(text, rest):
    inside = shingles(f"{rest} \n {text.lower()}")

    assert np.isin(shingles(text), inside).all()


# --- candidates -------------------------------------------------------------------------------


def test_a_copy_a_rewrite_and_a_quotation_are_found_and_nothing_else():
    texts = corpus(30)
    words = texts[0].split()
    rng = random.Random(2)
    rewrite = " ".join(word if rng.random() < 0.75 else "spun" for word in words)
    quoting = f"{texts[29][:400]} {' '.join(words[40:50])} {texts[29][400:]}"
    texts += [f"{texts[5]} Republished with thanks.", rewrite]
    texts[29] = quoting

    assert set(pairs(texts)) == {(5, 30), (0, 31), (0, 29)}


def test_the_closest_pair_comes_first_with_what_it_shares():
    first, second, third = corpus(3)

    found = candidates([(7, first), (3, second), (9, f"{third} {second}"), (1, first)])

    assert [one[:2] for one in found] == [(7, 1), (3, 9)]
    assert found[0].share == 1.0
    assert found[0].shared == len(shingles(first))


def test_a_notice_that_many_documents_carry_makes_no_candidates():
    notice = prose(random.Random(9), words=20)
    few, many = corpus(3), corpus(COMMON + 1, seed=3)

    assert len(pairs([f"{text} {notice}" for text in few])) == 3
    assert pairs([f"{text} {notice}" for text in many]) == []


def test_a_text_that_everybody_printed_is_found_all_the_same():
    report = corpus(1)[0]
    texts = [f"{report} {own}" for own in corpus(3 * COMMON, words=60, seed=3)]

    found = pairs(texts)

    assert {end for pair in found for end in pair} == set(range(len(texts)))
    assert len(found) <= len(texts) * MOST_PER_DOCUMENT


def test_only_what_is_asked_for_is_looked_for():
    texts = corpus(4)
    texts = [*texts, *texts]

    assert sorted(pairs(texts)) == [(0, 4), (1, 5), (2, 6), (3, 7)]
    assert sorted(pairs(texts, of={5, 2})) == [(1, 5), (2, 6)]
    assert pairs(texts, of=set()) == []


def test_slices_change_nothing(monkeypatch):
    texts = corpus(20)
    texts += [text + " and more" for text in texts[:7]]
    whole = candidates(enumerate(texts))

    monkeypatch.setattr(reuse, "_AT_ONCE", 200)

    assert candidates(enumerate(texts)) == whole
    assert len(whole) == 7


@pytest.mark.parametrize("texts", [[], [""], ["", "short one"], ["no", "words", "here at all"]])
def test_nothing_to_share_is_no_error(texts):
    assert candidates(enumerate(texts)) == []
    assert candidates(enumerate(texts), of={0}) == []


@given(st.lists(st.text(alphabet="ab ", max_size=60), max_size=8))
def test_candidates_are_pairs_in_order_each_once(texts):
    found = candidates(enumerate(texts))

    assert all(one.first < one.second and 0 < one.share <= 1 for one in found)
    assert len({one[:2] for one in found}) == len(found)
