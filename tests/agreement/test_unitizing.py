import json
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.agreement.alphas import alpha
from annotations.agreement.coefficients import percent
from annotations.agreement.sets import alpha_of_sets
from annotations.agreement.unitizing import Marked, aligned, alpha_u, overlap, overlaps, token_table
from tests.agreement.test_vectors import FILE

LENGTH = 40
PASSAGES = st.lists(
    st.builds(
        lambda coder, start, size, code: Marked(coder, start, min(start + size, LENGTH), code),
        st.sampled_from("abc"),
        st.integers(0, LENGTH - 1),
        st.integers(1, 15),
        st.sampled_from("xy"),
    ),
    max_size=12,
)


def plainly(passages, code, coders, length):
    """Observed and expected disagreement of one code, as the book's formulas read, signs of text."""

    def sections(coder):
        covered = sorted((m.start, m.end) for m in passages if (m.coder, m.code) == (coder, code))
        joined = []
        for start, end in covered:
            if joined and start < joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        found, reached = [], 0
        for start, end in joined:
            found += [(reached, start - reached, 0)] * (start > reached) + [(start, end - start, 1)]
            reached = end
        return found + [(reached, length - reached, 0)] * (reached < length)

    def apart(one, other):
        (b, h, v), (c, k, w) = one, other
        if v and w and -h < b - c < k:
            return (b - c) ** 2 + (b + h - c - k) ** 2
        if v and not w and k - h >= b - c >= 0:
            return h**2
        if w and not v and h - k >= c - b >= 0:
            return k**2
        return 0

    cut = {coder: sections(coder) for coder in coders}
    m = len(coders)
    observed = sum(
        apart(g, h) for i, j in permutations(coders, 2) for g in cut[i] for h in cut[j]
    ) / (m * (m - 1) * length**2)
    every = [g for found in cut.values() for g in found]
    units = [size for _, size, marked in every if marked]
    above = 0.0
    for size in units:
        above += (len(units) - 1) / 3 * (2 * size**3 - 3 * size**2 + size)
        above += size**2 * sum(k - size + 1 for _, k, w in every if not w and k >= size)
    below = m * length * (m * length - 1) - sum(size * (size - 1) for size in units)
    return observed, 2 / length * above / below


def test_the_published_unitizing_comes_out():
    if not FILE.exists():
        pytest.skip("the published figures are not here")
    for vector in json.loads(FILE.read_text()):
        if vector["kind"] != "unitizing_2004":
            continue
        data, expected = vector["data"], vector["expect"]
        passages = [
            Marked(unit["coder"], unit["begin"], unit["begin"] + unit["length"], unit["code"])
            for unit in data["units"]
        ]

        end = data["begin"] + data["length"]
        found = alpha_u(passages, start=data["begin"], end=end, coders=[0, 1])

        assert found.alpha.value == pytest.approx(expected["alpha_u"], abs=expected["tol"])
        for code, parts in expected["by_code"].items():
            figure = found.by_code[code]
            assert figure.observed == pytest.approx(parts["Do"], abs=5e-5)
            assert figure.expected == pytest.approx(parts["De"], abs=5e-5)
            assert figure.value == pytest.approx(parts["alpha"], abs=5e-4)


@settings(max_examples=60)
@given(PASSAGES)
def test_alpha_u_is_what_its_definition_says(passages):
    found = alpha_u(passages, start=0, end=LENGTH, coders="abc")

    assert found.by_code.keys() == {mark.code for mark in passages}
    for code, figure in found.by_code.items():
        observed, expected = plainly(passages, code, "abc", LENGTH)
        assert figure.observed == pytest.approx(observed)
        assert figure.expected == pytest.approx(expected)


def test_alpha_u_is_one_for_the_same_units_and_low_for_others():
    same = [Marked(coder, start, start + 4, "x") for coder in "ab" for start in (3, 20, 30)]
    other = [Marked("a", 0, 10, "x"), Marked("b", 20, 30, "x")]

    assert alpha_u(same, start=0, end=40, coders="ab").alpha.value == 1
    assert alpha_u(other, start=0, end=40, coders="ab").alpha.value < 0


