import csv
import html
import re
from dataclasses import replace
from io import StringIO

import pytest
from django.urls import reverse
from lxml import etree

from annotations.acts.undoing import redo, undo
from annotations.grid import Part, Wanted, claim_grid, claim_row, crossing
from annotations.models import Annotation, Claim, Revision
from annotations.positions import Position
from corpus.models import Role, Story
from tests import factories

HTMX = {"hx-request": "true"}


@pytest.fixture
def wire(harbour):
    return factories.document(
        harbour,
        "The port is closed. The strike is over. Nobody knows more.",
        title="Port closed",
        publisher="Petrel",
        published_on="2024-02-06",
    )


@pytest.fixture
def column(harbour):
    return factories.document(
        harbour, "It is not closed at all.", title="Open it", published_on="2024-02-09"
    )


@pytest.fixture
def closed(harbour, alice):
    return factories.claim(harbour, alice, "The port is closed.", codings=(("claim_type", "fact"),))


def cells(collection, user, **wanted):
    """The grid as {(claim's number, document's name): position}."""
    grid = claim_grid(collection, user, Wanted(**wanted))
    return {(row.number, cell.name): str(cell.position) for row in grid.rows for cell in row.cells}


def page(client, collection, **query):
    return client.get(reverse("annotations:claims", args=[collection.slug]), query)


def press(client, collection, claim, document, *, key="absent", **options):
    data = {key: f"{claim.pk}-{document.pk}"} | options.pop("data", {})
    return client.post(reverse("annotations:absent", args=[collection.slug]), data, **options)


# --- the values --------------------------------------------------------------------------------


