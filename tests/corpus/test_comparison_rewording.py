"""Links between sentences of which hardly a word was kept, and none between other reports."""

import json
from pathlib import Path

import pytest

from corpus.comparison import compare
from corpus.comparison.rewording import in_other_words
from corpus.comparison.tokens import tokenize
from corpus.comparison.wording import kind_of

GOLD = json.loads(
    (Path(__file__).parent.parent / "fixtures" / "rewordings.json").read_text(encoding="utf-8")
)


def keys(*sentences):
    return [[token.key for token in tokenize(sentence)] for sentence in sentences]


def laid_out(paragraphs):
    text, spans = "", []
    for paragraph in paragraphs:
        text += "\n\n" if text else ""
        for n, sentence in enumerate(paragraph):
            text += " " if n else ""
            spans.append((len(text), len(text) + len(sentence)))
            text += sentence
    return text, spans


def linked(case):
    source, source_spans = laid_out(case["source"])
    derived, derived_spans = laid_out(case["derived"])
    comparison = compare(
        source, derived, source_sentences=source_spans, derived_sentences=derived_spans
    )
    links = {
        (source_spans.index(left), derived_spans.index(right))
        for pair in comparison.pairs
        for left in pair.source
        for right in pair.derived
    }
    return comparison, links


def test_thorough_rewording_is_linked():
    right = named = wanted = 0
    for case in GOLD["reworded"]:
        _, links = linked(case)
        gold = {tuple(link) for link in case["links"]}
        links -= {tuple(link) for link in case["optional"]} - gold
        right, named, wanted = right + len(links & gold), named + len(links), wanted + len(gold)

    assert right / wanted >= 0.85
    assert right / named >= 0.93


@pytest.mark.parametrize("case", GOLD["apart"][:2], ids=lambda case: case["key"])
def test_independent_reports_stay_apart(case):
    _, links = linked(case)

    assert links == set()


def test_reports_of_other_events_stay_apart():
    for case in GOLD["reworded"]:
        for other in GOLD["reworded"]:
            if case is not other:
                assert linked({"source": case["source"], "derived": other["derived"]})[1] == set()


SURE = "The mayor of Vell, Ana Ruiz, opened the bridge on Tuesday."
REPORT = keys(
    SURE,
    "Engineer Otto Brandt had asked for 12 million euros for repairs.",
    "It rained all day.",
)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("€12m was what Otto Brandt wanted in order to mend it.", [(1, 1)]),
        ("Otto Brandt had requested twelve million.", [(1, 1)]),
        ("Nobody expected so many guests.", []),
        ("The weather was bad.", []),
    ],
)
def test_names_figures_and_synonyms_link(sentence, found):
    assert in_other_words([(0, 0)], REPORT, keys(SURE, sentence)) == found


def test_texts_of_which_little_is_linked_get_no_more_links():
    derived = keys(SURE, "Otto Brandt had requested twelve million.")

    assert in_other_words([], REPORT, derived) == []


def test_what_one_link_explains_speaks_for_no_other():
    source = keys("Ana Ruiz opened the port of Vell.", "Ana Ruiz spoke for an hour about trade.")
    derived = keys("The port of Vell was opened by Ana Ruiz.")

    assert in_other_words([(0, 0)], source, derived) == []


def test_a_weak_link_is_called_so():
    comparison, _ = linked(GOLD["reworded"][0])
    weak = [pair for pair in comparison.pairs if not pair.sure]

    assert weak
    assert all(kind_of(pair).endswith(", likely") for pair in weak)
    assert {pair["sure"] for pair in comparison.as_dict()["pairs"]} == {True, False}
