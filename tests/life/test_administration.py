"""A superuser can delete everything that is kept, softly, and bring it back."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from annotations.models import Annotation, Claim, Revision
from corpus.models import Collection, Document, ImportBatch, Living, Membership
from tests import factories


@pytest.fixture
def keeper(client, stocked):
    person = factories.user("keeper", is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


def page(model, kind, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


def every(model):
    return model.everything if issubclass(model, Living) else model.objects


ROWS = {
    Collection: lambda: Collection.objects.get(),
    Document: lambda: Document.objects.get(title="First"),
    ImportBatch: lambda: ImportBatch.objects.get(),
    Membership: lambda: Membership.objects.get(user__username="bob"),
    Annotation: lambda: Annotation.objects.filter(claim=None).get(),
    Claim: lambda: factories.claim(
        Collection.objects.get(), User.objects.get(username="alice"), "Unused."
    ),
}
WORDS = {
    Collection: ["2 documents", "2 marks by 2 people", "1 claim", "1 import"],
    Document: ["1 mark by 1 person", "30 days"],
    ImportBatch: ["2 documents", "2 marks by 2 people"],
}


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
def test_it_is_deleted_after_a_page_that_says_what_goes_and_brought_back(
    client, keeper, snapshot, model
):
    row = ROWS[model]()
    counts = {one: every(one).count() for one in ROWS}
    confirm = client.get(page(model, "delete", row.pk))
    assert confirm.status_code == 200
    for words in WORDS.get(model, []):
        assert words in confirm.text

    client.post(page(model, "delete", row.pk), {"post": "yes"})

    assert every(model).get(pk=row.pk).deleted_at is not None
    assert {one: every(one).count() for one in ROWS} == counts
    client.post(page(model, "changelist"), {"action": "bring_back", "_selected_action": [row.pk]})
    assert every(model).get(pk=row.pk).deleted_at is None


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
def test_the_action_on_a_list_deletes_softly_too(client, keeper, model):
    row = ROWS[model]()

    client.post(
        page(model, "changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )

    assert every(model).get(pk=row.pk).deleted_at is not None


@pytest.mark.parametrize("model", [Collection, Document, ImportBatch, Membership])
def test_it_is_archived_and_taken_out(client, keeper, model):
    row = ROWS[model]()
    for action, archived in (("archive", True), ("take_out_of_archive", False)):
        client.post(page(model, "changelist"), {"action": action, "_selected_action": [row.pk]})
        assert (every(model).get(pk=row.pk).archived_at is not None) == archived
    for state in ("use", "archive", "deleted"):
        assert client.get(page(model, "changelist"), {"life": state}).status_code == 200


def test_the_last_owner_and_a_claim_in_use_are_not_deleted(client, keeper):
    owner = Membership.objects.get(role="owner")
    used = Claim.objects.get()
    for row, words in ((owner, "keeps at least one owner"), (used, "2 marks are about it")):
        confirm = client.get(page(type(row), "delete", row.pk))
        assert words in confirm.text
        client.post(page(type(row), "delete", row.pk), {"post": "yes"})
        assert every(type(row)).get(pk=row.pk).deleted_at is None


def test_an_account_is_closed_and_not_deleted(client, keeper):
    bob = User.objects.get(username="bob")
    marks = Annotation.objects.filter(creator=bob).count()

    assert client.post(page(User, "delete", bob.pk), {"post": "yes"}).status_code == 403
    client.post(page(User, "changelist"), {"action": "close", "_selected_action": [bob.pk]})

    bob.refresh_from_db()
    assert not bob.is_active
    assert Annotation.objects.filter(creator=bob).count() == marks
    client.post(page(User, "changelist"), {"action": "open_again", "_selected_action": [bob.pk]})
    bob.refresh_from_db()
    assert bob.is_active


def test_what_is_deleted_in_the_administration_is_in_the_history(client, keeper):
    mark = Annotation.objects.filter(claim=None).get()

    client.post(page(Annotation, "delete", mark.pk), {"post": "yes"})

    last = Revision.objects.newest_first().first()
    assert (last.user, last.action, last.annotation) == (keeper, "delete", mark)
