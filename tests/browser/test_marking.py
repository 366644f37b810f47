import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from annotations.codebooks import READER_KEYS, SHORTCUTS
from annotations.models import Annotation, Claim, Code, Codebook, Coding
from corpus.models import Document, Role
from tests import factories

from .conftest import WIRE

STATUS = "#marking-status"


def address(live_server, collection, *documents):
    pks = documents or Document.objects.order_by("pk").values_list("pk", flat=True)
    path = reverse("annotations:reader", args=[collection.slug])
    return f"{live_server.url}{path}?{'&'.join(f'd={pk}' for pk in pks)}"


@pytest.fixture
def read(page, live_server, sign_in, alice, port):
    sign_in(alice)
    page.goto(address(live_server, port))
    page.locator("[data-reader][data-ready]").wait_for(state="attached")
    return page


@pytest.fixture
def troubled(context, live_server, sign_in, alice, port):
    """A page whose console may complain, because the test breaks its connection."""
    sign_in(alice)
    page = context.new_page()
    page.goto(address(live_server, port))
    page.locator("[data-reader][data-ready]").wait_for(state="attached")
    return page


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def hold(page, address):
    """Requests to this address wait until they are let go()."""
    held = []
    page.route(address, lambda route: held.append(route))
    return held


def let_go(page, held):
    """Send on what waits, as soon as something does."""
    while not held:
        page.wait_for_timeout(20)
    page.unroute_all()


def mine():
    return Annotation.objects.live().order_by("created").last()


def test_a_claim_is_tagged_with_the_keyboard_alone(read):
    page = read
    count = Annotation.objects.count()

    press(page, "ArrowDown", "ArrowDown", "c")
    page.keyboard.type("nobody was asked")
    press(page, "Enter")
    press(page, "1")
    expect(page.locator(STATUS)).to_contain_text("Marked")

    mark = mine()
    assert Annotation.objects.count() == count + 1
    assert mark.claim.statement == "nobody was asked"
    assert mark.targets.get().exact == "Nobody was asked about the plan 🚢."
    assert dict(mark.as_state().codings) == {"voice": "author", "position": "supports"}
    expect(page.locator(f"[data-annotations~='{str(mark.pk)[-12:]}']").first).to_be_visible()


def test_a_kept_claim_takes_one_key_for_each_sentence(read):
    page = read

    press(page, "ArrowDown", "c")
    page.keyboard.type("2")
    press(page, "Enter", "C", "1", "ArrowDown", "2", "ArrowDown", "5")
    expect(page.locator(STATUS)).to_contain_text("Marked: “The levy will raise")

    claim = Claim.objects.get(statement__startswith="The levy")
    new = Annotation.objects.filter(claim=claim).order_by("created")[2:]
    assert [row.as_state().codes("position") for row in new] == [
        ("supports",),
        ("supports",),
        ("questions",),
    ]


def test_the_claim_is_chosen_by_typing_and_worded_before_it_is_made(read):
    page = read

    press(page, "ArrowDown", "ArrowDown", "c")
    options = page.locator("#picker-list [role=option]")
    expect(options.last).to_contain_text("Nobody was asked about the plan")
    press(page, "ArrowUp", "Enter")
    page.keyboard.type("The plan was drawn up alone.")
    press(page, "Enter")
    expect(page.locator("#claims")).to_contain_text("The plan was drawn up alone.")

    assert Claim.objects.filter(statement="The plan was drawn up alone.").exists()
    expect(page.locator("[data-current-claim]")).to_have_text("3 The plan was drawn up alone.")


def test_words_are_chosen_by_keyboard(read):
    page = read

    press(page, "ArrowDown", "ArrowDown", "Alt+ArrowRight", "Alt+ArrowRight")
    press(page, "Alt+Shift+ArrowRight", "Alt+Shift+ArrowRight", "Alt+Shift+ArrowLeft", "6")
    expect(page.locator(STATUS)).to_contain_text("Marked: “was asked”")

    assert mine().targets.get().exact == "was asked"


