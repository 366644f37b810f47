"""A codebook has bounds, said in words, and holds the write lock for a moment only."""

import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import codebooks
from annotations.codebooks import CodebookError, check, read
from annotations.models import Code, Codebook, Variable
from corpus.models import Collection, Role
from tests import factories

pytestmark = pytest.mark.django_db


def book(*, variables=1, codes=1, **fields):
    """A codebook with so many variables of so many codes each."""
    return {
        "name": "Ships",
        "variables": [
            {
                "key": f"v{n}",
                "label": f"Variable {n}",
                "level": ["document"],
                "codes": [
                    {"key": f"c{m}", "label": f"Code {m}", "definition": "What it is."} | fields
                    for m in range(codes)
                ],
            }
            for n in range(variables)
        ],
    }


def bare(owner=None):
    """A collection without a codebook."""
    made = Collection.objects.create(name="Ships", slug="ships")
    if owner:
        factories.member(made, owner, Role.OWNER)
    return made


LARGEST = book(variables=codebooks.MOST_VARIABLES, codes=10)


def test_the_largest_legal_codebook_is_legal():
    assert sum(len(row["codes"]) for row in LARGEST["variables"]) == codebooks.MOST_CODES
    assert check(LARGEST) == LARGEST


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (book(variables=201), "variables: there are 201; a codebook has at most 200"),
        (book(codes=2001), "codes: there are 2,001, retired ones too; .* at most 2,000"),
        (book(label="a" * 121), "variable “v0”, code “c0”, label: is longer than 120 characters"),
        (book(definition="a" * 5001), "code “c0”, definition: is longer than 5,000 characters"),
        (book(key="a" * 61), "key: must be 1 to 60 letters"),
        (book(extra="a" * 2_000_000), "codebook: is longer than 2,000,000 characters of JSON"),
        (book() | {"unit_rules": ["a"] * 201}, "unit_rules: has more than 200 sentences"),
        (book() | {"unit_rules": ["a" * 5001]}, "unit_rules: sentence 1 is longer than 5,000"),
        (book() | {"more": [[[[[[[[[[[[[1]]]]]]]]]]]]]}, "stand more than 12 deep"),
    ],
)
def test_what_is_too_large_is_refused_with_the_place_and_the_reason(data, words):
    with pytest.raises(CodebookError, match=words):
        check(data)


def test_a_file_that_is_too_large_is_not_parsed():
    with pytest.raises(CodebookError, match=r"^ships.json: is larger than 2 MB$"):
        read(b"[" * 2_000_001, "ships.json")


def test_the_page_of_import_says_the_reason_and_stores_nothing(client):
    user = factories.user()
    collection = bare(user)
    Codebook.start(collection, user=user)
    before = Code.objects.count()
    client.force_login(user)
    file = SimpleUploadedFile("ships.json", json.dumps(book(codes=2001)).encode())

    answer = client.post(
        reverse("annotations:codebook_import", args=[collection.slug]), {"file": file}
    )

    assert answer.status_code == 422
    assert "ships.json: codes: there are 2,001" in answer.content.decode()
    assert Code.objects.count() == before


def test_the_statements_do_not_grow_with_the_codes():
    collection = bare()
    found = Codebook.load(book(), collection=collection)
    user = factories.user()
    counts = []
    for codes in (10, 200):
        with CaptureQueriesContext(connection) as queries:
            found.absorb(book(codes=codes), user=user)
        counts.append(len(queries))

    assert counts[1] <= counts[0] + 4


def test_the_largest_codebook_holds_the_lock_for_a_moment():
    collection = bare()
    user = factories.user()
    found = Codebook.load(LARGEST, collection=collection)
    other = book(variables=199, codes=10)

    before = time.process_time()
    found.absorb(other, user=user)
    taken = time.process_time() - before

    assert taken < 3
    assert found.variables.count() == 199
    assert Code.objects.filter(variable__codebook=found).count() == 1990


def test_children_are_stored_below_their_parents_at_any_depth():
    collection = bare()
    data = book()
    data["variables"][0]["fields"] = [
        {"key": "below", "label": "Below", "fields": [{"key": "deepest", "label": "Deepest"}]}
    ]

    found = Codebook.load(data, collection=collection)

    deepest = Variable.objects.get(codebook=found, key="deepest")
    assert deepest.parent.key == "below"
    assert deepest.parent.parent.key == "v0"
    assert deepest.level == ["document"]


def test_no_form_makes_one_code_or_variable_too_many(client, monkeypatch):
    user = factories.user()
    collection = bare(user)
    found = Codebook.load(book(), collection=collection)
    monkeypatch.setattr("annotations.forms.codebook.MOST_CODES", 1)
    monkeypatch.setattr("annotations.forms.codebook.MOST_VARIABLES", 1)
    client.force_login(user)
    variable = found.variables.get()

    code = client.post(
        reverse("annotations:code_new", args=[collection.slug, variable.pk]),
        {"label": "One more", "key": "more", "colour": 1},
    )
    asked = client.post(
        reverse("annotations:variable_new", args=[collection.slug]),
        {"label": "A", "key": "a", "level": "document", "choice": "one", "scale": "nominal"},
    )

    assert "A codebook has at most 1 codes, retired ones too." in code.content.decode()
    assert "A codebook has at most 1 variables." in asked.content.decode()
    assert (code.status_code, asked.status_code) == (422, 422)
    assert (Code.objects.filter(variable=variable).count(), found.variables.count()) == (1, 1)
