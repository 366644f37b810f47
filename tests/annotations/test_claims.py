from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from annotations.acts import claims
from annotations.acts.claims import Merging
from annotations.acts.done import Seen
from annotations.acts.undoing import redo, undo
from annotations.models import Annotation, Claim, ClaimInUse, EditConflict, Revision
from annotations.passages import context, counterpart
from annotations.states import AnnotationState, ClaimState, TargetState
from corpus.comparison import compare
from corpus.models import Derivation, Role
from tests import factories

HTMX = {"hx-request": "true"}


@pytest.fixture
def wire(harbour):
    return factories.document(
        harbour,
        "Rain 🌧 fell. The port is closed, the mayor said. Ferries wait.",
        title="Port closed",
        publisher="Petrel",
        published_on="2024-02-06",
    )


@pytest.fixture
def closed(harbour, alice):
    return factories.claim(harbour, alice, "The port is closed.")


@pytest.fixture
def shut(harbour, alice):
    return factories.claim(harbour, alice, "Ships cannot enter.")


def url(name, claim, **query):
    return reverse(f"annotations:{name}", args=[claim.collection.slug, claim.pk], query=query)


def live(claim, **filters):
    return claim.annotations.live().filter(**filters)


def whole(claim):
    """All of a claim's annotations and its own state, to compare before and after."""
    claim.refresh_from_db()
    rows = Annotation.objects.filter(collection=claim.collection).order_by("created", "pk")
    return claim.as_state(), [row.as_state() for row in rows]


def statements(collection):
    return [
        claim.statement
        for claim in Claim.objects.filter(collection=collection).current().in_order()
    ]


# --- merging -----------------------------------------------------------------------------------


def test_two_absences_of_one_coder_become_one(harbour, alice, bob, wire, closed, shut):
    factories.absent(closed, wire, user=bob)
    factories.absent(shut, wire, user=bob)
    factories.absent(shut, wire, user=alice)

    factories.merge(shut, closed, user=alice)

    assert sorted(row.creator.username for row in live(closed)) == ["alice", "bob"]
    assert not live(shut).exists()


@pytest.mark.parametrize("marked", ["closed", "shut"])
def test_a_mark_outlives_the_same_coders_absence(harbour, alice, bob, wire, closed, shut, marked):
    marked, denied = (closed, shut) if marked == "closed" else (shut, closed)
    mark = factories.mark(wire, bob, "The port is closed", claim=marked)
    factories.absent(denied, wire, user=bob)

    factories.merge(shut, closed, user=alice)

    assert [row.pk for row in live(closed)] == [mark.pk]


def test_another_coders_absence_stays(harbour, alice, bob, wire, closed, shut):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    factories.absent(shut, wire, user=alice)

    factories.merge(shut, closed, user=alice)

    assert live(closed).count() == 2


def test_the_same_mark_by_the_same_coder_is_kept_once(harbour, alice, bob, wire, closed, shut):
    for claim in (closed, shut):
        factories.mark(wire, bob, "The port is closed", claim=claim)
    factories.mark(wire, alice, "The port is closed", claim=shut)
    factories.mark(wire, bob, "The port is closed", claim=shut, position="disputes")

    factories.merge(shut, closed, user=alice)

    assert live(closed).count() == 3


def test_a_second_answer_about_the_same_document_gives_way(harbour, alice, bob, wire, closed, shut):
    for claim, code in ((closed, "opinion"), (shut, "reporting")):
        state = AnnotationState("classifying", (TargetState(wire.pk),), claim=claim.pk)
        Annotation.objects.record(state.coded(stance=code), collection=harbour, user=bob)

    factories.merge(shut, closed, user=alice)

    assert [row.as_state().codes("stance") for row in live(closed)] == [("opinion",)]


def test_a_merge_with_all_of_that_is_undone_and_redone_as_one(
    harbour, alice, bob, wire, closed, shut
):
    other = factories.document(harbour, "Ships wait outside.")
    for claim in (closed, shut):
        factories.absent(claim, other, user=bob)
        factories.mark(wire, bob, "Ferries wait", claim=claim)
    factories.mark(wire, alice, "The port is closed", claim=shut)
    factories.absent(closed, wire, user=alice)
    before = [whole(claim) for claim in (closed, shut)]

    factories.merge(shut, closed, user=alice)
    merged = [whole(claim) for claim in (closed, shut)]
    undo(harbour, alice)
    undone = [whole(claim) for claim in (closed, shut)]
    redo(harbour, alice)

    assert undone == before
    assert [whole(claim) for claim in (closed, shut)] == merged != before


