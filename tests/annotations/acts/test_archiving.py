"""Claims and marks that are put away: by the acts, on the pages, in exports and the administration."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from annotations.acts import claims, marks, undoing
from annotations.acts.claims import Absence, Merging
from annotations.acts.done import Seen
from annotations.acts.marks import Change, Marking
from annotations.models import Annotation, Claim, ClaimInUse, EditConflict, Revision
from annotations.states import AnnotationState
from corpus.models import Document
from tests import factories


@pytest.fixture
def alice(db):
    return factories.user("alice")


@pytest.fixture
def harbour(alice):
    return factories.collection("Harbour", owner=alice)


@pytest.fixture
def bob(harbour):
    user = factories.user("bob")
    factories.member(harbour, user)
    return user


@pytest.fixture
def storm(harbour):
    return factories.document(harbour, "The port is closed. Ships wait.", title="Storm")


@pytest.fixture
def calm(harbour):
    return factories.document(harbour, "Nothing happened today.", title="Calm")


@pytest.fixture
def closed(harbour, alice):
    return factories.claim(harbour, alice, "The harbour is shut.")


@pytest.fixture
def said(storm, calm, closed, alice, bob):
    """Two people's marks with the claim, and an absence."""
    factories.absent(closed, calm, user=bob)
    return [
        factories.mark(storm, alice, "The port", claim=closed),
        factories.mark(storm, bob, "port is closed", claim=closed),
    ]


def states():
    return {row.pk: row.as_state() for row in (*Annotation.objects.all(), *Claim.objects.all())}


def live():
    return Annotation.objects.live().count(), Claim.objects.current().count()


def again(row):
    return type(row).objects.get(pk=row.pk)


def address(name, *args, **query):
    return reverse(f"annotations:{name}", args=args, query=query)


# --- marks ------------------------------------------------------------------------------------------


def test_a_mark_is_archived_and_taken_out_each_with_a_revision(harbour, alice, said):
    mark = said[0]
    before = mark.as_state()

    marks.archive(harbour, alice, Seen(mark, mark.version))
    marks.archive(harbour, alice, Seen(mark, 1))

    assert again(mark).archived_at is not None
    assert list(Annotation.objects.archived()) == [mark]
    assert mark not in Annotation.objects.live()

    marks.take_out(harbour, alice, again(mark))

    assert again(mark).as_state() == before
    actions = list(mark.revisions.order_by("pk").values_list("action", flat=True))
    assert actions == ["create", "archive", "take out"]


def test_the_log_says_nothing_of_what_is_not_archived(harbour, alice, said):
    marks.archive(harbour, alice, Seen(said[0]))

    assert "archived" not in said[0].revisions.get(action="create").after
    assert "archived" not in said[0].revisions.get(action="archive").before
    assert said[0].revisions.get(action="archive").after["archived"] is True


def test_undo_and_redo_of_a_mark(harbour, alice, said):
    marks.archive(harbour, alice, Seen(said[0]))

    undoing.undo(harbour, alice)
    assert again(said[0]).archived_at is None
    undoing.redo(harbour, alice)
    assert again(said[0]).archived_at is not None


def test_a_stale_version_and_a_deleted_mark_are_refused(harbour, alice, said):
    with pytest.raises(EditConflict):
        marks.archive(harbour, alice, Seen(said[0], 9))
    factories.delete(said[0], user=alice)
    with pytest.raises(EditConflict):
        marks.archive(harbour, alice, Seen(again(said[0])))

    assert not Annotation.objects.filter(archived_at__isnull=False).exists()


def test_an_archived_mark_is_not_changed(harbour, alice, said, storm):
    factories.archive(said[0], user=alice)
    mark = again(said[0])

    with pytest.raises(ValidationError, match="archived"):
        marks.change(harbour, alice, Change(mark, mark.as_state().coded(position="disputes")))

    assert again(mark).version == mark.version


def test_a_mark_on_an_archived_document_stays(harbour, alice, said, storm):
    Document.objects.filter(pk=storm.pk).update(archived_at=storm.imported_at)

    with pytest.raises(ValidationError, match="read, and marked no more"):
        marks.archive(harbour, alice, Seen(said[0]))


def test_an_archived_answer_leaves_room_for_another(harbour, alice, storm):
    first = factories.stance(storm, alice, "reporting")
    factories.archive(first, user=alice)
    factories.stance(storm, alice, "opinion")

    with pytest.raises(ValidationError):
        marks.take_out(harbour, alice, again(first))


# --- claims -----------------------------------------------------------------------------------------


