import pytest
from django.urls import reverse

from annotations.models import Annotation
from annotations.sources import attribution
from corpus.comparison import Quotation, Span, quotations
from tests import factories

HTMX = {"hx-request": "true"}
TEXT = (
    "“The port is shut,” Zoë Varga told reporters on Monday. Ferries wait outside.\n\n"
    "“Nobody asked us,” said Ana Ruiz. The pilots said that the levy would cost jobs."
)


def found(words, text=TEXT):
    start = text.index(words)
    quotation = attribution(quotations(text), start=start, end=start + len(words))
    return quotation and tuple(
        text[span.start : span.end] if span else "" for span in (quotation.speaker, quotation.cue)
    )


@pytest.mark.parametrize(
    ("words", "speaker", "cue"),
    [
        ("The port is shut", "Zoë Varga", "told"),
        ("port", "Zoë Varga", "told"),
        ("“The port is shut,” Zoë Varga told reporters on Monday.", "Zoë Varga", "told"),
        ("Nobody asked us", "Ana Ruiz", "said"),
        ("the levy would cost jobs", "The pilots", "said"),
    ],
)
def test_a_passage_in_or_around_a_quotation_has_its_source(words, speaker, cue):
    assert found(words) is not None
    assert found(words)[0] == speaker
    assert found(words)[1].startswith(cue)


@pytest.mark.parametrize("words", ["Ferries wait outside", TEXT])
def test_where_nobody_or_several_people_speak_there_is_no_source(words):
    assert found(words) is None


def test_a_passage_that_only_touches_a_quotation_has_no_source():
    quotation = Quotation(Span(10, 30), Span(0, 5), None, direct=True)

    assert attribution([quotation], start=25, end=60) is None
    assert attribution([quotation], start=25, end=30) is quotation


def test_of_nested_quotations_the_one_that_shares_most_is_taken():
    outer = Quotation(Span(0, 100), Span(110, 115), None, direct=False)
    inner = Quotation(Span(20, 40), Span(0, 10), None, direct=True)

    assert attribution([outer, inner], start=22, end=30) is inner
    assert attribution([outer, inner], start=0, end=100) is outer


def test_a_quotation_of_nobody_gives_no_source():
    assert attribution([Quotation(Span(0, 9), None, None, direct=True)], start=0, end=9) is None


# --- what is stored -------------------------------------------------------------------------------


@pytest.fixture
def storm(harbour):
    return factories.document(harbour, TEXT)


def spans(annotation):
    return {target.role: target.exact for target in annotation.as_state().targets}


def fields(document, words, **more):
    start = document.text.index(words)
    place = {"start": start, "end": start + len(words), "exact": words}
    return {"document": document.pk, **place, **more}


def marked(client, user, document, words, **more):
    client.force_login(user)
    address = reverse("annotations:mark", args=[document.collection.slug])
    sent = fields(document, words, view=f"d={document.pk}", **more)
    response = client.post(address, sent, headers=HTMX)
    assert response.status_code == 200, response.content.decode()
    return Annotation.objects.order_by("-created").first(), response.content.decode()


@pytest.mark.parametrize("button", ["source:supports", "source:disputes"])
def test_a_key_that_gives_a_passage_to_a_source_takes_the_source_along(client, storm, bob, button):
    mark, page = marked(client, bob, storm, "The port is shut", button=button)

    assert spans(mark)["source"] == "Zoë Varga"
    assert spans(mark)["cue"].startswith("told")
    assert "Source: Zoë Varga" in page
    assert '<span class="card-source" dir="auto">Zoë Varga</span>' in page


@pytest.mark.parametrize("button", ["author:supports", ":mentions", ":questions"])
def test_other_keys_take_no_source(client, storm, bob, button):
    mark, _ = marked(client, bob, storm, "The port is shut", button=button)

    assert list(spans(mark)) == ["passage"]


def test_changing_a_mark_to_a_sources_takes_the_source_along(client, storm, bob):
    mark = factories.mark(storm, bob, "The port is shut")
    client.force_login(bob)

    client.post(
        reverse("annotations:edit", args=[mark.pk]),
        {"partial": "1", "version": "1", "button": "source:supports"},
        headers=HTMX,
    )

    mark.refresh_from_db()
    assert spans(mark)["source"] == "Zoë Varga"


def test_a_source_that_was_taken_away_stays_away(client, storm, bob):
    mark, _ = marked(client, bob, storm, "The port is shut", button="source:supports")
    address = reverse("annotations:edit", args=[mark.pk])
    same = fields(storm, "The port is shut", button="source:supports")

    client.post(address, {**same, "version": 1, "source_words": "", "cue_words": ""}, headers=HTMX)
    client.post(address, {"partial": "1", "version": 2, "note": "Hm"}, headers=HTMX)

    mark.refresh_from_db()
    assert mark.note == "Hm"
    assert list(spans(mark)) == ["passage"]


def test_a_cue_that_stands_there_twice_is_the_one_of_the_quotation(client, harbour, bob):
    text = "Ana said no. “The port is shut,” Zoë Varga said. Ana said so too, it is said."
    document = factories.document(harbour, text, title="Said")

    mark, _ = marked(client, bob, document, "The port is shut", button="source:supports")
    client.post(
        reverse("annotations:edit", args=[mark.pk]),
        {"partial": "1", "version": "1", "note": "Hm"},
        headers=HTMX,
    )

    mark.refresh_from_db()
    (cue,) = [target for target in mark.as_state().targets if target.role == "cue"]
    assert (cue.start, cue.exact, mark.note) == (text.index("said. Ana"), "said", "Hm")


def test_the_form_of_a_passage_is_filled_in_with_its_source(client, storm, bob):
    client.force_login(bob)
    start = storm.text.index("Nobody asked us")
    address = reverse("annotations:mark", args=["harbour"])

    form = client.get(address, {"d": storm.pk, "start": start, "end": start + 15}).context["form"]

    assert (form["source_words"].value(), form["cue_words"].value()) == ("Ana Ruiz", "said")


def test_a_source_filled_in_goes_where_the_author_speaks(client, storm, bob):
    filled = {"source_words": "Zoë Varga", "cue_words": "told", "button": "author:supports"}

    mark, _ = marked(client, bob, storm, "The port is shut", **filled)

    assert "source" not in spans(mark)


def test_another_source_typed_in_is_kept(client, storm, bob):
    typed = {"source_words": "reporters", "cue_words": "", "button": "source:supports"}

    mark, _ = marked(client, bob, storm, "The port is shut", **typed)

    assert spans(mark) == {"passage": "The port is shut", "source": "reporters"}
