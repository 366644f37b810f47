import pytest

from annotations.edits import Names, claim_in_words, in_words
from annotations.states import AnnotationState, ClaimState, TargetState

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
        (state(claim=7), state(claim=8), "linked it to another claim"),
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


CLAIM = ClaimState("Shut.", order=1)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, CLAIM, "added the claim “Shut.”"),
        (
            None,
            ClaimState("Shut.", "At night.", codings=(("stance", "opinion"),)),
            "added the claim “Shut.”; described it anew; set Stance: Opinion",
        ),
        (CLAIM, ClaimState("Open.", order=1), "reworded it from “Shut.”"),
        (CLAIM, ClaimState("Shut.", order=4), "moved it in the list"),
        (CLAIM, ClaimState("Shut.", order=1, deleted=True), "deleted the claim"),
        (ClaimState("Shut.", order=1, deleted=True), CLAIM, "brought the claim back"),
        (
            CLAIM,
            ClaimState("Shut.", order=1, merged_into=7),
            "merged it into “The port is closed.”",
        ),
        (ClaimState("Shut.", order=1, merged_into=7), CLAIM, "took it apart again"),
        (ClaimState("Shut.", "At night.", order=1), CLAIM, "took the description away"),
        (CLAIM, CLAIM, ""),
    ],
)
def test_an_edit_of_a_claim_reads_as_words(before, after, words):
    assert "; ".join(claim_in_words(before, after, NAMES)) == words