def test_a_claim_takes_all_along_in_one_operation(harbour, alice, said, closed):
    before = states()

    claims.archive(harbour, alice, Seen(closed, closed.version))

    assert live() == (0, 0)
    assert Annotation.objects.archived().count() == 3
    assert Revision.objects.filter(action="archive").values("operation").distinct().count() == 1
    claims.take_out(harbour, alice, again(closed))
    assert states() == before


@pytest.mark.parametrize("way", ["undo", "take out"])
def test_it_brings_back_only_what_went_with_it(harbour, alice, said, closed, way):
    factories.archive(said[0], user=alice)
    claims.archive(harbour, alice, Seen(again(closed)))

    if way == "undo":
        undoing.undo(harbour, alice)
    else:
        claims.take_out(harbour, alice, again(closed))

    assert live() == (2, 1)
    assert list(Annotation.objects.archived()) == [said[0]]


def test_undo_and_redo_of_both_acts(harbour, alice, said, closed):
    before = states()
    claims.archive(harbour, alice, Seen(closed))
    away = states()
    claims.take_out(harbour, alice, again(closed))

    undoing.undo(harbour, alice)
    assert states() == away
    # What an undo has put away comes back as a whole too.
    undoing.undo(harbour, alice)
    assert states() == before
    undoing.redo(harbour, alice)
    assert states() == away
    undoing.redo(harbour, alice)
    assert states() == before


def test_what_an_undo_has_put_away_is_taken_out_whole(harbour, alice, said, closed):
    before = states()
    claims.archive(harbour, alice, Seen(closed))
    claims.take_out(harbour, alice, again(closed))
    undoing.undo(harbour, alice)

    claims.take_out(harbour, alice, again(closed))

    assert states() == before


def test_undo_does_not_archive_a_claim_under_new_marks(harbour, alice, bob, said, closed, storm):
    claims.archive(harbour, alice, Seen(closed))
    claims.take_out(harbour, alice, again(closed))
    factories.mark(storm, bob, "Ships", claim=closed)

    with pytest.raises(undoing.Refused) as refused:
        undoing.undo(harbour, alice)

    assert "in use" in refused.value.reason

    assert again(closed).current


def test_twice_is_once_and_what_is_gone_is_refused(harbour, alice, said, closed):
    claims.archive(harbour, alice, Seen(closed))
    count = Revision.objects.count()

    claims.archive(harbour, alice, Seen(closed))
    assert Revision.objects.count() == count

    claims.take_out(harbour, alice, again(closed))
    other = factories.claim(harbour, alice, "Ships wait.")
    factories.merge(again(closed), other, user=alice)
    for act, values in ((claims.archive, Seen(again(closed))), (claims.take_out, again(closed))):
        with pytest.raises(EditConflict):
            act(harbour, alice, values)


def test_nothing_is_said_of_an_archived_claim(harbour, alice, bob, said, closed, storm, calm):
    factories.delete(said[1], user=bob)
    claims.archive(harbour, alice, Seen(closed))
    before = states()
    passage = AnnotationState(
        "assessing", (factories.passage(storm, "Ships"),), claim=closed.pk
    ).coded(position="supports")
    tried = {
        "mark": lambda: marks.mark(harbour, bob, Marking(passage)),
        "bring back": lambda: marks.bring_back(harbour, bob, again(said[1])),
        "take out": lambda: marks.take_out(harbour, alice, again(said[0])),
        "absent": lambda: claims.confirm_absent(harbour, alice, Absence(again(closed), calm)),
        "state": lambda: claims.state(harbour, bob, "the HARBOUR is shut."),
    }
    for name, act in tried.items():
        with pytest.raises(ValidationError, match="claim is archived"):
            act()
        assert states() == before, name
    with pytest.raises(undoing.Refused) as refused:
        undoing.undo(harbour, bob)
    assert refused.value.reason == undoing.AWAY
    assert states() == before


def test_merging_takes_archived_marks_along_and_not_out(harbour, alice, said, closed):
    factories.archive(said[0], user=alice)
    other = factories.claim(harbour, alice, "Ships wait.")
    claims.merge(harbour, alice, Merging(again(closed), other))

    assert again(said[0]).claim == other
    assert again(said[0]).archived_at is not None

    undoing.undo(harbour, alice)
    assert again(said[0]).claim == closed


def test_an_archived_claim_takes_no_other(harbour, alice, said, closed):
    other = factories.claim(harbour, alice, "Ships wait.")
    factories.archive(closed, user=alice)

    with pytest.raises(ValueError, match="current"):
        claims.merge(harbour, alice, Merging(other, again(closed)))