def test_a_selection_by_mouse_grows_to_words_and_takes_one_key(read):
    page = read
    word = page.evaluate(
        """() => {
          const node = [...document.querySelectorAll(".paragraph")][1];
          const text = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
          while (text.nextNode()) {
            const at = text.currentNode.data.indexOf("tonnes are exempt");
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(text.currentNode, at + 2);
            range.setEnd(text.currentNode, at + 14);
            const box = range.getBoundingClientRect();
            return [box.left, box.right, box.top + box.height / 2];
          }
        }"""
    )
    page.mouse.move(word[0], word[2])
    page.mouse.down()
    page.mouse.move(word[1], word[2], steps=4)
    page.mouse.up()

    press(page, "1")
    expect(page.locator(STATUS)).to_contain_text("Marked: “tonnes are exempt”")

    assert mine().targets.get().exact == "tonnes are exempt"


def test_locked_marking_takes_one_click(read):
    page = read
    count = Annotation.objects.count()

    press(page, "l")
    page.get_by_text("Nobody was asked").first.click()
    expect(page.locator(STATUS)).to_contain_text("Marked")
    page.get_by_text("The union declined to comment.").first.click()
    expect(page.locator(STATUS)).to_contain_text("Marked: “The union")
    press(page, "Escape")
    page.get_by_text("The port employs").first.click()

    assert Annotation.objects.count() == count + 2


def test_locked_marking_by_dragging_marks_the_words_alone(read):
    page = read
    count = Annotation.objects.count()
    box = page.locator(".paragraph").nth(2).bounding_box()

    press(page, "l")
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 12, steps=4)
    page.mouse.up()
    expect(page.locator(STATUS)).to_contain_text("Marked: “We")
    page.wait_for_load_state("networkidle")

    assert Annotation.objects.count() == count + 1
    assert not mine().targets.get().exact.endswith(".")


def test_undo_and_redo_across_a_reload(read):
    page = read
    count = Annotation.objects.live().count()
    press(page, "ArrowDown", "ArrowDown", "1")
    expect(page.locator(STATUS)).to_contain_text("Marked")

    page.reload()
    press(page, "z")
    expect(page.locator(STATUS)).to_contain_text("Undone")
    undone = Annotation.objects.live().count()
    page.reload()
    press(page, "Control+Shift+z")
    expect(page.locator(STATUS)).to_contain_text("Done again")

    assert (undone, Annotation.objects.live().count()) == (count, count + 1)


def test_a_mark_is_chosen_moved_recoded_and_deleted_by_keyboard(read):
    page = read
    press(page, "ArrowDown", "ArrowDown", "1")
    expect(page.locator(STATUS)).to_contain_text("Marked")

    press(page, "m", "Alt+ArrowLeft")
    expect(page.locator(STATUS)).to_contain_text("Moved")
    mark = mine()
    moved = mark.targets.get().exact
    press(page, "3")
    expect(page.locator(STATUS)).to_contain_text("Mark changed")
    recoded = Annotation.objects.get(pk=mark.pk).as_state().codes("position")
    press(page, "Delete")
    expect(page.locator(STATUS)).to_contain_text("Deleted")

    assert moved == "Nobody was asked about the plan 🚢"
    assert recoded == ("disputes",)
    assert Annotation.objects.get(pk=mark.pk).deleted


def test_the_ends_of_a_mark_are_dragged(read):
    page = read
    page.get_by_text("Nobody was asked").first.click()
    press(page, "1")
    expect(page.locator(STATUS)).to_contain_text("Marked")
    press(page, "m")
    handle = page.locator(".handle[data-edge=end]")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 70, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()

    expect(page.locator(STATUS)).to_contain_text("Moved")

    exact = mine().targets.get().exact
    assert exact.startswith("Nobody was asked")
    assert len(exact) < len("Nobody was asked about the plan 🚢.")
    assert exact[-1] != " "


def test_a_sentence_that_somebody_marked_is_marked_again_not_recoded(
    page, live_server, sign_in, port
):
    bob = factories.user("bob")
    factories.member(port, bob, Role.OWNER)
    sign_in(bob)
    before = {row.pk: row.as_state() for row in Annotation.objects.all()}
    page.goto(address(live_server, port))
    page.locator("[data-reader][data-ready]").wait_for(state="attached")

    page.get_by_text("The levy will raise").first.click()
    press(page, "3")
    expect(page.locator(STATUS)).to_contain_text("Marked")
    page.get_by_text("The levy will raise").first.click()
    expect(page.locator(".handle").first).to_be_visible()
    page.locator("[data-choose-claim]").first.click()
    press(page, "1")
    expect(page.locator(STATUS)).to_contain_text("Marked")

    assert {pk: Annotation.objects.get(pk=pk).as_state() for pk in before} == before
    assert Annotation.objects.by(bob).count() == 2


