from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Annotation, Claim, Revision
from corpus.models import Role
from tests import factories

HTMX = {"hx-request": "true"}


@pytest.fixture
def storm(harbour):
    return factories.document(harbour, "The port is closed. Ships wait.")


def replay(client, who, name, document, *, htmx=True, **data):
    client.force_login(who)
    return client.post(
        reverse(f"annotations:{name}", args=["harbour"]),
        {"view": f"d={document.pk}", **data},
        headers=HTMX if htmx else {},
    )


def test_undo_and_redo_reach_back_over_every_kind_of_change(client, harbour, storm, bob):
    mark = factories.mark(storm, bob, "port")
    state = mark.as_state()
    moved = replace(state, targets=(factories.passage(storm, "The port"),))
    mark.change(moved, user=bob, action="move")
    mark.delete_softly(user=bob)

    said = [replay(client, bob, "undo", storm).content.decode() for _ in range(4)]

    for words, html in zip(
        ("deleting “The port”", "moving “The port”", "marking “port”", "Nothing to undo."),
        said,
        strict=True,
    ):
        assert words in html
    assert not Annotation.objects.live().exists()
    for _ in range(2):
        replay(client, bob, "redo", storm)
    assert Annotation.objects.live().get().as_state() == moved


def test_the_touched_paragraph_comes_back(client, harbour, storm, bob):
    factories.mark(storm, bob, "port")

    html = replay(client, bob, "undo", storm).content.decode()

    assert f'id="block-{storm.pk}-0"' in html
    assert "data-annotations" not in html.split('id="claims"')[0]


def test_a_repeated_undo_undoes_once(client, harbour, storm, bob):
    factories.mark(storm, bob, "port")
    factories.mark(storm, bob, "closed")
    key = str(uuid4())

    for _ in range(3):
        assert replay(client, bob, "undo", storm, id=key).status_code == 200

    assert Annotation.objects.live().count() == 1
    assert Revision.objects.filter(kind="undo").count() == 1


def test_a_new_claim_and_its_mark_are_undone_as_one(client, harbour, storm, bob):
    client.force_login(bob)
    data = {
        "id": str(uuid4()),
        "document": storm.pk,
        "start": 0,
        "end": 8,
        "exact": "The port",
        "statement": "The port is closed.",
        "button": "author:supports",
    }
    client.post(reverse("annotations:mark", args=["harbour"]), data, headers=HTMX)

    replay(client, bob, "undo", storm)
    gone = Claim.objects.current().count(), Annotation.objects.live().count()
    replay(client, bob, "redo", storm)

    assert gone == (0, 0)
    assert Annotation.objects.live().get().claim == Claim.objects.current().get()


def test_a_claim_that_others_have_marked_is_not_undone_under_them(
    client, harbour, storm, alice, bob
):
    claim = factories.claim(harbour, bob)
    factories.mark(storm, alice, "port", claim=claim)

    html = replay(client, bob, "undo", storm).content.decode()

    assert "somebody else has changed this since" in html
    assert Claim.objects.current().get() == claim


def test_undo_leaves_alone_what_somebody_else_changed_and_says_so(
    client, harbour, storm, alice, bob
):
    mark = factories.mark(storm, bob, "port")
    mark.change(replace(mark.as_state(), note="Mine"), user=alice)

    html = replay(client, bob, "undo", storm).content.decode()

    assert "somebody else has changed this since" in html
    assert Annotation.objects.live().get().note == "Mine"


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_without_a_script_it_leads_back_and_says_what_was_done(client, harbour, storm, bob, name):
    factories.mark(storm, bob, "port")
    if name == "redo":
        replay(client, bob, "undo", storm)

    response = replay(client, bob, name, storm, htmx=False)

    assert response.status_code == 302
    assert "marking “port”" in client.get(response.url).content.decode()


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_everybody_undoes_their_own(client, harbour, storm, alice, bob, stranger, name):
    rita = factories.user("rita")
    factories.member(harbour, rita, Role.READER)
    factories.mark(storm, bob, "port")

    statuses = [replay(client, who, name, storm).status_code for who in (alice, rita, stranger)]

    assert statuses == [200, 403, 404]
    assert Annotation.objects.live().count() == 1


def test_the_page_knows_what_undo_would_do_after_a_reload(client, harbour, storm, bob):
    factories.mark(storm, bob, "port")
    client.force_login(bob)

    page = client.get(
        reverse("annotations:reader", args=["harbour"]), {"d": storm.pk}
    ).content.decode()

    assert "Undo marking “port” (Z)" in page


def test_a_long_log_costs_no_more_than_a_short_one(client, harbour, storm, bob):
    mark = factories.mark(storm, bob, "port")
    counts = []
    for changes in (2, 60):
        for number in range(changes):
            mark.change(replace(mark.as_state(), note=f"{changes}, {number}"), user=bob)
        client.force_login(bob)
        with CaptureQueriesContext(connection) as queries:
            replay(client, bob, "undo", storm)
        counts.append(len(queries))
        mark.refresh_from_db()

    assert counts[0] == counts[1]