def test_a_claim_with_archived_marks_is_not_deleted(harbour, alice, said, closed):
    for mark in said:
        factories.archive(mark, user=alice)

    with pytest.raises(ClaimInUse):
        claims.delete(harbour, alice, Seen(again(closed)))


def test_marks_of_a_deleted_document_go_and_come_too(harbour, alice, said, closed, storm):
    Document.objects.filter(pk=storm.pk).update(deleted_at=storm.imported_at)
    before = states()

    claims.archive(harbour, alice, Seen(closed))
    Document.everything.filter(pk=storm.pk).update(deleted_at=None)
    assert live() == (0, 0)

    claims.take_out(harbour, alice, again(closed))
    assert states() == before


# --- pages ------------------------------------------------------------------------------------------


def test_counts_and_lists_leave_out_what_is_archived(
    client, harbour, alice, bob, said, closed, storm
):
    client.force_login(bob)  # whose undo is not about the claim
    reader = reverse("annotations:reader", args=["harbour"], query={"d": storm.pk})
    pages = {
        name: client.get(url).content.decode()
        for name, url in (("reader", reader), ("grid", address("claims", "harbour")))
    }
    assert all("The harbour is shut." in page for page in pages.values())

    factories.archive(closed, user=alice)

    listed = client.get(address("marks", "harbour"))
    assert listed.context["mark_count"] == 0
    assert listed.context["archived"] == 2
    assert "archive (2)" in listed.content.decode()
    assert client.get(reader).content.decode().count("The harbour is shut.") == 0
    grid = client.get(address("claims", "harbour")).content.decode()
    assert "The harbour is shut." not in grid
    assert "Archive (1)" in grid
    [(_, marked)] = client.get(reverse("home")).context["shelves"][0]["rows"]
    assert marked == 0


def test_the_archive_of_claims_lists_and_takes_out(client, harbour, alice, said, closed):
    client.force_login(alice)
    away = client.post(
        address("claim_archive", "harbour", closed.pk), {"version": closed.version}, follow=True
    )
    assert "Archived, with all that is said of it" in away.content.decode()

    shelf = client.get(address("claims", "harbour", shelf="archive"))
    assert "1. The harbour is shut." in shelf.content.decode()
    assert "2 archived marks" in shelf.content.decode()
    found = client.get(address("claim", "harbour", closed.pk))
    assert found.url == f"{address('claims', 'harbour', shelf='archive')}#claim-{closed.pk}"

    back = client.post(address("claim_archive", "harbour", closed.pk), {"take_out": "1"})
    assert back.url == closed.get_absolute_url()
    assert live() == (3, 1)


def test_a_claim_changed_meanwhile_is_not_archived(client, harbour, alice, said, closed):
    client.force_login(alice)
    page = client.post(address("claim_archive", "harbour", closed.pk), {"version": 7}, follow=True)

    assert "somebody has changed this claim meanwhile" in page.content.decode()
    assert again(closed).current


@pytest.mark.parametrize("htmx", [False, True])
def test_a_mark_is_archived_from_its_form(client, harbour, bob, said, storm, htmx):
    client.force_login(bob)
    headers = {"HX-Request": "true"} if htmx else {}
    form = client.get(address("edit", said[1].pk)).content.decode()
    assert f'action="{address("archive", said[1].pk)}"' in form

    sent = client.post(address("archive", said[1].pk), {"view": f"d={storm.pk}"}, headers=headers)
    assert sent.status_code == (200 if htmx else 302)
    assert again(said[1]).archived_at is not None
    form = client.get(address("edit", said[1].pk)).content.decode()
    assert "This mark is archived" in form
    assert "Take out of the archive" in form
    record = client.get(address("annotation", said[1].pk), headers={"Accept": "text/html"})
    assert "This annotation is archived" in record.content.decode()

    shelf = client.get(address("marks", "harbour", shelf="archive")).content.decode()
    assert "port is closed" in shelf
    assert shelf.count("Take out<") == 1
    sent = client.post(address("archive", said[1].pk), {"take_out": "1"}, headers=headers)
    assert sent.status_code == (200 if htmx else 302)
    assert again(said[1]).archived_at is None


def test_others_marks_and_what_cannot_be_are_refused_in_words(
    client, harbour, alice, bob, said, closed
):
    client.force_login(bob)
    assert client.post(address("archive", said[0].pk)).status_code == 403

    factories.archive(closed, user=alice)
    answer = client.post(address("archive", said[1].pk), {"take_out": "1"})
    assert answer.status_code == 422
    assert "The claim is archived" in answer.content.decode()


