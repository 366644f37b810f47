from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Annotation, Claim, Code, Revision
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
    factories.delete(mark, user=bob)

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


def test_while_coding_is_blind_a_refusal_tells_nothing_of_others_marks(
    client, harbour, storm, alice, bob
):
    harbour.blind = True
    harbour.save()
    claim = factories.claim(harbour, bob)
    factories.mark(storm, alice, "port", claim=claim)
    key = str(uuid4())

    said = [replay(client, bob, "undo", storm, id=key).content.decode() for _ in range(2)]

    for html in said:
        assert "Not undone: while coding is blind, this stays as it is." in html
        assert "in use" not in html
        assert "somebody" not in html
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
    for changes in (1, 2, 60):  # after the first, the process knows the codebook
        for number in range(changes):
            mark.change(replace(mark.as_state(), note=f"{changes}, {number}"), user=bob)
        client.force_login(bob)
        with CaptureQueriesContext(connection) as queries:
            replay(client, bob, "undo", storm)
        counts.append(len(queries))
        mark.refresh_from_db()

    assert counts[1] == counts[2]


# --- what came since --------------------------------------------------------------------------


@pytest.fixture
def closed(harbour, alice):
    return factories.claim(harbour, alice, "The port is closed.")


@pytest.fixture
def shut(harbour, alice):
    return factories.claim(harbour, alice, "Ships cannot enter.")


def current():
    return set(Claim.objects.current())


def test_a_refused_undo_is_told_and_the_next_one_goes_on(client, harbour, storm, alice, bob):
    older = factories.mark(storm, bob, "Ships")
    mark = factories.mark(storm, bob, "port")
    mark.change(replace(mark.as_state(), note="Mine"), user=alice)

    refused, done, nothing = [replay(client, bob, "undo", storm).content.decode() for _ in range(3)]

    assert "Not undone" in refused
    assert "Undone: marking “Ships”" in done
    assert "Nothing to undo" in nothing
    assert [row.pk for row in Annotation.objects.live()] == [mark.pk] != [older.pk]


def test_a_repeated_undo_that_was_refused_is_refused_again(client, harbour, storm, alice, bob):
    factories.mark(storm, bob, "Ships")
    mark = factories.mark(storm, bob, "port")
    mark.change(replace(mark.as_state(), note="Mine"), user=alice)
    key = str(uuid4())

    said = [replay(client, bob, "undo", storm, id=key).content.decode() for _ in range(2)]

    assert all("Not undone" in html for html in said)
    assert Annotation.objects.live().count() == 2


def test_what_was_passed_over_is_not_done_again(client, harbour, storm, alice, bob):
    mark = factories.mark(storm, bob, "port")
    mark.change(replace(mark.as_state(), note="Mine"), user=alice)

    replay(client, bob, "undo", storm)

    assert "Nothing to redo" in replay(client, bob, "redo", storm).content.decode()


def test_a_new_place_in_the_list_does_not_stand_in_the_way_of_undo(
    client, harbour, storm, alice, bob, closed
):
    made = factories.claim(harbour, bob, "Ferries wait.")
    made.move(0, user=alice)

    html = replay(client, bob, "undo", storm).content.decode()

    assert "Undone: marking the claim “Ferries wait.”" in html
    assert current() == {closed}


def test_a_mark_is_undone_after_its_claim_was_merged(
    client, harbour, storm, alice, bob, closed, shut
):
    factories.mark(storm, bob, "port", claim=closed)
    factories.merge(closed, shut, user=alice)

    replay(client, bob, "undo", storm)

    assert not Annotation.objects.live().exists()


def test_a_merge_is_not_done_again_the_other_way_round(
    client, harbour, storm, alice, bob, closed, shut
):
    factories.merge(closed, shut, user=bob)
    replay(client, bob, "undo", storm)
    factories.merge(Claim.objects.get(pk=shut.pk), closed, user=alice)

    html = replay(client, bob, "redo", storm).content.decode()

    assert "“Ships cannot enter.” has been merged or deleted since" in html
    assert current() == {closed}


def test_a_merge_is_not_done_again_under_marks_made_since(
    client, harbour, storm, alice, bob, closed, shut
):
    factories.merge(closed, shut, user=bob)
    replay(client, bob, "undo", storm)
    factories.mark(storm, alice, "port", claim=closed)

    html = replay(client, bob, "redo", storm).content.decode()

    assert "“The port is closed.” is in use" in html
    assert current() == {closed, shut}


def test_a_merge_is_not_done_again_into_a_claim_that_was_deleted(
    client, harbour, storm, alice, bob, closed, shut
):
    factories.mark(storm, alice, "port", claim=closed)
    factories.merge(closed, shut, user=bob)
    replay(client, bob, "undo", storm)
    factories.delete(Claim.objects.get(pk=shut.pk), user=alice)

    replay(client, bob, "redo", storm)

    assert Annotation.objects.live().get().claim == closed
    assert current() == {closed}


