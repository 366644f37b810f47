"""Every principal, every act, every state: who may, and what stays as it was where they may not."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from corpus.acts import batches, collections, documents, people
from corpus.acts.done import CannotBeDone
from corpus.models import Collection, Document, ImportBatch, Membership, Role
from tests import factories

ROLES = ["owner", "curator", "coder", "reader"]
PRINCIPALS = [*ROLES, "over", "out", "stranger", "keeper", "closed"]
STATES = ["there", "archived", "deleted"]
ARCHIVED_COLLECTION = [False, True]

ACTS = {
    # name: act, what it takes, who may beside owners and keepers, also when archived
    "archive a document": (documents.archive, "document", {"curator"}, False),
    "take a document out": (documents.take_out, "document", {"curator"}, False),
    "delete a document": (documents.delete, "document", set(), False),
    "bring back a document": (documents.bring_back, "document", set(), False),
    "archive an import": (batches.archive, "batch", {"curator"}, False),
    "take an import out": (batches.take_out, "batch", {"curator"}, False),
    "undo an import": (batches.delete, "batch", set(), False),
    "bring back an import": (batches.bring_back, "batch", set(), False),
    "end a part": (people.archive, "part", set(), True),
    "take up a part": (people.take_up, "part", set(), True),
    "take out": (people.take_out, "part", set(), True),
    "bring back a member": (people.bring_back, "part", set(), True),
    "archive the collection": (collections.archive, "collection", set(), True),
    "take the collection out": (collections.take_out, "collection", set(), True),
    "delete the collection": (collections.delete, "collection", set(), True),
    "bring back the collection": (collections.bring_back, "collection", set(), True),
}


@pytest.fixture
def everybody(db):
    """A collection with one person of each kind; the thing acted on is the second owner's."""
    made = factories.collection("Harbour")
    founder = factories.user("founder")
    factories.member(made, founder, Role.OWNER)
    people_by_name = {}
    for name in PRINCIPALS:
        person = factories.user(name, is_staff=name == "keeper", is_superuser=name == "keeper")
        people_by_name[name] = person
        if name in ROLES:
            factories.member(made, person, name)
    now = timezone.now()
    over = factories.member(made, people_by_name["over"], Role.OWNER)
    out = factories.member(made, people_by_name["out"], Role.OWNER)
    Membership.everything.filter(pk=over.pk).update(archived_at=now)
    Membership.everything.filter(pk=out.pk).update(deleted_at=now)
    people_by_name["closed"].is_active = False
    people_by_name["closed"].is_superuser = people_by_name["closed"].is_staff = True
    people_by_name["closed"].save()
    batch = made.batches.create(creator=founder)
    row = factories.document(made, batch=batch)
    part = factories.member(made, factories.user("member"), Role.CODER)
    return made, people_by_name, {"document": row, "batch": batch, "part": part}


def put(row, state):
    times = {"archived_at": None, "deleted_at": None}
    if state != "there":
        times[f"{state}_at"] = timezone.now()
    type(row).everything.filter(pk=row.pk).update(**times)
    row.refresh_from_db(from_queryset=type(row).everything.all())


@pytest.mark.parametrize("name", ACTS)
def test_who_may(everybody, snapshot, name):
    made, principals, things = everybody
    act, kind, others, when_archived = ACTS[name]
    thing = things.get(kind, made)
    shelves = [None] if kind == "collection" else ARCHIVED_COLLECTION
    for principal, state, shelved in itertools.product(PRINCIPALS, STATES, shelves):
        put(thing, state)
        if shelved is not None:
            put(made, "archived" if shelved else "there")
        values = {"document": [thing.pk], "collection": None}.get(kind, thing.pk)
        allowed = principal in {"owner", "keeper"} | others
        allowed = allowed and (when_archived or not shelved)
        before = snapshot()
        try:
            done = act(made, principals[principal], values)
        except PermissionDenied:
            assert not allowed, (principal, state, shelved)
            assert snapshot() == before
        except CannotBeDone:
            assert allowed
            assert snapshot() == before
        else:
            assert allowed, (principal, state, shelved)
            assert done.words.endswith(".")
            made.refresh_from_db(from_queryset=Collection.everything.all())