def test_each_cell_has_the_documents_position_on_the_claim(harbour, bob, wire, column, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    factories.mark(column, bob, "not closed", claim=closed, position="disputes")
    factories.claim(harbour, bob, "The strike is over.")

    assert cells(harbour, bob) == {
        (1, "Petrel"): "for",
        (1, "Open it"): "against",
        (2, "Petrel"): "not_looked_at",
        (2, "Open it"): "not_looked_at",
    }


def test_coders_who_differ_are_told_apart(harbour, alice, bob, wire, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    factories.absent(closed, wire, user=alice)

    grid = claim_grid(harbour, alice, Wanted())
    cell = grid.rows[0].cells[0]

    assert cell.position == Position.DIVIDED
    assert cell.differ
    assert cell.own == Position.ABSENT
    assert cell.words == "Divided, 1 passage; coders differ (alice: absent, bob: for)"
    assert grid.coders == ((alice.pk, "alice"), (bob.pk, "bob"))
    assert grid.differing == 1
    assert cells(harbour, alice, coder=bob.pk) == {(1, "Petrel"): "for"}
    assert cells(harbour, alice, coder=alice.pk) == {(1, "Petrel"): "absent"}


def test_marks_that_overlap_are_one_passage(harbour, alice, bob, wire, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    factories.mark(wire, alice, "port is closed", claim=closed)
    factories.mark(wire, alice, "Nobody knows more", claim=closed)

    cell = claim_grid(harbour, bob, Wanted()).rows[0].cells[0]

    assert cell.passages == 2
    assert [len(part.spans) for part in cell.said] == [2, 1]


def test_blind_coders_see_only_their_own_positions(harbour, alice, bob, wire, closed):
    carol = factories.member(harbour, factories.user("carol")).user
    factories.mark(wire, bob, "The port is closed", claim=closed)
    factories.stance(wire, bob, "opinion")
    harbour.blind = True
    harbour.save()

    assert cells(harbour, carol) == {(1, "Petrel"): "not_looked_at"}
    assert cells(harbour, bob) == cells(harbour, alice) == {(1, "Petrel"): "for"}
    assert claim_grid(harbour, carol, Wanted()).coders == ()
    assert claim_grid(harbour, carol, Wanted()).columns[0].stance == ""


def test_what_is_deleted_and_what_only_links_do_not_count(harbour, bob, wire, column, closed):
    factories.delete(factories.mark(wire, bob, "The port is closed", claim=closed), user=bob)
    pair = (factories.passage(wire, "closed"), factories.passage(column, "closed"))
    state = factories.mark(wire, bob, "strike").as_state()
    Annotation.objects.record(
        type(state)("linking", pair, claim=closed.pk), collection=harbour, user=bob
    )

    assert set(cells(harbour, bob).values()) == {"not_looked_at"}


def test_documents_of_one_story_and_origin_stand_together(harbour, alice):
    story = Story.objects.create(collection=harbour, name="The storm")
    made = {}
    for day, (title, origin, told) in enumerate(
        [("A", "staff", story), ("B", "wire", None), ("C", "wire", story), ("D", "staff", story)], 1
    ):
        made[title] = factories.document(
            harbour, f"Text {title}.", title=title, story=told, published_on=f"2024-01-0{day}"
        )
        factories.stance(made[title], alice, origin, "origin")
    factories.stance(made["A"], alice, "opinion")

    grouped = claim_grid(harbour, alice, Wanted())
    by_date = claim_grid(harbour, alice, Wanted(grouping="date"))

    assert [column.title for column in grouped.columns] == ["C", "A", "D", "B"]
    assert [(group.label, group.span) for group in grouped.stories] == [
        ("The storm", 3),
        ("Others", 1),
    ]
    assert [(group.label, group.span) for group in grouped.origins] == [
        ("Wire", 1),
        ("Staff", 2),
        ("Wire", 1),
    ]
    assert [column.title for column in by_date.columns] == ["A", "B", "C", "D"]
    assert by_date.headings == ()
    assert by_date.columns[0].stance == "Staff opinion"


def test_claims_are_found_and_keep_their_numbers(harbour, alice, wire, closed):
    factories.claim(harbour, alice, "The strike is over.", codings=(("claim_type", "prediction"),))

    def numbers(**wanted):
        return [row.number for row in claim_grid(harbour, alice, Wanted(**wanted)).rows]

    assert numbers() == [1, 2]
    assert numbers(text="STRIKE the") == [2]
    assert numbers(kind="fact") == [1]
    assert numbers(kind="fact", text="strike") == []
    assert numbers(order="type") == [1, 2]


def test_the_most_disputed_claim_comes_first(harbour, bob, wire, column, closed):
    over = factories.claim(harbour, bob, "The strike is over.")
    factories.mark(wire, bob, "The port is closed", claim=closed)
    factories.mark(wire, bob, "The strike is over", claim=over)
    factories.mark(column, bob, "not closed", claim=over, position="disputes")

    rows = claim_grid(harbour, bob, Wanted(order="dispute")).rows

    assert [row.number for row in rows] == [2, 1]
    assert str(rows[0].tally) == "1 for, 1 against"


@pytest.mark.parametrize(
    "query", [{"coder": "x"}, {"coder": "9" * 40}, {"order": "up"}, {"group": "colour"}]
)
def test_an_address_that_makes_no_sense_shows_the_plain_grid(query):
    assert Wanted.from_query(query) == Wanted()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_number_of_queries_does_not_grow(
    harbour, alice, bob, client, django_assert_num_queries, headers
):
    def fill(count):
        for number in range(count):
            document = factories.document(
                harbour, f"The port {harbour.documents.count()} is closed.", title=f"D{number}"
            )
            claim = factories.claim(harbour, alice, f"The port {number} is closed.")
            factories.mark(document, bob, "is closed", claim=claim)
            factories.stance(document, bob, "opinion")

    client.force_login(alice)
    url = reverse("annotations:claims", args=[harbour.slug])
    for count in (2, 5):
        fill(count)
        with django_assert_num_queries(13):
            client.get(url, headers=headers)


# --- the page ----------------------------------------------------------------------------------


def test_the_grid_is_a_table_with_headers_both_ways(client, harbour, bob, wire, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    factories.stance(wire, bob, "reporting")
    client.force_login(bob)

    table = etree.HTML(page(client, harbour).content).find(".//table")

    heading = " ".join(table.find(".//th[@class='grid-document']").itertext()).split()
    row = table.find(".//tbody/tr")
    assert heading == ["Port", "closed", "Petrel,", "6", "Feb", "2024", "Reporting"]
    assert table.find(".//th[@class='grid-document']").get("scope") == "col"
    assert row.find("th").get("scope") == "row"
    assert "For, 1 passage" in "".join(row.find("td").itertext())
    link = row.find("td/a").get("href")
    assert link == f"{closed.get_absolute_url()}#d{wire.pk}"
    assert table.find("caption") is not None


def test_for_htmx_only_the_grid_comes(client, harbour, bob, wire, closed):
    client.force_login(bob)
    url = reverse("annotations:claims", args=[harbour.slug])

    html = client.get(url, {"q": "nothing like it"}, headers=HTMX).content.decode()

    assert html.lstrip().startswith('<section id="grid"')
    assert "No claim fits" in html


@pytest.mark.parametrize("role", [Role.READER, None])
def test_who_may_not_code_gets_no_buttons(client, harbour, wire, closed, role):
    carol = factories.user("carol")
    if role:
        factories.member(harbour, carol, role)
    client.force_login(carol)

    response = page(client, harbour)
    pressed = press(client, harbour, closed, wire)

    assert response.status_code == (200 if role else 404)
    assert pressed.status_code == (403 if role else 404)
    assert b'form="absence"' not in response.content
    assert not Annotation.objects.exists()


def test_an_empty_grid_says_what_a_claim_is(client, harbour, bob, wire):
    client.force_login(bob)

    html = page(client, harbour).content.decode()

    assert "No claims yet" in html
    assert f"?d={wire.pk}" in html
    assert "<table" not in html


def test_claims_without_documents_point_to_the_import(client, harbour, bob, closed):
    client.force_login(bob)

    assert "1 claim, no documents" in page(client, harbour).content.decode()


# --- absent ------------------------------------------------------------------------------------


def test_one_press_confirms_absence_and_another_takes_it_back(client, harbour, bob, wire, closed):
    client.force_login(bob)

    confirmed = press(client, harbour, closed, wire)
    assert cells(harbour, bob) == {(1, "Petrel"): "absent"}
    taken_back = press(client, harbour, closed, wire, key="withdraw")

    place = f"#cell-{closed.pk}-{wire.pk}"
    assert confirmed.status_code == taken_back.status_code == 302
    assert confirmed.url.endswith(place)
    assert cells(harbour, bob) == {(1, "Petrel"): "not_looked_at"}


def test_a_repeated_press_changes_nothing_more(client, harbour, bob, wire, closed):
    client.force_login(bob)
    for key in ("absent", "absent", "withdraw", "withdraw"):
        press(client, harbour, closed, wire, key=key)

    assert Annotation.objects.count() == 1
    assert list(Revision.objects.exclude(annotation=None).values_list("action", flat=True)) == [
        "create",
        "delete",
    ]


def test_absence_is_undone_and_redone(client, harbour, bob, wire, closed):
    client.force_login(bob)
    press(client, harbour, closed, wire)

    undo(harbour, bob)
    assert cells(harbour, bob) == {(1, "Petrel"): "not_looked_at"}
    redo(harbour, bob)
    assert cells(harbour, bob) == {(1, "Petrel"): "absent"}


def test_undo_on_the_page_keeps_the_filter(client, harbour, bob, wire, closed):
    client.force_login(bob)
    press(client, harbour, closed, wire)

    response = client.post(
        reverse("annotations:claims_undo", args=[harbour.slug]), {"q": "port", "csrf": "x"}
    )

    assert response.url == f"{reverse('annotations:claims', args=[harbour.slug])}?q=port"
    assert cells(harbour, bob) == {(1, "Petrel"): "not_looked_at"}


def test_absence_is_each_coders_own(client, harbour, alice, bob, wire, closed):
    client.force_login(bob)
    press(client, harbour, closed, wire)
    client.force_login(alice)
    press(client, harbour, closed, wire, key="withdraw")

    assert cells(harbour, alice) == {(1, "Petrel"): "absent"}
    assert claim_grid(harbour, alice, Wanted()).rows[0].cells[0].own == Position.NOT_LOOKED_AT


def test_for_htmx_the_cell_and_its_counts_come(client, harbour, bob, wire, closed):
    client.force_login(bob)

    html = press(client, harbour, closed, wire, headers=HTMX).content.decode()

    assert f'hx-target="#cell-{closed.pk}-{wire.pk}"' in html
    assert f'hx-target="#row-{closed.pk}"' in html
    assert f'hx-target="#column-{wire.pk}"' in html
    assert 'data-position="absent"' in html
    assert 'data-own="absent"' in html
    assert "Claim 1 is absent from “Port closed”" in html


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_document_with_a_mark_of_ones_own_is_not_absent(
    client, harbour, bob, wire, closed, headers
):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    client.force_login(bob)

    response = press(client, harbour, closed, wire, headers=headers)

    assert response.status_code == 422
    assert "You have marked a passage of “Port closed” with claim 1" in response.content.decode()
    assert cells(harbour, bob) == {(1, "Petrel"): "for"}


def test_another_collections_claims_and_documents_are_not_found(
    client, harbour, alice, bob, wire, closed
):
    other = factories.collection("Elsewhere", owner=bob)
    document = factories.document(other)
    claim = factories.claim(other, bob)
    client.force_login(bob)

    answers = [
        press(client, harbour, claim, wire),
        press(client, harbour, closed, document),
        client.post(reverse("annotations:absent", args=[harbour.slug]), {"absent": "x-y"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_absence_is_not_confirmed_on_get(client, harbour, bob):
    client.force_login(bob)

    assert client.get(reverse("annotations:absent", args=[harbour.slug])).status_code == 405


# --- downloads ---------------------------------------------------------------------------------


def rows_of(response):
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def test_the_table_has_a_column_for_each_document(client, harbour, bob, wire, column, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    factories.absent(closed, column, user=bob)
    client.force_login(bob)

    header, row = rows_of(client.get(reverse("annotations:grid_csv", args=[harbour.slug])))

    assert header[3:5] == ["Petrel, 2024-02-06: Port closed", "2024-02-09: Open it"]
    assert row[:5] == ["1", "The port is closed.", "Fact", "For", "Absent"]
    assert dict(zip(header, row, strict=True))["Absent"] == "1"


def test_the_long_table_has_a_row_for_each_coder(client, harbour, alice, bob, wire, column, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    factories.absent(closed, wire, user=alice)
    client.force_login(bob)

    url = reverse("annotations:grid_csv", args=[harbour.slug])
    header, *rows = rows_of(client.get(url, {"shape": "long"}))

    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [
        (row["document_title"], row["coder"], row["position"], row["passages"]) for row in found
    ] == [
        ("Port closed", "alice", "absent", "0"),
        ("Port closed", "bob", "for", "1"),
        ("Open it", "", "not_looked_at", "0"),
    ]


def test_no_cell_of_the_table_is_run_as_a_formula(client, harbour, bob):
    factories.document(harbour, title="=1+1", publisher="")
    factories.claim(harbour, bob, "=HYPERLINK(1)")
    client.force_login(bob)

    url = reverse("annotations:grid_csv", args=[harbour.slug])
    cells = [
        cell
        for query in ({}, {"shape": "long"})
        for row in rows_of(client.get(url, query))
        for cell in row
    ]

    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_picture_says_in_words_what_it_shows(client, harbour, alice, bob, wire, closed):
    factories.mark(wire, bob, "The port is closed", claim=closed)
    factories.absent(closed, wire, user=alice)
    factories.claim(harbour, bob, "Ships & <boats> wait.")
    client.force_login(bob)

    response = client.get(reverse("annotations:grid_svg", args=[harbour.slug]))

    svg = etree.fromstring(response.content)
    space = {"s": "http://www.w3.org/2000/svg"}
    words = [" ".join(node.itertext()) for node in svg.findall(".//s:text", space)]
    titles = [node.text for node in svg.findall(".//s:title", space)]
    assert response["Content-Type"] == "image/svg+xml"
    assert titles[0] == "Harbour: claims and documents"
    assert "Claim 1, Petrel: Divided, 1 passage; coders differ (alice: absent, bob: for)" in titles
    assert {"The port is closed.", "Ships & <boats> wait.", "Port closed"} <= set(words)
    assert svg.find(".//s:desc", space).text == (
        "2 claims in 1 document: 1 divided, 1 not looked at."
    )
    assert not svg.findall(".//s:script", space)
    assert not svg.findall(".//s:style", space)
    assert not svg.xpath("//@style")


def test_nothing_of_the_picture_lies_outside_it(client, harbour, bob):
    for number in range(12):
        factories.document(
            harbour, f"Text {number}.", title=f"Title of many words, number {number}"
        )
    for number in range(20):
        factories.claim(harbour, bob, f"A claim of many words that goes on, {number}. " * 4)
    client.force_login(bob)

    svg = etree.fromstring(client.get(reverse("annotations:grid_svg", args=[harbour.slug])).content)

    width, height = float(svg.get("width")), float(svg.get("height"))
    tiles = svg.findall(".//{*}g/{*}rect")
    assert len(tiles) >= 12 * 20
    for tile in tiles:
        assert 0 <= float(tile.get("x")) <= width - 28
        assert 0 <= float(tile.get("y")) <= height - 28 or tile.get("height") == "6"


def test_a_picture_of_nothing_is_still_a_picture(client, harbour, bob):
    client.force_login(bob)

    response = client.get(reverse("annotations:grid_svg", args=[harbour.slug]))

    assert etree.fromstring(response.content).find("{*}desc").text.endswith("nothing to show.")


def test_downloads_are_for_members_only(client, harbour, stranger):
    client.force_login(stranger)

    for name in ("claims", "grid_svg", "grid_csv"):
        assert client.get(reverse(f"annotations:{name}", args=[harbour.slug])).status_code == 404


def test_a_claim_that_left_the_list_leaves_the_grid(harbour, alice, wire, closed):
    factories.delete(closed, user=alice)

    assert cells(harbour, alice) == {}
    assert Claim.objects.count() == 1


# --- parts ---------------------------------------------------------------------------------------


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr("annotations.grid.MOST_ROWS", 2)
    monkeypatch.setattr("annotations.grid.MOST_COLUMNS", 2)


@pytest.fixture
def five_by_three(alice):
    """Five claims and three documents; alice supports the last claim in the last document."""
    made = factories.collection("Parts", owner=alice)
    documents = [
        factories.document(made, f"{title}: the levy starts in May.", title=title)
        for title in ("Ash", "Birch", "Cedar")
    ]
    claims = [factories.claim(made, alice, f"Claim of row {n}.") for n in range(1, 6)]
    factories.mark(documents[-1], alice, "the levy starts", claim=claims[-1])
    return made, claims, documents


def test_a_page_shows_a_part_and_counts_everything(five_by_three, alice, small_parts):
    collection, claims, documents = five_by_three
    collection = type(collection).objects.open_to(alice, collection.slug)

    whole = claim_grid(collection, alice, Wanted())
    part = claim_grid(collection, alice, Wanted(row=5, column=3), whole=False)

    assert [row.pk for row in part.rows] == [claims[4].pk]
    assert [column.pk for column in part.columns] == [documents[2].pk]
    assert part.rows[0].cells == (whole.rows[4].cells[2],)
    assert part.rows[0].tally == whole.rows[4].tally
    assert part.columns[0].tally == whole.columns[2].tally
    assert part.tally == whole.tally
    assert str(whole.tally) == "1 for, 14 not looked at"


@pytest.mark.parametrize(
    ("asked", "shown"), [(1, "1 to 2"), (2, "1 to 2"), (3, "3 to 4"), (5, "5 to 5"), (99, "5 to 5")]
)
def test_a_part_is_the_one_that_the_place_is_in(asked, shown):
    part = Part.around(asked, 5, 2)

    assert str(part) == shown
    assert part.previous is None or part.previous.last == part.first - 1
    assert part.next is None or part.next.first == part.last + 1


def test_nothing_has_one_empty_part():
    part = Part.around(3, 0, 2)

    assert (part.first, part.last, part.previous, part.next) == (0, 0, None, None)


def test_links_lead_through_all_parts_without_script(client, five_by_three, alice, small_parts):
    collection, claims, _ = five_by_three
    client.force_login(alice)
    address = reverse("annotations:claims", args=[collection.slug])

    seen, query = [], ""
    while query is not None:
        page = client.get(f"{address}{query}").text
        seen += [claim.pk for claim in claims if f'id="claim-{claim.pk}"' in page]
        later = re.search(r'Claims \d.*?rel="next" href="([^"]*)"[^>]*>[^<]*</a></nav>', page)
        query = html.unescape(later[1]) if later and "row=" in later[1] else None

    assert seen == [claim.pk for claim in claims]


def test_the_files_hold_every_part(client, five_by_three, alice, small_parts):
    collection, claims, documents = five_by_three
    client.force_login(alice)

    table = client.get(reverse("annotations:grid_csv", args=[collection.slug]), {"row": "3"}).text

    assert all(claim.statement in table for claim in claims)
    assert all(document.title in table for document in documents)


def test_one_cell_is_answered_as_the_whole_grid_would(five_by_three, alice):
    collection, claims, documents = five_by_three
    collection = type(collection).objects.open_to(alice, collection.slug)
    grid = claim_grid(collection, alice, Wanted())

    for place, claim in enumerate(claims):
        row, columns = claim_row(collection, alice, claim)
        assert row == grid.rows[place]
        assert [column.pk for column in columns] == [column.pk for column in grid.columns]
        for across, document in enumerate(documents):
            found = crossing(collection, alice, Wanted(), claim=claim.pk, document=document.pk)
            assert found is not None
            assert found[0] == replace(grid.rows[place], cells=(grid.rows[place].cells[across],))
            assert found[1] == grid.columns[across]


def test_a_claim_that_the_filters_leave_out_has_no_crossing(five_by_three, alice):
    collection, claims, documents = five_by_three
    collection = type(collection).objects.open_to(alice, collection.slug)

    found = crossing(
        collection, alice, Wanted(text="row 2"), claim=claims[0].pk, document=documents[0].pk
    )

    assert found is None