@pytest.mark.parametrize("path", ["claims", "marks"])
def test_the_archive_asks_the_same_whatever_it_holds(
    client, harbour, alice, closed, said, storm, path, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(alice)
    factories.archive(closed, user=alice)
    url = address(path, "harbour", shelf="archive")
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as first:
        client.get(url)
    for words in ("Ships wait.", "Ships leave.", "Ships sink."):
        other = factories.claim(harbour, alice, words)
        factories.mark(storm, alice, "Ships", claim=other)
        factories.archive(other, user=alice)

    with django_assert_num_queries(len(first)):
        client.get(url)


def test_blind_coders_see_their_own_alone(client, harbour, alice, bob, storm):
    harbour.blind = True
    harbour.save()
    hidden = factories.user("carol")
    factories.member(harbour, hidden)
    theirs = factories.claim(harbour, hidden, "Ships wait.")
    factories.mark(storm, hidden, "Ships wait", claim=theirs)
    own = factories.claim(harbour, bob, "Storms come.")
    factories.mark(storm, bob, "The port", claim=own)
    for claim in (theirs, own):
        factories.archive(claim, user=alice)

    client.force_login(bob)
    shelf = client.get(address("claims", "harbour", shelf="archive")).content.decode()
    assert "1. Storms come." in shelf
    assert "Ships wait." not in shelf
    assert "Take out<" not in shelf
    assert client.get(address("marks", "harbour")).context["archived"] == 1
    assert "Archive (1)" in client.get(address("claims", "harbour")).content.decode()
    # A hidden claim of these words is archived, and nothing tells so.
    made = claims.state(harbour, bob, "Ships wait.")
    assert made.claims_made


def test_history_tells_in_words(client, harbour, alice, said, closed):
    factories.archive(closed, user=alice)
    factories.take_out(again(closed), user=alice)
    client.force_login(alice)

    page = client.get(address("history", "harbour")).content.decode()

    assert "archived the claim" in page
    assert "took the claim out of the archive" in page


# --- exports ----------------------------------------------------------------------------------------


def test_exports_have_it_where_asked(client, harbour, alice, said):
    factories.archive(said[0], user=alice)
    client.force_login(alice)

    def rows(**query):
        sent = client.get(address("export_download", "harbour", format="jsonl", **query))
        lines = b"".join(sent.streaming_content).decode().splitlines()
        return {row["id"]: row["archived"] for row in map(json.loads, lines)}

    key = str(said[0].pk)
    assert key not in rows()
    assert len(rows()) == 2
    assert not any(rows().values())
    assert rows(archived="on") == rows() | {key: True}
    page = client.get(address("export", "harbour", archived="on"))
    assert page.context["total"] == 3
    assert "archived=on" in page.context["download_url"]


@pytest.mark.parametrize(("asked", "found"), [([], 2), (["--archived"], 3)])
def test_the_command_has_it_where_asked(harbour, alice, said, tmp_path, asked, found):
    factories.archive(said[0], user=alice)
    path = tmp_path / "out.jsonl"

    call_command(
        "export_annotations", "harbour", "--format", "jsonl", "--output", str(path), *asked
    )

    assert len(path.read_text().splitlines()) == found


# --- the administration -----------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["annotation", "claim"])
def test_the_administration_archives_and_takes_out(client, harbour, said, closed, model):
    keeper = factories.user("keeper", is_staff=True, is_superuser=True)
    client.force_login(keeper)
    row = closed if model == "claim" else said[0]
    url = reverse(f"admin:annotations_{model}_changelist")

    client.post(url, {"action": "archive", "_selected_action": [row.pk]})
    assert again(row).archived_at is not None
    assert row.revisions.get(action="archive").user == keeper
    assert client.get(url, {"life": "archive"}).context["cl"].result_count == 1
    assert client.get(url, {"life": "use"}).context["cl"].result_count == (
        0 if model == "claim" else 2
    )
    client.post(url, {"action": "take_out_of_archive", "_selected_action": [row.pk]})
    assert again(row).archived_at is None


def test_the_administration_says_why_not(client, harbour, alice, said, closed):
    factories.archive(closed, user=alice)
    client.force_login(factories.user("keeper", is_staff=True, is_superuser=True))

    page = client.post(
        reverse("admin:annotations_annotation_changelist"),
        {"action": "take_out_of_archive", "_selected_action": [said[0].pk]},
        follow=True,
    )

    assert "The claim is archived" in page.content.decode()
    assert again(said[0]).archived_at is not None
