from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from annotations.models import Annotation, Claim, Code, Rejection
from annotations.propagation import project, suggested_codes
from annotations.similarity import Index, nearest
from corpus.comparison import compare
from corpus.keeping.purge import purge
from corpus.models import GRACE, Role
from tests import factories

HTMX = {"hx-request": "true"}
WIRE = (
    "The harbour office said on Monday that the levy will start in March. "
    "Fishing boats pay nothing. Two tugs were sold last year to a firm in the south."
)
COPY = (
    "Nobody was surprised. The harbour office claimed on Monday that the levy will start in May. "
    "Fishing boats pay nothing. A pair of tugs was sold last year to a company in the south."
)


@pytest.fixture
def wire(harbour):
    return factories.document(harbour, WIRE, title="Wire")


@pytest.fixture
def copy(harbour):
    return factories.document(harbour, COPY, title="Copy")


# --- following a passage -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("Fishing boats pay nothing.", "Fishing boats pay nothing."),
        ("boats pay", "boats pay"),
        ("the levy will start in March", "the levy will start in May"),
        ("March", "May"),
    ],
)
def test_a_passage_is_followed_into_the_copy(quote, expected):
    start = WIRE.index(quote)

    found = project(compare(WIRE, COPY), (start, start + len(quote)), source=WIRE, derived=COPY)

    assert COPY[found.start : found.end] == expected
    assert found.verbatim == (quote == expected)


def test_a_passage_without_a_counterpart_is_followed_nowhere():
    start = COPY.index("Nobody")
    comparison = compare(COPY, WIRE)

    assert project(comparison, (start, start + 21), source=COPY, derived=WIRE) is None


def test_the_named_changes_suggest_codes():
    comparison = compare(WIRE, COPY)
    start = WIRE.index("the levy")
    found = project(comparison, (start, start + 29), source=WIRE, derived=COPY)

    assert suggested_codes(found.pair, found.changes) == ("detail_changed",)
    same = next(pair for pair in comparison.pairs if pair.kind == "same")
    assert suggested_codes(same, []) == ("same",)
    lone = next(pair for pair in comparison.pairs if not pair.source)
    assert suggested_codes(lone, []) == ("added",)


# --- likeness -------------------------------------------------------------------------------------


def test_the_likest_text_comes_first():
    texts = ["Ships pay for dredging.", "Fishing boats are exempt.", "The dredger sank."]

    found = nearest("Boats that fish are exempted", texts)

    assert found[0][0] == 1
    assert Index(texts).nearest("Fishing boats are exempt.")[0] == (1, pytest.approx(1.0))
    assert nearest("qqq", texts) == []
    assert nearest("anything", []) == []


@pytest.mark.parametrize(
    ("query", "right", "wrong"),
    [
        (
            "Jets vanish from the airport",
            "Aircraft disappeared there.",
            "The jury vanquished them.",
        ),
        ("The levy raises 24M florins", "It brings in 24 million.", "It brings in 24 thousand."),
        ("A ten-year-old sailor", "She is ten.", "The oldest ship sailed."),
        ("Petrel names Guaidó", "Guaido is named.", "Guards are named."),
        ("He said that the levy would be fair", "A fair levy", "That he said would be"),
        ("Die Hafenabgabe steigt im März", "Hafenabgaben steigen", "Die Gabe im Hafer"),
    ],
)
def test_words_of_the_same_meaning_or_spelling_answer_to_each_other(query, right, wrong):
    assert nearest(query, [wrong, right])[0][0] == 1


@given(
    st.lists(st.text("abc é3-.", max_size=30), max_size=6), st.text("abc é3-. the not", max_size=30)
)
def test_a_likeness_is_between_0_and_1_and_highest_for_the_text_itself(texts, query):
    scores = Index([*texts, query]).scores(query)

    assert all(0 <= score <= 1 + 1e-9 for score in scores)
    assert scores[-1] >= max(scores) - 1e-9


# --- offers ---------------------------------------------------------------------------------------