def test_a_claim_is_merged_only_into_a_current_one_of_its_collection(harbour, alice, closed, shut):
    elsewhere = factories.claim(factories.collection("Elsewhere", owner=alice), alice)
    gone = factories.claim(harbour, alice, "Nobody came.")
    factories.delete(gone, user=alice)

    for other in (closed, elsewhere, gone):
        with pytest.raises(ValueError, match="another current claim"):
            factories.merge(closed, other, user=alice)


def test_a_merge_of_an_outdated_page_changes_nothing(harbour, alice, bob, wire, closed, shut):
    factories.mark(wire, bob, "Ferries wait", claim=shut)
    shut.change(replace(shut.as_state(), statement="No ship may enter."), user=bob)

    with pytest.raises(EditConflict):
        factories.merge(Claim.objects.get(pk=shut.pk), closed, user=alice, version=1)

    assert live(shut).count() == 1


def test_a_merged_claim_leads_on_however_often_that_was_merged(harbour, alice, closed, shut):
    third = factories.claim(harbour, alice, "Ferries wait.")
    factories.merge(closed, shut, user=alice)
    factories.merge(shut, third, user=alice)

    found = [Claim.objects.standing_for(claim.pk) for claim in (closed, shut, third)]

    assert found == [third, third, third]


def test_claims_merged_in_a_circle_lead_to_one_of_them(harbour, alice, closed, shut):
    Claim.objects.filter(pk=closed.pk).update(merged_into=shut)
    Claim.objects.filter(pk=shut.pk).update(merged_into=closed)

    assert Claim.objects.standing_for(closed.pk) in (closed, shut)


def test_the_same_statement_again_is_the_same_claim(harbour, alice, bob, closed):
    found, new = Claim.objects.stating("the port is closed.", collection=harbour, user=bob)
    _, made = Claim.objects.stating("Ferries wait.", collection=harbour, user=bob)

    assert (found, new, made) == (closed, False, True)
    assert statements(harbour) == ["The port is closed.", "Ferries wait."]


def test_claims_are_not_merged_in_a_circle(harbour, alice, bob, closed, shut):
    stale = Claim.objects.get(pk=closed.pk)
    factories.merge(shut, closed, user=bob)

    with pytest.raises(ValueError):
        factories.merge(stale, shut, user=alice)

    assert statements(harbour) == ["The port is closed."]


def test_a_claim_merged_meanwhile_is_not_merged_again(harbour, alice, bob, closed, shut):
    third = factories.claim(harbour, alice, "Ferries wait.")
    stale = Claim.objects.get(pk=closed.pk)
    factories.merge(closed, shut, user=bob)

    with pytest.raises(EditConflict):
        factories.merge(stale, third, user=alice)

    assert Claim.objects.get(pk=closed.pk).merged_into == shut


# --- order, splitting, deleting ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "place", "order"),
    [(0, 2, "BCA"), (2, 0, "CAB"), (1, 0, "BAC"), (0, 0, "ABC"), (0, 99, "BCA"), (2, -5, "CAB")],
)
def test_a_claim_moves_to_a_place_and_back(harbour, alice, start, place, order):
    claims = [factories.claim(harbour, alice, letter) for letter in "ABC"]

    claims[start].move(place, user=alice)

    assert "".join(statements(harbour)) == order
    if order != "ABC":
        undo(harbour, alice)
        assert "".join(statements(harbour)) == "ABC"


def test_a_move_is_one_entry_in_the_log_and_no_new_version(harbour, alice):
    claims = [factories.claim(harbour, alice, letter) for letter in "ABCD"]

    claims[3].move(0, user=alice)

    assert list(Claim.objects.values_list("version", flat=True)) == [1, 1, 1, 1]
    assert Revision.objects.get(action="move").claim == claims[3]


def test_a_move_and_a_new_wording_do_not_clash(harbour, alice, bob):
    first, second = (factories.claim(harbour, alice, letter) for letter in "AB")

    first.move(1, user=alice)
    second.change(replace(second.as_state(), statement="C"), user=bob, version=1)

    assert statements(harbour) == ["C", "A"]