@pytest.fixture
def crowded(read, alice):
    """The page, with six more of alice's marks beside its first paragraph."""
    document = Document.objects.order_by("pk").first()
    for number, word in enumerate(("harbour", "open", "March", "minister", "Nobody", "plan")):
        claim = factories.claim(document.collection, alice, f"Claim number {number}.")
        factories.mark(document, alice, word, claim=claim)
    read.reload()
    read.locator("[data-reader][data-ready]").wait_for(state="attached")
    return read


def test_folded_marks_are_reached_by_keyboard(crowded):
    page = crowded
    block = page.locator(".block").first
    expect(block.locator(".fold")).to_be_visible()

    press(page, "ArrowDown", "ArrowDown", "m")
    expect(page.locator(STATUS)).to_contain_text("1 of 2: ")
    press(page, "m")
    expect(page.locator(STATUS)).to_contain_text("2 of 2: ")
    press(page, "4")
    expect(page.locator(STATUS)).to_contain_text("Mark changed")

    mark = Annotation.objects.order_by("modified").last()
    assert mark.targets.get().exact in ("Nobody", "plan")
    assert dict(mark.as_state().codings)["position"] == "disputes"
    expect(block.locator(".fold")).to_have_count(0)  # also when the paragraph was drawn again
    expect(block.locator(".card-coder")).to_have_count(8)


def test_a_new_mark_in_a_crowded_paragraph_is_seen_and_takes_its_claim(crowded):
    page = crowded

    press(page, "ArrowDown", "ArrowDown", "3")
    expect(page.locator(STATUS)).to_contain_text("Marked")
    press(page, "c")
    page.keyboard.type("number 3")
    press(page, "Enter")
    expect(page.locator(STATUS)).to_contain_text("Mark changed")

    assert mine().claim.statement == "Claim number 3."
    expect(page.locator(f".card-coder[data-annotation='{mine().pk}']")).to_be_visible()


def test_the_folded_marks_come_in_place_and_keep_what_is_selected(crowded):
    page = crowded
    press(page, "ArrowDown", "Alt+ArrowRight")

    page.locator(".fold").first.click()

    expect(page.locator(".block").first.locator(".card-coder")).to_have_count(8)
    expect(page.locator(".card-coder").nth(3)).to_be_focused()
    assert page.evaluate("getSelection().toString()") == "The"
    assert "open=" not in page.url


def test_a_note_is_written_on_the_mark_at_hand(read):
    page = read
    press(page, "ArrowDown", "ArrowDown", "1", "n")
    note = page.locator("#sheet [name=note]")

    expect(note).to_be_focused()
    page.keyboard.type("Who is nobody?")
    press(page, "Control+Enter")
    expect(page.locator("#sheet")).to_be_hidden()

    assert mine().note == "Who is nobody?"


def test_a_form_opens_again_after_it_was_closed(read):
    page = read
    note = page.locator("#sheet [name=note]")

    for first in ("ArrowDown", "ArrowDown"):
        press(page, first, "n")
        expect(note).to_be_focused()
        press(page, "Escape")
        expect(page.locator("#sheet")).to_be_hidden()
        expect(page.locator("[aria-current='true'].sentence")).to_be_focused()


def test_escape_does_not_throw_a_written_note_away_at_once(read):
    page = read

    press(page, "ArrowDown", "ArrowDown", "n")
    expect(page.locator("#sheet [name=note]")).to_be_focused()
    page.keyboard.type("Who?")
    press(page, "Escape")

    expect(page.locator("#sheet [role=alert]")).to_contain_text("Escape again discards")
    expect(page.locator("#sheet [name=note]")).to_have_value("Who?")
    press(page, "Escape")
    expect(page.locator("#sheet")).to_be_hidden()