def offers(client, who, mark, *documents, htmx=True, **data):
    client.force_login(who)
    address = reverse("annotations:offers", args=[mark.pk])
    view = "&".join(f"d={document.pk}" for document in documents)
    headers = HTMX if htmx else {}
    if data:
        return client.post(address, {"view": view, **data}, headers=headers)
    return client.get(address, {"view": view}, headers=headers)


def key(document, quote):
    start = document.text.index(quote)
    return f"{document.pk}:{start}:{start + len(quote)}"


@pytest.fixture
def mark(harbour, wire, bob):
    claim = factories.claim(harbour, bob, "Fishing boats pay no levy.")
    return factories.mark(wire, bob, "Fishing boats pay nothing.", claim=claim)


def test_a_tagged_claim_is_offered_in_the_copy(client, wire, copy, mark, bob):
    html = offers(client, bob, mark, wire, copy).content.decode()

    assert "Fishing boats pay nothing." in html
    assert "word for word" in html
    assert Annotation.objects.count() == 1


def test_what_the_copy_changed_is_shown_on_the_offer(client, harbour, wire, copy, bob):
    claim = factories.claim(harbour, bob, "The levy starts in March.")
    mark = factories.mark(wire, bob, "the levy will start in March", claim=claim)

    html = offers(client, bob, mark, wire, copy).content.decode()

    assert "the levy will start in May" in html
    assert "date changed" in html


def test_an_accepted_offer_is_an_annotation_that_knows_where_it_came_from(
    client, wire, copy, mark, bob
):
    quote = "Fishing boats pay nothing."

    for _ in range(2):
        response = offers(client, bob, mark, wire, copy, accept=key(copy, quote))
        assert response.status_code == 200

    made = Annotation.objects.exclude(pk=mark.pk).get()
    assert made.as_state().targets == (factories.passage(copy, quote),)
    assert (made.claim, made.via) == (mark.claim, mark)
    assert made.generator.startswith("aligned")
    assert made.as_state().codings == mark.as_state().codings
    assert f'id="block-{copy.pk}-0"' in response.content.decode()
    assert "No passage" in offers(client, bob, mark, wire, copy).content.decode()


def test_all_verbatim_ones_are_accepted_as_one_step(client, harbour, wire, copy, mark, bob):
    third = factories.document(harbour, f"In brief. {WIRE}", title="Third")
    quote = "Fishing boats pay nothing."

    response = offers(client, bob, mark, wire, copy, third, verbatim="1")
    made = Annotation.objects.live().exclude(pk=mark.pk)

    assert response.status_code == 200
    assert {row.targets.get().exact for row in made} == {quote}
    assert made.count() == 2
    client.post(reverse("annotations:undo", args=["harbour"]))
    assert Annotation.objects.live().count() == 1


def test_a_rejected_offer_comes_back_only_when_asked_for(client, wire, copy, mark, bob):
    quote = "Fishing boats pay nothing."
    offers(client, bob, mark, wire, copy, reject=key(copy, quote))
    client.logout()

    again = offers(client, bob, mark, wire, copy).content.decode()
    restored = offers(client, bob, mark, wire, copy, restore="1").content.decode()

    assert "No passage of the other documents" in again
    assert "Offer the 1 rejected again" in again
    assert quote in restored
    assert Annotation.objects.count() == 1


@pytest.mark.parametrize("merges", [1, 2])
def test_a_rejection_outlives_a_merge_of_its_claim(client, harbour, wire, copy, mark, bob, merges):
    quote = "Fishing boats pay nothing."
    offers(client, bob, mark, wire, copy, reject=key(copy, quote))
    for number in range(merges):
        mark.refresh_from_db()
        taker = factories.claim(harbour, bob, f"Claim {number}.")
        factories.merge(Claim.objects.get(pk=mark.claim_id), taker, user=bob)

    again = offers(client, bob, mark, wire, copy).content.decode()
    restored = offers(client, bob, mark, wire, copy, restore="1").content.decode()

    assert "Offer the 1 rejected again" in again
    assert f'data-place="{key(copy, quote)}"' not in again
    assert f'data-place="{key(copy, quote)}"' in restored


