import pytest

from annotations.wording import CodeName, Verdict, in_words, verdict

OPINION, REPORTING = CodeName("opinion", "Opinion"), CodeName("reporting", "Reporting")


@pytest.mark.parametrize(
    ("stance", "origin", "words"),
    [
        (REPORTING, CodeName("wire", "Wire"), "Wire reporting"),
        (OPINION, CodeName("republished", "Republished"), "Republished opinion"),
        (REPORTING, CodeName("rewrite", "Rewrite"), "Rewritten reporting"),
        (CodeName("other", "Other"), CodeName("official", "Official"), "Official text"),
        (OPINION, CodeName("unknown", "Unknown"), "Opinion"),
        (OPINION, None, "Opinion"),
        (None, CodeName("wire", "Wire"), "Wire copy"),
        (None, CodeName("unknown", "Unknown"), ""),
        (OPINION, CodeName("syndicated", "Syndicated"), "Syndicated opinion"),
        (None, None, ""),
    ],
)
def test_stance_and_origin_read_as_plain_words(stance, origin, words):
    assert in_words(stance, origin) == words


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ({}, Verdict(None, own=False, coders=0, agreeing=0)),
        ({1: "a"}, Verdict("a", own=True, coders=1, agreeing=1)),
        ({1: "a", 2: "b", 3: "b"}, Verdict("a", own=True, coders=3, agreeing=1)),
        ({2: "b", 3: "b", 4: "a"}, Verdict("b", own=False, coders=3, agreeing=2)),
        ({2: "b", 3: "a"}, Verdict(None, own=False, coders=2, agreeing=0)),
    ],
)
def test_a_viewers_own_code_comes_first(codes, expected):
    assert verdict(codes, 1) == expected
