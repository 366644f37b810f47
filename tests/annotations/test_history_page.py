from dataclasses import replace

import pytest
from django.urls import reverse

from annotations.acts.undoing import redo, undo
from annotations.models import Annotation, EditConflict
from corpus.models import Role
from tests import factories

HTMX = {"hx-request": "true"}


@pytest.fixture
def storm(harbour):
    return factories.document(harbour, title="Storm")


def page(client, who, *, headers=None, **query):
    client.force_login(who)
    return client.get(reverse("annotations:history", args=["harbour"]), query, headers=headers)


def told(response):
    """Each operation's person and leading words, with what else is in the step."""
    return [
        (operation.who, operation.deed.words, len(operation.others))
        for operation in response.context["operations"]
    ]


def test_what_was_done_is_told_newest_first(client, harbour, storm, alice, bob):
    claim = factories.claim(harbour, alice)
    mark = factories.mark(storm, bob, "port", claim=claim)
    mark.change(replace(mark.as_state(), note="Which port?"), user=alice)

    response = page(client, bob)

    assert [(who, words) for who, words, _ in told(response)] == [
        ("alice", "wrote the note “Which port?”"),
        (
            "bob",
            "marked “port”; set Position: Supports, Voice: Author; linked it to “The port is closed.”",
        ),
        ("alice", "added the claim “The port is closed.”"),
    ]
    html = response.text
    assert f'href="{mark.get_absolute_url()}"' in html
    assert f'href="{claim.get_absolute_url()}"' in html
    assert "Storm" in html


def test_a_merge_is_one_line_with_all_it_did(client, harbour, storm, alice):
    one, other = (factories.claim(harbour, alice, words) for words in ("One.", "Other."))
    for quote in ("port", "closed"):
        factories.mark(storm, alice, quote, claim=one)
    factories.merge(one, other, user=alice)

    first, *_ = told(page(client, alice))

    assert first == ("alice", "merged it into “Other.”", 2)


def test_what_was_undone_is_shown_as_such_until_it_is_done_again(client, harbour, storm, bob):
    factories.mark(storm, bob, "port")

    undo(harbour, bob)
    undone = page(client, bob)
    redo(harbour, bob)
    again = page(client, bob)

    assert "data-undone" in undone.text
    assert "undone since" in undone.text
    assert told(undone)[0][1].startswith("undid a step: ")
    assert "data-undone" not in again.text


@pytest.mark.parametrize("htmx", [True, False])
def test_the_history_is_filtered_by_person_and_by_kind(client, harbour, storm, alice, bob, htmx):
    factories.delete(factories.mark(storm, bob, "port"), user=bob)
    factories.mark(storm, alice, "closed")
    headers = HTMX if htmx else None

    alices = page(client, bob, headers=headers, person="alice")
    deleted = page(client, bob, headers=headers, kind="delete")
    nothing = page(client, bob, headers=headers, person="alice", kind="undo")

    assert [who for who, *_ in told(alices)] == ["alice"]
    assert [words for _, words, _ in told(deleted)] == ["deleted it"]
    assert "Nothing fits" in nothing.text
    assert ("<!doctype html>" in alices.text) is not htmx


def test_undone_and_done_again_are_a_kind_too(client, harbour, storm, bob):
    factories.mark(storm, bob, "port")
    undo(harbour, bob)

    assert len(told(page(client, bob, kind="undo"))) == 1
    assert len(told(page(client, bob, kind="no such kind"))) == 2


def test_where_coding_is_blind_a_coder_reads_only_of_their_own_marks(
    client, harbour, storm, alice, bob
):
    carol = factories.user("carol")
    factories.member(harbour, carol, Role.CODER)
    harbour.blind = True
    harbour.save()
    claim = factories.claim(harbour, alice)
    factories.delete(factories.mark(storm, carol, "port", claim=claim), user=carol)
    factories.mark(storm, bob, "closed", claim=claim)

    bobs, alices = page(client, bob), page(client, alice)

    assert [who for who, *_ in told(bobs)] == ["bob", "alice"]
    assert "carol" not in bobs.text
    assert [who for who, *_ in told(alices)] == ["bob", "carol", "carol", "alice"]


def test_others_marks_in_a_merge_stay_hidden_from_a_blind_coder(client, harbour, storm, alice, bob):
    harbour.blind = True
    harbour.save()
    one, other = (factories.claim(harbour, alice, words) for words in ("One.", "Other."))
    factories.mark(storm, alice, "port", claim=one)
    factories.mark(storm, bob, "closed", claim=one)
    factories.merge(one, other, user=alice)

    assert told(page(client, bob))[0] == ("alice", "merged it into “Other.”", 1)