def test_only_what_would_be_offered_here_counts_as_rejected(client, harbour, wire, copy, mark, bob):
    quote = "Fishing boats pay nothing."
    third = factories.document(harbour, f"In brief. {WIRE}", title="Third")
    for document in (copy, third):
        offers(client, bob, mark, wire, copy, third, reject=key(document, quote))

    one = offers(client, bob, mark, wire, copy).content.decode()
    both = offers(client, bob, mark, wire, copy, third).content.decode()
    offers(client, bob, mark, wire, copy, restore="1")

    assert "Offer the 1 rejected again" in one
    assert "Offer the 2 rejected again" in both
    assert Rejection.objects.get().document == third


def test_a_rejection_goes_with_its_document(client, harbour, copy, mark, bob):
    Rejection.objects.create(user=bob, claim=mark.claim, document=copy, start=0, end=6)
    client.force_login(factories.user("keeper", is_staff=True, is_superuser=True))

    listed = client.get(reverse("admin:annotations_rejection_changelist"))
    client.post(reverse("admin:corpus_document_delete", args=[copy.pk]), {"post": "yes"})
    brought_back_with_it = Rejection.objects.count()
    purge(timezone.now() + GRACE + timedelta(days=1))

    assert listed.status_code == 200
    assert brought_back_with_it == 1
    assert not Rejection.objects.exists()


def test_what_one_coder_rejects_is_still_offered_to_another(client, wire, copy, mark, bob, alice):
    quote = "Fishing boats pay nothing."
    hers = factories.mark(wire, alice, quote, claim=mark.claim)

    offers(client, bob, mark, wire, copy, reject=key(copy, quote))

    assert quote in offers(client, alice, hers, wire, copy).content.decode()


@pytest.mark.parametrize("key", ["", "x", "1:2", "1:9:3", "999:0:4", "1:0:99999", "²:³:1"])
def test_a_rejection_of_no_passage_is_not_kept(client, wire, copy, mark, bob, key):
    response = offers(client, bob, mark, wire, copy, reject=key)

    assert response.status_code == 200
    assert not Rejection.objects.exists()


def test_an_offer_made_up_by_the_sender_is_not_accepted(client, wire, copy, mark, bob):
    offers(client, bob, mark, wire, copy, accept=f"{copy.pk}:0:6")

    assert Annotation.objects.count() == 1


def test_a_text_on_the_same_subject_offers_its_likest_sentence(client, harbour, wire, mark, bob):
    column = factories.document(
        harbour,
        "I like tugs. Those who own fishing boats will not have to pay a single coin.",
        title="Column",
    )

    html = offers(client, bob, mark, wire, column).content.decode()

    assert "Those who own fishing boats will not have to pay" in html
    assert "a sentence like it" in html


@pytest.mark.parametrize("htmx", [True, False])
def test_offers_are_for_those_who_may_edit_the_mark(
    client, harbour, wire, copy, mark, alice, bob, stranger, htmx
):
    carol, rita = factories.user("carol"), factories.user("rita")
    factories.member(harbour, carol, Role.CODER)
    factories.member(harbour, rita, Role.READER)

    statuses = [
        offers(client, who, mark, wire, copy, htmx=htmx).status_code
        for who in (alice, bob, carol, rita, stranger)
    ]

    assert statuses == [200, 200, 403, 403, 404]


def test_an_accepted_offer_takes_the_source_and_the_cue_along(client, harbour, wire, copy, bob):
    claim = factories.claim(harbour, bob, "The levy starts in March.")
    mark = factories.mark(wire, bob, "the levy will start in March", claim=claim, voice="source")
    source, cue = (
        factories.passage(wire, "The harbour office", role="source"),
        factories.passage(wire, "said", role="cue"),
    )
    state = mark.as_state()
    mark.change(replace(state, targets=(*state.targets, source, cue)), user=bob)

    shown = offers(client, bob, mark, wire, copy).content.decode()
    offers(client, bob, mark, wire, copy, accept=key(copy, "the levy will start in May"))

    assert "source <q" in shown
    made = Annotation.objects.get(via=mark).as_state()
    assert [(row.role, row.exact) for row in made.targets] == [
        ("passage", "the levy will start in May"),
        ("source", "The harbour office"),
        ("cue", "claimed"),
    ]
    assert all(copy.text[row.start : row.end] == row.exact for row in made.targets)


