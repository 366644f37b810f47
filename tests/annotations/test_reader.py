import re
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from annotations.models import Annotation, Code, Codebook
from annotations.reader.address import Params
from annotations.views.reader import render_paragraphs
from corpus.comparison import VERSION
from corpus.models import Collection, Document, Role
from corpus.quoting import quotations_of
from corpus.relatives.relating import relate
from tests import factories

WIRE = (
    "The harbour will open in March, the minister said. Nobody was asked about it.\n\n"
    "The levy will raise 38 million florins a year. Ships under 500 tonnes are exempt 🚢."
)
REWRITE = (
    "The harbour will open in April, the minister claimed. Nobody was asked about it.\n\n"
    "The levy will raise 40 million florins a year. Vessels under 500 tonnes are exempt 🚢."
)


class Page(HTMLParser):
    """The parts of an answer that the tests ask for."""

    VOID = frozenset({"input", "link", "meta", "rect", "br", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[dict[str, str]] = []
        self.paragraphs: dict[str, str] = {}
        self._within: str | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = {"tag": tag} | {name: value or "" for name, value in attrs}
        self.elements.append(attributes)
        if tag == "p" and attributes.get("class") == "paragraph":
            self._within = attributes["id"]
            self.paragraphs[self._within] = ""

    def handle_endtag(self, tag):
        if tag == "p":
            self._within = None

    def handle_data(self, data):
        if self._within:
            self.paragraphs[self._within] += data

    def all(self, **wanted) -> list[dict[str, str]]:
        wanted = {name.replace("_", "-").removeprefix("-"): value for name, value in wanted.items()}
        return [one for one in self.elements if all(one.get(key) == wanted[key] for key in wanted)]


@pytest.fixture
def wire(harbour):
    return factories.document(harbour, WIRE, title="Harbour opens", publisher="Petrel")


@pytest.fixture
def rewrite(harbour):
    return factories.document(harbour, REWRITE, title="Harbour to open", publisher="Spin")


def url(*documents, **query) -> str:
    address = reverse("annotations:reader", args=[documents[0].collection.slug])
    values = "&".join(
        [f"d={document.pk}" for document in documents]
        + [f"{name}={value}" for name, value in query.items()]
    )
    return f"{address}?{values}"


def read(client, *documents, **query) -> Page:
    answer = client.get(url(*documents, **query))
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_documents_stand_side_by_side_with_their_exact_text(client, alice, wire, rewrite):
    client.force_login(alice)

    page = read(client, wire, rewrite)

    for document in (wire, rewrite):
        for index, (start, end) in enumerate(document.paragraphs):
            assert page.paragraphs[f"p-{document.pk}-{index}"] == document.text[start:end]
    assert [column["data-document"] for column in page.all(**{"class": "column"})] == [
        str(wire.pk),
        str(rewrite.pk),
    ]


def test_marks_do_not_change_the_text_on_the_page(client, alice, wire):
    for quote in ("harbour will open", "will open in March, the minister", "March", WIRE[60:120]):
        factories.mark(wire, alice, quote)
    client.force_login(alice)

    page = read(client, wire)

    start, end = wire.paragraphs[0]
    assert page.paragraphs[f"p-{wire.pk}-0"] == wire.text[start:end]


def test_sentences_that_answer_to_each_other_share_a_pair(client, alice, wire, rewrite):
    client.force_login(alice)

    page = read(client, wire, rewrite)

    pairs = [sentence.get("data-pair") for sentence in page.all(**{"class": "sentence"})]
    assert len(pairs) == 8
    assert pairs[:4] == pairs[4:]


def test_the_first_document_is_the_base(client, alice, wire, rewrite):
    client.force_login(alice)

    answer = client.get(url(rewrite, wire))

    assert answer.context["base"] == rewrite
    assert f'data-base="{rewrite.pk}"' in answer.content.decode()


def test_links_rearrange_the_columns_without_a_script(client, alice, wire, rewrite):
    client.force_login(alice)

    _, other = client.get(url(wire, rewrite, layer="changes")).context["opened"]

    assert other.to_base == f"?d={rewrite.pk}&d={wire.pk}&layer=changes"
    assert other.to_left == other.to_base
    assert other.to_right == ""
    assert other.closed == f"?d={wire.pk}&layer=changes"


@pytest.mark.parametrize("query", ["d=x", "d=999999", "d=", "d=1.5"])
def test_what_is_no_document_is_not_found(client, alice, harbour, query):
    client.force_login(alice)

    answer = client.get(f"{reverse('annotations:reader', args=[harbour.slug])}?{query}")

    assert answer.status_code == 404


def test_a_document_of_another_collection_is_not_found(client, alice, wire):
    other = factories.collection("Other", owner=alice)
    elsewhere = factories.document(other, "Elsewhere it rains.")
    client.force_login(alice)

    answer = client.get(f"{url(wire)}&d={elsewhere.pk}")

    assert answer.status_code == 404


@pytest.fixture
def crowded(wire, alice):
    """Seven marks on one paragraph, each of another claim."""
    for number, quote in enumerate(WIRE.split("\n")[0].split(" ")[1:8]):
        claim = factories.claim(wire.collection, alice, f"Claim {number}.")
        factories.mark(wire, alice, quote, claim=claim)
    return wire


def shown_marks(page: Page) -> int:
    return len(page.all(**{"class": "card-coder"}))


def test_a_crowded_margin_folds_and_its_link_shows_every_mark(client, alice, crowded):
    client.force_login(alice)
    folded = read(client, crowded)

    (link,) = folded.all(**{"class": "fold"})
    unfolded = Page(client.get(url(crowded).partition("?")[0] + link["href"]).content.decode())

    assert shown_marks(folded) == 3
    assert len(link["data-annotations"].split()) == 4
    assert shown_marks(unfolded) == 7
    assert unfolded.all(**{"class": "fold"}) == []
    assert any(
        one["id"] == link["href"].partition("#")[2] for one in unfolded.all(**{"class": "block"})
    )


def test_the_paragraphs_asked_for_come_alone_and_unfolded(client, alice, crowded, rewrite):
    client.force_login(alice)
    address = reverse("annotations:paragraphs", args=[crowded.collection.slug])
    names = [f"{crowded.pk}-0", f"{crowded.pk}-99", "9999-0", "no", "1-x", "²-0"]

    answer = client.get(address, {"d": [crowded.pk, rewrite.pk], "open": names})
    page = Page(answer.content.decode())

    assert [one["id"] for one in page.all(**{"class": "block"})] == [f"block-{crowded.pk}-0"]
    assert shown_marks(page) == 7
    assert client.get(address, {"d": crowded.pk}).content == b""


def test_paragraphs_are_for_those_who_may_read_them(client, alice, bob, stranger, crowded):
    Collection.objects.filter(pk=crowded.collection_id).update(blind=True)
    address = reverse("annotations:paragraphs", args=[crowded.collection.slug])
    query = {"d": crowded.pk, "open": f"{crowded.pk}-0"}

    client.force_login(stranger)
    assert client.get(address, query).status_code == 404
    client.force_login(bob)  # a coder of a blind collection sees only his own marks
    assert shown_marks(Page(client.get(address, query).content.decode())) == 0


def test_documents_of_one_publisher_are_told_apart_by_their_titles(client, alice, harbour):
    texts = (WIRE, REWRITE, "Something else altogether happened inland.")
    titles = ("Harbour opens", "Harbour to open", "Inland")
    documents = [
        factories.document(harbour, text, title=title, publisher=publisher)
        for text, title, publisher in zip(texts, titles, ("Petrel", "Petrel", "Spin"), strict=True)
    ]
    client.force_login(alice)

    html = client.get(url(*documents)).content.decode()

    assert re.findall(r'data-tab="\d+"[^>]*>(.*?)</a>', html) == [
        "Harbour opens",
        "Harbour to open",
        "Spin",
    ]


def test_a_source_that_is_not_the_base_says_that_it_could_be(client, alice, wire, rewrite):
    other = factories.document(wire.collection, "Something else happened inland.", title="Inland")
    third = factories.document(wire.collection, f"In brief.\n\n{REWRITE}", title="In brief")
    relate(wire.collection)
    client.force_login(alice)

    hint = "was made from this text"
    beside, base, chain = (
        client.get(url(*documents)).content.decode()
        for documents in ((other, wire, rewrite), (wire, rewrite, other), (wire, rewrite, third))
    )

    assert hint in beside
    assert (
        f'href="{escape(f"?d={wire.pk}&d={other.pk}&d={rewrite.pk}")}">Make this the base' in beside
    )
    assert hint not in base
    assert hint not in chain


def test_a_stranger_learns_nothing(client, stranger, wire):
    client.force_login(stranger)

    assert client.get(url(wire)).status_code == 404


def test_nobody_reads_without_signing_in(client, wire):
    assert client.get(url(wire)).status_code == 302


def test_without_a_document_the_page_teaches_to_choose(client, alice, wire, rewrite):
    client.force_login(alice)

    answer = client.get(reverse("annotations:reader", args=[wire.collection.slug]))

    page = Page(answer.content.decode())
    assert {box["value"] for box in page.all(type="checkbox", name="d")} == {
        str(wire.pk),
        str(rewrite.pk),
    }


def test_choosing_another_keeps_those_open_ticked(client, alice, wire, rewrite):
    client.force_login(alice)

    answer = client.get(url(wire, choose=1))

    page = Page(answer.content.decode())
    ticked = [box["value"] for box in page.all(type="checkbox") if "checked" in box]
    assert ticked == [str(wire.pk)]


def test_five_documents_are_too_many_and_the_page_says_so(client, alice, harbour):
    documents = [factories.document(harbour, f"It rains on day {n}.") for n in range(5)]
    client.force_login(alice)

    answer = client.get(url(*documents))

    page = Page(answer.content.decode())
    assert answer.status_code == 422
    assert "At most 4 documents" in answer.content.decode()
    assert len([box for box in page.all(type="checkbox") if "checked" in box]) == 5


def test_the_summary_counts_documents_changes_and_marks(client, alice, wire, rewrite):
    factories.mark(wire, alice, "March")
    factories.mark(rewrite, alice, "April")
    client.force_login(alice)

    answer = client.get(url(wire, rewrite))

    changes = answer.context["change_count"]
    words = re.sub(r"\s+", " ", re.sub(r"<.*?>", "", answer.content.decode()))
    assert changes > 0
    assert f"2 open: {changes} changes, 2 marks" in words
    assert f"{answer.context['opened'][1].column.relation.kept} % of its words kept" in words


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"coder": "alice"}, {"March"}),
        ({"code": "position.disputes"}, {"Nobody"}),
        ({"coder": "alice", "code": "position.disputes"}, set()),
        ({"claim": "{claim}"}, {"March"}),
        ({}, {"March", "Nobody"}),
    ],
)
def test_marks_are_filtered_by_coder_code_and_claim(client, alice, bob, wire, query, shown):
    claim = factories.claim(wire.collection, alice)
    kept = {
        str(factories.mark(wire, alice, "March", claim=claim).pk)[-12:]: "March",
        str(factories.mark(wire, bob, "Nobody", position="disputes").pk)[-12:]: "Nobody",
    }
    client.force_login(alice)
    query = {name: value.format(claim=claim.pk) for name, value in query.items()}

    page = read(client, wire, **query)

    found = {kept[one["data-annotations"]] for one in page.all(tag="mark")}
    assert found == shown


