import csv
import json
from io import StringIO

import lxml.html
import pytest
from django.core.management import call_command
from django.urls import reverse

from annotations.exports import FORMATS
from annotations.exports.tables import BYTE_ORDER_MARK, COLUMNS, restored
from corpus.models import Collection, Role
from tests import factories
from tests.annotations.exported import newsroom
from tests.annotations.w3c_rules import problems


@pytest.fixture
def storm(harbour):
    return factories.document(
        harbour,
        "Rain 🌧 and 👩‍👩‍👧 fell. “The port 🚢 is closed”, the pilot said. قال: لن نبحر اليوم.",
    )


def page(client, user, slug, **query):
    client.force_login(user)
    return client.get(reverse("annotations:export", args=[slug]), query)


def download(client, user, slug, **query):
    client.force_login(user)
    response = client.get(reverse("annotations:export_download", args=[slug]), query)
    assert response.status_code == 200
    return response.getvalue()


def lines(content):
    return [json.loads(line) for line in content.decode().split("\n")[:-1]]


def table(content):
    text = content.decode().removeprefix(BYTE_ORDER_MARK)
    return [
        {name: restored(cell) for name, cell in row.items()}
        for row in csv.DictReader(StringIO(text, newline=""))
    ]


def mark_as_a_browser_does(client, user, document, words, **answers):
    """Ask for the form of a passage, fill it in, and send all of its fields."""
    client.force_login(user)
    url = reverse("annotations:mark", args=[document.collection.slug])
    start = document.text.index(words)
    where = {"d": document.pk, "start": start, "end": start + len(words)}
    asked = lxml.html.fromstring(client.get(url, where).content.decode())
    (form,) = [form for form in asked.forms if "words" in form.fields]
    sent = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
    response = client.post(url, {**sent, **answers})
    assert response.status_code == 302, response.content.decode()


@pytest.mark.parametrize(
    "words", ["The port 🚢 is closed", "closed", "🌧", "👩‍👩‍👧", "لن نبحر اليوم"]
)
def test_a_passage_marked_by_the_form_comes_out_where_it_is(client, bob, storm, words):
    mark_as_a_browser_does(
        client, bob, storm, words, button="source:supports", source_words="the pilot", note="🚢"
    )

    (row, *_) = table(download(client, bob, "harbour", format="csv"))
    (line,) = lines(download(client, bob, "harbour", format="jsonl"))
    linked = json.loads(download(client, bob, "harbour", format="w3c"))

    place = line["targets"][0]
    assert storm.text[int(row["start"]) : int(row["end"])] == row["exact"] == words
    assert storm.text[place["start"] : place["end"]] == place["exact"] == words
    passage, source, *_ = linked["first"]["items"][0]["target"]
    for target, expected in ((passage, words), (source, "the pilot")):
        quote, position = target["selector"]
        assert storm.text[position["start"] : position["end"]] == quote["exact"] == expected
    assert problems(linked) == []


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.django_db
def test_the_page_shows_the_formats_and_how_the_file_begins(client, htmx):
    collection = newsroom()
    user = collection.memberships.get(role=Role.OWNER).user
    client.force_login(user)

    response = client.get(
        reverse("annotations:export", args=[collection.slug]),
        headers={"hx-request": "true"} if htmx else {},
    )

    html = response.content.decode()
    shown = lxml.html.fromstring(html)
    assert [cell.text for cell in shown.iterfind(".//th")] == list(COLUMNS)
    assert "5 annotations" in html
    assert ("<title>" in html) is not htmx
    for each in FORMATS.values():
        assert (each.audience in html) is not htmx


def test_the_preview_is_what_the_file_says(client, alice, storm):
    factories.mark(storm, alice, "The port", note="=1+1")

    shown = lxml.html.fromstring(page(client, alice, "harbour").content.decode())
    text = download(client, alice, "harbour").decode().removeprefix(BYTE_ORDER_MARK)

    cells = [
        [cell.text_content() for cell in row.iterfind("td")]
        for row in shown.iterfind(".//tbody/tr")
    ]
    assert cells == list(csv.reader(StringIO(text, newline="")))[1:]


@pytest.mark.parametrize("key", ["jsonl", "w3c"])
def test_the_preview_of_json_is_the_first_annotation(client, alice, storm, key):
    factories.mark(storm, alice, "The port")
    factories.mark(storm, alice, "closed")

    shown = lxml.html.fromstring(page(client, alice, "harbour", format=key).content.decode())
    content = download(client, alice, "harbour", format=key)

    first = lines(content)[0] if key == "jsonl" else json.loads(content)["first"]["items"][0]
    assert json.loads(shown.findtext(".//pre")) == first


@pytest.mark.parametrize("key", FORMATS)
def test_a_collection_without_marks_says_so(client, alice, harbour, key):
    response = page(client, alice, "harbour", format=key)

    assert response.status_code == 200
    assert "Nothing to export" in response.content.decode()


@pytest.mark.parametrize("key", FORMATS)
def test_a_download_has_a_name_and_a_type(client, alice, storm, key):
    factories.mark(storm, alice, "port")
    client.force_login(alice)

    url = reverse("annotations:export_download", args=["harbour"], query={"format": key})
    response = client.get(url)

    assert response["Content-Type"] == FORMATS[key].media_type
    assert response["Content-Disposition"].endswith(
        f'filename="harbour-annotations.{FORMATS[key].suffix}"'
    )
    assert response.streaming