def test_what_became_of_an_accepted_offer_is_not_overwritten(
    client, harbour, wire, copy, mark, bob
):
    quote = "Fishing boats pay nothing."
    offers(client, bob, mark, wire, copy, accept=key(copy, quote))
    first = Annotation.objects.exclude(pk=mark.pk).get()
    other = factories.claim(harbour, bob, "Somebody pays nothing.")
    first.change(replace(first.as_state(), claim=other.pk).coded(position="disputes"), user=bob)
    changed = first.as_state()

    for _ in range(2):
        offers(client, bob, mark, wire, copy, accept=key(copy, quote))

    second = Annotation.objects.exclude(pk__in=[mark.pk, first.pk]).get()
    assert Annotation.objects.get(pk=first.pk).as_state() == changed
    assert (second.claim, second.via) == (mark.claim, mark)


def test_a_mark_s_next_claim_makes_marks_of_its_own(client, harbour, wire, copy, mark, bob):
    quote = "Fishing boats pay nothing."
    other = factories.claim(harbour, bob, "Somebody pays nothing.")
    offers(client, bob, mark, wire, copy, accept=key(copy, quote))
    mark.change(replace(mark.as_state(), claim=other.pk), user=bob)

    offers(client, bob, mark, wire, copy, accept=key(copy, quote))

    made = Annotation.objects.filter(via=mark).order_by("created")
    assert [row.claim.statement for row in made] == [
        "Fishing boats pay no levy.",
        "Somebody pays nothing.",
    ]


def test_an_offer_undone_and_accepted_again_is_the_same_annotation(client, wire, copy, mark, bob):
    quote = "Fishing boats pay nothing."
    offers(client, bob, mark, wire, copy, accept=key(copy, quote))
    client.post(reverse("annotations:undo", args=["harbour"]))

    offers(client, bob, mark, wire, copy, accept=key(copy, quote))

    assert Annotation.objects.live().filter(via=mark).count() == 1
    assert Annotation.objects.filter(via=mark).count() == 1


def test_a_deleted_mark_offers_nothing(client, wire, copy, mark, bob):
    factories.delete(mark, user=bob)

    shown = offers(client, bob, mark, wire, copy)
    offers(client, bob, mark, wire, copy, verbatim="1")

    assert shown.status_code == 422
    assert "This mark is deleted" in shown.content.decode()
    assert Annotation.objects.count() == 1


# --- pairs ----------------------------------------------------------------------------------------


def pair(client, who, one, other, *, htmx=True, **data):
    client.force_login(who)
    address = reverse("annotations:pair", args=["harbour"])
    quotes = {"a": key(*one), "b": key(*other) if isinstance(other, tuple) else str(other.pk)}
    headers = HTMX if htmx else {}
    if data:
        return client.post(address, {**quotes, **data}, headers=headers)
    return client.get(address, quotes, headers=headers)


def test_the_engine_s_change_is_preselected(client, wire, copy, bob):
    response = pair(client, bob, (wire, "the levy will start in March"), copy)

    assert response.context["form"]["codes"].value() == ["detail_changed"]
    assert "date changed" in response.content.decode()
    assert not Annotation.objects.exists()


@pytest.mark.parametrize("htmx", [True, False])
def test_a_pair_is_one_annotation_with_two_targets(client, wire, copy, bob, htmx):
    one, other = (wire, "start in March"), (copy, "start in May")

    response = pair(client, bob, one, other, htmx=htmx, codes=["stronger", "detail_changed"])

    state = Annotation.objects.get().as_state()
    assert response.status_code == (200 if htmx else 302)
    assert state.motivation == "linking"
    assert state.targets == (factories.passage(*one), factories.passage(*other))
    assert state.codes("change") == ("detail_changed", "stronger")


