from dataclasses import replace

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from annotations.models import Annotation
from annotations.propagation import project, suggested_codes
from annotations.similarity import Index, near_identical, nearest
from corpus.comparison import compare
from corpus.models import Role
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


@pytest.mark.parametrize(
    ("statement", "other", "same"),
    [
        ("The levy starts in March.", "The levy starts in march", True),
        ("The levy will start in March.", "In March the levy will start", True),
        ("The levy starts in March.", "The levy does not start in March.", False),
        ("The levy is 3.40 florins.", "The levy is 3.50 florins.", False),
        ("The levy starts in March.", "Fishing boats are exempt.", False),
        ("Ships aren’t exempt from it.", "Ships are exempt from it.", False),
    ],
)
def test_near_identical_statements_say_the_same(statement, other, same):
    assert near_identical(statement, [other]) == ([0] if same else [])


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


def test_a_rejected_offer_does_not_come_back_in_the_session(client, wire, copy, mark, bob):
    offers(client, bob, mark, wire, copy, reject=key(copy, "Fishing boats pay nothing."))

    again = offers(client, bob, mark, wire, copy).content.decode()

    assert "No passage of the other documents" in again
    assert Annotation.objects.count() == 1


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


# --- the list of claims ---------------------------------------------------------------------------


def test_a_nearly_identical_claim_is_noticed(client, harbour, bob):
    factories.claim(harbour, bob, "The levy starts in March.")
    client.force_login(bob)
    address = reverse("annotations:add_claim", args=["harbour"])

    html = client.post(address, {"statement": "In March the levy starts"}, headers=HTMX)

    assert "Nearly the same as" in html.content.decode()
    assert "The levy starts in March." in html.content.decode()


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
