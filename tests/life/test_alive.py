"""What is deleted is nowhere to be seen, and what is archived is read and not changed."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver, reverse
from django.utils import timezone

from annotations.acts.undoing import Refused, undo
from annotations.models import Annotation, Claim
from corpus.models import Collection, Document, ImportBatch, Membership
from corpus.relatives.relating import relate
from tests import factories

SECRET = "Zanzibarette"  # a word that stands only in what is deleted


@pytest.fixture
def stocked(harbour, alice, bob):
    """Two documents that share text, one of them with a word of its own, and marks on both."""
    shared = "The port of Halm closes on Monday. Ships wait outside for a week, the harbour says. "
    kept = factories.document(harbour, shared * 2 + "Fees rise.", title="Kept report")
    gone = factories.document(harbour, shared * 2 + f"{SECRET} leaves.", title=f"{SECRET} told")
    relate(harbour)
    claim = factories.claim(harbour, alice, "The port closes.")
    factories.mark(kept, bob, "Fees rise", claim=claim)
    factories.mark(gone, bob, f"{SECRET} leaves", claim=claim, note=f"about {SECRET}")
    factories.stance(gone, bob, "opinion")
    return kept, gone


def delete(row):
    type(row).everything.filter(pk=row.pk).update(deleted_at=timezone.now())


def archive(row):
    type(row).everything.filter(pk=row.pk).update(archived_at=timezone.now())


@pytest.mark.parametrize("model", [Collection, Document, ImportBatch, Membership])
def test_the_default_manager_has_only_what_is_there(model, stocked, harbour, alice):
    harbour.batches.create(creator=alice)
    row = model.objects.order_by("pk").last()

    delete(row)

    assert row not in model.objects.all()
    assert row in model.everything.deleted()
    assert not model.everything.alive().filter(pk=row.pk).exists()


def pages(collection, document, claim):
    """Every address of a collection that answers a GET without further arguments."""
    known = {"slug": collection.slug}
    for pattern in get_resolver().url_patterns:
        yield from _addresses(pattern, "", known)
    for name, args in [
        ("corpus:document", [collection.slug, document.pk]),
        ("annotations:claim", [collection.slug, claim.pk]),
        ("annotations:claim_delete", [collection.slug, claim.pk]),
        ("annotations:claim_merge", [collection.slug, claim.pk]),
        ("annotations:claim_split", [collection.slug, claim.pk]),
        ("annotations:claim_wording", [collection.slug, claim.pk]),
    ]:
        yield reverse(name, args=args)
    yield reverse("annotations:reader", args=[collection.slug]) + f"?d={document.pk}"
    download = reverse("annotations:export_download", args=[collection.slug])
    for form in ["csv", "jsonl", "jsonld"]:
        yield f"{download}?format={form}"


def _addresses(pattern, before, known):
    if hasattr(pattern, "url_patterns"):
        if before + str(pattern.pattern) == "":
            for inner in pattern.url_patterns:
                yield from _addresses(inner, before, known)
        return
    route = before + str(pattern.pattern)
    if "<slug:slug>" in route:
        address = "/" + route.replace("<slug:slug>", known["slug"])
        if "<" not in address:
            yield address
    elif route == "":
        yield "/"


def body(response):
    return b"".join(response) if response.streaming else response.content


def test_no_page_and_no_export_shows_a_deleted_document(client, stocked, harbour, alice, bob):
    kept, gone = stocked
    claim = Claim.objects.get()
    addresses = list(dict.fromkeys(pages(harbour, kept, claim)))
    told = set()
    client.force_login(alice)
    for address in addresses:
        if SECRET.encode() in body(client.get(address)):
            told.add(address)

    delete(gone)

    assert len(told) > 8, "the word is shown where the document is there"
    for address in addresses:
        if "/deleted/" in address:
            continue
        assert SECRET.encode() not in body(client.get(address)), address
    for name in ("document", "document_edit", "original"):
        assert (
            client.get(reverse(f"corpus:{name}", args=[harbour.slug, gone.pk])).status_code == 404
        )
    reader = reverse("annotations:reader", args=[harbour.slug])
    assert client.get(f"{reader}?d={gone.pk}").status_code == 404
    mark = Annotation.objects.on(gone).first()
    assert client.get(mark.get_absolute_url()).status_code == 404


def test_what_is_counted_leaves_out_a_deleted_document(client, stocked, harbour, alice):
    _, gone = stocked
    client.force_login(alice)
    before = client.get("/").text

    delete(gone)

    after = client.get("/").text
    assert re.search(r"2 documents,\s+2 marks", before)
    assert re.search(r"1 document,\s+1 mark", after)


def test_relating_keeps_the_story_of_a_deleted_document_for_its_return(stocked, harbour):
    kept, gone = stocked
    gone.refresh_from_db()
    story = gone.story_id
    assert story is not None
    delete(gone)

    factories.document(harbour, kept.text + " More of it.", title="Third")
    relate(harbour)

    assert Document.everything.get(pk=gone.pk).story_id == story
    assert Document.objects.get(pk=kept.pk).story_id == story


def test_no_mark_is_made_or_changed_on_what_is_deleted_or_archived(stocked, harbour, bob):
    kept, gone = stocked
    mark = Annotation.objects.on(kept).get()
    delete(gone)
    archive(kept)

    with pytest.raises(ValidationError, match="has been deleted"):
        factories.mark(gone, bob, "Monday")
    with pytest.raises(ValidationError, match="is archived"):
        factories.mark(kept, bob, "Monday")
    with pytest.raises(ValidationError, match="is archived"):
        factories.delete(mark, user=bob)


def test_undo_of_a_mark_on_a_deleted_document_is_refused_in_words(stocked, harbour, bob):
    _, gone = stocked
    delete(gone)
    before = list(Annotation.objects.order_by("pk").values())

    with pytest.raises(Refused) as refused:
        undo(harbour, bob)

    assert "has been deleted" in refused.value.reason
    assert list(Annotation.objects.order_by("pk").values()) == before


def test_a_merge_of_claims_takes_marks_on_deleted_documents_along(stocked, harbour, alice, bob):
    _, gone = stocked
    claim, other = Claim.objects.get(), factories.claim(harbour, alice, "Another.")
    delete(gone)

    factories.merge(claim, other, user=alice)

    mark = Annotation.objects.on(gone).exclude(claim=None).get()
    assert mark.claim == other


def test_an_archived_document_is_read_and_out_of_the_list(client, stocked, harbour, bob):
    _, gone = stocked
    archive(gone)
    client.force_login(bob)
    library = reverse("collection", args=[harbour.slug])

    assert SECRET not in client.get(library).text
    assert SECRET in client.get(library, {"shelf": "archive"}).text
    assert client.get(gone.get_absolute_url()).status_code == 200
    answer = client.post(
        reverse("annotations:code_document", args=[harbour.slug, gone.pk]),
        {"variable": "stance", "code": "reporting"},
        headers={"hx-request": "true"},
    )
    assert answer.status_code == 422
    assert "is archived" in answer.text
    answer = client.post(
        reverse("annotations:absent", args=[harbour.slug]),
        {"absent": f"{Claim.objects.get().pk}-{gone.pk}"},
        headers={"hx-request": "true"},
    )
    assert answer.status_code == 422


def test_a_deleted_collection_is_nowhere(client, stocked, harbour, alice):
    kept, _ = stocked
    claim = Claim.objects.get()
    mark = Annotation.objects.first()
    addresses = [address for address in pages(harbour, kept, claim) if address != "/"]
    delete(harbour)
    client.force_login(alice)

    answers = {client.get(address).status_code for address in addresses}
    assert answers <= {404, 405}  # some take a POST alone
    assert "Harbour" not in client.get("/").text
    assert client.get(mark.get_absolute_url()).status_code == 404
    assert not Document.objects.visible_to(alice).exists()
    assert Collection.free_slug("Harbour") != harbour.slug


def test_an_archived_collection_is_read_and_takes_nothing(client, stocked, harbour, alice):
    kept, _ = stocked
    archive(harbour)
    client.force_login(alice)
    slug = [harbour.slug]

    assert client.get(reverse("collection", args=slug)).status_code == 200
    assert client.get(f"{reverse('annotations:reader', args=slug)}?d={kept.pk}").status_code == 200
    for name in ("import_documents",):
        assert client.get(reverse(f"corpus:{name}", args=slug)).status_code == 403
    for name in ("mark", "undo", "redo", "absent", "claim_new", "add_claim"):
        answer = client.post(reverse(f"annotations:{name}", args=slug))
        assert answer.status_code == 403
        assert "archived" in answer.text


def test_one_who_is_out_sees_nothing_and_one_whose_part_is_over_reads(
    client, stocked, harbour, bob
):
    part = Membership.objects.get(user=bob)
    client.force_login(bob)
    library = reverse("collection", args=[harbour.slug])

    archive(part)
    assert client.get(library).status_code == 200
    assert client.post(reverse("annotations:mark", args=[harbour.slug])).status_code == 403

    delete(part)
    assert client.get(library).status_code == 404
    assert not Annotation.objects.visible_to(bob).exists()
    assert client.get(Annotation.objects.first().get_absolute_url()).status_code == 404


def test_a_mark_on_what_was_deleted_meanwhile_is_refused_in_words(client, stocked, harbour, bob):
    """With an answer that the page's queue takes as the last one: not 429, 500 or above."""
    _, gone = stocked
    mark = Annotation.objects.by(bob).on(gone).exclude(claim=None).get()
    delete(gone)
    client.force_login(bob)
    hx = {"hx-request": "true"}
    made = {"document": gone.pk, "start": 0, "end": 3, "exact": gone.text[:3], "button": "1"}

    answer = client.post(reverse("annotations:mark", args=[harbour.slug]), made, headers=hx)
    assert answer.status_code == 422
    assert "it may have been deleted" in answer.text
    for name in ("edit", "move", "delete", "bring_back"):
        answer = client.post(reverse(f"annotations:{name}", args=[mark.pk]), headers=hx)
        assert answer.status_code == 404
        assert "It may have been deleted" in answer.text

    delete(harbour)
    answer = client.post(reverse("annotations:mark", args=[harbour.slug]), made, headers=hx)
    assert answer.status_code == 404
    assert "It may have been deleted" in answer.text