def test_keys_typed_before_a_form_has_come_are_no_commands(read):
    page = read
    held = hold(page, "**/mark/?*")

    press(page, "ArrowDown", "ArrowDown", "n")
    page.keyboard.type("zap box")
    let_go(page, held)
    expect(page.locator("#sheet [name=note]")).to_be_focused()
    expect(page.locator("#sheet [name=note]")).to_have_value("zap box")

    expect(page.locator("[data-reader]")).to_have_attribute("data-layers", "changes claims")
    expect(page.locator(STATUS)).not_to_contain_text("Undone")


def test_quick_changes_of_one_s_own_are_no_conflict(read):
    page = read
    held = hold(page, "**/move/")

    press(page, "ArrowDown", "m")
    press(page, *["Alt+ArrowLeft"] * 3, "3")
    let_go(page, held)
    expect(page.locator(STATUS)).to_contain_text("Mark changed")

    expect(page.locator("#sheet")).to_be_hidden()
    chosen = Annotation.objects.order_by("modified").last()
    assert chosen.targets.get().exact == "The harbour will"
    assert dict(chosen.as_state().codings)["position"] == "disputes"


def test_a_mark_that_is_still_on_its_way_is_the_one_deleted(read):
    page = read
    count = Annotation.objects.live().count()
    held = hold(page, "**/mark/")

    press(page, "ArrowDown", "5", "Delete")
    let_go(page, held)
    expect(page.locator(STATUS)).to_contain_text("Deleted")

    assert Annotation.objects.live().count() == count
    assert Annotation.objects.order_by("created").last().deleted


def test_a_mark_of_somebody_else_is_changed_only_when_chosen(read, alice):
    page = read
    bob = factories.user("bob", pk=1002)
    document = Document.objects.order_by("pk").first()
    factories.member(document.collection, bob)
    mark = factories.mark(document, bob, "Nobody was asked")
    page.reload()
    page.locator("[data-reader][data-ready]").wait_for(state="attached")

    press(page, "ArrowDown", "ArrowDown", "Delete")
    expect(page.locator(STATUS)).to_contain_text("No mark of yours here")
    mark.refresh_from_db()
    kept = not mark.deleted
    press(page, "m", "Delete")
    expect(page.locator(STATUS)).to_contain_text("Deleted")

    mark.refresh_from_db()
    assert kept
    assert mark.deleted


def test_escape_closes_the_stance_menu_and_goes_back_to_the_sentence(read):
    page = read

    press(page, "ArrowDown", "s")
    expect(page.locator(".stance details[open]")).to_have_count(1)
    press(page, "Escape")

    expect(page.locator(".stance details[open]")).to_have_count(0)
    expect(page.locator("[aria-current='true'].sentence")).to_be_focused()


def test_marking_in_the_plain_layer_shows_the_marks(read):
    page = read

    press(page, "ArrowDown", "p")
    expect(page.locator("[data-marking]")).to_be_hidden()
    press(page, "1")

    expect(page.locator(STATUS)).to_contain_text("Marked")
    expect(page.locator("[data-marking]")).to_be_visible()


