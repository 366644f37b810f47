"""The page of a part of a long document: the marks of that part, and what is said of them all."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Annotation, Code, Coding, Target
from annotations.reader.address import Params
from annotations.reader.loading import rows_of
from annotations.states import AnnotationState
from corpus import windows
from tests import factories


@pytest.fixture(autouse=True)
def short_windows(monkeypatch):
    monkeypatch.setattr(windows, "MOST_PARAGRAPHS", 50)
    monkeypatch.setattr(windows, "SHOWN_PARAGRAPHS", 20)


def text(word="Line"):
    return "\n\n".join(f"{word} {number:02} is here." for number in range(60))


@pytest.fixture
def long(harbour):
    """A document of three windows."""
    return factories.document(harbour, text())


def address(*documents, **query):
    named = "&".join(
        [*(f"d={row.pk}" for row in documents), *(f"{k}={v}" for k, v in query.items())]
    )
    return f"{reverse('annotations:reader', args=[documents[0].collection.slug])}?{named}"


def part(document, number):
    return f"p-{document.pk}-{20 * number}"


def drawn(page):
    blocks = [block for column in page.context["opened"] for block in column.column.blocks]
    return sorted(block.index for block in blocks for card in block.cards for _ in card.marks)


def ticks(page, column=0):
    found = page.context["opened"][column].column.ticks
    return {(tick.at, tick.degree, tick.label) for tick in found if tick.kind == "mark"}


@pytest.fixture
def marked(long, alice, bob):
    """A mark in each part: by alice on the first claim, by bob on the second, by alice on none."""
    one, two = (factories.claim(long.collection, alice, f"Line {n} is here.") for n in (5, 25))
    return [
        factories.mark(long, alice, "Line 05 is here.", claim=one),
        factories.mark(long, bob, "Line 25 is here.", claim=two, position="disputes"),
        factories.mark(long, alice, "Line 45 is here.", position="mentions"),
    ]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_part_has_its_marks_and_tells_of_all(client, alice, long, marked, number, monkeypatch):
    client.force_login(alice)
    page = client.get(address(long, at=part(long, number)))
    monkeypatch.setattr(windows, "MOST_PARAGRAPHS", 500)
    whole = client.get(address(long))

    assert page.context["opened"][0].window.first == 20 * number + 1
    assert drawn(page) == [20 * number + 5]
    assert drawn(whole) == [5, 25, 45]
    for told in ("mark_count", "all_mark_count", "choices"):
        assert page.context[told] == whole.context[told]
    assert page.context["mark_count"] == 3
    assert [[cell.position for cell in row.cells] for row in page.context["panel_claims"]] == [
        ["for"],
        ["against"],
    ]
    assert [row.cells for row in page.context["panel_claims"]] == [
        row.cells for row in whole.context["panel_claims"]
    ]
    assert ticks(page) == ticks(whole)
    assert len(ticks(page)) == 3


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"coder": "bob"}, 1),
        ({"coder": "alice"}, 2),
        ({"code": "position.mentions"}, 1),
        ({"code": "voice.author"}, 3),
        ({"code": "none.such"}, 0),
        ({"claim": "CLAIM"}, 1),
        ({"coder": "nobody"}, 0),
        ({"claim": "9" * 60}, 0),
    ],
)
def test_filters_count_and_draw_what_they_admit_of_the_whole(
    client, alice, long, marked, filters, count, monkeypatch
):
    client.force_login(alice)
    query = {
        name: str(value).replace("CLAIM", str(marked[0].claim_id))
        for name, value in filters.items()
    }
    page = client.get(address(long, **query))
    monkeypatch.setattr(windows, "MOST_PARAGRAPHS", 500)
    whole = client.get(address(long, **query))

    assert (page.context["mark_count"], page.context["all_mark_count"]) == (count, 3)
    assert ticks(page) == ticks(whole)
    assert len(ticks(page)) == count


def test_a_claim_elsewhere_is_a_link_to_its_part(client, alice, long, marked):
    client.force_login(alice)
    path = address(long)
    html = client.get(path).content.decode()
    there = re.search(rf'href="(\?[^"]*#s-{long.pk}-25)"', html)

    page = client.get(path.partition("?")[0] + there[1].partition("#")[0].replace("&amp;", "&"))

    assert f'href="#s-{long.pk}-5"' in html
    assert f'id="s-{long.pk}-25"' in page.content.decode()
    assert drawn(page) == [25]


def test_blind_coding_tells_nothing_of_the_other_coders_in_other_parts(client, harbour, bob, long):
    carol = factories.user("carol")
    factories.member(harbour, carol)
    harbour.blind = True
    harbour.save()
    claim = factories.claim(harbour, carol, "Line 25 is here.")
    factories.mark(long, carol, "Line 25 is here.", claim=claim)
    client.force_login(bob)
    without = client.get(address(long))
    factories.mark(long, bob, "Line 25 is here.", position="mentions")
    page = client.get(address(long))

    assert (without.context["all_mark_count"], ticks(without)) == (0, set())
    assert page.context["all_mark_count"] == 1
    assert page.context["choices"]["coders"] == [("bob", "bob")]
    assert [label for *_, label in ticks(page)] == ["Mentions, bob"]
    assert "carol" not in page.content.decode()


def test_a_pair_across_parts_is_one_mark(client, alice, harbour, long):
    other = factories.document(harbour, text("Row"), title="Other")
    state = AnnotationState(
        "linking",
        (
            factories.passage(long, "Line 45 is here."),
            factories.passage(other, "Row 05 is here."),
        ),
    )
    Annotation.objects.record(state, collection=harbour, user=alice)
    client.force_login(alice)

    for at, seen in ((part(long, 0), [5]), (part(long, 2), [45])):
        page = client.get(address(long, other, at=at))
        assert page.context["mark_count"] == 1
        assert [len(ticks(page, column)) for column in (0, 1)] == [1, 1]
        assert drawn(page) == seen


def test_the_tag_is_another_when_something_elsewhere_is(client, alice, long, marked):
    client.force_login(alice)
    path = address(long)
    steps = [
        lambda: factories.mark(long, alice, "Line 55 is here."),
        lambda: factories.mark(long, alice, "Line 55 is here.", position="disputes"),
        lambda: factories.delete(marked[1], user=marked[1].creator),
    ]
    tags = [client.get(path)["ETag"]]
    for step in steps:
        assert client.get(path, headers={"If-None-Match": tags[-1]}).status_code == 304
        step()
        again = client.get(path, headers={"If-None-Match": tags[-1]})
        assert again.status_code == 200
        tags.append(again["ETag"])

    assert len(set(tags)) == len(tags)


def many(document, user, number):
    """So many marks in the last part."""
    code = Code.objects.get(key="supports", variable__codebook__collection=document.collection)
    annotations, targets, codings = [], [], []
    for n in range(number):
        start = document.paragraphs[40 + n % 20][0]
        annotation = Annotation(
            id=uuid4(), collection=document.collection, creator=user, motivation="assessing"
        )
        annotations.append(annotation)
        targets.append(
            Target(
                annotation=annotation, document=document, start=start, end=start + 4, exact="Line"
            )
        )
        codings.append(
            Coding(annotation=annotation, variable=code.variable, code=code, creator=user)
        )
    Annotation.objects.bulk_create(annotations)
    Target.objects.bulk_create(targets)
    Coding.objects.bulk_create(codings)


def test_marks_elsewhere_cost_no_query_and_no_row(client, alice, long, marked):
    client.force_login(alice)
    asked, loaded = [], []
    for more in (10, 490):
        many(long, alice, more)
        client.get(address(long))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(address(long))
        asked.append(len(queries))
        rows = rows_of(
            long.collection, [long], alice, Params((long.pk,)), shown={long.pk: range(20)}
        )
        loaded.append(len(rows.targets))
        assert page.context["all_mark_count"] == 3 + (10 if more == 10 else 500)

    assert asked[0] == asked[1]
    assert max(loaded) <= 3 + 2 * 20


def test_a_document_shown_whole_asks_one_question_less(client, alice, long, marked, monkeypatch):
    client.force_login(alice)
    counts = []
    for most in (50, 500):
        monkeypatch.setattr(windows, "MOST_PARAGRAPHS", most)
        client.get(address(long))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(long))
        counts.append(len(queries))

    assert counts[0] == counts[1] + 1


def test_a_paragraph_unfolds_with_the_marks_beside_it(client, alice, long, marked):
    client.force_login(alice)
    path = reverse("annotations:paragraphs", args=[long.collection.slug])

    html = client.get(f"{path}?d={long.pk}&open={long.pk}-25").content.decode()

    assert html.count('class="card"') == 1
    assert str(marked[1].pk) in html
