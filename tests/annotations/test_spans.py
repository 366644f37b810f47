from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.spans import Segment, lanes, segments

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=25)


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([], [(0, 10, ())]),
        ([(2, 5)], [(0, 2, ()), (2, 5, (0,)), (5, 10, ())]),
        ([(0, 10)], [(0, 10, (0,))]),
        ([(0, 6), (4, 10)], [(0, 4, (0,)), (4, 6, (0, 1)), (6, 10, (1,))]),
        ([(0, 10), (3, 4)], [(0, 3, (0,)), (3, 4, (0, 1)), (4, 10, (0,))]),
        ([(2, 4), (2, 4)], [(0, 2, ()), (2, 4, (0, 1)), (4, 10, ())]),
        ([(2, 4), (4, 6)], [(0, 2, ()), (2, 4, (0,)), (4, 6, (1,)), (6, 10, ())]),
        ([(-5, 3), (8, 99)], [(0, 3, (0,)), (3, 8, ()), (8, 10, (1,))]),
        ([(5, 5), (7, 6), (20, 30)], [(0, 10, ())]),
    ],
)
def test_a_stretch_is_cut_at_every_boundary(spans, found):
    assert segments(0, 10, spans) == [Segment(*segment) for segment in found]


def test_an_empty_stretch_has_no_segments():
    assert segments(4, 4, [(0, 10)]) == []


@given(SPANS)
def test_segments_tile_the_stretch(spans):
    found = segments(0, 50, spans)

    assert found[0].start == 0
    assert found[-1].end == 50
    assert all(before.end == after.start for before, after in pairwise(found))
    assert all(segment.start < segment.end for segment in found)


@given(SPANS)
def test_a_segment_names_exactly_the_spans_over_it(spans):
    for segment in segments(0, 50, spans):
        over = [n for n, (start, end) in enumerate(spans) if start <= segment.start < end]
        assert list(segment.over) == over


@given(SPANS)
def test_no_two_spans_in_one_lane_overlap(spans):
    spans = [(start, end) for start, end in spans if start < end]
    found = lanes(spans)

    for n, (start, end) in enumerate(spans):
        for m, (first, last) in enumerate(spans[:n]):
            assert found[n] != found[m] or end <= first or last <= start


@given(SPANS)
def test_there_are_no_more_lanes_than_spans_over_one_place(spans):
    spans = [(start, end) for start, end in spans if start < end]
    deepest = max((len(segment.over) for segment in segments(0, 60, spans)), default=0)

    assert len(set(lanes(spans))) == deepest


def test_of_spans_that_begin_together_the_longest_is_lowest():
    assert lanes([(0, 3), (0, 9), (0, 5)]) == [2, 0, 1]
