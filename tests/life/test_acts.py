"""Archive, delete, bring back, move and duplicate, as a person does it on the site."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from annotations.models import Annotation, Claim, Codebook
from corpus.acts import batches, collections, documents, people
from corpus.acts.done import CannotBeDone
from corpus.acts.logged import logged
from corpus.imports.storing import Pasted, import_files
from corpus.models import GRACE, Collection, Derivation, Document, ImportBatch, Membership, Role
from tests import factories


def at(name, *args):
    return reverse(f"corpus:{name}", args=args)


def test_a_page_says_what_goes_with_a_document_and_one_press_brings_it_back(
    client, stocked, harbour, alice
):
    first, _ = stocked
    client.force_login(alice)
    page = client.get(at("document_delete", harbour.slug, first.pk)).text
    assert "1 mark by 1 person" in page
    assert "1 answer about a whole document by 1 person" in page
    assert f"{reverse('export', args=[harbour.slug])}?document={first.pk}" in page

    gone = client.post(at("document_delete", harbour.slug, first.pk), follow=True)

    assert gone.redirect_chain[-1][0] == at("deleted", harbour.slug)
    assert "“First” deleted." in gone.text
    assert first not in Document.objects.all()
    back = client.post(at("document_bring_back", harbour.slug, first.pk), follow=True)
    assert back.redirect_chain[-1][0] == at("document", harbour.slug, first.pk)
    assert Document.objects.get(pk=first.pk).deleted_by is None


def test_a_page_says_what_goes_with_a_collection(client, stocked, harbour, alice):
    client.force_login(alice)

    page = client.get(at("collection_delete", harbour.slug)).text

    for words in ("2 documents", "2 marks by 2 people", "1 claim", "1 import", "30 days"):
        assert words in page
    answer = client.post(at("collection_delete", harbour.slug), follow=True)
    assert "Harbour is deleted, for everybody." in answer.text
    assert client.get(harbour.get_absolute_url()).status_code == 404
    assert "1 deleted collection" in client.get("/").text
    client.post(at("collection_bring_back", harbour.slug))
    assert client.get(harbour.get_absolute_url()).status_code == 200


def test_ten_times_deleted_and_brought_back_everything_is_as_it_was(
    client, stocked, harbour, alice, bob, snapshot
):
    first, second = stocked
    part = Membership.objects.get(user=bob)
    batch = ImportBatch.objects.get()
    client.force_login(alice)
    before = snapshot()

    for _ in range(10):
        client.post(at("document_delete", harbour.slug, first.pk))
        client.post(at("document_bring_back", harbour.slug, first.pk))
        client.post(at("document_archive", harbour.slug, second.pk))
        client.post(at("document_archive", harbour.slug, second.pk), {"take_out": 1})
        client.post(at("batch_undo", harbour.slug, batch.pk))
        client.post(at("batch_bring_back", harbour.slug, batch.pk))
        client.post(at("batch_archive", harbour.slug, batch.pk))
        client.post(at("batch_archive", harbour.slug, batch.pk), {"take_out": 1})
        client.post(at("member_edit", harbour.slug, part.pk), {"remove": 1})
        client.post(at("member_life", harbour.slug, part.pk), {"back": 1})
        client.post(at("member_life", harbour.slug, part.pk), {"end": 1})
        client.post(at("member_life", harbour.slug, part.pk), {"again": 1})
        client.post(at("collection_archive", harbour.slug))
        client.post(at("collection_archive", harbour.slug), {"take_out": 1})
        client.post(at("collection_delete", harbour.slug))
        client.post(at("collection_bring_back", harbour.slug))

    assert snapshot() == before


def test_undoing_an_import_is_one_press_and_leaves_what_was_there(client, stocked, harbour, alice):
    batch = ImportBatch.objects.get()
    other = factories.document(harbour, "Another text.", title="Other")
    client.force_login(alice)
    page = client.get(batch.get_absolute_url()).text
    assert "2 marks by 2 people" in page

    answer = client.post(at("batch_undo", harbour.slug, batch.pk), follow=True)

    assert "2 documents deleted" in answer.text
    assert list(Document.objects.all()) == [other]
    assert client.get(batch.get_absolute_url()).status_code == 404


def test_an_undone_import_brings_back_only_what_went_with_it(stocked, harbour, alice):
    first, second = stocked
    batch = ImportBatch.objects.get()
    documents.delete(harbour, alice, [first.pk])
    batches.delete(harbour, alice, batch.pk)

    batches.bring_back(harbour, alice, batch.pk)

    assert list(Document.objects.all()) == [second]


def test_a_deleted_text_can_be_imported_again_and_the_report_says_so(stocked, harbour, alice):
    first, _ = stocked
    documents.delete(harbour, alice, [first.pk])

    batch = import_files(harbour, alice, [Pasted(first.text)])

    file = batch.files.get()
    assert file.outcome == "imported"
    assert file.reason.startswith(f"The same text was deleted on {timezone.localtime():%-d %B %Y}")


def test_what_came_in_again_meanwhile_is_in_the_way_of_a_return(client, stocked, harbour, alice):
    first, _ = stocked
    documents.delete(harbour, alice, [first.pk])
    import_files(harbour, alice, [Pasted(first.text, "Once more")])
    client.force_login(alice)

    answer = client.post(at("document_bring_back", harbour.slug, first.pk), follow=True)

    assert "the collection has the same text again, as “Once more”" in answer.text
    documents.delete(harbour, alice, [Document.objects.get(title="Once more").pk])
    again = documents.bring_back(harbour, alice, [first.pk])
    assert "brought back" in again.words
    assert Annotation.objects.visible_to(alice).live().on(first).count() == 2


def test_a_pair_goes_out_of_sight_with_either_of_its_documents(stocked, harbour, alice):
    from annotations.states import AnnotationState

    first, second = stocked
    targets = (factories.passage(first, "The port closes"), factories.passage(second, "The port"))
    state = AnnotationState("linking", targets).coded(change="reworded")
    pair = Annotation.objects.record(state, collection=harbour, user=alice)

    documents.delete(harbour, alice, [second.pk])
    assert pair not in Annotation.objects.visible_to(alice)

    documents.bring_back(harbour, alice, [second.pk])
    assert pair in Annotation.objects.visible_to(alice)


def test_a_claim_deleted_meanwhile_comes_back_with_the_document_that_is_about_it(
    stocked, harbour, alice, bob
):
    first, second = stocked
    claim = Claim.objects.get()
    documents.delete(harbour, alice, [first.pk, second.pk])
    factories.delete(claim, user=alice)

    documents.bring_back(harbour, alice, [first.pk])

    assert claim in Claim.objects.current()


def test_the_last_owner_stays(client, stocked, harbour, alice, bob):
    part = Membership.objects.get(user=alice)
    client.force_login(alice)
    for name, fields in (
        ("member_edit", {"remove": 1}),
        ("member_edit", {"role": "reader"}),
        ("member_life", {"end": 1}),
    ):
        answer = client.post(at(name, harbour.slug, part.pk), fields, follow=True)
        assert "keeps at least one owner" in answer.text
    assert "keeps at least" in client.post(at("collection_leave", harbour.slug), follow=True).text
    part.refresh_from_db()
    assert (part.role, part.deleted_at, part.archived_at) == (Role.OWNER, None, None)

    # Neither one who is out, whose part is over, nor who cannot sign in counts as an owner.
    other = factories.member(harbour, factories.user("carol"), Role.OWNER)
    people.archive(harbour, alice, other.pk)
    with pytest.raises(CannotBeDone):
        people.leave(harbour, alice)


def test_one_who_was_out_is_taken_in_again_as_the_same_member(client, stocked, harbour, alice, bob):
    part = Membership.objects.get(user=bob)
    client.force_login(alice)
    client.post(at("member_edit", harbour.slug, part.pk), {"remove": 1})

    client.post(at("member_add", harbour.slug), {"username": "bob", "role": "curator"})

    again = Membership.everything.get(user=bob)
    assert (again.pk, again.role, again.deleted_at) == (part.pk, "curator", None)


def test_leaving_takes_the_collection_off_the_list_and_keeps_the_marks(
    client, stocked, harbour, bob
):
    marks = Annotation.objects.filter(creator=bob).count()
    client.force_login(bob)

    client.post(at("collection_leave", harbour.slug))

    assert client.get(harbour.get_absolute_url()).status_code == 404
    assert Annotation.objects.filter(creator=bob).count() == marks


def test_a_duplicate_has_documents_and_codebook_and_nobodys_work(
    client, stocked, harbour, alice, bob
):
    first, second = stocked
    story = harbour.stories.create(name="The port")
    Document.objects.filter(pk=first.pk).update(
        story=story, published_on="2026-03-01", original=b"raw", replaces=second
    )
    Derivation.objects.create(
        source=first,
        derived=second,
        source_in_derived=0.5,
        derived_in_source=0.5,
        relation="rewrite",
        score=0.5,
        algorithm="comparison 1",
    )
    client.force_login(alice)

    client.post(at("collection_duplicate", harbour.slug), {"name": "Next term", "people": "on"})

    made = Collection.objects.get(name="Next term")
    copies = {row.title: row for row in made.documents.all()}
    copied, first = copies["First"], Document.objects.get(pk=first.pk)
    for field in ("text", "sha256", "published_on", "imported_at", "original", "paragraphs"):
        assert getattr(copied, field) == getattr(first, field)
    assert copied.story.name == "The port"
    assert copied.story != story
    assert copied.story.collection == made
    link = Derivation.objects.get(source__collection=made)
    assert (link.source, link.derived) == (copied, copies["Second"])
    assert not made.annotations.exists()
    assert not made.claims.exists()
    before, after = (Codebook.objects.get(collection=one).as_dict() for one in (harbour, made))
    assert before["variables"] == after["variables"]
    roles = dict(made.memberships.values_list("user__username", "role"))
    assert roles == {"alice": "owner", "bob": "coder"}


def test_a_correction_that_is_copied_corrects_the_copy(stocked, harbour, alice):
    first, second = stocked
    Document.objects.filter(pk=second.pk).update(replaces=first)

    made = collections.duplicate(harbour, alice, collections.Duplicate("Next term")).made

    copies = {row.title: row for row in made.documents.all()}
    assert copies["Second"].replaces == copies["First"]


def test_a_marked_document_is_copied_and_not_moved(client, stocked, harbour, alice):
    first, _ = stocked
    other = factories.collection("Other", owner=alice)
    client.force_login(alice)
    address = at("document_move", harbour.slug, first.pk)

    refused = client.post(address, {"into": other.pk, "how": "move"})

    assert refused.status_code == 422
    assert "“First” cannot be moved" in refused.text
    assert client.post(address, {"into": other.pk, "how": "copy"}).status_code == 302
    assert other.documents.get().text == first.text
    assert not other.annotations.exists()
    again = client.post(address, {"into": other.pk, "how": "copy"}, follow=True)
    assert "Other has the text already" in again.text


def test_a_document_that_nobody_marked_moves_and_leaves_nothing_behind(stocked, harbour, alice):
    moved = factories.document(
        harbour, "A third text.", title="Third", batch=ImportBatch.objects.get()
    )
    other = factories.collection("Other", owner=alice)

    documents.move(harbour, alice, [moved.pk], into=other)

    moved.refresh_from_db()
    assert (moved.collection, moved.batch, moved.story) == (other, None, None)


def test_a_document_moves_only_where_one_may_import(stocked, harbour, alice, bob):
    bobs = factories.collection("Bobs", owner=bob)
    factories.member(bobs, alice, Role.CODER)
    loose = factories.document(harbour, "A third text.", title="Third")

    for act in (documents.move, documents.copy):
        with pytest.raises(PermissionDenied):
            act(harbour, alice, [loose.pk], into=bobs)


def test_after_the_days_of_grace_nothing_comes_back(stocked, harbour, alice, bob):
    first, _ = stocked
    part = Membership.objects.get(user=bob)
    batch = ImportBatch.objects.get()
    long_ago = timezone.now() - GRACE
    for row in (first, batch, part, harbour):
        type(row).everything.filter(pk=row.pk).update(deleted_at=long_ago)
    harbour.refresh_from_db(from_queryset=Collection.everything.all())

    for act, values in (
        (documents.bring_back, [first.pk]),
        (batches.bring_back, batch.pk),
        (people.bring_back, part.pk),
        (collections.bring_back, None),
    ):
        with pytest.raises(CannotBeDone, match="30 days"):
            act(harbour, alice, values)


def test_every_act_is_logged_and_owners_read_the_log(client, stocked, harbour, alice, bob):
    first, _ = stocked
    batch = ImportBatch.objects.get()
    part = Membership.objects.get(user=bob)
    told = [
        documents.archive(harbour, alice, [first.pk]),
        documents.take_out(harbour, alice, [first.pk]),
        documents.delete(harbour, alice, [first.pk]),
        documents.bring_back(harbour, alice, [first.pk]),
        batches.archive(harbour, alice, batch.pk),
        batches.take_out(harbour, alice, batch.pk),
        batches.delete(harbour, alice, batch.pk),
        batches.bring_back(harbour, alice, batch.pk),
        people.archive(harbour, alice, part.pk),
        people.take_up(harbour, alice, part.pk),
        people.take_out(harbour, alice, part.pk),
        people.bring_back(harbour, alice, part.pk),
        collections.archive(harbour, alice),
        collections.take_out(harbour, alice),
        collections.delete(harbour, alice),
        collections.bring_back(harbour, alice),
        collections.duplicate(harbour, alice, collections.Duplicate("Next term")),
    ]
    documents.delete(harbour, alice, [])  # which does nothing

    entries = logged(harbour, most=50)

    assert [entry.words.partition(": ")[2] for entry in reversed(entries)] == [
        done.words for done in told
    ]
    assert {entry.user for entry in entries} == {alice}
    client.force_login(alice)
    assert (
        "Duplicate the collection: Next term has 2 documents"
        in client.get(at("deleted", harbour.slug)).text
    )
