import re

import pytest
from django.urls import reverse

from corpus.comparison import compare
from corpus.evidence.report import as_text, in_context, rows
from tests import factories

WIRE = (
    "The port will charge the levy from March. “We do not expect delays,” the minister said.\n\n"
    "Ships under 500 tonnes are exempt.\n"
)
REWRITE = (
    "The port will charge the levy from March. “We expect delays,” the minister said.\n\n"
    "Ships under 5,000 tonnes are exempt.\n\nBacon expert.\n"
)


@pytest.fixture
def comparison():
    return compare(WIRE, REWRITE, source_title="Wire", derived_title="Rewrite")


def test_rows_hold_both_texts_and_every_change(comparison):
    found = rows(comparison, WIRE, REWRITE)

    def letters(side):
        pieces = [piece.text for row in found for piece in getattr(row, side)]
        return "".join("".join(pieces).split())

    assert letters("source") == "".join(WIRE.split())
    assert letters("derived") == "".join(REWRITE.split())
    assert sum(len(row.changes) for row in found) == len(comparison.changes) > 1


def test_the_text_report_names_the_changes_and_marks_the_words(comparison):
    report = as_text(comparison, WIRE, REWRITE)

    assert report.startswith("Rewrite is a")
    assert "quotation altered" in report
    assert "[500" in report
    assert "[5,000" in report
    assert max(map(len, report.splitlines())) <= 88


def test_a_short_change_is_shown_with_its_surroundings(comparison):
    number = next(change for change in comparison.changes if change.kind == "number")

    before, words, after = in_context(WIRE, number.source)

    assert before == "Ships under "
    assert before + words + after == "Ships under 500 tonnes are exempt."
    assert in_context(WIRE, None) == ("", "", "")


def test_the_sheet_stands_alone(client, harbour, bob):
    first = factories.document(harbour, WIRE, title="Wire <one>", publisher="Meridian")
    second = factories.document(harbour, REWRITE, title="Rewrite")
    client.force_login(bob)

    response = client.get(
        reverse("corpus:evidence", args=[harbour.slug]), {"d": [first.pk, second.pk]}
    )

    page = response.text
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert "Wire &lt;one&gt;" in page
    assert "quotation altered" in page
    assert not re.search(r"<script|<link|<img|@import|url\(|\{#|\{%", page)


@pytest.mark.parametrize("query", [{}, {"d": "1"}, {"d": ["x", "y"]}, {"d": ["9" * 30, "1"]}])
def test_a_sheet_is_of_two_documents(client, harbour, bob, query):
    client.force_login(bob)

    response = client.get(reverse("corpus:evidence", args=[harbour.slug]), query)

    assert response.status_code == 404


def test_strangers_get_no_sheet(client, harbour, stranger):
    first = factories.document(harbour, WIRE, title="Wire")
    second = factories.document(harbour, REWRITE, title="Rewrite")
    client.force_login(stranger)

    response = client.get(
        reverse("corpus:evidence", args=[harbour.slug]), {"d": [first.pk, second.pk]}
    )

    assert response.status_code == 404