def test_filters_narrow_the_file_and_the_link_keeps_them(client, alice, bob, storm):
    other = factories.document(storm.collection, "A second port.", title="Second")
    claim = factories.claim(storm.collection, alice)
    factories.mark(storm, alice, "The port", claim=claim)
    factories.mark(storm, bob, "closed", claim=claim)
    factories.mark(other, bob, "port")

    def found(**query):
        marks = lines(download(client, alice, "harbour", format="jsonl", **query))
        return [mark["targets"][0]["exact"] for mark in marks]

    assert found() == ["The port", "closed", "port"]
    assert found(coder="bob") == ["closed", "port"]
    assert found(document=other.pk) == ["port"]
    assert found(claim=claim.number) == ["The port", "closed"]
    assert found(coder="bob", document=storm.pk, claim=claim.number) == ["closed"]
    html = page(client, alice, "harbour", format="w3c", coder="bob").content.decode()
    assert "download/?format=w3c&amp;coder=bob" in html
    assert "2 annotations" in html


def test_where_coding_is_blind_a_coder_takes_only_their_own(client, alice, bob, storm):
    Collection.objects.update(blind=True)
    factories.mark(storm, alice, "The port")
    factories.mark(storm, bob, "closed")

    own = lines(download(client, bob, "harbour", format="jsonl"))
    all_of_them = lines(download(client, alice, "harbour", format="jsonl"))

    assert [mark["creator"] for mark in own] == ["bob"]
    assert [mark["creator"] for mark in all_of_them] == ["alice", "bob"]
    html = page(client, bob, "harbour").content.decode()
    assert "your own marks only" in html
    assert 'value="alice"' not in html
    assert page(client, bob, "harbour", coder="alice").status_code == 422


@pytest.mark.parametrize("name", ["export", "export_download"])
def test_a_stranger_may_not_know_of_the_collection(client, stranger, harbour, name):
    client.force_login(stranger)

    assert client.get(reverse(f"annotations:{name}", args=["harbour"])).status_code == 404


@pytest.mark.parametrize("name", ["export", "export_download"])
def test_who_is_not_signed_in_is_asked_to(client, harbour, name):
    response = client.get(reverse(f"annotations:{name}", args=["harbour"]))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


def test_a_reader_may_export_what_they_may_read(client, stranger, bob, storm):
    factories.member(storm.collection, stranger, Role.READER)
    factories.mark(storm, bob, "port")

    assert len(lines(download(client, stranger, "harbour", format="jsonl"))) == 1


@pytest.mark.parametrize(
    "query", [{"format": "xml"}, {"document": "0"}, {"claim": "x"}, {"coder": "nobody"}]
)
def test_what_does_not_exist_is_refused_in_words(client, alice, storm, query):
    factories.mark(storm, alice, "port")

    shown = page(client, alice, "harbour", **query)
    taken = client.get(reverse("annotations:export_download", args=["harbour"]), query)

    assert shown.status_code == taken.status_code == 422
    assert "Select a valid choice" in shown.content.decode()
    assert not taken.streaming


def test_another_collections_documents_are_no_filter(client, alice, harbour):
    elsewhere = factories.document(factories.collection("Elsewhere", owner=alice))

    assert page(client, alice, "harbour", document=elsewhere.pk).status_code == 422


def test_a_post_changes_nothing_because_there_is_none(client, alice, harbour):
    client.force_login(alice)

    for name in ("export", "export_download"):
        assert client.post(reverse(f"annotations:{name}", args=["harbour"])).status_code == 405


def test_the_page_costs_the_same_for_many_marks(client, bob, storm, django_assert_max_num_queries):
    for _ in range(30):
        factories.mark(storm, bob, "port")
    client.force_login(bob)

    with django_assert_max_num_queries(20):
        client.get(reverse("annotations:export", args=["harbour"]))


def test_a_download_costs_the_same_for_many_marks(
    client, bob, storm, django_assert_max_num_queries
):
    for _ in range(30):
        factories.mark(storm, bob, "port")
    client.force_login(bob)

    with django_assert_max_num_queries(14):
        content = client.get(
            reverse("annotations:export_download", args=["harbour"]), {"format": "jsonl"}
        ).getvalue()

    assert len(lines(content)) == 30


def test_a_collection_of_many_documents_asks_for_a_number(client, alice, harbour, monkeypatch):
    monkeypatch.setattr("annotations.views.exporting.MANY", 1)
    first = factories.document(harbour, "One port.")
    factories.document(harbour, "Another port.")
    factories.mark(first, alice, "port")

    html = page(client, alice, "harbour", document=first.pk).content.decode()

    assert '<input type="number" name="document"' in html
    assert "1 annotation," in html


def test_a_file_by_page_is_the_file_by_command(client, tmp_path, db):
    collection = newsroom()
    owner = collection.memberships.get(role=Role.OWNER).user
    path = tmp_path / "export"

    for key in FORMATS:
        call_command(
            "export_annotations",
            collection.slug,
            format=key,
            output=str(path),
            base_url="http://testserver",
        )
        assert path.read_bytes() == download(client, owner, collection.slug, format=key)
