"""Signs that do not show, joined emoji, addresses and numbers of lists are no changes of substance."""

import pytest

from corpus.comparison import compare


@pytest.mark.parametrize(
    ("source", "derived"),
    [
        ("The harbour office was shut.", "The har\u00adbour office was shut."),
        ("The harbour office was shut.", "The har\u200bbour office was shut."),
        ("The harbour office was shut.", "The harbour\u200b office was shut."),
        ("The harbour office was shut.", "\ufeffThe harbour office was shut."),
        ("The harbour office was shut.", "The har\u2060bour office \u200ewas shut."),
        ("The harbour office was shut.", "The\u200b \u200bharbour office was shut\u200b."),
        ("Tarn paid 3,400 florins.", "Tarn paid 3,\u200b400 florins."),
        ("Tarn did not pay the florins.", "Tarn did n\u00adot pay the florins."),
        ("“We pay,” Ilse Varnholt said.", "\u200b“\u200bWe pay,\u200b” Ilse Varn\u00adholt said."),
        (
            "The harbourmaster of Tarn closed the lock for the whole of the coming winter months.",
            "The harbourmaster of Tarn closed the lock for the whole of the com-\ning winter months.",
        ),
        (
            "Osric Bellamont, who was the first to see what became of it, is vice-president now.",
            "Osric Bellamont, who was the first to see what became of it, is vice-\npresident now.",
        ),
    ],
)
def test_what_does_not_show_is_no_change(source, derived):
    found = compare(source, derived)

    assert not found.changes
    assert found.relation == "same"
    assert found.similarity == 1


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧", "👍🏽", "🇫🇷", "❤️", "1️⃣", "🏴‍☠️", "👨🏿‍🚒", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_a_joined_emoji_is_never_cut(emoji):
    other = {"👍🏽": "👍🏿", "🇫🇷": "🇩🇪", "1️⃣": "2️⃣"}.get(emoji, "👨‍👩‍👧")

    found = compare(f"The pilots won {emoji} again.", f"The pilots won {other} again.")

    told = [edit for pair in found.pairs for edit in pair.edits if edit.op != "equal"]
    source = f"The pilots won {emoji} again."
    assert [source[slice(*edit.source)].strip() for edit in told] == [emoji]


def test_two_faces_side_by_side_are_two():
    found = compare("We won 😀😎 again.", "We won 😀 again.")

    told = [edit for pair in found.pairs for edit in pair.edits if edit.op != "equal"]
    assert ["We won 😀😎 again."[slice(*edit.source)].strip() for edit in told] == ["😎"]


@pytest.mark.parametrize(
    ("source", "derived"),
    [
        (
            "The board has put its plan on its own pages for all to read.",
            "The board has put its plan on its own pages (https://tarn.example/plan?x=17) for all to read.",
        ),
        (
            "The plan is at https://tarn.example/plan/2023/05 for all to read.",
            "The plan is at https://tarn.example/notes/2024/11 for all to read.",
        ),
        (
            "Write to pilots11@tarn.example about the plan of the board.",
            "Write to guild27@tarn.example about the plan of the board.",
        ),
        (
            "The plan is at www.tarn.example/plan-12 for all to read.",
            "The plan is at www.tarn.example/plan-19 for all to read.",
        ),
        (
            "The board wants a new lock.\n\nThe pilots want a new pier.",
            "1. The board wants a new lock.\n\n2. The pilots want a new pier.",
        ),
        (
            "3) The board wants a new lock.\n\n4) The pilots want a new pier.",
            "1) The board wants a new lock.\n\n2) The pilots want a new pier.",
        ),
        (
            "The board wants a new lock.\n\nThe pilots want a new pier.",
            "(1) The board wants a new lock.\n\n(2) The pilots want a new pier.",
        ),
    ],
)
def test_addresses_of_links_and_numbers_of_lists_are_no_statements(source, derived):
    for found in (compare(source, derived), compare(derived, source)):
        assert [change.note for change in found.changes if change.severity > 1] == []
        assert not any(change.kind in ("number", "date", "name") for change in found.changes)


def test_a_figure_that_opens_a_sentence_is_no_number_of_a_list():
    found = compare("12 ships wait outside the port.", "14 ships wait outside the port.")

    assert [change.kind for change in found.changes] == ["number"]


def test_days_that_open_lines_are_no_numbers_of_a_list():
    diary = "{}. Mai: Der Hafen öffnet den Kai.\n\n15. Mai: Die Lotsen treten in den Streik."

    found = compare(diary.format(14), diary.format(12), language="de")

    assert [change.kind for change in found.changes] == ["date"]