def test_layers_are_links_that_work_without_a_script(client, alice, wire):
    client.force_login(alice)

    page = read(client, wire, layer="claims")

    buttons = {one["data-layer"]: one for one in page.elements if "data-layer" in one}
    assert page.all(**{"class": "reader"})[0]["data-layers"] == "claims"
    assert buttons["claims"]["aria-pressed"] == "true"
    assert buttons["changes"]["aria-pressed"] == "false"
    assert buttons["changes"]["href"] == f"?d={wire.pk}"
    assert buttons["plain"]["href"] == f"?d={wire.pk}&layer=none"


def test_where_coding_is_blind_only_ones_own_marks_are_on_the_page(client, alice, bob, wire):
    Collection.objects.filter(pk=wire.collection.pk).update(blind=True)
    factories.mark(wire, alice, "March")
    own = factories.mark(wire, bob, "Nobody")
    client.force_login(bob)

    page = read(client, wire)

    assert {one["data-annotations"] for one in page.all(tag="mark")} == {str(own.pk)[-12:]}


def test_deleted_marks_are_gone(client, alice, wire):
    factories.delete(factories.mark(wire, alice, "March"), user=alice)
    client.force_login(alice)

    assert read(client, wire).all(tag="mark") == []


def test_who_may_only_read_sees_marks_and_no_means_to_make_them(client, alice, stranger, wire):
    factories.mark(wire, alice, "March")
    factories.member(wire.collection, stranger, Role.READER)
    client.force_login(stranger)

    page = read(client, wire)

    assert len(page.all(tag="mark")) == 1
    assert not [one for one in page.elements if "data-may-code" in one]
    assert not page.all(id="marking-bar")
    forms = [form["action"] for form in page.all(tag="form", method="post")]
    assert forms == [reverse("logout")]


