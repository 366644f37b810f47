"""What a member sees inside one collection, asked without a join, is what they see of it at all."""

from itertools import product

import pytest
from django.db import connection
from django.utils import timezone

from annotations.models import Annotation, Target
from annotations.views.library import ORDERS
from corpus.models import Collection, Document, Membership, Role
from tests import factories

TEXT = "The port is closed. The levy starts in May."


@pytest.fixture
def people(db):
    return {role: factories.user(str(role)) for role in Role}


def filled(people, *, name="Harbour", **fields):
    """A collection in which everybody but the reader has marked two documents, one of them deleted."""
    made = factories.collection(name, **fields)
    kept, gone = (
        factories.document(made, f"{name} {title}. {TEXT}", title=title)
        for title in ("kept", "gone")
    )
    for role, person in people.items():
        factories.member(made, person, role)
        if role != Role.READER:
            for document in (kept, gone):
                factories.mark(document, person, "The port is closed.")
    Document.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    return made


def opened(collection, person):
    return Collection.objects.open_to(person, collection.slug)


@pytest.mark.parametrize(
    ("blind", "archived", "left"), list(product([False, True], [False, True], [False, True]))
)
def test_inside_a_collection_everybody_sees_what_they_see_of_it_at_all(
    people, blind, archived, left
):
    collection = filled(people, blind=blind)
    filled(people, name="Elsewhere")
    if archived:
        Collection.objects.filter(pk=collection.pk).update(archived_at=timezone.now())
    if left:
        Membership.objects.filter(collection=collection).update(archived_at=timezone.now())

    for person in people.values():
        there = opened(collection, person)
        mine = Collection.objects.visible_to(person).with_role(person)
        everywhere = Annotation.objects.visible_to(person)
        expected = set(everywhere.filter(collection=collection))

        assert set(Annotation.objects.seen_by(person, there)) == expected
        assert set(Annotation.objects.seen_by(person, Collection.objects.get(pk=there.pk))) == (
            expected
        )
        assert set(Annotation.objects.seen_among(mine, person)) == set(everywhere)


def test_who_may_see_how_many_marks_of_others_depends_on_the_role(people):
    collection = filled(people, blind=True)

    seen = {
        role: Annotation.objects.seen_by(person, opened(collection, person)).count()
        for role, person in people.items()
    }

    assert seen == {Role.OWNER: 3, Role.CURATOR: 3, Role.CODER: 1, Role.READER: 0}


def test_marks_are_counted_by_document_as_they_are_seen(people):
    collection = filled(people, blind=True)
    coder = people[Role.CODER]
    document = Document.objects.get(collection=collection)
    deleted = factories.mark(document, coder, "The levy starts in May.")
    Annotation.objects.filter(pk=deleted.pk).update(deleted_at=timezone.now())

    def counted(person):
        seen = Annotation.objects.seen_by(person, opened(collection, person)).live()
        return Target.objects.counts(seen, [document.pk])

    assert counted(people[Role.OWNER]) == {document.pk: 3}
    assert counted(coder) == {document.pk: 1}
    assert counted(people[Role.READER]) == {}


sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the plans of another database read otherwise"
)


@sqlite
@pytest.mark.parametrize("order", [key for key in ORDERS if key != "story"])
def test_a_page_of_the_library_is_read_in_order_and_not_sorted(people, order):
    collection = filled(people)
    found = Document.objects.filter(collection=collection).in_use().for_lists()

    plan = found.select_related("story").order_by(*ORDERS[order][1])[:100].explain()

    assert f"corpus_document_by_{order}" in plan
    assert "TEMP B-TREE" not in plan


@sqlite
def test_marks_on_a_page_are_counted_from_its_documents(people):
    collection = filled(people)
    seen = Annotation.objects.seen_by(people[Role.OWNER], opened(collection, people[Role.OWNER]))
    statements = []

    def keep(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        Target.objects.counts(seen.live(), [1, 2, 3])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statements[0][0]}", statements[0][1])
        plan = [row[-1] for row in cursor.fetchall()]

    assert len(statements) == 1
    assert plan[0].startswith("SEARCH annotations_target USING INDEX")
    assert not any(step.startswith("SCAN") for step in plan)
