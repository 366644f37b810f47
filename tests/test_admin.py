import io
import zipfile

import pytest
from django.contrib import admin
from django.urls import reverse

from annotations.models import Annotation, Revision
from corpus.models import Document
from tests import factories

MODELS = [
    model for model in admin.site._registry if model._meta.app_label in {"corpus", "annotations"}
]


@pytest.fixture
def keeper(client, db):
    person = factories.user("keeper", is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


@pytest.fixture
def stored(harbour, alice, bob):
    document = factories.document(harbour, "The port\u202e is closed.")
    factories.mark(document, bob, "port", claim=factories.claim(harbour, alice))
    factories.stance(document, bob, "reporting")
    harbour.batches.create(creator=alice).files.create(
        name="port.txt", outcome="imported", document=document
    )
    return document


def test_every_model_of_ours_has_a_page():
    from django.apps import apps

    ours = {*apps.get_app_config("corpus").get_models()}
    ours |= {*apps.get_app_config("annotations").get_models()}

    assert set(MODELS) == ours


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_lists_search_and_details_open(client, keeper, stored, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    listing = client.get(reverse(f"{name}_changelist"), {"q": "port"})
    first = model._default_manager.first()

    assert listing.status_code == 200
    if first is not None:
        assert client.get(reverse(f"{name}_change", args=[first.pk])).status_code == 200


def test_text_and_spans_are_read_only(client, keeper, stored):
    page = client.get(reverse("admin:corpus_document_change", args=[stored.pk])).text

    assert 'name="text"' not in page
    assert "readonly-text" in page
    assert (
        client.post(
            reverse("admin:annotations_target_change", args=[stored.targets.first().pk]),
            {"start": 0},
        ).status_code
        == 403
    )


def test_the_log_cannot_be_deleted(client, keeper, stored):
    url = reverse("admin:annotations_revision_changelist")

    client.post(
        url,
        {"action": "delete_selected", "_selected_action": [Revision.objects.first().pk], "post": 1},
    )

    assert Revision.objects.count() == 3


def test_texts_are_downloaded_together(client, keeper, stored):
    other = factories.document(stored.collection, "Second text.", title="Second / title")

    response = client.post(
        reverse("admin:corpus_document_changelist"),
        {"action": "download_texts", "_selected_action": [stored.pk, other.pk]},
    )

    archive = zipfile.ZipFile(io.BytesIO(response.content))
    texts = {archive.read(name).decode() for name in archive.namelist()}
    assert texts == set(Document.objects.values_list("text", flat=True))


def test_marks_are_exported_as_the_export_page_does(client, keeper, stored):
    response = client.post(
        reverse("admin:annotations_annotation_changelist"),
        {
            "action": "export_as_table",
            "_selected_action": [str(pk) for pk in Annotation.objects.values_list("pk", flat=True)],
        },
    )

    table = b"".join(response.streaming_content).decode("utf-8-sig")
    assert table.count("\r\n") == 4  # the header, voice and position of the mark, the stance
    assert "port" in table


def test_the_stranger_does_not_get_in(client, stranger, stored):
    client.force_login(stranger)

    assert client.get(reverse("admin:index")).status_code == 302
    assert Annotation.objects.count() == 2
