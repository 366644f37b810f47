import pytest

from annotations.edits import Names, in_words
from annotations.states import AnnotationState, TargetState

PORT = TargetState(1, 0, 4, "port")
SHIP = TargetState(1, 9, 13, "ship")
SOURCE = TargetState(1, 20, 26, "he who", "source")
CUE = TargetState(1, 30, 34, "said", "cue")
NAMES = Names(
    variables={"stance": "Stance", "change": "Change"},
    codes={("stance", "opinion"): "Opinion", ("stance", "reporting"): "Reporting"},
    claims={7: "The port is closed."},
)


def state(*targets, **fields):
    return AnnotationState("assessing", targets or (PORT,), **fields)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, state(), "marked “port”"),
        (
            None,
            state(PORT, SOURCE, CUE),
            "marked “port”; marked the source “he who”; marked the cue “said”",
        ),
        (
            None,
            state(TargetState(1)).coded(stance="opinion"),
            "marked the whole document; set Stance: Opinion",
        ),
        (None, state(PORT, SHIP), "marked “port” and “ship”"),
        (state(), state(SHIP), "moved the passage to “ship”"),
        (state(PORT, SOURCE), state(PORT), "took the source away"),
        (state(), state(PORT, CUE), "marked the cue “said”"),
        (
            state().coded(stance="opinion"),
            state().coded(stance="reporting"),
            "set Stance: Reporting",
        ),
        (state().coded(stance="opinion"), state(), "took away Stance: Opinion"),
        (state().coded(new="x"), state(), "took away new: x"),
        (
            state(codings=(("change", "a"), ("change", "b"))),
            state(codings=(("change", "b"), ("change", "c"))),
            "set Change: c; took away Change: a",
        ),
        (state(), state(claim=7), "linked it to “The port is closed.”"),
        (state(claim=7), state(claim=8), "linked it to “claim 8”"),
        (state(claim=7), state(), "linked it to no claim"),
        (state(), state(note="Who?"), "wrote the note “Who?”"),
        (state(note="Who?"), state(), "took the note away"),
        (state(), state(unsure=True), "marked it as unsure"),
        (state(unsure=True), state(), "was sure after all"),
        (state(), state(deleted=True), "deleted it"),
        (state(deleted=True), state(), "brought it back"),
        (state(), AnnotationState("commenting", (PORT,)), "changed its purpose to commenting"),
        (state(), state(), ""),
    ],
)
def test_an_edit_reads_as_words(before, after, words):
    assert "; ".join(in_words(before, after, NAMES)) == words
