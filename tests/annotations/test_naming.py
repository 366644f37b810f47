"""No two documents are called the same on one page or in one file, and marks are counted alike."""

import csv
import re
from datetime import date
from io import StringIO

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from annotations.models import Annotation
from annotations.naming import Known, apart, headings, names
from tests import again, factories


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([("Storm", "Petrel"), ("Storm", "Lantern")], ["Petrel", "Lantern"]),
        ([("Storm", "Petrel"), ("Levy", "Petrel")], ["Storm", "Levy"]),
        ([("Storm", ""), ("Storm", "Petrel")], ["Storm", "Petrel"]),
        (
            [("Storm", "Petrel", "2024-02-06"), ("Storm", "Petrel", "2024-02-07")],
            ["Storm, 2024-02-06", "Storm, 2024-02-07"],
        ),
        (
            [("Storm", "Petrel", "", "a.txt"), ("storm ", "Petrel", "", "b.txt")],
            ["Storm, a.txt", "storm , b.txt"],
        ),
        ([("Storm", "Petrel"), ("Storm", "Petrel")], ["Storm, document 1", "Storm, document 2"]),
        (
            [("Storm",), ("Storm",), ("Storm, document 1",)],
            ["Storm, document 1", "Storm, document 2", "Storm, document 1, document 3"],
        ),
        ([("Storm", "Petrel"), ("Petrel", "")], ["Storm", "Petrel"]),
    ],
)
def test_documents_are_told_apart_by_what_differs(documents, expected):
    known = [Known(key, *facts) for key, facts in enumerate(documents, start=1)]

    assert names(known) == expected


FEW = st.sampled_from(["", "A", "a ", "B", "document 1", "A, document 2", "x" * 70])


@given(st.lists(st.tuples(FEW, FEW, FEW, FEW), max_size=7))
def test_no_two_names_are_the_same_whatever_the_documents_are_called(documents):
    known = [Known(key, *facts) for key, facts in enumerate(documents, start=1)]

    for found in (names(known), headings(known, [row.title for row in known])):
        folded = [" ".join(name.split()).casefold() for name in found]
        assert len(set(folded)) == len(known)
    assert len(apart(known, [row.title for row in known])) == len(known)


# --- the grid, its files and the reader -----------------------------------------------------------


@pytest.fixture
def doubles(harbour, alice):
    made = [
        factories.document(
            harbour,
            f"The port is closed, says text {number}.",
            title="A title as long as they come, " * 4,
            publisher="Petrel",
            published_on=date(2024, 2, 6),
            original_name=name,
        )
        for number, name in enumerate(["a.txt", "b.txt", "b.txt"])
    ]
    factories.claim(harbour, alice)
    return made


def test_two_documents_of_one_title_have_columns_of_their_own(client, harbour, alice, doubles):
    client.force_login(alice)

    file = client.get(reverse("annotations:grid_csv", args=["harbour"])).content.decode("utf-8-sig")
    header = next(csv.reader(StringIO(file)))
    picture = client.get(reverse("annotations:grid_svg", args=["harbour"])).content.decode()
    heads = re.findall(r"rotate\(-90\).*?</g>", picture)
    page = client.get(reverse("annotations:claims", args=["harbour"])).content.decode()

    assert len(set(header)) == len(header)
    assert sum("a.txt" in column for column in header) == 1
    assert len({re.sub(r"<[^>]+>", " ", head) for head in heads}) == len(doubles)
    assert "a.txt" in page
    assert f"document {doubles[1].pk}" in page


def test_the_reader_and_the_lists_tell_them_apart(client, harbour, alice, doubles):
    client.force_login(alice)
    query = "&".join(f"d={document.pk}" for document in doubles)

    reader = client.get(f"{reverse('annotations:reader', args=['harbour'])}?{query}").text
    lists = [
        client.get(reverse(f"annotations:{name}", args=["harbour"])).text
        for name in ("marks", "export")
    ]

    assert "a.txt" in reader
    assert f"document {doubles[2].pk}" in reader
    for page in lists:
        options = re.findall(r'<option value="\d+"[^>]*>([^<]*A title[^<]*)<', page)
        assert len(options) == len(set(options)) == len(doubles)


# --- what is counted ------------------------------------------------------------------------------


def test_every_page_of_the_sample_counts_the_same_marks(client, db):
    sample = again.sample()
    owner = sample.memberships.get(role="owner").user
    client.force_login(owner)
    live = Annotation.objects.filter(collection=sample).live()
    marks, total = live.marks().count(), live.count()
    assert 0 < marks < total

    def number(page: str, pattern: str) -> int:
        return int(re.search(pattern, page)[1])

    def get(name: str, query: str = "") -> str:
        slug = [] if name == "home" else ["sample"]
        return client.get(reverse(name, args=slug) + query).text

    assert number(get("home"), r"(\d+) mark") == marks
    assert number(get("annotations:marks"), r"(\d+) mark") == marks
    export = get("annotations:export")
    assert number(export, r"(\d+) annotation") == total
    assert number(export, r"(\d+) mark") == marks
    assert number(export, r"(\d+) answer") == total - marks
    container = client.get(
        reverse("annotations:container", args=["sample"]), headers={"accept": "application/ld+json"}
    )
    assert container.json()["total"] == total
    download = reverse("annotations:export_download", args=["sample"])
    lines = client.get(f"{download}?format=jsonl").getvalue().decode().splitlines()
    assert len(lines) == total
    assert sum('"start":null' not in line for line in lines) == marks
    library = get("collection")
    rows = [int(count) for count in re.findall(r'<td class="number">(\d+)</td>', library)]
    pairs = live.filter(motivation="linking").count()
    assert sum(rows) == marks + pairs
    first = sample.documents.order_by("pk").first()
    reader = get("annotations:reader", f"?d={first.pk}")
    on_first = live.marks().on(first).count()
    assert number(reader, r"data-mark-count>(\d+) mark") == on_first
    assert on_first in rows


def test_no_export_promises_to_be_read_back(client, harbour, alice):
    client.force_login(alice)

    page = client.get(reverse("annotations:export", args=["harbour"])).text

    assert "bring back" not in page