def test_a_mark_tells_its_claim_its_code_and_its_coder(client, alice, wire):
    claim = factories.claim(wire.collection, alice, "The harbour opens in March.")
    factories.mark(wire, alice, "open in March", claim=claim, voice="source")
    client.force_login(alice)

    (mark,) = read(client, wire).all(tag="mark")

    assert mark["data-tag"] == "1s"
    assert mark["data-words"] == "Attributes, claim 1, alice"
    assert mark["data-lane-1"] == "1"


def test_control_characters_show(client, alice, harbour):
    document = factories.document(harbour, "It is \u202ederaeppa\u202c now.")
    client.force_login(alice)

    page = read(client, document)

    shown = [one["data-control"] for one in page.elements if "data-control" in one]
    assert shown == ["U+202E", "U+202C"]
    assert page.paragraphs[f"p-{document.pk}-0"] == document.text


def test_the_text_of_a_document_is_never_markup(client, alice, harbour):
    document = factories.document(harbour, 'Say "<script>alert(1)</script>" & leave.')
    factories.mark(document, alice, "<script>", note="<b>bold</b>")
    client.force_login(alice)

    page = read(client, document)

    assert page.paragraphs[f"p-{document.pk}-0"] == document.text
    assert not page.all(tag="script", src="")


def test_no_query_grows_with_documents_or_marks(
    client, alice, wire, rewrite, django_assert_max_num_queries
):
    client.force_login(alice)
    claim = factories.claim(wire.collection, alice)
    for document in (wire, rewrite):
        for start in range(0, 60, 3):
            factories.mark(document, alice, document.text[start : start + 20], claim=claim)

    with django_assert_max_num_queries(25):
        client.get(url(wire, rewrite))


