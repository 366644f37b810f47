"""Two people at the same moment."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from annotations.models import Annotation
from corpus.acts import documents, people
from corpus.models import Document, Membership, Role
from tests import factories


def together(*acts):
    """Run the acts at once, each in a thread and a connection of its own: what each came to."""
    start = Barrier(len(acts))
    came = [None] * len(acts)

    def run(place, act):
        start.wait()
        try:
            came[place] = act()
        except Exception as error:
            came[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_take_each_other_out_leave_one():
    alice, bob = factories.user("alice"), factories.user("bob")
    made = factories.collection(owner=alice)
    theirs = factories.member(made, bob, Role.OWNER)
    hers = Membership.objects.get(user=alice)

    came = together(
        lambda: people.take_out(made, alice, theirs.pk),
        lambda: people.take_out(made, bob, hers.pk),
    )

    assert Membership.objects.filter(role=Role.OWNER).count() == 1
    assert sum(isinstance(one, Exception) for one in came) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mark_made_while_its_document_is_deleted_is_refused_or_goes_with_it():
    alice = factories.user("alice")
    made = factories.collection(owner=alice)
    row = factories.document(made)

    marked, gone = together(
        lambda: factories.mark(row, alice, "port"),
        lambda: documents.delete(made, alice, [row.pk]),
    )

    assert not isinstance(gone, Exception)
    if isinstance(marked, Exception):
        assert "has been deleted" in str(marked)
        assert not Annotation.objects.exists()
    assert not Annotation.objects.visible_to(alice).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_back_two_documents_of_one_text_bring_back_one():
    alice = factories.user("alice")
    made = factories.collection(owner=alice)
    pks = []
    for _ in range(2):
        row = factories.document(made)
        documents.delete(made, alice, [row.pk])
        pks.append(row.pk)

    came = together(*(lambda pk=pk: documents.bring_back(made, alice, [pk]) for pk in pks))

    assert not any(isinstance(one, Exception) for one in came)
    assert sorted(one.warning for one in came) == [False, True]
    assert Document.objects.count() == 1
