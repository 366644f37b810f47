"""After the days of grace a purge deletes for good, all of it and nothing else."""

import json
from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.db import models

from annotations.models import Annotation, Claim, Revision
from corpus.acts import batches, collections, documents, people
from corpus.keeping import purge as purging
from corpus.models import GRACE, Collection, Document, ImportBatch, Membership
from tests import factories


def run(*options):
    out = StringIO()
    call_command("purge", *options, stdout=out)
    return out.getvalue()


def age(by=GRACE):
    """Let that time pass for all that has been deleted."""
    for model in (Collection, Document, ImportBatch, Membership):
        model.everything.deleted().update(deleted_at=models.F("deleted_at") - by)
    for model in (Annotation, Claim):
        gone = model.objects.filter(deleted_at__isnull=False)
        gone.update(deleted_at=models.F("deleted_at") - by)


def test_before_its_time_nothing_is_taken(stocked, harbour, alice, snapshot):
    first, _ = stocked
    documents.delete(harbour, alice, [first.pk])
    collections.delete(harbour, alice)
    age(GRACE - timedelta(minutes=1))
    before = snapshot()

    assert run() == "Nothing was deleted more than 30 days ago.\n"
    assert snapshot() == before


def test_a_document_goes_with_its_marks_and_their_history_and_nothing_else_does(
    stocked, harbour, alice, bob
):
    first, second = stocked
    kept = list(Annotation.objects.on(second))
    documents.delete(harbour, alice, [first.pk])
    age()

    assert run("--dry-run") == "Would be deleted for good: 2 annotations, 1 document.\n"
    assert run() == "Deleted for good: 2 annotations, 1 document.\n"

    assert list(Document.everything.all()) == [second]
    assert list(Annotation.objects.all()) == kept
    assert set(Revision.objects.exclude(annotation=None).values_list("annotation", flat=True)) == {
        mark.pk for mark in kept
    }
    assert Claim.objects.count() == 1


def test_a_collection_goes_whole_and_its_neighbour_stays(stocked, harbour, alice, bob, snapshot):
    other = factories.collection("Other", owner=alice)
    document = factories.document(other)
    factories.mark(document, alice, "port", claim=factories.claim(other, alice))
    beside = Collection.objects.exclude(pk=harbour.pk)
    collections.delete(harbour, alice)
    age()

    told = json.loads(run("--json"))

    assert told == {
        "dry_run": False,
        "days": 30,
        "addresses": 0,
        "purged": {
            "annotations": 3,
            "claims": 1,
            "documents": 2,
            "imports": 0,
            "memberships": 0,
            "collections": 1,
        },
    }
    assert list(Collection.everything.all()) == list(beside) == [other]
    assert list(Document.everything.all()) == [document]
    assert Annotation.objects.count() == Claim.objects.count() == 1
    assert not Revision.objects.filter(collection=harbour.pk).exists()
    assert not Membership.everything.filter(collection=harbour.pk).exists()


def test_imports_and_memberships_go_and_marks_keep_their_names(stocked, harbour, alice, bob):
    batches.delete(harbour, alice, ImportBatch.objects.get().pk)
    people.take_out(harbour, alice, Membership.objects.get(user=bob).pk)
    other = factories.document(harbour, "The lock is shut.")
    mark = factories.mark(other, bob, "lock")
    age()

    run()

    assert not ImportBatch.everything.exists()
    assert list(Document.everything.all()) == [other]
    assert list(Membership.everything.all()) == [Membership.objects.get(user=alice)]
    assert Annotation.objects.get() == mark
    assert mark.creator == bob


def test_marks_and_claims_deleted_for_their_own_sake_go_and_merged_ones_stay(
    stocked, harbour, alice, bob
):
    first, _ = stocked
    unused = factories.claim(harbour, alice, "Nobody says so.")
    factories.delete(unused, user=alice)
    one, two = factories.claim(harbour, alice, "One."), factories.claim(harbour, alice, "Two.")
    factories.mark(first, bob, "port", claim=two)
    twice = factories.mark(first, bob, "port", claim=one)
    factories.merge(one, two, user=alice)  # which deletes the second of two equal marks
    lone = factories.mark(first, bob, "closes")
    factories.delete(lone, user=bob)
    age()

    assert run() == "Deleted for good: 1 annotation, 1 claim.\n"

    gone = set(Annotation.objects.filter(deleted_at__isnull=False))
    assert gone == {twice}
    assert not Claim.objects.filter(pk=unused.pk).exists()
    assert Claim.objects.filter(pk=one.pk).exists()


class Killed(Exception):
    pass


def test_one_that_is_killed_after_any_portion_goes_on_where_it_was(
    stocked, harbour, alice, monkeypatch
):
    for number in range(5):
        row = factories.document(harbour, f"Text number {number}.", title=f"No {number}")
        factories.mark(row, alice, "Text")
    collections.delete(harbour, alice)
    age()
    monkeypatch.setattr(purging, "MOST", 2)
    monkeypatch.setattr(purging, "DOCUMENTS", 2)
    due = purging.due()
    taken = dict.fromkeys(due, 0)
    kills = 0

    def kill(done):
        for name, number in done.items():
            taken[name] += number
        raise Killed

    while True:
        try:
            purging.purge(on_portion=kill)
        except Killed:
            kills += 1
        else:
            break

    assert kills > 8
    assert taken == due
    assert not Document.everything.exists()
    assert not Collection.everything.exists()
    assert not Revision.objects.exists()