def test_coding_the_pair_again_corrects_it(client, wire, copy, bob):
    one, other = (wire, "start in March"), (copy, "start in May")
    pair(client, bob, one, other, codes=["stronger"])

    pair(client, bob, one, other, codes=["weaker"], version=1)

    assert Annotation.objects.get().as_state().codes("change") == ("weaker",)


def test_an_old_version_of_a_pair_is_not_overwritten(client, wire, copy, bob):
    one, other = (wire, "start in March"), (copy, "start in May")
    for codes in (["stronger"], ["weaker"]):
        pair(client, bob, one, other, codes=codes)

    response = pair(client, bob, one, other, codes=["same"], version=1)

    assert response.status_code == 409
    assert Annotation.objects.get().as_state().codes("change") == ("weaker",)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_pair_needs_a_code(client, wire, copy, bob, htmx):
    response = pair(client, bob, (wire, "March"), (copy, "May"), htmx=htmx, codes=[], note="Hm")

    assert response.status_code == 422
    assert "Choose at least one code" in response.content.decode()


def test_a_pair_is_of_two_documents_one_may_code(client, harbour, wire, copy, bob, stranger):
    rita = factories.user("rita")
    factories.member(harbour, rita, Role.READER)
    one, other = (wire, "March"), (copy, "May")

    assert pair(client, bob, one, one, codes=["same"]).status_code == 404
    assert pair(client, rita, one, other, codes=["same"]).status_code == 403
    assert pair(client, stranger, one, other, codes=["same"]).status_code == 404


@pytest.fixture
def stored(client, wire, copy, bob):
    """A pair that bob has coded."""
    codes = ["stronger", "detail_changed"]
    pair(client, bob, (wire, "start in March"), (copy, "start in May"), codes=codes)
    return Annotation.objects.get()


def edit(client, who, annotation, **data):
    client.force_login(who)
    address = reverse("annotations:edit", args=[annotation.pk])
    response = client.post(address, data, headers=HTMX) if data else client.get(address)
    annotation.refresh_from_db()
    return response


def test_editing_a_pair_shows_the_form_of_the_pair(client, stored, bob):
    response = edit(client, bob, stored)

    html = response.content.decode()
    assert 'id="pair_form"' in html
    assert response.context["form"]["codes"].value() == ["detail_changed", "stronger"]
    assert f'action="{reverse("annotations:edit", args=[stored.pk])}"' in html
    assert f'action="{reverse("annotations:delete", args=[stored.pk])}"' in html
    assert "bob: create" in html


def test_a_note_on_a_pair_keeps_all_else(client, stored, bob):
    before = stored.as_state()

    response = edit(client, bob, stored, partial="1", note="Why?", version="1")

    assert response.status_code == 200
    assert stored.as_state() == replace(before, note="Why?")


@pytest.mark.parametrize("known", [True, False])
def test_a_claim_attached_to_a_pair_keeps_all_else(client, harbour, stored, bob, known):
    claim = factories.claim(harbour, bob) if known else None
    sent = {"claim": claim.pk} if claim else {"statement": "The levy starts."}
    before = stored.as_state()

    edit(client, bob, stored, partial="1", version="1", **sent)

    assert stored.claim.statement == (claim.statement if claim else "The levy starts.")
    assert stored.as_state() == replace(before, claim=stored.claim_id)


def test_a_pair_s_form_leaves_the_claim_alone_unless_it_asks_for_it(client, harbour, stored, bob):
    claim = factories.claim(harbour, bob)
    edit(client, bob, stored, partial="1", claim=claim.pk)

    edit(client, bob, stored, codes=["same"], note="")
    kept = stored.claim
    edit(client, bob, stored, codes=["same"], note="", claim="")

    assert (kept, stored.claim) == (claim, None)
    assert stored.as_state().codes("change") == ("same",)


