from collections import defaultdict
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.agreement.alphas import alpha
from annotations.agreement.links import b_cubed, best_matching, ceaf_e, pairwise_f1, presence

ITEMS = st.lists(st.tuples(st.integers(0, 3), st.integers(10, 13)), min_size=1, max_size=10)


def groups(items, side):
    found = defaultdict(set)
    for place, item in enumerate(items):
        found[item[side]].add(place)
    return found


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0


@given(ITEMS)
def test_b_cubed_is_what_its_definition_says(items):
    first, second = groups(items, 0), groups(items, 1)
    both = [(first[one], second[other]) for one, other in items]
    precision = sum(len(a & b) / len(a) for a, b in both) / len(items)
    recall = sum(len(a & b) / len(b) for a, b in both) / len(items)

    found = b_cubed(items)

    assert found.precision.value == pytest.approx(precision)
    assert found.recall.value == pytest.approx(recall)
    assert found.f1.value == pytest.approx(f1(precision, recall))


@given(ITEMS)
def test_pairwise_f1_is_what_its_definition_says(items):
    pairs = [(one[0] == other[0], one[1] == other[1]) for one, other in combinations(items, 2)]
    first, second = sum(a for a, _ in pairs), sum(b for _, b in pairs)

    found = pairwise_f1(items)

    if first and second:
        both = sum(a and b for a, b in pairs)
        assert found.f1.value == pytest.approx(f1(both / first, both / second))
    else:
        assert "never linked two passages" in found.f1.reason


@given(ITEMS)
def test_ceaf_is_the_best_of_all_matchings(items):
    first, second = list(groups(items, 0).values()), list(groups(items, 1).values())
    short, long = sorted((first, second), key=len)
    best = max(
        sum(2 * len(a & b) / (len(a) + len(b)) for a, b in zip(short, chosen, strict=True))
        for chosen in permutations(long, len(short))
    )

    found = ceaf_e(items)

    assert found.precision.value == pytest.approx(best / len(first))
    assert found.recall.value == pytest.approx(best / len(second))


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=5))
def test_a_matching_is_the_best_of_all(rows):
    table = np.array(rows, float)
    short, long = sorted((table, table.T), key=len)[:2]
    small = short if len(short) <= short.shape[1] else long
    best = max(
        sum(small[row, column] for row, column in enumerate(chosen))
        for chosen in permutations(range(small.shape[1]), len(small))
    )

    assert best_matching(table) == pytest.approx(best)


def test_the_same_groups_under_other_names_agree_wholly():
    items = [("p", 1), ("p", 1), ("q", 2), ("r", 3), ("r", 3)]

    for measure in (b_cubed, ceaf_e, pairwise_f1):
        assert measure(items).f1.value == 1


def test_everything_in_one_claim_is_precise_for_nobody():
    items = [("all", number) for number in range(10)]

    assert b_cubed(items).precision.value == pytest.approx(0.1)
    assert b_cubed(items).recall.value == 1
    assert ceaf_e(items).f1.value < 0.05


def test_without_a_common_passage_there_is_a_reason():
    for measure in (b_cubed, ceaf_e, pairwise_f1):
        assert measure([]).f1.value is None
        assert measure([]).f1.reason


def test_what_was_not_looked_at_is_missing():
    table = presence(
        marked=[("ana", "c1", 1), ("bo", "c1", 1), ("ana", "c2", 1), ("ana", "c3", 1)],
        absent=[("bo", "c2", 1), ("ana", "c2", 2), ("bo", "c2", 2), ("ana", "c3", 1)],
    )

    said = {(*unit, coder): value for unit, coder, value in table.rows()}
    assert said["c3", 1, "ana"] == "present"
    assert ("c3", 1, "bo") not in said
    assert len(table.pairable().units) == 3
    assert alpha(table).value == pytest.approx(4 / 9)