def test_a_move_on_an_old_page_takes_back_no_wording(harbour, alice, bob):
    first, second = (factories.claim(harbour, alice, letter) for letter in "AB")
    old = Claim.objects.get(pk=first.pk)
    first.change(replace(first.as_state(), statement="C", description="New."), user=bob)

    old.move(1, user=alice)

    first.refresh_from_db()
    assert statements(harbour) == ["B", "C"]
    assert (first.description, first.version, old.statement) == ("New.", 2, "C")
    assert second in Claim.objects.current()


def test_a_move_is_undone_after_others_have_moved_and_reworded(harbour, alice, bob):
    first, _, third = (factories.claim(harbour, alice, letter) for letter in "ABC")
    first.move(2, user=bob)
    third.move(0, user=alice)
    first.change(replace(first.as_state(), statement="D"), user=alice)

    undo(harbour, bob)

    assert statements(harbour) == ["D", "C", "B"]


def test_moving_and_splitting_cost_the_same_in_a_long_list(harbour, alice, wire):
    factories.mark(wire, alice, "Rain", claim=factories.claim(harbour, alice, "Rain fell."))
    costs = []
    for number in range(12):
        claim = factories.claim(harbour, alice, f"Claim {number}")
        mark = factories.mark(wire, alice, "Ferries wait", claim=claim)
        first = Claim.objects.current().in_order().first()
        with CaptureQueriesContext(connection) as moving:
            claim.move(0, user=alice)
        with CaptureQueriesContext(connection) as splitting:
            factories.split(first, ClaimState(f"Part {number}"), [mark], user=alice)
        costs.append((len(moving), len(splitting)))

    assert costs[1] == costs[-1]


def test_claims_that_share_a_place_are_put_in_order(harbour, alice):
    claims = [factories.claim(harbour, alice, letter, order=4) for letter in "ABC"]

    claims[2].move(1, user=alice)

    assert statements(harbour) == ["A", "C", "B"]


def test_a_split_makes_a_claim_beside_the_old_one(harbour, alice, bob, wire, closed, shut):
    stays = factories.mark(wire, bob, "The port is closed", claim=closed)
    goes = factories.mark(wire, bob, "Ferries wait", claim=closed)
    before = whole(closed)

    made = factories.split(
        closed, replace(closed.as_state(), statement="Ferries wait."), [goes], user=alice
    )

    assert statements(harbour) == ["The port is closed.", "Ferries wait.", "Ships cannot enter."]
    assert [row.pk for row in live(closed)] == [stays.pk]
    assert [row.pk for row in live(made)] == [goes.pk]
    undo(harbour, alice)
    assert whole(closed) == before
    assert statements(harbour) == ["The port is closed.", "Ships cannot enter."]
    redo(harbour, alice)
    assert [row.pk for row in live(made)] == [goes.pk]


def test_a_claim_in_use_is_not_deleted(harbour, alice, bob, wire, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)

    with pytest.raises(ClaimInUse):
        factories.delete(closed, user=alice)

    assert statements(harbour) == ["The port is closed."]


def test_a_deleted_claim_takes_its_absences_along_and_brings_them_back(
    harbour, alice, bob, wire, closed
):
    factories.absent(closed, wire, user=bob)

    factories.delete(closed, user=alice)
    assert not live(closed).exists()
    undo(harbour, alice)

    assert statements(harbour) == ["The port is closed."]
    assert live(closed).count() == 1


@pytest.mark.parametrize("refused", [False, True])
def test_a_deleted_claim_is_brought_back_with_its_absences_in_one_step(
    harbour, alice, bob, wire, closed, refused
):
    factories.absent(closed, wire, user=bob)
    if refused:
        closed.change(replace(closed.as_state(), statement="The harbour is shut."), user=bob)
        closed.change(replace(closed.as_state(), statement="The port is closed."), user=alice)
    factories.delete(closed, user=alice)
    if refused:
        with pytest.raises(EditConflict):
            undo(harbour, bob)

    factories.bring_back(closed, user=bob)
    back = statements(harbour), live(closed).count()
    undo(harbour, bob)

    assert back == (["The port is closed."], 1)
    assert (statements(harbour), live(closed).count()) == ([], 0)


# --- passages in context ---------------------------------------------------------------------