def test_a_selection_let_go_outside_the_text_ends_beside_the_pointer(read):
    page = read
    box = page.locator(".paragraph").first.bounding_box()
    strip = page.locator("[data-strip]").first.bounding_box()

    page.mouse.move(box["x"] + 4, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(strip["x"] + 4, box["y"] + 12, steps=5)
    page.mouse.up()

    words = page.evaluate("getSelection().toString()")
    assert words.startswith("The harbour")
    assert len(words) < len(WIRE.split("\n")[0])


def test_the_status_line_stays_the_same_element_and_says_that_work_waits(troubled):
    page = troubled
    page.evaluate("document.getElementById('marking-status').dataset.first = 'yes'")

    broken = []
    page.route("**/mark/", lambda route: route.abort() if broken else route.continue_())

    press(page, "ArrowDown", "ArrowDown", "1")
    expect(page.locator(STATUS)).to_contain_text("Marked")
    broken.append("the line")
    press(page, "ArrowDown", "1")

    expect(page.locator(f"{STATUS}[data-first]")).to_contain_text("kept here, to be saved later")


def test_a_new_claim_and_closed_suggestions_leave_the_focus_where_work_goes_on(read):
    page = read
    field = page.locator(".claim-new input[name=statement]")

    field.fill("The quay is new.")
    press(page, "Enter")
    expect(page.locator("#claims")).to_contain_text("The quay is new.")
    expect(field).to_be_focused()

    page.locator("[data-choose-claim]").last.click()
    page.locator(".sentence").nth(1).click()
    press(page, "1")
    expect(page.locator("#offers .offer")).to_have_count(1)
    page.locator("[data-close-offers]").click()
    expect(page.locator("[aria-current='true'].sentence")).to_be_focused()


def test_a_form_that_does_not_come_can_be_given_up(read):
    page = read
    held = hold(page, "**/mark/?*")

    press(page, "ArrowDown", "ArrowDown", "n", "Escape", "ArrowDown")

    expect(page.locator("[aria-current='true'].sentence")).to_contain_text("The levy will raise")
    let_go(page, held)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#sheet")).to_be_hidden()


def test_what_is_refused_while_a_note_is_written_waits_for_its_end(troubled):
    page = troubled
    page.route("**/mark/", lambda route: route.abort())

    press(page, "ArrowDown", "1", "ArrowDown", "ArrowDown", "n")
    page.locator("#sheet [name=note]").fill("Half a thought")
    page.unroute_all()
    page.route("**/mark/", lambda route: route.fulfill(status=422, body="<p>No such claim.</p>"))
    page.evaluate("dispatchEvent(new Event('online'))")  # it tries again by itself
    expect(page.locator("#sheet")).to_contain_text("Another change was not saved")
    kept = page.locator("#sheet [name=note]").input_value()
    press(page, "Escape", "Escape")

    expect(page.locator("#sheet")).to_contain_text("No such claim.")
    assert kept == "Half a thought"


def test_enter_on_a_link_leaves_the_layers_alone(read):
    page = read

    page.locator("[data-layer=plain]").focus()
    press(page, "Enter")

    expect(page.locator("[data-reader]")).to_have_attribute("data-layers", "")


def test_a_claim_worded_twice_is_offered_for_merging_by_a_link(read):
    page = read

    page.locator(".claim-new input[name=statement]").fill("The harbour opens this spring")
    press(page, "Enter")
    page.locator(STATUS).get_by_role("link").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Merge")


def test_suggestions_go_with_their_mark_and_an_empty_list_closes(read):
    page = read

    press(page, "ArrowDown", "ArrowDown", "c")
    page.keyboard.type("Nobody was asked.")
    press(page, "Enter", "1")
    expect(page.locator("#offers .offer")).to_have_count(1)
    page.locator("#offers button[name=reject]").click()
    press(page, "a")
    expect(page.get_by_role("button", name="Offer the 1 rejected again")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#offers")).to_be_hidden()
    expect(page.locator("[aria-current='true'].sentence")).to_be_focused()

    press(page, "a")
    page.locator("#offers button[name=restore]").click()
    expect(page.locator("#offers .offer")).to_have_count(1)
    press(page, "z")
    expect(page.locator(STATUS)).to_contain_text("Undone")
    expect(page.locator("#offers")).to_be_hidden()


def test_a_note_is_continued_at_its_end(read):
    page = read

    for words in ("Who?", " And why?"):
        press(page, "ArrowUp", "ArrowDown", "n")
        expect(page.locator("#sheet [name=note]")).to_be_focused()
        page.keyboard.type(words)
        press(page, "Control+Enter")
        expect(page.locator("#sheet")).to_be_hidden()

    assert mine().note == "Who? And why?"


def test_stance_and_origin_take_two_keys_each(read):
    page = read
    wire, copy = Document.objects.order_by("pk")

    press(page, "ArrowDown", "s", "1")
    expect(page.locator(f"#stance-{wire.pk}")).to_contain_text("Reporting")
    expect(page.locator("[aria-current='true'].sentence")).to_be_focused()
    press(page, "o", "1")
    expect(page.locator(f"#stance-{wire.pk} summary")).to_have_text("Wire reporting")
    press(page, "ArrowRight", "s", "3")
    expect(page.locator(f"#stance-{copy.pk} summary")).to_have_text("Opinion")

    given = Coding.objects.filter(document__isnull=False).values_list("document", "code__key")
    assert set(given) == {(wire.pk, "reporting"), (wire.pk, "wire"), (copy.pk, "opinion")}


def test_the_next_question_may_be_opened_before_the_last_answer_came(read):
    page = read
    wire = Document.objects.order_by("pk").first()
    held = hold(page, "**/code/")

    press(page, "ArrowDown", "s", "1", "o")
    let_go(page, held)
    expect(page.locator(f"#stance-{wire.pk} summary")).to_contain_text("Reporting")
    press(page, "1")

    expect(page.locator(f"#stance-{wire.pk} summary")).to_have_text("Wire reporting")
    expect(page.locator("[aria-current='true'].sentence")).to_be_focused()


def test_a_tagged_claim_is_offered_in_the_other_column_and_accepted(read):
    page = read

    press(page, "ArrowDown", "ArrowDown", "c")
    page.keyboard.type("Nobody was asked.")
    press(page, "Enter", "1")
    expect(page.locator("#offers")).to_contain_text("word for word")
    press(page, "a")
    expect(page.locator("#offers button[name=accept]")).to_be_focused()
    press(page, "Enter")
    expect(page.locator(STATUS)).to_contain_text("Marked 1 passage in other documents")

    expect(page.locator("[aria-current='true'].sentence")).to_be_focused()
    accepted = mine()
    assert accepted.via is not None
    assert accepted.targets.get().document.title == "Harbour to open"


def test_a_pair_is_coded_with_the_engine_s_suggestion(read):
    page = read

    press(page, "ArrowDown", "x")
    expect(page.locator("#sheet")).to_contain_text("What changed?")
    expect(page.locator("#sheet input[value=detail_changed]")).to_be_checked()
    page.locator("#sheet").get_by_role("button", name="Save").click()
    expect(page.locator(STATUS)).to_contain_text("Pair coded")

    pair = Annotation.objects.get(motivation="linking")
    assert pair.targets.count() == 2


# --- what goes wrong ------------------------------------------------------------------------------


def test_a_failed_save_is_shown_kept_over_a_reload_and_sent_later(troubled):
    page = troubled
    count = Annotation.objects.count()
    page.route("**/mark/", lambda route: route.abort())

    press(page, "ArrowDown", "ArrowDown", "1")
    expect(page.locator("[data-queue]")).to_contain_text("1 not saved")
    page.reload()
    expect(page.locator("[data-queue]")).to_contain_text("1 not saved")
    kept = Annotation.objects.count()
    page.unroute("**/mark/")
    page.locator("[data-queue]").click()
    expect(page.locator(STATUS)).to_contain_text("Marked")
    expect(page.locator("[data-queue]")).to_be_hidden()

    assert kept == count
    assert Annotation.objects.count() == count + 1


def test_an_answer_that_got_lost_makes_no_second_mark(troubled):
    page = troubled
    count = Annotation.objects.count()

    def swallow(route):
        route.fetch()
        route.abort()

    page.route("**/mark/", swallow, times=1)
    press(page, "ArrowDown", "ArrowDown", "1")

    expect(page.locator(STATUS)).to_contain_text("Marked", timeout=15_000)
    assert Annotation.objects.count() == count + 1


def test_a_server_in_trouble_is_retried(troubled):
    page = troubled
    page.route("**/mark/", lambda route: route.fulfill(status=502), times=1)

    press(page, "ArrowDown", "ArrowDown", "1")

    expect(page.locator("[data-queue]")).to_contain_text("the server has trouble")
    expect(page.locator(STATUS)).to_contain_text("Marked", timeout=15_000)


def test_a_busy_server_is_asked_again_when_it_wants_to_be(troubled):
    page = troubled
    page.evaluate(
        "() => { window.waits = []; const later = window.setTimeout; "
        "window.setTimeout = (run, wait) => { window.waits.push(wait); return later(run, 0); }; }"
    )
    busy = {"status": 503, "headers": {"Retry-After": "17"}}
    page.route("**/mark/", lambda route: route.fulfill(**busy), times=1)

    press(page, "ArrowDown", "ArrowDown", "1")

    expect(page.locator(STATUS)).to_contain_text("Marked", timeout=15_000)
    assert 17_000 in page.evaluate("window.waits")


def test_what_breaks_the_server_does_not_hold_up_the_rest(troubled):
    page = troubled
    # No waiting between tries.
    page.evaluate(
        "() => { const later = window.setTimeout; window.setTimeout = (run) => later(run, 0); }"
    )
    page.route("**/mark/", lambda route: route.fulfill(status=500, body="<!doctype html>"))

    press(page, "ArrowDown", "ArrowDown", "1")
    expect(page.locator("#sheet")).to_contain_text("Nobody was asked about the plan")
    page.unroute("**/mark/")
    page.locator("#sheet").get_by_role("button", name="Try again").click()
    expect(page.locator(STATUS)).to_contain_text("Marked")

    expect(page.locator("[data-queue]")).to_be_hidden()
    assert mine().targets.get().exact == "Nobody was asked about the plan 🚢."


def test_what_one_person_marked_is_never_saved_as_another_s(
    troubled, context, live_server, sign_in, alice
):
    page = troubled
    count = Annotation.objects.count()
    bob = factories.user("bob", pk=1002)
    factories.member(Document.objects.first().collection, bob)

    sign_in(bob)
    press(page, "ArrowDown", "ArrowDown", "1")
    expect(page.locator("[data-queue]")).to_contain_text("somebody else is signed in")
    meanwhile = Annotation.objects.count()
    sign_in(alice)
    page.locator("[data-queue]").click()
    expect(page.locator(STATUS)).to_contain_text("Marked")

    assert meanwhile == count
    assert mine().creator == alice


def test_a_session_that_ended_is_told_and_the_mark_kept(troubled, context, sign_in, alice):
    page = troubled
    count = Annotation.objects.count()
    context.clear_cookies(name="sessionid")

    press(page, "ArrowDown", "ArrowDown", "1")
    expect(page.locator("[data-queue]")).to_contain_text("you are signed out")
    sign_in(alice)
    page.locator("[data-queue]").click()
    expect(page.locator(STATUS)).to_contain_text("Marked")

    assert Annotation.objects.count() == count + 1


def test_what_is_refused_is_shown_with_its_words(troubled):
    page = troubled
    page.evaluate(
        "() => { document.querySelector('.paragraph').dataset.start = '3'; "
        "document.querySelectorAll('.sentence')[1].dataset.start = '60'; }"
    )

    press(page, "ArrowDown", "ArrowDown", "1")

    expect(page.locator("#sheet")).to_contain_text("Not saved")
    expect(page.locator("#sheet")).to_contain_text("The words sent are not at")


def test_two_windows_edit_one_mark_and_nothing_is_lost(troubled, context, live_server, port):
    one = troubled
    two = context.new_page()
    two.goto(address(live_server, port))
    two.locator("[data-reader][data-ready]").wait_for(state="attached")
    for page, words in ((one, "From the first"), (two, "From the second")):
        press(page, "ArrowDown", "m", "n")
        page.locator("#sheet [name=note]").fill(words)

    one.locator("#sheet").get_by_role("button", name="Save").click()
    expect(one.locator("#sheet")).to_be_hidden()
    two.locator("#sheet").get_by_role("button", name="Save").click()

    expect(two.locator("#conflict")).to_contain_text("Note: From the first")
    expect(two.locator("#conflict")).to_contain_text("Note: From the second")
    assert not Annotation.objects.filter(note="From the second").exists()
    two.get_by_role("button", name="Keep yours").click()
    expect(two.locator(STATUS)).to_contain_text("Mark changed")
    assert Annotation.objects.filter(note="From the second").exists()


# --- other ways to work ---------------------------------------------------------------------------


def test_a_sentence_is_marked_without_javascript(
    browser, live_server, alice, port, sign_in, context
):
    sign_in(alice)
    state = context.storage_state()
    plain = browser.new_context(java_script_enabled=False, storage_state=state)
    page = plain.new_page()
    page.goto(address(live_server, port))

    page.get_by_role("link", name="Mark in paragraph 1").first.click()
    page.get_by_role("link", name=re.compile("Nobody was asked")).click()
    page.get_by_label("Words", exact=True).fill("Nobody was asked")
    page.get_by_label("Reports a denial").check()
    page.get_by_label("Or a new claim").fill("The public was consulted.")
    page.get_by_label("Note").fill("By hand.")
    page.get_by_role("button", name="Save").click()

    mark = mine()
    assert mark.targets.get().exact == "Nobody was asked"
    assert mark.claim.statement == "The public was consulted."
    assert dict(mark.as_state().codings) == {"voice": "source", "position": "disputes"}
    expect(page.locator(f"mark[data-annotations~='{str(mark.pk)[-12:]}']")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    assert Annotation.objects.get(pk=mark.pk).deleted
    plain.close()


def test_a_sentence_is_tapped_and_marked_on_a_phone(
    browser, live_server, alice, port, sign_in, context
):
    sign_in(alice)
    phone = browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        storage_state=context.storage_state(),
    )
    page = phone.new_page()
    page.goto(address(live_server, port))
    page.locator("[data-reader][data-ready]").wait_for(state="attached")

    page.get_by_text("Nobody was asked").first.tap()
    page.locator("[data-button='author:disputes']").tap()
    expect(page.locator(STATUS)).to_contain_text("Marked")

    assert mine().targets.get().exact == "Nobody was asked about the plan 🚢."
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    phone.close()


def test_a_reader_without_the_right_to_code_sees_no_buttons(page, live_server, sign_in, port):
    rita = factories.user("rita")
    factories.member(port, rita, Role.READER)
    sign_in(rita)

    page.goto(address(live_server, port))

    expect(page.locator("[data-marking]")).to_have_count(0)
    expect(page.locator("#claims")).to_be_visible()
    expect(page.locator(".mark-link")).to_have_count(0)


def test_every_key_is_listed_and_every_command_can_be_found(read):
    page = read

    press(page, "?")
    keys = page.get_by_role("dialog", name="Keys")
    for words in ("Asserts", "Choose or create the claim", "Undo", "Next sentence"):
        expect(keys).to_contain_text(words)
    press(page, "Escape", "Control+k")
    page.keyboard.type("plain")
    press(page, "Enter")

    expect(page.locator("[data-reader]")).to_have_attribute("data-layers", "")


def test_a_code_without_a_button_is_found_by_typing_and_set_on_the_mark(read):
    page = read

    press(page, "ArrowDown", "ArrowDown", "1")
    expect(page.locator(STATUS)).to_contain_text("Marked")
    press(page, "Control+k")
    page.keyboard.type("certainty prob")
    press(page, "Enter")
    expect(page.locator(STATUS)).to_contain_text("Mark changed")

    assert dict(mine().as_state().codings) == {
        "voice": "author",
        "position": "supports",
        "certainty": "probable",
    }


def test_a_code_s_shortcut_is_a_key_of_the_page(read):
    page = read
    Code.objects.filter(variable__key="stance", key="opinion").update(shortcut="h")
    Codebook.objects.get().changed("A key for opinion", user=None)
    page.reload()
    page.locator("[data-reader][data-ready]").wait_for(state="attached")

    press(page, "ArrowDown", "ArrowDown", "h")
    expect(page.locator(STATUS)).to_contain_text("Marked")

    assert dict(mine().as_state().codings) == {"stance": "opinion"}
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Stance: Opinion")


def test_no_code_may_have_a_key_of_the_page(read):
    press(read, "?")
    dialog = read.get_by_role("dialog", name="Keys")

    listed = dialog.locator("kbd").all_inner_texts()
    single = {key.casefold() for key in listed if len(key) == 1 and key.isalnum()}

    assert {"c", "n", "1", "6"} <= single
    assert single <= READER_KEYS
    assert single.isdisjoint(SHORTCUTS)


def test_single_letters_can_be_switched_off(read):
    page = read
    count = Annotation.objects.count()

    press(page, "?")
    page.get_by_label("Single letters work as keys").uncheck()
    press(page, "Escape", "ArrowDown", "1", "c")

    expect(page.locator("dialog[open]")).to_have_count(0)
    assert Annotation.objects.count() == count


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opened", ["", "c", "n", "x", "?"])
def test_axe_finds_nothing_with_marks_and_sheets(read, scheme, opened):
    page = read
    page.emulate_media(color_scheme=scheme)
    press(page, "ArrowDown", "1")
    expect(page.locator(STATUS)).to_contain_text("Marked")
    if opened:
        press(page, opened)
        page.locator("dialog[open]").wait_for()

    # Its preloading would ask for imported styles at wrong places.
    found = Axe().run(page, options={"preload": False})

    assert found.violations_count == 0, found.generate_report()