def test_as_many_queries_with_one_mark_as_with_many(client, alice, wire, django_assert_num_queries):
    client.force_login(alice)
    factories.mark(wire, alice, "March")
    client.get(url(wire))  # which reads the codebook, once for this version of it
    with CaptureQueriesContext(connection) as few:
        client.get(url(wire))
    for quote in ("harbour", "minister", "levy", "florins"):
        factories.mark(wire, alice, quote)

    with django_assert_num_queries(len(few)):
        client.get(url(wire))


def test_the_codebook_is_read_once_for_each_version(client, alice, wire):
    client.force_login(alice)
    client.get(url(wire))
    with CaptureQueriesContext(connection) as again:
        client.get(url(wire))
    codebook = Codebook.objects.get(collection=wire.collection)
    Code.objects.filter(variable__codebook=codebook, key="supports").update(label="Says it is so")
    codebook.changed("A better label", user=alice)

    assert not [query for query in again if 'FROM "annotations_code"' in query["sql"]]
    assert not [query for query in again if 'FROM "annotations_variable"' in query["sql"]]
    assert "Position: Says it is so" not in client.get(url(wire)).content.decode()
    assert "Says it is so</b>" in client.get(url(wire)).content.decode()


def test_one_paragraph_is_rendered_as_on_the_page(client, alice, wire, rewrite):
    factories.mark(wire, alice, "March")
    client.force_login(alice)
    whole = client.get(url(wire, rewrite)).content.decode()
    request = RequestFactory().get("/")
    request.user = alice
    collection = Collection.objects.open_to(alice, wire.collection.slug)

    html = render_paragraphs(
        request,
        collection,
        document=wire,
        indices=[0],
        params=Params.read(QueryDict(f"d={wire.pk}&d={rewrite.pk}")),
    )

    assert f'id="block-{wire.pk}-0"' in html
    assert f'id="block-{wire.pk}-1"' not in html
    assert html.strip() in whole


