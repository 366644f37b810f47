"""A claim is called by its number, which stays whatever becomes of the claims around it."""

import csv
import json
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from annotations.acts.undoing import redo, undo
from annotations.exports.grids import csv_long, csv_wide
from annotations.grid import Wanted, claim_grid
from annotations.models import Claim
from annotations.states import ClaimState
from tests import factories


@pytest.fixture
def wire(harbour):
    return factories.document(harbour, "The port is closed. Ferries wait.", title="Storm")


@pytest.fixture
def five(harbour, alice):
    return [factories.claim(harbour, alice, f"Claim {letter}.") for letter in "ABCDE"]


def numbers(collection, *, listed=True):
    claims = Claim.objects.filter(collection=collection)
    claims = claims.current() if listed else claims
    return {claim.statement: claim.number for claim in claims}


def delete(claims, user, collection, wire):
    factories.delete(claims[1], user=user)


def merge(claims, user, collection, wire):
    factories.merge(claims[0], claims[3], user=user)


def split(claims, user, collection, wire):
    mark = factories.mark(wire, user, "Ferries", claim=claims[0])
    factories.split(claims[0], ClaimState("Part of A."), [mark], user=user)


def move(claims, user, collection, wire):
    claims[4].move(0, user=user)


def reword(claims, user, collection, wire):
    claims[2].change(ClaimState("Claim C."), user=user)


def delete_and_bring_back(claims, user, collection, wire):
    factories.delete(claims[0], user=user)
    factories.bring_back(Claim.objects.get(pk=claims[0].pk), user=user)


def make(claims, user, collection, wire):
    Claim.objects.stating("A new one.", collection=collection, user=user)


@pytest.mark.parametrize(
    "act",
    [delete, merge, split, move, reword, delete_and_bring_back, make],
    ids=lambda a: a.__name__,
)
def test_no_act_changes_the_number_of_a_claim_or_reuses_one(harbour, alice, wire, five, act):
    before = numbers(harbour, listed=False)
    assert list(before.values()) == [1, 2, 3, 4, 5]

    for step in (
        lambda: act(five, alice, harbour, wire),
        lambda: undo(harbour, alice),
        lambda: redo(harbour, alice),
    ):
        step()
        after = numbers(harbour, listed=False)
        assert {name: after[name] for name in before} == before
        assert len(set(after.values())) == len(after)
    made = factories.claim(harbour, alice, "The last.")

    assert made.number > max(after.values())


def test_a_number_is_not_reused_when_its_claim_is_gone_for_good(harbour, alice, five):
    Claim.objects.filter(pk=five[4].pk).delete()

    assert factories.claim(harbour, alice, "F").number == 6


def test_each_collection_counts_for_itself(harbour, alice, five):
    other = factories.collection("Canal", owner=alice)

    assert factories.claim(other, alice).number == 1


def test_rows_that_came_without_the_count_are_counted_on(harbour, alice, five):
    harbour.numbering.delete()

    assert factories.claim(harbour, alice, "F").number == 6


def test_the_database_refuses_a_number_twice(harbour, alice, five):
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=five[0].pk).update(number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=five[0].pk).update(number=0)
    with pytest.raises(ValidationError, match="number"):
        Claim(collection=harbour, statement="X", number=2).full_clean()


