from dataclasses import replace

import pytest
from django.urls import reverse

from annotations.states import AnnotationState
from corpus.models import Role
from tests import factories

HTMX = {"hx-request": "true"}
TEXT = "The port is closed. Ships wait outside. Nobody knows why."


@pytest.fixture
def storm(harbour):
    return factories.document(harbour, TEXT, title="Storm")


@pytest.fixture
def calm(harbour):
    return factories.document(harbour, f"All is well. {TEXT}", title="Calm")


def page(client, who, *, headers=None, **query):
    client.force_login(who)
    return client.get(reverse("annotations:marks", args=["harbour"]), query, headers=headers)


def words(response):
    return [row.passages[0].words for row in response.context["rows"]]


def test_marks_are_listed_as_they_stand_in_the_documents(client, harbour, storm, calm, bob):
    factories.mark(storm, bob, "Nobody")
    factories.mark(storm, bob, "port")
    factories.mark(calm, bob, "Ships")
    factories.delete(factories.mark(storm, bob, "closed"), user=bob)

    assert words(page(client, bob)) == ["Ships", "port", "Nobody"]


def test_each_row_leads_to_its_place_and_says_all_of_the_mark(client, harbour, storm, bob):
    claim = factories.claim(harbour, bob)
    mark = factories.mark(storm, bob, "Ships wait", claim=claim, note="Which?", unsure=True)

    response = page(client, bob)

    reader = reverse("annotations:reader", args=["harbour"])
    for piece in (
        f'href="{reader}?d={storm.pk}#s-{storm.pk}-1"',
        f'href="{claim.get_absolute_url()}"',
        f'href="{mark.get_absolute_url()}"',
        "Supports",
        "Which?",
        "? unsure",
        "bob",
    ):
        assert piece in response.text
    assert f'id="s-{storm.pk}-1"' in client.get(reader, {"d": storm.pk}).text


@pytest.mark.parametrize("htmx", [True, False])
def test_marks_are_sifted_by_what_they_say(client, harbour, storm, calm, alice, bob, htmx):
    claim = factories.claim(harbour, bob)
    factories.mark(storm, bob, "port", claim=claim, note="Which harbour?")
    factories.mark(storm, alice, "Ships", unsure=True)
    factories.mark(calm, bob, "well", position="disputes")
    headers = HTMX if htmx else None

    def sifted(**query):
        return words(page(client, bob, headers=headers, **query))

    assert sifted(q="harbour") == ["port"]
    assert sifted(q="SHIPS") == ["Ships"]
    assert sifted(document=calm.pk) == ["well"]
    assert sifted(document="no number") == []
    assert sifted(code="position:disputes") == ["well"]
    assert sifted(claim=claim.pk) == ["port"]
    assert sifted(claim="none") == ["well", "Ships"]
    assert sifted(coder="alice") == ["Ships"]
    assert sifted(note="1") == ["port"]
    assert sifted(unsure="1") == ["Ships"]
    assert sifted(note="1", unsure="1") == []
    full = page(client, bob, headers=headers, unsure="1").text
    assert ("<!doctype html>" in full) is not htmx


def test_the_form_keeps_what_was_asked_for(client, harbour, storm, alice, bob):
    claim = factories.claim(harbour, bob)
    factories.mark(storm, bob, "port", claim=claim, note="Which?")
    query = {"claim": claim.pk, "document": storm.pk, "coder": "bob", "code": "position:supports"}

    html = page(client, bob, note="1", **query).text

    assert html.count(" selected") == 4
    assert html.count(" checked") == 1


def test_a_doubt_about_a_whole_document_is_listed_and_a_plain_stance_is_not(
    client, harbour, storm, calm, bob
):
    factories.stance(storm, bob, "opinion")
    doubtful = factories.stance(calm, bob, "opinion")
    doubtful.change(replace(doubtful.as_state(), unsure=True), user=bob)

    response = page(client, bob)

    assert [row.annotation for row in response.context["rows"]] == [doubtful]
    assert "The whole document" in response.text


def test_a_pair_is_one_row_with_two_places(client, harbour, storm, calm, bob):
    state = AnnotationState(
        "linking", (factories.passage(storm, "port"), factories.passage(calm, "port"))
    )
    harbour.annotations.record(state, collection=harbour, user=bob)

    rows = page(client, bob).context["rows"]

    assert [len(row.passages) for row in rows] == [2]


def test_where_coding_is_blind_a_coder_finds_only_their_own_marks(
    client, harbour, storm, alice, bob
):
    harbour.blind = True
    harbour.save()
    carol = factories.user("carol")
    factories.member(harbour, carol, Role.CODER)
    factories.mark(storm, carol, "port", position="disputes")
    factories.mark(storm, bob, "Ships")

    bobs = page(client, bob)

    assert words(bobs) == ["Ships"]
    assert "carol" not in bobs.text
    assert "position:disputes" not in bobs.text
    assert words(page(client, bob, coder="carol")) == []
    assert words(page(client, alice)) == ["port", "Ships"]


def test_a_reader_sees_the_marks_and_a_stranger_nothing(client, harbour, storm, bob, stranger):
    rita = factories.user("rita")
    factories.member(harbour, rita, Role.READER)
    factories.mark(storm, bob, "port")

    assert words(page(client, rita)) == ["port"]
    assert page(client, stranger).status_code == 404


def test_what_people_wrote_is_shown_as_they_wrote_it(client, harbour, storm, bob):
    factories.mark(storm, bob, "port", note="<i>Sic</i>")

    assert "&lt;i&gt;Sic&lt;/i&gt;" in page(client, bob).text


def test_a_collection_without_marks_says_how_to_make_one(client, harbour, bob):
    assert "Nothing is marked yet" in page(client, bob).text
    assert "No mark fits" in page(client, bob, note="1").text


def test_many_marks_have_pages_that_cost_the_same(
    client, harbour, storm, bob, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("annotations.views.marks.PER_PAGE", 10)
    claim = factories.claim(harbour, bob)
    for _ in range(25):
        factories.mark(storm, bob, "port", claim=claim)
    client.force_login(bob)

    address = reverse("annotations:marks", args=["harbour"])
    with django_assert_max_num_queries(14):
        response = client.get(address, {"claim": claim.pk})

    assert len(response.context["rows"]) == 10
    assert f"claim={claim.pk}&amp;page=2" in response.text
    assert len(page(client, bob, page=3).context["rows"]) == 5


def test_marks_have_their_place_among_the_sections(client, harbour, bob):
    html = page(client, bob).text

    assert f'href="{reverse("annotations:marks", args=["harbour"])}" aria-current="page"' in html