def test_where_nobody_marked_or_one_reads_alone_there_is_a_reason():
    nobody = alpha_u([], start=0, end=9, coders="ab")
    alone = alpha_u([Marked("a", 1, 2, "x")], start=0, end=9, coders="a")

    assert nobody.alpha.reason == "alpha_U not defined: nobody marked a passage"
    assert alone.alpha.reason == "alpha_U not defined: there is only one coder"


def test_a_passage_outside_the_text_is_refused():
    with pytest.raises(ValueError, match="5-12 is not inside 0-10"):
        alpha_u([Marked("a", 5, 12, "x")], start=0, end=10, coders="ab")


def test_overlapping_units_of_one_code_are_one_and_counted():
    passages = [Marked("a", 0, 6, "x"), Marked("a", 4, 9, "x"), Marked("a", 9, 12, "x")]

    found = alpha_u([*passages, Marked("b", 0, 9, "x")], start=0, end=40, coders="ab")

    assert found.merged == 1


def test_tokens_have_the_codes_of_each_passage_that_touches_them():
    tokens = [(0, 3), (4, 8), (9, 12), (13, 20)]
    passages = [Marked("a", 4, 12, "x"), Marked("a", 10, 14, "y"), Marked("b", 5, 6, "x")]

    table = token_table(passages, tokens, coders="abc")

    said = {(unit, coder): value for unit, coder, value in table.rows()}
    assert [said[unit, 0] for unit in range(4)] == [set(), {"x"}, {"x", "y"}, {"y"}]
    assert [said[unit, 1] for unit in range(4)] == [set(), {"x"}, set(), set()]
    assert [said[unit, 2] for unit in range(4)] == [set()] * 4
    assert percent(table).value == pytest.approx((1 + 1 / 3 + 1 / 3 + 1 / 3) / 4)
    assert alpha_of_sets(table).value < 1
    assert alpha(table.recoded(lambda codes: "x" in codes)).value < 1


@given(PASSAGES)
def test_overlapping_passages_are_counted_as_by_looking_at_each_two(passages):
    found = overlaps(passages)

    for coder, counts in found.items():
        own = [(mark.start, mark.end) for mark in passages if mark.coder == coder]
        others = [
            [other for place, other in enumerate(own) if place != number]
            for number in range(len(own))
        ]
        touched = [
            any(a < d and c < b for c, d in rest) for (a, b), rest in zip(own, others, strict=True)
        ]
        assert counts.overlapping == sum(touched)
        assert counts.stacked == sum(span in rest for span, rest in zip(own, others, strict=True))


def test_the_same_passage_is_found_and_the_rest_is_counted():
    passages = [
        Marked("a", 0, 10, "x"),
        Marked("a", 20, 30, "y"),
        Marked("a", 50, 60, "z"),
        Marked("b", 1, 10, "x"),
        Marked("b", 27, 40, "y"),
    ]

    found = aligned(passages, coders="ab")

    assert found.aligned == 1
    assert found.alone == {("a", "b"): (2, 1)}
    assert percent(found.table).value == 1


def test_stacked_passages_are_paired_by_their_codes():
    passages = [Marked(coder, 0, 9, code) for coder, code in ("ax", "ay", "by", "bx")]

    found = aligned(passages, coders="ab")

    assert (found.aligned, percent(found.table).value) == (2, 1)


def test_without_a_common_passage_labels_have_a_reason():
    found = aligned([Marked("a", 0, 9, "x"), Marked("b", 20, 29, "x")], coders="ab")

    assert percent(found.table).value is None
    assert found.alone == {("a", "b"): (1, 1)}


@given(PASSAGES)
def test_nothing_is_paired_twice_and_everything_is_counted(passages):
    found = aligned(passages, coders="abc", least=0.3)

    for (first, second), (one, other) in found.alone.items():
        pairs = sum(unit[:2] == (first, second) for unit in found.table.units)
        assert one + pairs == sum(mark.coder == first for mark in passages)
        assert other + pairs == sum(mark.coder == second for mark in passages)


def test_overlap_is_the_share_of_what_both_cover():
    assert overlap(Marked("a", 0, 10, ""), Marked("b", 5, 15, "")) == pytest.approx(1 / 3)
    assert overlap(Marked("a", 0, 10, ""), Marked("b", 10, 15, "")) == 0