@pytest.mark.parametrize("code", [{"button": "author:supports"}, {"code_certainty": "certain"}])
def test_a_pair_takes_no_codes_of_a_passage(client, stored, bob, code):
    before = stored.as_state()

    response = edit(client, bob, stored, partial="1", **code)

    assert response.status_code == 422
    assert "This is a pair of passages" in response.content.decode()
    assert stored.as_state() == before


def test_a_code_retired_since_stays_on_the_pair(client, harbour, stored, bob):
    Code.objects.filter(variable__codebook__collection=harbour, key="stronger").update(retired=True)

    edit(client, bob, stored, partial="1", note="Hm")

    assert stored.as_state().codes("change") == ("detail_changed", "stronger")
    assert 'value="stronger"' in edit(client, bob, stored).content.decode()


def test_a_pair_seen_from_the_other_side_keeps_its_direction(client, wire, copy, stored, bob):
    before = stored.as_state()
    one, other = (copy, "start in May"), (wire, "start in March")

    shown = pair(client, bob, one, other)
    pair(client, bob, one, other, codes=["weaker"], version=1)

    stored.refresh_from_db()
    assert [side[2] for side in shown.context["sides"]] == [wire, copy]
    assert stored.as_state() == before.coded(change="weaker")


def test_a_deleted_pair_changes_only_where_it_is_brought_back(client, stored, bob):
    factories.delete(stored, user=bob)

    refused = edit(client, bob, stored, partial="1", note="Why?")
    still = stored.deleted
    edit(client, bob, stored, partial="1", note="Why?", bring_back="1")

    assert (refused.status_code, still) == (409, True)
    assert (stored.deleted, stored.note) == (False, "Why?")


def move(client, who, annotation, place, **data):
    client.force_login(who)
    document, quote = place
    start = document.text.index(quote)
    sent = {"start": start, "end": start + len(quote), "exact": quote, **data}
    address = reverse("annotations:move", args=[annotation.pk])
    response = client.post(address, sent, headers=HTMX)
    annotation.refresh_from_db()
    return response, [target.exact for target in annotation.as_state().targets]


def test_the_passage_of_the_named_document_is_moved(client, harbour, bob):
    one = factories.document(harbour, "Ships wait.", title="One")
    other = factories.document(harbour, "Ships wait!", title="Other")
    pair(client, bob, (one, "Ships wait."), (other, "Ships wait!"), codes=["reworded"])
    stored = Annotation.objects.get()

    _, exact = move(client, bob, stored, (other, "Ships"), document=other.pk)

    assert exact == ["Ships wait.", "Ships"]


def test_without_a_document_the_passage_with_the_words_is_moved(client, copy, stored, bob):
    response, exact = move(client, bob, stored, (copy, "in May"))

    assert response.status_code == 200
    assert exact == ["start in March", "in May"]


def test_a_pair_has_no_passage_to_move_in_a_third_document(client, harbour, copy, stored, bob):
    third = factories.document(harbour, f"In brief. {COPY}", title="Third")

    response, exact = move(client, bob, stored, (copy, "in May"), document=third.pk)

    assert response.status_code == 422
    assert exact == ["start in March", "start in May"]


def test_a_pair_offers_nothing_to_other_documents(client, harbour, wire, copy, stored, bob):
    claim = factories.claim(harbour, bob)
    edit(client, bob, stored, partial="1", claim=claim.pk)
    third = factories.document(harbour, f"In brief. {WIRE}", title="Third")

    offers(client, bob, stored, wire, copy, third, verbatim="1")

    assert Annotation.objects.count() == 1


@pytest.mark.parametrize("side", ["9" * 20, "9" * 5000])
def test_a_pair_of_impossible_numbers_is_not_found(client, harbour, wire, bob, side):
    client.force_login(bob)
    address = reverse("annotations:pair", args=["harbour"])

    response = client.get(address, {"a": f"{side}:0:3", "b": str(wire.pk)})

    assert response.status_code == 404


# --- the list of claims ---------------------------------------------------------------------------


