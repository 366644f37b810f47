"""The addresses of every page that people see, so that no check of all pages leaves one out."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from annotations.models import Annotation, Claim, Code
from corpus.acts import batches, collections, documents, people
from corpus.models import Collection, Document, ImportBatch
from tests import factories

# They answer to a form or a script, give a file, or are another name of a page that is here.
NO_PAGES = {
    "account_login",
    "account_logout",
    "account_sessions_end",
    "logout",
    "corpus:health",
    "corpus:member_link",
    "reader",
    "export",
    "history",
    "corpus:batch_archive",
    "corpus:batch_compare",
    "corpus:batch_bring_back",
    "corpus:batch_undo",
    "corpus:collection_archive",
    "corpus:collection_bring_back",
    "corpus:document_archive",
    "corpus:document_bring_back",
    "corpus:evidence",
    "corpus:member_add",
    "corpus:member_edit",
    "corpus:member_life",
    "corpus:original",
    "annotations:absent",
    "annotations:add_claim",
    "annotations:archive",
    "annotations:bring_back",
    "annotations:claim_archive",
    "annotations:claim_bring_back",
    "annotations:claim_move",
    "annotations:claims_undo",
    "annotations:code_document",
    "annotations:code_move",
    "annotations:codebook_export",
    "annotations:container",
    "annotations:delete",
    "annotations:export_download",
    "annotations:grid_csv",
    "annotations:grid_svg",
    "annotations:likely_claims",
    "annotations:move",
    "annotations:paragraphs",
    "annotations:redo",
    "annotations:rename_claim",
    "annotations:undo",
}


def import_badly(collection: Collection, user) -> ImportBatch:
    """Import files that are good, known, empty and broken, for the report on them."""
    known = Document.objects.filter(collection=collection).first()
    client = Client()
    client.force_login(user)
    uploads = [
        SimpleUploadedFile("new.txt", b"The quay is closed\n\nIt was closed by the storm."),
        SimpleUploadedFile("known.txt", known.text.encode()),
        SimpleUploadedFile("empty.txt", b""),
        SimpleUploadedFile("broken.txt", b"\x00\x01\xff" * 50),
    ]
    client.post(reverse("corpus:import_documents", args=[collection.slug]), {"uploads": uploads})
    return ImportBatch.objects.filter(collection=collection).latest("pk")


def end_some(user) -> Collection:
    """A collection with a deleted document, an undone import and one who is out; one is deleted."""
    spent = factories.collection("Spent", owner=user)
    batch = spent.batches.create(creator=user)
    factories.document(spent, "It came with the import.", title="Undone", batch=batch)
    gone = factories.document(spent, "It is deleted.", title="Deleted")
    other = factories.member(spent, factories.user("someone-out"))
    documents.delete(spent, user, [gone.pk])
    batches.delete(spent, user, batch.pk)
    people.take_out(spent, user, other.pk)
    collections.delete(factories.collection("Deleted", owner=user), user)
    return spent


def archive_some(user) -> Collection:
    """A collection with an archived claim and its archived mark."""
    put_away = factories.collection("Put away", owner=user)
    document = factories.document(put_away, "The quay is closed.", title="Quay")
    claim = factories.claim(put_away, user, "The quay is shut.")
    factories.mark(document, user, "The quay", claim=claim)
    factories.archive(claim, user=user)
    return put_away


def every_page(sample: Collection, alice) -> dict[str, str]:
    """Each page's name in the routes, or that and what is special about it, and its address."""
    empty = factories.collection("A name as long as they come " * 3, owner=alice)
    wire, rewrite, radio, column, *_ = sample.documents.order_by("pk")
    first, second, *_ = Claim.objects.filter(collection=sample).order_by("order")
    mark = Annotation.objects.live().filter(claim=first, motivation="assessing").first()
    code = Code.objects.filter(variable__codebook=sample.codebook).first()
    batch = import_badly(sample, alice)
    spent = end_some(alice)
    put_away = archive_some(alice)
    slug = sample.slug
    passage = {"d": wire.pk, "start": 0, "end": 20}
    sides = {"a": f"{wire.pk}:0:20", "b": f"{rewrite.pk}:0:20"}

    def read(*documents):
        return reverse("annotations:reader", args=[slug], query={"d": [d.pk for d in documents]})

    return {
        "home": reverse("home"),
        "collection": reverse("collection", args=[slug]),
        "collection, empty": reverse("collection", args=[empty.slug]),
        "collection_new": reverse("collection_new"),
        "account": reverse("account"),
        "account_change_password": reverse("account_change_password"),
        "account_reset_password": reverse("account_reset_password"),
        "account_reset_password_done": reverse("account_reset_password_done"),
        "account_reset_password_from_key_done": reverse("account_reset_password_from_key_done"),
        "account_reset_password_from_key": reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "1", "key": "set-password"}
        ),
        "account_set_password": reverse("account_set_password"),
        "account_inactive": reverse("account_inactive"),
        "corpus:security_log": reverse("corpus:security_log", args=[slug]),
        "corpus:collection_edit": reverse("corpus:collection_edit", args=[slug]),
        "corpus:import_documents": reverse("corpus:import_documents", args=[slug]),
        "corpus:batch": reverse("corpus:batch", args=[slug, batch.pk]),
        "corpus:document": reverse("corpus:document", args=[slug, rewrite.pk]),
        "corpus:document_edit": reverse("corpus:document_edit", args=[slug, wire.pk]),
        "corpus:document_delete": reverse("corpus:document_delete", args=[slug, wire.pk]),
        "corpus:documents_away": reverse(
            "corpus:documents_away", args=[slug], query={"d": [wire.pk, rewrite.pk]}
        ),
        "corpus:document_move": reverse("corpus:document_move", args=[slug, wire.pk]),
        "corpus:collection_delete": reverse("corpus:collection_delete", args=[slug]),
        "corpus:collection_duplicate": reverse("corpus:collection_duplicate", args=[slug]),
        "corpus:collection_leave": reverse("corpus:collection_leave", args=[slug]),
        "corpus:collections_deleted": reverse("corpus:collections_deleted"),
        "corpus:deleted": reverse("corpus:deleted", args=[spent.slug]),
        "corpus:deleted, nothing": reverse("corpus:deleted", args=[empty.slug]),
        "annotations:reader": read(wire, rewrite),
        "annotations:reader, to choose": read(),
        "annotations:reader, nothing to choose": reverse("annotations:reader", args=[empty.slug]),
        "annotations:reader, one": read(wire),
        "annotations:reader, three": read(wire, rewrite, column),
        "annotations:reader, four": read(wire, rewrite, radio, column),
        "annotations:reader, plain": f"{read(wire, rewrite)}&layer=none",
        "annotations:mark": reverse("annotations:mark", args=[slug], query=passage),
        "annotations:edit": reverse("annotations:edit", args=[mark.pk]),
        "annotations:offers": reverse("annotations:offers", args=[mark.pk]),
        "annotations:pair": reverse("annotations:pair", args=[slug], query=sides),
        "annotations:annotation": reverse("annotations:annotation", args=[mark.pk]),
        "annotations:claims": reverse("annotations:claims", args=[slug]),
        "annotations:claims, ordering": reverse(
            "annotations:claims", args=[slug], query={"arrange": 1}
        ),
        "annotations:claims, empty": reverse("annotations:claims", args=[empty.slug]),
        "annotations:claims, archived": reverse(
            "annotations:claims", args=[put_away.slug], query={"shelf": "archive"}
        ),
        "annotations:marks, archived": reverse(
            "annotations:marks", args=[put_away.slug], query={"shelf": "archive"}
        ),
        "annotations:claim_new": reverse("annotations:claim_new", args=[slug]),
        "annotations:claim": reverse("annotations:claim", args=[slug, first.pk]),
        "annotations:claim_wording": reverse("annotations:claim_wording", args=[slug, first.pk]),
        "annotations:claim_edit": reverse("annotations:claim_edit", args=[slug, first.pk]),
        "annotations:claim_merge": reverse("annotations:claim_merge", args=[slug, second.pk]),
        "annotations:claim_split": reverse("annotations:claim_split", args=[slug, first.pk]),
        "annotations:claim_delete": reverse("annotations:claim_delete", args=[slug, first.pk]),
        "annotations:codebook": reverse("annotations:codebook", args=[slug]),
        "annotations:codebook_history": reverse("annotations:codebook_history", args=[slug]),
        "annotations:codebook_import": reverse("annotations:codebook_import", args=[slug]),
        "annotations:variable_new": reverse("annotations:variable_new", args=[slug]),
        "annotations:variable_edit": reverse(
            "annotations:variable_edit", args=[slug, code.variable_id]
        ),
        "annotations:code_new": reverse("annotations:code_new", args=[slug, code.variable_id]),
        "annotations:code_edit": reverse(
            "annotations:code_edit", args=[slug, code.variable_id, code.pk]
        ),
        "annotations:code_merge": reverse(
            "annotations:code_merge", args=[slug, code.variable_id, code.pk]
        ),
        "annotations:history": reverse("annotations:history", args=[slug]),
        "annotations:history, empty": reverse("annotations:history", args=[empty.slug]),
        "annotations:marks": reverse("annotations:marks", args=[slug]),
        "annotations:marks, empty": reverse("annotations:marks", args=[empty.slug]),
        "annotations:export": reverse("annotations:export", args=[slug]),
        "annotations:export, empty": reverse("annotations:export", args=[empty.slug]),
    }