@given(st.data())
def test_a_passage_and_its_sentence_rebuild_the_text(data):
    words = st.text("ab 🌧", min_size=1, max_size=9)
    parts = data.draw(st.lists(words, min_size=1, max_size=6))
    text = "".join(parts)
    ends = [sum(map(len, parts[: n + 1])) for n in range(len(parts))]
    sentences = list(zip([0, *ends], ends, strict=False))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    found = context(text, sentences, start=start, end=end)

    assert found.words == text[start:end]
    assert found.before + found.words + found.after == text[found.start : found.end]
    assert sentences[found.sentence][0] == found.start <= start
    assert found.end in ends


def test_a_passage_of_a_text_without_sentences_stands_alone():
    assert context("closed", [], start=0, end=6).words == "closed"


def test_a_copy_shows_what_it_made_of_a_passage():
    source = "Rain fell. The levy starts in March, the ministry said. Ferries wait."
    derived = "Rain fell. The levy starts in May, the ministry said. Ferries wait."
    start = source.index("The levy")

    found = counterpart(compare(source, derived), derived, start=start, end=start + 24)

    assert "".join(piece.text for piece in found.pieces) == derived[found.start : found.end]
    assert [piece.text for piece in found.pieces if piece.changed] == ["May"]
    assert found.kind == "reworded"
    assert [change.kind for change in found.changes] == ["date"]


def test_what_a_copy_leaves_out_has_no_counterpart():
    source = "Rain fell on the harbour. Zebras dance quietly."
    start = source.index("Zebras")

    found = counterpart(
        compare(source, "Rain fell on the harbour."),
        "Rain fell on the harbour.",
        start=start,
        end=start + 6,
    )

    assert found is None


# --- the page of a claim -------------------------------------------------------------------------


def test_every_occurrence_is_shown_in_its_sentence(client, harbour, alice, bob, wire, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed, note="Which port?")
    factories.mark(wire, alice, "The port is closed", claim=closed, voice="source")
    client.force_login(alice)

    html = client.get(closed.get_absolute_url()).content.decode()

    assert "<mark>The port is closed</mark>, the mayor said. <a" in html
    assert html.count("<blockquote") == 1
    assert "Which port?" in html
    for label in ("Author", "Source", "Supports"):
        assert f'<span class="occurrence-code">{label}</span>' in html
    assert f"?d={wire.pk}#s-{wire.pk}-1" in html
    assert f'id="d{wire.pk}"' in html


def test_coders_who_say_the_same_share_a_line(client, harbour, alice, bob, wire, closed):
    for coder in (alice, bob):
        factories.mark(wire, coder, "The port is closed", claim=closed)
    client.force_login(alice)

    html = client.get(closed.get_absolute_url()).content.decode()

    assert ">alice, bob</b>" in html


def test_blind_coders_see_only_their_own_occurrences(client, harbour, bob, wire, closed):
    carol = factories.member(harbour, factories.user("carol")).user
    factories.mark(wire, bob, "The port is closed", claim=closed)
    harbour.blind = True
    harbour.save()
    client.force_login(carol)

    html = client.get(closed.get_absolute_url()).content.decode()

    assert "<mark>" not in html
    assert "Not marked anywhere yet" in html
    assert "bob" not in html
    assert client.get(url("claim_merge", closed)).status_code == 403


@pytest.mark.parametrize(("headers", "queries"), [({}, 16), (HTMX, 14)])
def test_the_number_of_queries_does_not_grow(
    client, harbour, alice, bob, closed, django_assert_num_queries, headers, queries
):
    client.force_login(alice)
    for count in (2, 6):
        for number in range(count):
            document = factories.document(harbour, f"The port is closed by {count}{number}.")
            for coder in (alice, bob):
                factories.mark(document, coder, "port is closed", claim=closed)
        with django_assert_num_queries(queries):
            client.get(closed.get_absolute_url(), {"d": document.pk}, headers=headers)


