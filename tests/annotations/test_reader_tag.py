"""Opening a reading page again is answered without it, unless anything that it shows has changed."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from annotations.models import Annotation, Claim, Code, Codebook, Coding, Target
from corpus.models import Collection, Derivation, Document, ImportBatch, Membership, Role, Story
from tests import factories

# What a page does not show, and what is never changed: each with its reason in the test below.
UNSEEN = {
    User: {"password", "last_login"},
    # The text of a document never changes, and what is made of it neither.
    Document: {"text", "length", "original"},
    Collection: set(),
    Claim: set(),
    Annotation: {
        "collection",  # a mark stays where it is
        "created",  # of marks on the same words the older comes first: tried by itself
        "modified",
        "deleted_by",
        "via",
        "generator",
        "codebook_version",
    },
    Target: {"order", "exact", "prefix", "suffix"},  # the words are those of the text
    # They repeat the annotation's, which is asked.
    Coding: {"variable", "single", "creator", "document", "claim"},
    # The names of the relation come from the comparison itself.
    Derivation: {"relation", "score", "algorithm", "source_in_derived", "derived_in_source"},
}


@pytest.fixture
def story(harbour, alice, bob):
    """Three documents, of which two are related, with a claim, two marks, a stance and an absence."""
    documents = [
        factories.document(harbour, f"The port closes at {hour}. Nobody {end}.", title=f"No {hour}")
        for hour, end in (("six", "came"), ("nine", "left"))
    ]
    lone = factories.document(harbour, "Dogs bark in the hills all night.", title="Hills")
    further = factories.document(harbour, "Snow fell on every roof in town.", title="Snow")
    claim = factories.claim(harbour, alice, "The port closes.")
    factories.mark(documents[0], bob, "The port", claim=claim, note="Which one?")
    factories.stance(documents[0], bob, "opinion")
    Derivation.objects.create(
        source=lone,
        derived=further,
        source_in_derived=0.5,
        derived_in_source=0.5,
        relation="rewrite",
        score=0.5,
        algorithm="by hand",
    )
    return [documents[0], lone, further, documents[1]]


def address(*documents: Document) -> str:
    path = reverse("annotations:reader", args=[documents[0].collection.slug])
    return f"{path}?{'&'.join(f'd={document.pk}' for document in documents)}"


def opened(client: Client, path: str, tag: str) -> int:
    return client.get(path, headers={"If-None-Match": tag}).status_code


def other(field: models.Field, row: models.Model) -> object:
    """Another value that the field of the row can have."""
    value = getattr(row, field.attname)
    if isinstance(field, models.ForeignKey):
        rows = field.related_model._default_manager.exclude(pk=value)
        if field.related_model is type(row):
            rows = rows.exclude(pk=row.pk)
        return rows.values_list("pk", flat=True)[0]
    if field.choices:
        return next(choice for choice, _ in field.choices if choice != value)
    if isinstance(field, models.JSONField):
        return [*value, [0, 1]]
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return (value or datetime(2026, 1, 1, tzinfo=None).astimezone()) + timedelta(days=1)
    if isinstance(field, models.DateField):
        return (value or date(2026, 1, 1)) + timedelta(days=1)
    if isinstance(field, (models.IntegerField, models.FloatField)):
        return (value or 0) + 7
    assert isinstance(field, models.CharField | models.TextField)
    return f"{value}x"


def test_each_change_of_each_field_shows(client, alice, bob, harbour, story):
    client.force_login(alice)
    factories.claim(harbour, bob, "Another.")
    elsewhere = factories.collection("Elsewhere", owner=alice)
    ImportBatch.objects.create(collection=harbour)
    Story.objects.create(collection=elsewhere, name="Snow")
    mark = Annotation.objects.get(motivation="assessing")
    coding = Coding.objects.get(annotation=mark, variable__key="position")
    shown = [
        bob,
        alice,
        harbour,
        story[0],
        Claim.objects.order_by("pk")[0],
        mark,
        mark.targets.get(),
        coding,
        Derivation.objects.get(source=story[1]),
    ]
    path = address(*story)
    tag = client.get(path)["ETag"]
    assert opened(client, path, tag) == 304

    unnoticed = []
    for row in shown:
        manager = getattr(type(row), "everything", type(row)._default_manager)
        for field in row._meta.concrete_fields:
            if field.primary_key or field.name in UNSEEN[type(row)]:
                continue
            if row == bob and field.name not in ("username", "first_name", "last_name"):
                continue  # of others only the names stand there
            with transaction.atomic():
                manager.filter(pk=row.pk).update(**{field.attname: other(field, row)})
                if opened(client, path, tag) == 304:
                    unnoticed.append(str(field))
                transaction.set_rollback(True)

    assert not unnoticed
    assert opened(client, path, tag) == 304


def test_what_comes_and_goes_shows(client, alice, bob, harbour, story):
    client.force_login(alice)
    path = address(*story[:2])
    mark = Annotation.objects.get(motivation="assessing")
    claim = Claim.objects.get()
    codebook = Codebook.objects.get(collection=harbour)
    steps = [
        lambda: factories.mark(story[1], bob, "Dogs"),
        lambda: factories.stance(story[1], alice, "opinion"),
        lambda: factories.claim(harbour, alice, "A second claim."),
        lambda: mark.change(mark.as_state().coded(position="disputes"), user=alice),
        lambda: mark.change(replace(mark.as_state(), deleted=True), user=alice),
        lambda: claim.change(replace(claim.as_state(), deleted=True), user=alice, action="delete"),
        lambda: (
            Code.objects.filter(key="opinion").update(label="View")
            and codebook.changed("A label", user=alice)
        ),
        lambda: Membership.objects.filter(user=alice).update(role=Role.CURATOR),
        lambda: Membership.objects.filter(user=alice).update(archived_at=harbour.created),
    ]
    tags = [client.get(path)["ETag"]]
    for step in steps:
        step()
        assert opened(client, path, tags[-1]) == 200
        tags.append(client.get(path)["ETag"])

    assert len(set(tags)) == len(tags)
    Membership.objects.filter(user=alice).update(deleted_at=harbour.created)
    assert opened(client, path, tags[-1]) == 404


def test_another_person_another_address_or_another_sign_in_is_another_page(
    client, alice, bob, story
):
    client.force_login(alice)
    path = address(story[0])
    tag = client.get(path)["ETag"]
    assert opened(client, path, tag) == 304
    assert opened(client, f"{path}&fade=1", tag) == 200
    assert opened(client, address(story[1]), tag) == 200

    # Forms with a token of another secret would be refused.
    del client.cookies["csrftoken"]
    assert opened(client, path, tag) == 200

    client.force_login(bob)
    assert opened(client, path, tag) == 200


def test_the_older_of_two_marks_on_the_same_words_comes_first(client, alice, bob, story):
    client.force_login(alice)
    again = factories.mark(story[0], alice, "The port", position="disputes")
    path = address(story[0])
    tag = client.get(path)["ETag"]
    Annotation.objects.filter(pk=again.pk).update(created=again.created - timedelta(days=9))

    assert opened(client, path, tag) == 200


def test_a_message_is_shown_once_and_keeps_its_page_from_being_taken_for_another(
    client, alice, story
):
    client.force_login(alice)
    path = address(story[0])
    tag = client.get(path)["ETag"]
    client.post(
        reverse("annotations:code_document", args=[story[0].collection.slug, story[0].pk]),
        {"variable": "origin", "code": "wire", "view": path.partition("?")[2]},
    )
    told = client.get(path, headers={"If-None-Match": tag})

    assert told.status_code == 200
    assert 'class="messages"' in told.content.decode()
    assert "ETag" not in told
    after = client.get(path)
    assert 'class="messages"' not in after.content.decode()
    assert opened(client, path, after["ETag"]) == 304


def test_whom_others_are_hidden_from_learns_nothing_from_the_tag(client, alice, bob, story):
    carol = factories.user("carol")
    factories.member(story[0].collection, carol, Role.CODER)
    Collection.objects.update(blind=True)
    client.force_login(carol)
    path = address(*story[:2])
    tag = client.get(path)["ETag"]
    factories.mark(story[1], bob, "Dogs")
    factories.stance(story[1], bob, "opinion")
    factories.claim(story[1].collection, bob, "Dogs bark.")

    assert opened(client, path, tag) == 304
    factories.mark(story[1], carol, "Dogs")
    assert opened(client, path, tag) == 200


def test_opening_again_asks_the_database_little(
    client, alice, story, django_assert_max_num_queries
):
    client.force_login(alice)
    path = address(story[0])
    tag = client.get(path)["ETag"]

    with django_assert_max_num_queries(9):
        assert opened(client, path, tag) == 304
