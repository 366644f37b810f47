"""What the reader asks starts from its documents, also where the database has counted its tables."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Annotation, Code, Coding, Target
from annotations.views.panels import claims_panel_context, stance_controls
from corpus.models import Collection, Document

DOCUMENTS, MARKS = 60, 50


@pytest.fixture
def filled(harbour, alice, bob):
    """Sixty documents with fifty marks each, and a stance on every one by both."""
    codes = Code.objects.filter(variable__codebook__collection=harbour).select_related("variable")
    supports, opinion = (codes.get(key=key) for key in ("supports", "opinion"))
    documents = Document.objects.bulk_create(
        Document.with_text(
            f"The port closes at {number}. " * 20,
            collection=harbour,
            title=f"No {number}",
            reader=Document.Reader.PLAIN,
        )
        for number in range(DOCUMENTS)
    )
    said = [(document, number, alice) for document in documents for number in range(MARKS)]
    said += [(document, None, person) for document in documents for person in (alice, bob)]
    annotations, targets, codings = [], [], []
    for document, start, person in said:
        code = opinion if start is None else supports
        annotation = Annotation(
            id=uuid4(),
            collection=harbour,
            creator=person,
            motivation="classifying" if start is None else "assessing",
        )
        end = None if start is None else start + 9
        words = "" if start is None else document.text[start:end]
        annotations.append(annotation)
        targets.append(
            Target(annotation=annotation, document=document, start=start, end=end, exact=words)
        )
        codings.append(
            Coding(
                annotation=annotation,
                variable=code.variable,
                code=code,
                creator=person,
                document=document if start is None else None,
            )
        )
    Annotation.objects.bulk_create(annotations)
    Target.objects.bulk_create(targets)
    Coding.objects.bulk_create(codings)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return documents


MANY = {f"annotations_{name}" for name in ("annotation", "coding", "revision", "target")}
ALIAS = re.compile(r'"(\w+)" ([A-Z]\d+)\b')


def wide(queries: CaptureQueriesContext) -> list[tuple[str, str]]:
    """Steps of the planner that read a table of marks from end to end, or all of a collection."""
    found = []
    for query in (query["sql"] for query in queries if query["sql"].startswith("SELECT")):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            steps = [row[-1] for row in cursor.fetchall()]
        tables = {alias: table for table, alias in ALIAS.findall(query)}
        for step in steps:
            how, name, *_ = step.split()
            table = tables.get(name, name)
            if (how == "SCAN" and table in MANY) or (table in MANY and "collection_id=?)" in step):
                found.append((step, query))
    return found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the words are those of SQLite's planner")
def test_no_query_reads_the_marks_of_all_documents(client, alice, filled):
    client.force_login(alice)
    page = f"{reverse('annotations:reader', args=[filled[0].collection.slug])}?d={filled[7].pk}"
    with CaptureQueriesContext(connection) as opening:
        assert client.get(page).status_code == 200
    with CaptureQueriesContext(connection) as coding:
        stance_controls(alice, opened(alice), [filled[7]])
    with CaptureQueriesContext(connection) as listing:
        claims_panel_context(alice, opened(alice), [filled[7]])

    with CaptureQueriesContext(connection) as everything:
        list(Annotation.objects.visible_to(alice).values_list("pk"))

    assert wide(everything)
    assert not wide(opening)
    assert not wide(coding)
    assert not wide(listing)


def opened(alice) -> Collection:
    return Collection.objects.open_to(alice, "harbour")
