"""Two people at work on the same documents."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from annotations.models import Annotation
from corpus.models import Document, Role
from tests import factories

from .steps import CURRENT, press, wait_until_ready, wait_until_said

EXEMPT = "Ships under 500 tonnes are exempt from it."


@pytest.fixture
def bob(transactional_db, port):
    made = factories.user("bob")
    factories.member(port, made, Role.CODER)
    return made


@pytest.fixture
def open_reader(visit, port):
    """Open the two documents of the collection in a browser of that person."""
    query = {"d": list(Document.objects.order_by("pk").values_list("pk", flat=True))}
    address = reverse("annotations:reader", args=[port.slug], query=query)

    def opened(user, **options):
        page = visit(user, **options)
        page.goto(address)
        wait_until_ready(page)
        return page

    return opened


def hold_mark(page, words):
    """Put the cursor on the sentence and take hold of the mark there."""
    while words not in (
        page.locator(CURRENT).text_content() if page.locator(CURRENT).count() else ""
    ):
        press(page, "ArrowDown")
    press(page, "m")


def write_note(page, words):
    press(page, "n")
    page.locator("#sheet [name=note]").fill(words)


def save(page):
    page.locator("#sheet").get_by_role("button", name="Save").click()


@pytest.fixture
def bobs_mark(port, bob):
    wire = Document.objects.order_by("pk").first()
    return factories.mark(wire, bob, EXEMPT, note="Bob’s first thought.")


def test_of_two_notes_on_one_mark_the_second_writer_sees_both_and_chooses(
    open_reader, alice, bob, bobs_mark
):
    bobs, alices = open_reader(bob), open_reader(alice, may_fail=True)  # a conflict is a 409
    for page, words in ((bobs, "Bob’s second thought."), (alices, "Alice disagrees.")):
        hold_mark(page, EXEMPT)
        write_note(page, words)

    save(bobs)
    expect(bobs.locator("#sheet")).to_be_hidden()
    save(alices)

    conflict = alices.locator("#conflict")
    expect(conflict).to_contain_text("Bob’s second thought.")
    expect(conflict).to_contain_text("Alice disagrees.")
    bobs_mark.refresh_from_db()
    assert bobs_mark.note == "Bob’s second thought."
    conflict.get_by_role("button", name="Keep yours").click()
    wait_until_said(alices, "Mark changed")
    bobs_mark.refresh_from_db()
    assert bobs_mark.note == "Alice disagrees."
    notes = [row.after["note"] for row in bobs_mark.revisions.order_by("pk")]
    assert notes == ["Bob’s first thought.", "Bob’s second thought.", "Alice disagrees."]


def test_moving_a_mark_that_somebody_just_moved_asks_first(open_reader, alice, bob, bobs_mark):
    bobs, alices = open_reader(bob), open_reader(alice, may_fail=True)
    for page in (bobs, alices):
        hold_mark(page, EXEMPT)

    press(bobs, "Alt+ArrowLeft")
    wait_until_said(bobs, "Moved")
    press(alices, "Alt+Shift+ArrowRight")

    expect(alices.locator("#conflict")).to_be_visible()
    assert bobs_mark.targets.get().exact == EXEMPT.removesuffix(".")


def test_deleting_a_mark_that_somebody_just_wrote_on_asks_first(open_reader, alice, bob, bobs_mark):
    bobs, alices = open_reader(bob), open_reader(alice, may_fail=True)
    for page in (bobs, alices):
        hold_mark(page, EXEMPT)
    write_note(bobs, "Much thought went into this.")
    save(bobs)
    wait_until_said(bobs, "Mark changed")

    press(alices, "Delete")

    expect(alices.locator("#conflict")).to_contain_text("Much thought went into this.")
    bobs_mark.refresh_from_db()
    assert not bobs_mark.deleted


def test_two_people_mark_the_same_sentence_and_both_marks_stand(open_reader, alice, bob, port):
    bobs, alices = open_reader(bob), open_reader(alice)
    before = Annotation.objects.count()

    for page, key in ((bobs, "1"), (alices, "3")):
        press(page, "ArrowDown", "ArrowDown", key)
    for page in (bobs, alices):
        wait_until_said(page, "Marked")

    assert Annotation.objects.count() == before + 2
    bobs.reload()
    cards = bobs.locator(".card").filter(has_text="Disputes")
    expect(cards.first).to_contain_text("Al")


def test_undo_takes_back_ones_own_work_and_not_that_of_others(open_reader, alice, bob):
    bobs, alices = open_reader(bob), open_reader(alice)
    for page in (bobs, alices):
        press(page, "ArrowDown", "ArrowDown", "1")
        wait_until_said(page, "Marked")

    press(bobs, "z")
    wait_until_said(bobs, "Undone")

    latest = Annotation.objects.order_by("created")
    assert [mark.deleted for mark in latest.filter(creator=bob)] == [True]
    assert not latest.filter(creator=alice).last().deleted