def test_a_mark_across_two_paragraphs_is_on_both(client, alice, wire):
    quote = wire.text[60:100]
    assert "\n\n" in quote
    factories.mark(wire, alice, quote)
    client.force_login(alice)

    page = read(client, wire)

    assert Annotation.objects.count() == 1
    assert len(page.all(tag="mark")) == 2


QUOTED = (
    "The levy will be raised in March, the minister said. It rains. "
    "“Nobody <asked> us,” said Zoë Varga."
)


def test_a_quotation_tells_who_says_it(client, alice, harbour):
    document = factories.document(harbour, QUOTED, title="Quoted")
    client.force_login(alice)

    page = read(client, document)

    said = [one for one in page.elements if one.get("class") == "said"]
    assert [one["title"] for one in said] == [
        "Said by the minister: “said”",
        "Said by Zoë Varga: “said”",
    ]
    start, end = map(int, said[1]["data-speaker"].split())
    assert document.text[start:end] == "Zoë Varga"
    start, end = map(int, said[1]["data-cue"].split())
    assert (document.text[start:end], start) == ("said", QUOTED.rindex("said"))
    assert page.paragraphs[f"p-{document.pk}-0"] == document.text


def test_marks_and_quotations_may_cross(client, alice, harbour):
    document = factories.document(harbour, QUOTED, title="Quoted")
    for quote in (
        "minister said. It rains. “Nobody",
        "“Nobody <asked> us,”",
        "us,” said Zoë",
        QUOTED,
    ):
        factories.mark(document, alice, quote)
    client.force_login(alice)

    page = read(client, document)

    assert page.paragraphs[f"p-{document.pk}-0"] == document.text
    assert {one["title"] for one in page.elements if one.get("class") == "said"} == {
        "Said by the minister: “said”",
        "Said by Zoë Varga: “said”",
    }


def test_a_text_is_searched_for_quotations_once(client, alice, harbour):
    document = factories.document(harbour, QUOTED, title="Quoted")
    first = quotations_of(document)

    again = quotations_of(Document.objects.get(pk=document.pk))

    assert first
    assert again == first
    assert cache.get(f"quotations:{VERSION}:{document.sha256}:{document.language}") == first


def test_the_codebook_is_at_hand_beside_the_buttons(client, alice, wire):
    client.force_login(alice)

    answer = client.get(url(wire))

    page = Page(answer.content.decode())
    guides = {one["id"] for one in page.elements if one.get("class") == "guide"}
    described = {one["aria-describedby"] for one in page.elements if "aria-describedby" in one}
    assert guides == described
    assert {f"guide-{key}" for key in "123456"} < guides
    assert f"guide-{wire.pk}-stance-opinion" in guides
    html = answer.content.decode()
    denial = html.partition('id="guide-4"')[2].partition("</button>")[0]
    voice, position = (
        Code.objects.get(key=key, variable__codebook__collection=wire.collection)
        for key in ("source", "disputes")
    )
    assert 0 < denial.index(f"<b>{voice.label}</b>") < denial.index(f"<b>{position.label}</b>")
    for words in (position.definition, position.exclude):
        assert escape(words) in html


def test_the_codebook_is_at_hand_where_a_change_is_coded(client, alice, wire, rewrite):
    client.force_login(alice)
    start, end = wire.sentences[0]

    answer = client.get(
        reverse("annotations:pair", args=[wire.collection.slug]),
        {"a": f"{wire.pk}:{start}:{end}", "b": rewrite.pk},
    )

    page = Page(answer.content.decode())
    boxes = [one["value"] for one in page.all(tag="input", type="checkbox", name="codes")]
    guides = [one["id"] for one in page.elements if one.get("class") == "guide"]
    assert guides == [f"guide-{code}" for code in boxes]


def test_only_texts_that_run_side_by_side_are_levelled(client, alice, wire, rewrite, harbour):
    other = factories.document(harbour, "A crane stood idle all day. It rained.", title="Rain")
    client.force_login(alice)

    columns = read(client, wire, rewrite, other).all(**{"class": "column"})

    assert ["data-aligned" in column for column in columns] == [False, True, False]


def test_a_link_back_to_the_reader_cannot_break_out_of_its_attribute(client, alice, wire):
    factories.mark(wire, alice, "March")
    client.force_login(alice)

    answer = client.get(url(wire, coder="%22%3E%3Cb%20id=%22out"))

    assert not Page(answer.content.decode()).all(id="out")