def test_a_curator_may_delete_and_bring_back_what_she_imported_herself(everybody):
    made, principals, _ = everybody
    curator = principals["curator"]
    batch = made.batches.create(creator=curator)
    row = factories.document(made, "Her own text.", batch=batch)

    documents.delete(made, curator, [row.pk])
    documents.bring_back(made, curator, [row.pk])
    batches.delete(made, curator, batch.pk)
    batches.bring_back(made, curator, batch.pk)

    assert Document.objects.filter(pk=row.pk).exists()


PAGES = {
    # address: who is answered otherwise than 403 or 404, beside the owner; whether it wants a POST
    "collection_delete": ([], set()),
    "collection_archive": ([], set()),
    "collection_duplicate": ([], set()),
    "collection_leave": ([], {"curator", "coder", "reader", "over"}),
    "deleted": ([], {"curator"}),
    "document_delete": (["document"], {"curator"}),
    "document_archive": (["document"], {"curator"}),
    "documents_away": ([], {"curator"}),
    "document_bring_back": (["document"], set()),
    "document_move": (["document"], {"curator"}),
    "batch_undo": (["batch"], set()),
    "batch_archive": (["batch"], {"curator"}),
    "batch_bring_back": (["batch"], set()),
    "member_life": (["part"], set()),
}


@pytest.mark.parametrize("name", PAGES)
def test_who_is_let_in(client, everybody, snapshot, name):
    made, principals, things = everybody
    needs, others = PAGES[name]
    address = reverse(f"corpus:{name}", args=[made.slug, *(things[one].pk for one in needs)])
    for principal in [*PRINCIPALS, ""]:
        client.logout()
        if principal:
            client.force_login(principals[principal])
        if principal in {"owner"} | others:
            assert client.get(address).status_code in {200, 405}
            continue
        before = snapshot()
        ask = client.get if name == "deleted" else client.post
        status = ask(address).status_code
        signed_out = principal in {"", "closed"}
        assert status == 302 if signed_out else status in {403, 404}, principal
        assert snapshot() == before


def test_a_deleted_collection_is_brought_back_by_its_owners_alone(client, everybody):
    made, principals, _ = everybody
    put(made, "deleted")
    address = reverse("corpus:collection_bring_back", args=[made.slug])
    for principal in PRINCIPALS:
        if principal in {"owner", "closed"}:
            continue
        client.force_login(principals[principal])
        assert client.post(address).status_code == 404
        assert "Harbour" not in client.get(reverse("corpus:collections_deleted")).text

    client.force_login(principals["owner"])
    assert "Harbour" in client.get(reverse("corpus:collections_deleted")).text
    client.post(address)
    assert Collection.objects.filter(pk=made.pk).exists()


def test_what_is_of_another_collection_is_not_there(client, everybody, alice):
    _, _, things = everybody
    other = factories.collection("Other", owner=alice)
    client.force_login(alice)
    for name in ("document_delete", "document_archive", "document_bring_back", "document_move"):
        address = reverse(f"corpus:{name}", args=[other.slug, things["document"].pk])
        assert client.post(address).status_code == 404
    for name in ("batch_undo", "batch_archive", "batch_bring_back"):
        address = reverse(f"corpus:{name}", args=[other.slug, things["batch"].pk])
        assert client.post(address).status_code == 404
    address = reverse("corpus:member_life", args=[other.slug, things["part"].pk])
    assert client.post(address, {"end": 1}).status_code == 404
    assert documents.delete(other, alice, [things["document"].pk]).touched == ()
    assert ImportBatch.objects.filter(pk=things["batch"].pk).exists()