def test_a_claim_is_not_undone_under_one_that_became_part_of_it(
    client, harbour, storm, alice, bob, closed
):
    made = factories.claim(harbour, bob, "No ship may enter.")
    factories.merge(closed, made, user=alice)

    html = replay(client, bob, "undo", storm).content.decode()

    assert "another claim has become part of “No ship may enter.”" in html
    assert current() == {made}


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_a_mark_that_comes_back_brings_its_deleted_claim_along(
    client, harbour, storm, alice, bob, closed, name
):
    mark = factories.mark(storm, bob, "port", claim=closed)
    if name == "undo":
        factories.delete(mark, user=bob)
    else:
        replay(client, bob, "undo", storm)
    factories.delete(closed, user=alice)

    html = replay(client, bob, name, storm).content.decode()

    assert "With it the claim “The port is closed.” is back" in html
    assert Annotation.objects.live().get().claim in current()


def test_a_mark_brought_back_by_hand_brings_its_claim_along_in_one_step(
    client, harbour, storm, alice, bob, closed
):
    mark = factories.mark(storm, bob, "port", claim=closed)
    factories.delete(mark, user=bob)
    factories.delete(closed, user=alice)

    factories.bring_back(mark, user=bob)
    back = current()
    replay(client, bob, "undo", storm)

    assert back == {closed}
    assert (current(), Annotation.objects.live().count()) == (set(), 0)


def test_a_stance_given_anew_is_not_undone_over(client, harbour, storm, alice, bob):
    factories.delete(factories.stance(storm, bob, "opinion"), user=alice)
    factories.stance(storm, bob, "analysis")

    response = replay(client, alice, "undo", storm)

    assert response.status_code == 200
    assert "leaves no room" in response.content.decode()


def test_a_code_that_left_the_codebook_does_not_come_back(client, harbour, storm, bob):
    mark = factories.mark(storm, bob, "port")
    mark.change(mark.as_state().coded(certainty="possible"), user=bob)
    mark.change(mark.as_state().coded(certainty=None), user=bob)
    Code.objects.get(key="possible", variable__codebook__collection=harbour).delete()

    response = replay(client, bob, "undo", storm)

    assert response.status_code == 200
    assert "no longer has the code" in response.content.decode()


def test_a_change_that_changes_nothing_any_more_is_passed_over(client, harbour, storm, bob):
    factories.mark(storm, bob, "port")
    stance = factories.stance(storm, bob, "opinion")
    stance.change(stance.as_state().coded(stance="satire"), user=bob)
    codes = Code.objects.filter(variable__codebook__collection=harbour, variable__key="stance")
    codes.get(key="satire").merge_into(codes.get(key="opinion"))

    said = [replay(client, bob, "undo", storm).content.decode() for _ in range(3)]

    assert "Not undone: it has come about in another way already" in said[0]
    assert not Annotation.objects.live().exists()


def test_old_entries_in_which_nothing_changed_are_not_in_reach(client, harbour, storm, bob):
    mark = factories.mark(storm, bob, "port")
    state = mark.as_state().as_dict()
    Revision.objects.create(
        collection=harbour, annotation=mark, user=bob, action="edit", before=state, after=state
    )

    replay(client, bob, "undo", storm)

    assert not Annotation.objects.live().exists()


@pytest.mark.parametrize("blind", [False, True])
def test_who_no_longer_curates_undoes_nothing_of_others(client, harbour, storm, bob, blind):
    carol = factories.user("carol")
    role = factories.member(harbour, carol, Role.CURATOR)
    mark = factories.mark(storm, bob, "port")
    mark.change(replace(mark.as_state(), note="Carol's"), user=carol)
    role.role = Role.CODER
    role.save()
    harbour.blind = blind
    harbour.save()

    html = replay(client, carol, "undo", storm).content.decode()

    assert "Nothing to undo" in html
    assert "port”" not in html
    assert Annotation.objects.get().note == "Carol's"


def test_a_coder_undoes_a_merge_of_others_marks(client, harbour, storm, alice, bob, closed, shut):
    factories.mark(storm, alice, "port", claim=closed)
    factories.merge(closed, shut, user=bob)

    replay(client, bob, "undo", storm)

    assert Annotation.objects.live().get().claim == closed


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_the_form_of_the_claims_page_sent_twice_counts_once(client, harbour, storm, bob, name):
    for words in ("port", "Ships"):
        factories.mark(storm, bob, words)
    if name == "redo":
        for _ in range(2):
            replay(client, bob, "undo", storm)
    client.force_login(bob)
    address = reverse("annotations:claims", args=["harbour"])
    key = client.get(address).context["undo_id"]
    data = {"id": key, **({"redo": "1"} if name == "redo" else {})}

    for _ in range(2):
        client.post(reverse("annotations:claims_undo", args=["harbour"]), data)

    assert Annotation.objects.live().count() == 1


def test_a_refusal_is_told_on_the_claims_page_too(client, harbour, storm, alice, bob, closed):
    made = factories.claim(harbour, bob, "Ferries wait.")
    factories.mark(storm, alice, "port", claim=made)
    client.force_login(bob)

    page = client.post(reverse("annotations:claims_undo", args=["harbour"]), follow=True)

    assert "Not undone: somebody else has changed this since" in page.content.decode()