@pytest.mark.parametrize("way", ["history", "annotation"])
def test_a_deleted_mark_is_brought_back_by_who_may_edit_it(client, harbour, storm, alice, bob, way):
    carol = factories.user("carol")
    factories.member(harbour, carol, Role.CODER)
    mark = factories.mark(storm, bob, "port")
    factories.delete(mark, user=bob)
    action = f'action="{reverse("annotations:bring_back", args=[mark.pk])}"'
    address = reverse("annotations:history", args=["harbour"])
    if way == "annotation":
        address = mark.get_absolute_url()

    shown = []
    for who in (alice, bob, carol):
        client.force_login(who)
        shown.append(action in client.get(address, headers={"accept": "text/html"}).text)
    client.force_login(bob)
    answer = client.post(reverse("annotations:bring_back", args=[mark.pk]))

    assert shown == [True, True, False]
    assert answer.status_code == 302
    assert "Brought back." in client.get(answer.url).text
    assert Annotation.objects.live().get() == mark
    assert action not in client.get(address, headers={"accept": "text/html"}).text


def test_a_deleted_claim_is_brought_back(client, harbour, storm, alice, bob, stranger):
    claim = factories.claim(harbour, bob, "The port is closed.")
    factories.delete(claim, user=bob)
    address = reverse("annotations:claim_bring_back", args=["harbour", claim.pk])
    rita = factories.user("rita")
    factories.member(harbour, rita, Role.READER)
    offered = [address in page(client, who).content.decode() for who in (alice, bob, rita)]

    client.force_login(stranger)
    unknown = client.post(address).status_code
    client.force_login(rita)
    forbidden = client.post(address).status_code
    client.force_login(alice)
    unsafe = client.get(address).status_code
    back = client.post(address, follow=True)

    assert (offered, unknown, forbidden, unsafe) == ([True, True, False], 404, 403, 405)
    assert "Brought back: “The port is closed.”" in back.content.decode()
    assert address not in page(client, alice).content.decode()
    assert undo(harbour, alice).words.startswith("Undone")
    claim.refresh_from_db()
    assert claim.deleted_at is not None


def test_where_coding_is_blind_a_curator_brings_claims_back(client, harbour, alice, bob):
    claim = factories.claim(harbour, alice)
    factories.delete(claim, user=alice)
    harbour.blind = True
    harbour.save()
    address = reverse("annotations:claim_bring_back", args=["harbour", claim.pk])
    client.force_login(bob)

    refused = client.post(address).status_code

    assert refused == 403
    assert address not in page(client, bob).content.decode()
    assert address in page(client, alice).content.decode()


def test_what_undo_passed_over_is_no_deed(client, harbour, storm, alice, bob):
    mark = factories.mark(storm, bob, "port")
    mark.change(replace(mark.as_state(), note="Mine"), user=alice)

    with pytest.raises(EditConflict):
        undo(harbour, bob)

    response = page(client, bob)
    assert len(told(response)) == 2
    assert "undone since" not in response.content.decode()


def test_a_reader_reads_and_a_stranger_finds_nothing(client, harbour, storm, bob, stranger):
    rita = factories.user("rita")
    factories.member(harbour, rita, Role.READER)
    factories.delete(factories.mark(storm, bob, "port"), user=bob)

    response = page(client, rita)

    assert response.status_code == 200
    assert "bring-back" not in response.text
    assert page(client, stranger).status_code == 404


def test_the_history_of_an_empty_collection_says_so(client, harbour, bob):
    assert "Nothing has been marked yet" in page(client, bob).text


def test_a_long_history_has_pages_that_cost_the_same(
    client, harbour, storm, bob, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("annotations.views.history.PER_PAGE", 20)
    claim = factories.claim(harbour, bob)
    for _ in range(12):
        mark = factories.mark(storm, bob, "port", claim=claim)
        factories.delete(mark, user=bob)
    client.force_login(bob)

    with django_assert_max_num_queries(13):
        response = client.get(reverse("annotations:history", args=["harbour"]))

    assert len(response.context["operations"]) == 20
    assert "page=2" in response.text
    assert len(page(client, bob, page=2).context["operations"]) == 5


def test_a_step_of_many_deeds_is_told_in_part(client, harbour, storm, alice, monkeypatch):
    monkeypatch.setattr("annotations.views.history.MOST_DEEDS", 2)
    one, other = (factories.claim(harbour, alice, words) for words in ("One.", "Other."))
    for quote in ("The", "port", "is", "closed"):
        factories.mark(storm, alice, quote, claim=one)
    factories.merge(one, other, user=alice)

    response = page(client, alice)

    assert "in the same step, 4 more" in response.text
    assert "and 3 more." in response.text


def test_the_collection_and_the_annotation_lead_to_the_history(client, harbour, storm, bob):
    mark = factories.mark(storm, bob, "port")
    client.force_login(bob)
    address = f'href="{reverse("annotations:history", args=["harbour"])}"'

    assert address in client.get(harbour.get_absolute_url()).text
    assert address in client.get(mark.get_absolute_url(), headers={"accept": "text/html"}).text