@pytest.mark.parametrize(
    "name", ["claim_wording", "claim_edit", "claim_merge", "claim_split", "claim_delete"]
)
def test_no_page_of_a_claim_asks_more_where_there_is_more(
    client, harbour, alice, closed, django_assert_max_num_queries, name
):
    client.force_login(alice)
    asked = []
    for count in (2, 6):
        for number in range(count):
            text = f"Rain fell. The port is closed, said {count}{number}."
            document = factories.document(harbour, text, title=text)
            factories.mark(document, alice, "port is closed", claim=closed)
            factories.claim(harbour, alice, f"Claim {count}{number}")
        with django_assert_max_num_queries(20) as queries:
            client.get(url(name, closed))
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_for_htmx_only_one_documents_passages_come(client, harbour, bob, wire, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    client.force_login(bob)

    html = client.get(url("claim", closed, d=wire.pk), headers=HTMX).content.decode()

    assert html.lstrip().startswith("<dialog")
    assert "<mark>The port is closed</mark>" in html
    assert client.get(url("claim", closed, d=0), headers=HTMX).status_code == 404


def test_a_merged_claims_address_leads_to_the_one_that_took_it(
    client, harbour, alice, closed, shut
):
    factories.merge(shut, closed, user=alice)
    client.force_login(alice)

    assert client.get(shut.get_absolute_url()).url == closed.get_absolute_url()


def test_a_deleted_claim_is_not_found(client, harbour, alice, closed):
    factories.delete(closed, user=alice)
    client.force_login(alice)

    assert client.get(closed.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["claim", "claim_wording", "claim_edit", "claim_merge", "claim_split", "claim_delete"],
)
def test_readers_read_and_strangers_find_nothing(client, harbour, stranger, closed, name):
    reader = factories.member(harbour, factories.user("rita"), Role.READER).user

    client.force_login(reader)
    assert client.get(url(name, closed)).status_code == (
        200 if name in {"claim", "claim_wording"} else 403
    )
    client.force_login(stranger)
    assert client.get(url(name, closed)).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_wording_of_copies_is_a_suggestion(client, harbour, alice, bob, closed, headers):
    wire, copy, unrelated = (
        factories.document(harbour, text, title=title)
        for title, text in (
            ("Wire", "Rain fell. The levy starts in March, the ministry said. Ferries wait."),
            ("Copy", "Rain fell. The levy starts in May, the ministry said. Ferries wait."),
            ("Poem", "Zebras dance quietly."),
        )
    )
    Derivation.objects.create(
        source=wire,
        derived=copy,
        source_in_derived=0.9,
        derived_in_source=0.9,
        relation="rewrite",
        score=0.9,
        algorithm="1",
    )
    factories.mark(wire, bob, "The levy starts in March", claim=closed)
    client.force_login(alice)

    html = client.get(url("claim_wording", closed), headers=headers).content.decode()

    assert "<mark>The levy starts in March</mark>" in html
    assert '<span class="wording-changed">May</span>' in html
    assert "date changed" in html
    assert "suggestion</span>" in html
    assert f"?d={wire.pk}&amp;d={copy.pk}#s-{copy.pk}-1" in html
    assert unrelated.title not in html
    assert Annotation.objects.count() == 1
    assert ("<html" in html) is not bool(headers)


def test_a_counterpart_that_is_marked_is_no_suggestion(client, harbour, alice, bob, closed):
    for title in ("Wire", "Copy"):
        text = f"{title} news. The levy starts in March, the ministry said."
        document = factories.document(harbour, text, title=title)
        factories.mark(document, bob, "The levy starts in March", claim=closed)
    client.force_login(alice)

    html = client.get(url("claim_wording", closed)).content.decode()

    assert "data-marked" in html
    assert "suggestion</span>" not in html


# --- managing claims -----------------------------------------------------------------------------


def new(client, collection, statement, **fields):
    address = reverse("annotations:claim_new", args=[collection.slug])
    return client.post(address, {"statement": statement} | fields)


def test_a_claim_is_made_with_its_kind(client, harbour, bob):
    client.force_login(bob)

    response = new(
        client,
        harbour,
        "  The port \n is closed. ",
        description="Any of its basins.",
        code_claim_type="fact",
        code_check_worthy="yes",
    )

    claim = Claim.objects.get()
    assert response.url == claim.get_absolute_url()
    assert claim.creator == bob
    assert claim.as_state().statement == "The port is closed."
    assert claim.as_state().codings == (("check_worthy", "yes"), ("claim_type", "fact"))
    undo(harbour, bob)
    assert statements(harbour) == []


def test_a_statement_is_asked_for(client, harbour, bob):
    client.force_login(bob)

    response = new(client, harbour, "  ")

    assert response.status_code == 422
    assert "This field is required" in response.content.decode()


def test_the_same_statement_is_noticed(client, harbour, bob, closed):
    client.force_login(bob)

    response = new(client, harbour, "The port is closed!")
    assert response.status_code == 422
    assert closed.get_absolute_url() in response.content.decode()
    assert Claim.objects.count() == 1

    new(client, harbour, "The port is closed!", anyway="1")
    assert Claim.objects.count() == 2


def test_the_opposite_is_another_statement(client, harbour, bob, closed):
    client.force_login(bob)

    assert new(client, harbour, "The port is not closed.").status_code == 302


def test_a_claim_is_reworded_and_keeps_its_marks(client, harbour, alice, bob, wire, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    client.force_login(alice)

    response = client.post(
        url("claim_edit", closed),
        {"statement": "The harbour is shut.", "code_claim_type": "fact", "version": 1},
    )

    assert response.status_code == 302
    closed.refresh_from_db()
    assert (closed.statement, closed.version) == ("The harbour is shut.", 2)
    assert live(closed).count() == 1


def test_two_people_who_reword_a_claim_see_both_texts(client, harbour, alice, bob, closed):
    closed.change(replace(closed.as_state(), statement="The harbour is shut."), user=bob)
    client.force_login(alice)

    refused = client.post(
        url("claim_edit", closed), {"statement": "No ship may enter.", "version": 1}
    )
    html = refused.content.decode()

    assert refused.status_code == 409
    assert "The harbour is shut." in html
    assert "No ship may enter." in html
    assert statements(harbour) == ["The harbour is shut."]
    assert '<input type="hidden" name="version" value="2"' in html
    client.post(url("claim_edit", closed), {"statement": "No ship may enter.", "version": 2})
    assert statements(harbour) == ["No ship may enter."]


def test_a_rewording_that_repeats_another_claim_offers_to_merge(
    client, harbour, alice, closed, shut
):
    client.force_login(alice)

    response = client.post(
        url("claim_edit", shut), {"statement": "The port is closed", "version": 1}
    )

    assert response.status_code == 422
    assert f"{url('claim_merge', shut)}?into={closed.pk}" in response.content.decode()


def test_codes_that_are_not_in_the_codebook_are_refused(client, harbour, bob):
    client.force_login(bob)

    assert new(client, harbour, "The port is closed.", code_claim_type="rumour").status_code == 422


def test_the_likest_claim_is_offered_first_for_a_merge(client, harbour, alice, closed, shut):
    like = factories.claim(harbour, alice, "The port is closed to ferries.")
    client.force_login(alice)

    html = client.get(url("claim_merge", closed)).content.decode()

    assert html.index(like.statement) < html.index(shut.statement)


def test_claims_are_merged_on_a_page(client, harbour, alice, bob, wire, closed, shut):
    factories.mark(wire, bob, "Ferries wait", claim=shut)
    client.force_login(alice)

    missing = client.post(url("claim_merge", shut), {})
    merged = client.post(url("claim_merge", shut), {"into": closed.pk, "version": 1})

    assert missing.status_code == 422
    assert "Choose the claim that stays" in missing.content.decode()
    assert merged.url == closed.get_absolute_url()
    assert live(closed).count() == 1


def test_an_outdated_merge_page_is_refused(client, harbour, alice, bob, closed, shut):
    shut.change(replace(shut.as_state(), statement="No ship may enter."), user=bob)
    client.force_login(alice)

    response = client.post(url("claim_merge", shut), {"into": closed.pk, "version": 1})

    assert response.status_code == 409
    assert "No ship may enter." in response.content.decode()
    assert Claim.objects.current().count() == 2


def test_two_merges_that_cross_do_not_fail(client, harbour, alice, closed, shut, monkeypatch):
    client.force_login(alice)
    merge = claims.merge

    def crossed(collection, user, values):
        claim, into = values.claim, values.into
        merge(collection, user, Merging(*(Claim.objects.get(pk=row.pk) for row in (into, claim))))
        return merge(collection, user, values)

    monkeypatch.setattr(claims, "merge", crossed)
    response = client.post(url("claim_merge", closed), {"into": shut.pk, "version": 1})

    assert response.status_code == 409
    assert "has become part of “The port is closed.” meanwhile" in response.content.decode()
    assert statements(harbour) == ["The port is closed."]


@pytest.mark.parametrize("name", ["claim_merge", "claim_delete"])
@pytest.mark.parametrize("gone", ["merged", "deleted"])
def test_a_claim_that_leaves_the_list_at_the_same_moment_is_told_of(
    client, harbour, alice, bob, closed, shut, monkeypatch, name, gone
):
    client.force_login(alice)
    doing = name.removeprefix("claim_")
    do, merge, delete = getattr(claims, doing), claims.merge, claims.delete

    def crossed(collection, user, values):
        there = Claim.objects.get(pk=closed.pk)
        if gone == "merged":
            merge(harbour, bob, Merging(there, Claim.objects.get(pk=shut.pk)))
        else:
            delete(harbour, bob, Seen(there))
        return do(collection, user, values)

    monkeypatch.setattr(claims, doing, crossed)
    sent = {"into": shut.pk, "version": 1}
    html = client.post(url(name, closed), sent, follow=True).content.decode()

    become = {"merged": "become part of “Ships cannot enter.”", "deleted": "been deleted"}[gone]
    assert f"Not done: “The port is closed.” has {become} meanwhile." in html
    assert "It now reads" not in html


@pytest.mark.parametrize("name", ["claim_move", "claim_bring_back"])
def test_where_nothing_was_written_nothing_is_said_of_saving(
    client, harbour, alice, closed, shut, name
):
    factories.merge(closed, shut, user=alice)
    client.force_login(alice)

    html = client.post(url(name, closed), {"move": "up"}, follow=True).content.decode()

    assert "Not done: “The port is closed.” has become part of “Ships cannot enter.”" in html
    assert "Not saved" not in html


@pytest.mark.parametrize("gone", ["merged", "deleted"])
def test_what_was_written_for_a_claim_that_has_left_the_list_is_told(
    client, harbour, alice, bob, closed, shut, gone
):
    if gone == "merged":
        factories.merge(closed, shut, user=bob)
    else:
        factories.delete(closed, user=bob)
    client.force_login(alice)

    response = client.post(
        url("claim_edit", closed), {"statement": "The harbour is shut."}, follow=True
    )

    html = response.content.decode()
    assert "Not saved: “The port is closed.” has " in html
    assert "You wrote: “The harbour is shut.”" in html


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_two_people_who_rename_a_claim_choose_between_both_wordings(
    client, harbour, alice, bob, closed, headers
):
    closed.change(replace(closed.as_state(), statement="The harbour is shut."), user=bob)
    client.force_login(alice)
    address = url("rename_claim", closed)

    asked = client.post(address, {"statement": "No ship enters.", "version": 1}, headers=headers)
    html = asked.content.decode()
    client.post(address, {"statement": "No ship enters.", "version": 2}, headers=headers)

    assert asked.status_code == 409
    assert "The harbour is shut." in html
    assert "Keep yours" in html
    assert f'action="{address}"' in html
    assert '<input type="hidden" name="statement" value="No ship enters.">' in html
    assert '<input type="hidden" name="version" value="2">' in html
    assert statements(harbour) == ["No ship enters."]


def test_a_rename_in_the_reader_that_repeats_a_claim_offers_to_merge(
    client, harbour, alice, closed, shut
):
    client.force_login(alice)

    response = client.post(
        url("rename_claim", shut), {"statement": closed.statement, "version": 1}, headers=HTMX
    )

    assert f"{url('claim_merge', shut)}?into={closed.pk}" in response.content.decode()


@pytest.mark.parametrize("gone", ["merged", "deleted"])
def test_a_new_name_for_a_claim_that_has_left_the_list_is_told(
    client, harbour, alice, bob, closed, shut, gone
):
    if gone == "merged":
        factories.merge(closed, shut, user=bob)
    else:
        factories.delete(closed, user=bob)
    client.force_login(alice)

    response = client.post(
        url("rename_claim", closed), {"statement": "No ship enters."}, headers=HTMX
    )

    assert response.status_code == 409
    assert "Yours was not saved: “No ship enters.”" in response.content.decode()


def key_of(mark):
    target = mark.targets.get()
    return f"{target.document_id}-{target.start}-{target.end}"


def test_passages_are_picked_for_a_new_claim(client, harbour, alice, bob, wire, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    goes = factories.mark(wire, bob, "Ferries wait", claim=closed)
    also = factories.mark(wire, alice, "Ferries wait", claim=closed, position="disputes")
    client.force_login(alice)

    missing = client.post(url("claim_split", closed), {"statement": "Ferries wait."})
    split = client.post(
        url("claim_split", closed), {"statement": "Ferries wait.", "passages": [key_of(goes)]}
    )

    made = Claim.objects.get(statement="Ferries wait.")
    assert missing.status_code == 422
    assert split.url == made.get_absolute_url()
    assert {row.pk for row in live(made)} == {goes.pk, also.pk}


def test_a_mark_of_another_claim_is_not_split_off(client, harbour, alice, bob, wire, closed, shut):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    other = factories.mark(wire, bob, "Ferries wait", claim=shut)
    client.force_login(alice)

    response = client.post(
        url("claim_split", closed), {"statement": "Ferries wait.", "passages": [key_of(other)]}
    )

    assert response.status_code == 422
    assert Claim.objects.count() == 2


def test_a_split_that_repeats_a_claim_is_noticed(client, harbour, alice, bob, wire, closed, shut):
    goes = factories.mark(wire, bob, "Ferries wait", claim=closed)
    data = {"statement": "Ships cannot enter", "passages": [key_of(goes)]}
    client.force_login(alice)

    noticed = client.post(url("claim_split", closed), data)
    anyway = client.post(url("claim_split", closed), {**data, "anyway": "1"})

    assert noticed.status_code == 422
    assert f"{url('claim_merge', closed)}?into={shut.pk}" in noticed.content.decode()
    assert anyway.status_code == 302
    assert Claim.objects.current().count() == 3


def test_deleting_a_claim_in_use_asks_where_its_passages_go(
    client, harbour, alice, bob, wire, closed, shut
):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    client.force_login(alice)

    asked = client.get(url("claim_delete", closed))
    refused = client.post(url("claim_delete", closed), {"version": 1})

    assert url("claim_merge", closed) in asked.content.decode()
    assert refused.status_code == 422
    assert "1 passage is marked" in refused.content.decode()
    assert statements(harbour) == ["The port is closed.", "Ships cannot enter."]


def test_an_unused_claim_is_deleted_and_undone(client, harbour, alice, closed):
    client.force_login(alice)

    stale = client.post(url("claim_delete", closed), {"version": 7})
    assert stale.status_code == 409
    client.post(url("claim_delete", closed), {"version": 1})
    assert statements(harbour) == []

    client.post(reverse("annotations:claims_undo", args=[harbour.slug]))
    assert statements(harbour) == ["The port is closed."]


def test_claims_are_moved_by_a_button(client, harbour, bob, closed, shut):
    client.force_login(bob)

    up = client.post(url("claim_move", shut), {"move": "up"})
    assert statements(harbour) == ["Ships cannot enter.", "The port is closed."]
    down = client.post(url("claim_move", shut), {"move": "down", "back": "claim"})

    assert statements(harbour) == ["The port is closed.", "Ships cannot enter."]
    assert up.url.endswith(f"?arrange=1#claim-{shut.pk}")
    assert down.url == shut.get_absolute_url()


def test_absence_confirmed_on_the_claims_page_comes_back_to_it(client, harbour, bob, wire, closed):
    client.force_login(bob)

    response = client.post(
        reverse("annotations:absent", args=[harbour.slug]),
        {"absent": f"{closed.pk}-{wire.pk}", "back": "claim"},
    )

    assert response.url == f"{closed.get_absolute_url()}#d{wire.pk}"
    assert "Take back “absent”" in client.get(response.url).content.decode()


@pytest.mark.parametrize("role", [Role.READER, None])
def test_only_coders_change_claims(client, harbour, wire, closed, shut, role):
    carol = factories.user("carol")
    if role:
        factories.member(harbour, carol, role)
    client.force_login(carol)

    statuses = {
        new(client, harbour, "Another.").status_code,
        *(
            client.post(url(name, closed), {"into": shut.pk, "statement": "x"}).status_code
            for name in ("claim_edit", "claim_move", "claim_merge", "claim_split", "claim_delete")
        ),
        client.post(reverse("annotations:claims_undo", args=[harbour.slug])).status_code,
    }

    assert statuses == {403 if role else 404}
    assert statements(harbour) == ["The port is closed.", "Ships cannot enter."]


def test_changes_need_a_post(client, harbour, bob, closed):
    client.force_login(bob)

    assert client.get(url("claim_move", closed)).status_code == 405
