"""Claims and marks that are put away: on the pages, in exports and in the administration."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from annotations.acts import claims
from annotations.models import Annotation, Claim
from tests import factories


def live():
    return Annotation.objects.live().count(), Claim.objects.current().count()


def again(row):
    return type(row).objects.get(pk=row.pk)


def address(name, *args, **query):
    return reverse(f"annotations:{name}", args=args, query=query)


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