def test_a_claim_in_the_same_words_is_noticed(client, harbour, bob):
    factories.claim(harbour, bob, "The levy starts in March.")
    client.force_login(bob)
    address = reverse("annotations:add_claim", args=["harbour"])

    html = client.post(address, {"statement": "A levy starts in March"}, headers=HTMX)

    assert "Nearly the same as" in html.content.decode()
    assert "The levy starts in March." in html.content.decode()


@pytest.mark.parametrize(
    ("known", "statement"),
    [
        ("The port can open in March.", "The port cannot open in March."),
        ("The levy is legal.", "The levy is illegal."),
        ("Die Abgabe gilt.", "Die Abgabe gilt nicht."),
        ("Arden attacked Belmont.", "Belmont attacked Arden."),
    ],
)
@pytest.mark.parametrize("name", ["add_claim", "claim_new", "rename_claim", "claim_edit"])
def test_an_opposite_is_never_offered_as_the_same(client, harbour, bob, known, statement, name):
    factories.claim(harbour, bob, known)
    client.force_login(bob)
    data = {"statement": statement}
    if name in {"add_claim", "claim_new"}:
        address = reverse(f"annotations:{name}", args=["harbour"])
    else:
        mine = factories.claim(harbour, bob, "Something else.")
        data["version"] = mine.version
        address = reverse(f"annotations:{name}", args=["harbour", mine.pk])
    htmx = HTMX if name in {"add_claim", "rename_claim"} else {}

    response = client.post(address, data, headers=htmx)

    assert response.status_code == (200 if htmx else 302)
    assert "the same" not in response.content.decode().lower()
    assert harbour.claims.filter(statement=statement).exists()


def test_the_same_statement_is_the_same_claim(client, harbour, bob):
    client.force_login(bob)
    address = reverse("annotations:add_claim", args=["harbour"])

    for statement in ("The levy starts.", " The  levy\nstarts. ", "the levy starts."):
        assert client.post(address, {"statement": statement}, headers=HTMX).status_code == 200

    assert harbour.claims.count() == 1


def test_a_claim_is_reworded_and_two_who_reword_it_do_not_overwrite(client, harbour, bob):
    claim = factories.claim(harbour, bob)
    client.force_login(bob)
    address = reverse("annotations:rename_claim", args=["harbour", claim.pk])

    first = client.post(address, {"statement": "One.", "version": 1}, headers=HTMX)
    second = client.post(address, {"statement": "Two.", "version": 1}, headers=HTMX)

    claim.refresh_from_db()
    assert (first.status_code, second.status_code) == (200, 409)
    assert claim.statement == "One."
    assert "“One.”" in second.content.decode()


def test_the_likely_claims_come_best_first(client, harbour, bob):
    for statement in ("Ships pay.", "Fishing boats are exempt.", "Tugs were sold."):
        factories.claim(harbour, bob, statement)
    client.force_login(bob)

    response = client.get(
        reverse("annotations:likely_claims", args=["harbour"]), {"words": "two tugs were sold"}
    )

    assert response.context["likely"][0][1].statement == "Tugs were sold."


@pytest.mark.parametrize("name", ["add_claim", "rename_claim"])
def test_who_may_change_the_list_of_claims(client, harbour, alice, bob, stranger, name):
    rita = factories.user("rita")
    factories.member(harbour, rita, Role.READER)
    claim = factories.claim(harbour, alice)
    args = ["harbour"] if name == "add_claim" else ["harbour", claim.pk]

    statuses = []
    for who in (alice, bob, rita, stranger):
        client.force_login(who)
        address = reverse(f"annotations:{name}", args=args)
        statuses.append(client.post(address, {"statement": "New."}).status_code)

    assert statuses == [302, 302, 403, 404]


def test_a_source_is_followed_to_its_own_words_where_only_white_space_differs():
    wire = "The port closes in May, according to the harbour memo  seen by Petrel on Monday."
    copy = "The port shuts in May, according to the harbour memo. Petrel saw it on Monday."
    start = wire.index("the harbour memo")

    found = project(compare(wire, copy), (start, start + 16), source=wire, derived=copy)

    assert copy[found.start : found.end] == "the harbour memo"
