from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.history import Reach, Step, reach


def replayed(kinds: list[str]) -> tuple[list[Step], Reach]:
    """A log that a person's keys would write, and what two plain stacks say is in reach."""
    steps, done, undone = [], [], []
    for kind in kinds:
        if kind == "do":
            steps.append(Step(uuid4(), "do"))
            done.append(steps[-1].operation)
            undone.clear()
        elif kind == "undo" and done:
            undone.append(done.pop())
            steps.append(Step(uuid4(), "undo", undone[-1]))
        elif kind == "redo" and undone:
            done.append(undone.pop())
            steps.append(Step(uuid4(), "redo", done[-1]))
    return steps, Reach(done[-1] if done else None, undone[-1] if undone else None)


@given(st.lists(st.sampled_from(["do", "undo", "undo", "redo"]), max_size=40))
def test_walking_back_agrees_with_replaying_the_whole_log(kinds):
    steps, expected = replayed(kinds)

    assert reach(reversed(steps)) == expected


@pytest.mark.parametrize(
    ("kinds", "can_undo", "can_redo"),
    [
        ([], False, False),
        (["do"], True, False),
        (["do", "undo"], False, True),
        (["do", "undo", "do"], True, False),
        (["do", "do", "undo", "redo"], True, False),
        (["do", "do", "undo", "undo", "redo"], True, True),
    ],
)
def test_what_is_in_reach(kinds, can_undo, can_redo):
    steps, _ = replayed(kinds)

    found = reach(reversed(steps))

    assert (found.undo is not None, found.redo is not None) == (can_undo, can_redo)


def test_what_was_refused_is_passed_over():
    older, refused = Step(uuid4(), "do"), Step(uuid4(), "do")
    steps = [older, refused, Step(uuid4(), "undo", refused.operation, passed=True)]

    assert reach(reversed(steps)) == Reach(older.operation, None)


def test_a_refused_redo_leaves_the_one_before_it_in_reach():
    first, second = Step(uuid4(), "do"), Step(uuid4(), "do")
    undone = [Step(uuid4(), "undo", step.operation) for step in (second, first)]
    steps = [first, second, *undone, Step(uuid4(), "redo", first.operation, passed=True)]

    assert reach(reversed(steps)) == Reach(None, second.operation)


def test_no_more_of_the_log_is_read_than_needed():
    def endless():
        while True:
            yield Step(uuid4(), "do")

    assert reach(endless()).redo is None
