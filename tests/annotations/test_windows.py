"""A very long document is read through a window; one of ordinary length is shown whole."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from corpus import windows
from tests import factories

pytestmark = pytest.mark.django_db

lengths = st.lists(st.integers(1, 2 * windows.SHOWN), min_size=1, max_size=60)


def spans(sizes):
    at, found = 0, []
    for size in sizes:
        found.append((at, at + size))
        at += size + 2
    return found


@given(lengths)
def test_the_windows_of_a_text_follow_one_another_without_a_gap(sizes):
    paragraphs = spans(sizes)
    shown, at = [], 0
    while at < len(paragraphs):
        window = windows.from_paragraph(paragraphs, at)
        shown += window
        at = window.stop

    assert shown == list(range(len(paragraphs)))


@given(lengths, st.data())
def test_a_window_is_bounded_and_holds_the_place_asked_for(sizes, data):
    paragraphs = spans(sizes)
    number = data.draw(st.integers(0, len(paragraphs) - 1))

    for window, wanted in (
        (windows.around(paragraphs, paragraphs[number][0]), number),
        (windows.from_paragraph(paragraphs, number), number),
        (windows.to_paragraph(paragraphs, number + 1), number),
    ):
        size = paragraphs[window.stop - 1][1] - paragraphs[window.start][0]
        assert wanted in window
        assert len(window) == 1 or size <= windows.SHOWN
        assert len(window) <= windows.SHOWN_PARAGRAPHS


@pytest.fixture
def reading(client):
    user = factories.user()
    collection = factories.collection(owner=user)
    client.force_login(user)
    url = reverse("annotations:reader", args=[collection.slug])
    return client, collection, url


def long_text(word="Line"):
    return "\n\n".join(f"{word} {n} is here." for n in range(windows.MOST_PARAGRAPHS + 500))


def test_a_long_document_opens_in_parts_that_links_lead_through(reading):
    client, collection, url = reading
    document = factories.document(collection, long_text())

    first = client.get(url, {"d": document.pk})
    window = first.context["opened"][0].window
    second = client.get(url + window.later)

    assert "Line 0 is here." in first.content.decode()
    assert "Line 500 is here." not in first.content.decode()
    assert first.content.decode().count('class="paragraph"') == 500
    assert (window.first, window.last, window.of, window.earlier) == (1, 500, 3500, "")
    assert "Line 500 is here." in second.content.decode()
    assert second.context["opened"][0].window.earlier


@pytest.mark.parametrize("place", ["s-{}-3000", "p-{}-3000", "block-{}-3000"])
def test_a_place_in_the_address_opens_the_part_around_it(reading, place):
    client, collection, url = reading
    document = factories.document(collection, long_text())

    page = client.get(url, {"d": document.pk, "at": place.format(document.pk)}).content.decode()

    assert f'id="s-{document.pk}-3000"' in page
    assert "Line 0 is here." not in page


@pytest.mark.parametrize("place", ["s-1", "x-1-1", "s-99-1", "p-1-999999999", "s-1-" + "9" * 400])
def test_a_place_that_is_none_opens_the_beginning_or_the_end(reading, place):
    client, collection, url = reading
    document = factories.document(collection, long_text())

    answer = client.get(url, {"d": document.pk, "at": place})

    assert answer.status_code == 200
    assert answer.content.decode().count('class="paragraph"') >= 1


def test_a_document_of_ordinary_length_is_shown_whole(reading):
    client, collection, url = reading
    document = factories.document(collection, "\n\n".join(f"Line {n}." for n in range(2000)))

    page = client.get(url, {"d": document.pk})

    assert page.context["opened"][0].window is None
    assert page.content.decode().count('class="paragraph"') == 2000
    assert "Later paragraphs" not in page.content.decode()


def test_two_documents_that_are_too_long_stand_beside_each_other_uncompared(reading, monkeypatch):
    client, collection, url = reading
    monkeypatch.setattr("corpus.comparing.MOST_CHARACTERS", 50)
    one = factories.document(collection, "The port is closed on Monday. It opens on Tuesday.")
    two = factories.document(collection, "The port is open.", title="Other")

    page = client.get(url, {"d": [one.pk, two.pk]})

    assert "Not compared: " in page.content.decode()
    assert page.context["opened"][1].column.relation is None
    assert "It opens on Tuesday." in page.content.decode()


def test_two_long_documents_open_as_far_into_their_texts(reading, monkeypatch):
    client, collection, url = reading
    one = factories.document(collection, long_text())
    two = factories.document(collection, long_text("Row"), title="Other")
    monkeypatch.setattr("corpus.comparing.MOST_CHARACTERS", 50)

    page = client.get(url, {"d": [one.pk, two.pk], "at": f"p-{one.pk}-3000"}).content.decode()

    assert "Line 3000 is here." in page
    assert "Row 3000 is here." in page


def test_the_page_of_a_long_document_shows_parts_that_links_lead_through(reading):
    client, collection, _ = reading
    document = factories.document(collection, long_text())
    url = document.get_absolute_url()

    first = client.get(url)
    second = client.get(url + first.context["window"].later)
    back = client.get(url + second.context["window"].earlier)

    assert "Line 499 is here." in first.content.decode()
    assert "Line 500 is here." not in first.content.decode()
    assert "Line 500 is here." in second.content.decode()
    assert back.context["window"] == first.context["window"]
    assert client.get(url, {"paragraph": "9" * 400}).status_code == 200
    assert client.get(url, {"paragraph": "99999"}).context["window"].last == 3500


def test_no_evidence_sheet_is_made_of_what_is_too_long_to_compare(reading, monkeypatch):
    client, collection, _ = reading
    one = factories.document(collection, "The port is closed on Monday.")
    two = factories.document(collection, "The port is open.", title="Other")
    monkeypatch.setattr("corpus.comparing.MOST_SENTENCES", 1)

    answer = client.get(reverse("corpus:evidence", args=[collection.slug]), {"d": [one.pk, two.pk]})

    assert answer.status_code == 200
    assert "take too long while you wait" in answer.content.decode()
    assert f"manage.py compare {one.pk} {two.pk}" in answer.content.decode()


def test_a_long_evidence_sheet_leaves_out_what_is_the_same_and_says_so(reading, monkeypatch):
    client, collection, _ = reading
    monkeypatch.setattr("corpus.evidence.sheet.MOST_ROWS", 20)
    text = "\n\n".join(f"Line {n} is here." for n in range(60))
    one = factories.document(collection, text)
    two = factories.document(collection, text.replace("Line 40 is", "Line 40 was"), title="Other")

    sheet = client.get(
        reverse("corpus:evidence", args=[collection.slug]), {"d": [one.pk, two.pk]}
    ).content.decode()

    assert "59 rows of this table are left out" in sheet
    assert sheet.count("<tr data-kind=") == 1


@pytest.mark.parametrize("bound", ["MOST_CHARACTERS", "MOST_SENTENCES"])
def test_marks_in_documents_too_long_to_compare_open_their_pages(reading, monkeypatch, bound):
    client, collection, _ = reading
    user = collection.memberships.get().user
    one = factories.document(collection, "The port is closed on Monday. It opens on Tuesday.")
    two = factories.document(collection, "The port is closed on Monday.", title="Other")
    mark = factories.mark(one, user, "The port is closed on Monday.")
    monkeypatch.setattr(f"corpus.comparing.{bound}", 2)
    pair = {"a": f"{one.pk}:0:29", "b": f"{two.pk}:0:29"}

    offers = client.get(
        reverse("annotations:offers", args=[mark.pk]), {"view": f"d={one.pk}&d={two.pk}"}
    )
    named = client.get(reverse("annotations:pair", args=[collection.slug]), pair)
    sought = client.get(
        reverse("annotations:pair", args=[collection.slug]), pair | {"b": f"{two.pk}"}
    )

    assert offers.status_code == 200
    assert named.status_code == 200
    assert sought.status_code == 404


def test_a_finding_in_another_part_is_a_link_to_that_part(reading):
    client, collection, url = reading
    text = long_text()
    one = factories.document(collection, text)
    changed = text.replace("Line 3000 is", "Line 3000 is not").replace(
        "Line 20 is", "Line 20 is not"
    )
    two = factories.document(collection, changed, title="Other")

    page = client.get(url, {"d": [one.pk, two.pk]}).content.decode()
    link = f"?d={one.pk}&amp;d={two.pk}&amp;at=s-{two.pk}-3000#s-{two.pk}-3000"

    assert f'href="{link}"' in page
    assert f'href="#s-{two.pk}-20"' in page
    there = client.get(url + link.partition("#")[0].replace("&amp;", "&")).content.decode()
    assert f'id="s-{two.pk}-3000"' in there


def test_a_long_paragraph_after_short_ones_is_in_the_window_around_it():
    paragraphs = spans([1, 1, windows.SHOWN - 5])

    assert 2 in windows.around(paragraphs, paragraphs[2][0])