@pytest.mark.django_db(transaction=True)
def test_two_who_make_claims_at_once_get_different_numbers(harbour, alice, bob):
    start, failed = Barrier(4), []

    def work(user, name):
        try:
            start.wait(10)
            for step in range(5):
                factories.claim(harbour, user, f"{name} {step}")
        except Exception as error:  # a thread's failure is the test's
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(user, n)) for n, user in enumerate([alice, bob] * 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failed
    assert sorted(numbers(harbour).values()) == list(range(1, 21))


def test_every_page_and_table_shows_the_number_and_not_the_place(client, harbour, alice, wire):
    """The list is C A B after a deletion and a move; the numbers are 4, 2 and 3."""
    gone, one, _, three = (factories.claim(harbour, alice, f"Claim {n}.") for n in "ZABC")
    factories.delete(gone, user=alice)
    three.move(0, user=alice)
    mark = factories.mark(wire, alice, "The port", claim=three)
    client.force_login(alice)

    def page(name, *args, **query):
        return client.get(reverse(f"annotations:{name}", args=args), query).content.decode()

    slug = harbour.slug
    grid = claim_grid(harbour, alice, Wanted())
    assert [(row.number, row.statement) for row in grid.rows] == [
        (4, "Claim C."),
        (2, "Claim A."),
        (3, "Claim B."),
    ]
    assert "".join(csv_wide(grid)).splitlines()[1].startswith("4,Claim C.")
    assert "".join(csv_long(grid)).splitlines()[1].startswith("4,")
    assert '<span class="grid-number">4</span>' in page("claims", slug)
    assert ">4</text>" in page("grid_svg", slug)
    reader = page("reader", slug, d=wire.pk)
    assert f'data-claim="{three.pk}" data-number="4"' in reader
    assert f'data-claim="{one.pk}" data-number="2"' in reader
    assert "claim 4" in reader  # what the margin says of the mark
    assert "4 Asserts" in reader
    assert "Claim 4: Claim C." in page("claim", slug, three.pk)
    assert "2 →" in page("claim", slug, three.pk)
    assert "← 4" in page("claim", slug, one.pk)
    for name in ("claim_edit", "claim_merge", "claim_split", "claim_delete", "claim_wording"):
        assert "laim 4" in page(name, slug, three.pk), name
    assert '<span class="grid-number">4</span>' in page("claim_merge", slug, one.pk)
    assert "4. Claim C." in page("marks", slug)
    assert '<span class="listed-number">4</span>' in page("marks", slug)
    assert "4. Claim C." in page("edit", mark.pk)
    likely = client.get(
        reverse("annotations:likely_claims", args=[slug]), {"words": "Claim C"}
    ).content.decode()
    assert f'data-claim="{three.pk}" value="4"' in likely
    assert "4. Claim C." in page("export", slug)
    asked = reverse("annotations:export_download", args=[slug])
    lines = client.get(asked, {"format": "jsonl", "claim": 4}).getvalue().splitlines()
    assert [json.loads(line)["claim"]["number"] for line in lines] == [4]
    table = client.get(asked, {"format": "csv", "claim": 4}).getvalue().decode("utf-8-sig")
    rows = csv.DictReader(StringIO(table, newline=""))
    assert {row["claim_number"] for row in rows} == {"4"}


def test_the_status_names_the_number(client, harbour, alice, wire, five):
    factories.delete(five[0], user=alice)
    client.force_login(alice)

    answer = client.post(
        reverse("annotations:absent", args=[harbour.slug]),
        {"absent": f"{five[2].pk}-{wire.pk}"},
        headers={"hx-request": "true"},
    )

    assert "Claim 3 is absent from “Storm”" in answer.content.decode()


# --- databases of before -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_claims_that_were_there_get_the_number_that_was_shown(alice):
    executor = MigrationExecutor(connection)
    latest = executor.loader.graph.leaf_nodes()
    executor.migrate([("annotations", "0002_rejection")])
    try:
        apps = executor.loader.project_state([("annotations", "0002_rejection")]).apps
        collections = apps.get_model("corpus", "Collection")
        claims = apps.get_model("annotations", "Claim")
        rows = {}
        for slug in ("harbour", "canal"):
            collection = collections.objects.create(name=slug, slug=slug)
            for statement, order in [("A", 5), ("B", 2), ("gone", 1), ("C", 9), ("part", 3)]:
                rows[slug, statement] = claims.objects.create(
                    collection=collection, statement=statement, order=order
                )
            claims.objects.filter(pk=rows[slug, "gone"].pk).update(deleted_at="2026-01-01T00:00Z")
            claims.objects.filter(pk=rows[slug, "part"].pk).update(merged_into=rows[slug, "A"].pk)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(latest)

    for slug in ("harbour", "canal"):
        kept = Claim.objects.filter(collection__slug=slug).order_by("number")
        assert [(row.number, row.statement) for row in kept] == [
            (1, "B"),
            (2, "A"),
            (3, "C"),
            (4, "gone"),
            (5, "part"),
        ]
        collection = kept[0].collection
        assert factories.claim(collection, alice, "new").number == 6
