import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from corpus.models import Collection, Document
from tests import factories

from .steps import wait_until_still

CURRENT = "[aria-current='true'].sentence"
COUNTERPART = ".sentence[data-counterpart]"


@pytest.fixture
def read(page, live_server, sign_in, alice, port):
    """Open the reader on the two documents of the collection."""

    def opened(query="", *, collection: Collection = port):
        sign_in(alice)
        documents = "&".join(
            f"d={pk}" for pk in Document.objects.order_by("pk").values_list("pk", flat=True)
        )
        address = reverse("annotations:reader", args=[collection.slug])
        page.goto(f"{live_server.url}{address}?{documents}{query}")
        page.locator("[data-reader][data-ready]").wait_for(state="attached")
        return page

    return opened


def top(page, selector):
    return page.locator(selector).first.bounding_box()["y"]


def test_arrow_keys_move_the_cursor_and_light_up_the_counterpart(read):
    page = read()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    assert page.locator(CURRENT).inner_text().startswith("Nobody was asked")
    assert page.locator(COUNTERPART).inner_text().startswith("Nobody was asked")
    assert page.evaluate("document.activeElement.matches('.sentence')")


def test_the_counterpart_comes_to_the_same_height(read):
    page = read()
    page.set_viewport_size({"width": 900, "height": 420})

    for _ in range(5):
        page.keyboard.press("ArrowDown")

    assert page.locator(CURRENT).inner_text().startswith("“We do not")
    assert abs(top(page, CURRENT) - top(page, COUNTERPART)) < 2


def test_left_and_right_cross_to_the_counterpart(read):
    page = read()
    page.keyboard.press("ArrowDown")

    page.keyboard.press("ArrowRight")

    assert page.locator(CURRENT).inner_text().startswith("The harbour will open in April")
    page.keyboard.press("ArrowLeft")
    assert page.locator(CURRENT).inner_text().startswith("The harbour will open in March")


def test_shift_widens_across_paragraphs_and_the_selection_is_the_documents_text(read):
    page = read()
    document = Document.objects.order_by("pk").first()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    page.keyboard.press("Shift+ArrowDown")

    chosen = page.evaluate(
        f"import('{page.evaluate('new URL(document.querySelector("script[src*=reader]").src).pathname')}')"
        ".then((module) => module.cursor.selection())"
    )
    assert chosen["exact"] == document.text[chosen["start"] : chosen["end"]]
    assert chosen["exact"].startswith("Nobody")
    assert "🚢.\n\nThe levy" in chosen["exact"]
    assert page.locator(".sentence[data-chosen]").count() == 2


def test_a_key_goes_to_the_next_change_and_another_to_the_next_mark(read):
    page = read()

    page.keyboard.press("]")
    assert "March" in page.locator(CURRENT).inner_text()
    page.keyboard.press("]")
    assert "38 million" in page.locator(CURRENT).inner_text()
    page.keyboard.press("[")
    assert "March" in page.locator(CURRENT).inner_text()
    page.keyboard.press("j")
    assert page.locator(f"{CURRENT}").locator(".change").count() > 0


def test_a_screen_reader_hears_where_the_cursor_is(read):
    page = read()

    page.keyboard.press("ArrowDown")

    said = page.locator("[data-announcer]").inner_text()
    assert said.startswith("Sentence 1 of 8.")
    assert "Asserts, claim 1, alice" in said


def test_the_cursor_and_the_mouse_tell_who_says_a_quotation(read):
    page = read()
    quotation = page.locator(".column").first.locator(".said").last

    quotation.hover()

    line = page.locator(".column > .speaker")
    assert line.inner_text() == "Said by Zoë Varga: “said”"
    assert lit(page, "speaker") == ["Zoë Varga"]
    assert lit(page, "cue") == ["said"]
    page.mouse.move(0, 0)
    page.keyboard.press("ArrowDown")
    assert line.inner_text() == "Said by the minister: “said”"
    assert "Said by the minister: “said”." in page.locator("[data-announcer]").inner_text()
    page.keyboard.press("ArrowDown")
    assert line.count() == 0
    assert lit(page, "speaker") == []


def lit(page, name):
    return page.evaluate(
        "(name) => [...(CSS.highlights.get(name) ?? [])].map((range) => range.toString())", name
    )


def test_the_codebook_shows_on_focus_and_goes_with_escape(read):
    page = read()
    page.keyboard.press("ArrowDown")
    button = page.locator("[data-button]").nth(3)
    guide = page.locator("#guide-4")
    assert not guide.is_visible()

    page.locator("[data-button]").nth(2).focus()
    page.keyboard.press("Tab")

    assert button.evaluate("(element) => element === document.activeElement")
    assert guide.is_visible()
    assert "Says the claim is false" in guide.inner_text()
    page.keyboard.press("Escape")
    assert not guide.is_visible()


def test_the_sheet_of_keys_says_what_the_marks_mean(read):
    page = read()

    page.keyboard.press("?")
    page.locator(".key-groups summary", has_text="Attributes").click()

    assert page.locator(
        ".key-groups .guide", has_text="gives it to somebody else"
    ).first.is_visible()


def test_alt_and_the_arrows_choose_words_of_the_sentence(read):
    page = read()
    page.keyboard.press("ArrowDown")

    chosen = []
    for key in ("Alt+ArrowRight", "Alt+ArrowRight", "Alt+Shift+ArrowRight", "Alt+Shift+ArrowLeft"):
        page.keyboard.press(key)
        chosen.append(page.evaluate("getSelection().toString()"))

    assert chosen == ["The", "harbour", "harbour will", "harbour"]


def test_escape_leaves_the_sentence(read):
    page = read()
    page.keyboard.press("ArrowDown")

    page.keyboard.press("Escape")

    assert page.locator(CURRENT).count() == 0
    assert page.locator(COUNTERPART).count() == 0


def test_hovering_lights_up_the_counterpart(read):
    page = read()

    page.locator(".column").first.locator(".sentence").nth(2).hover()

    assert page.locator(COUNTERPART).inner_text().startswith("The levy will bring in")


def test_a_chip_tells_its_reason_on_hover_and_on_focus(read):
    page = read()
    chip = page.locator(".margin .chip[data-severity='3']").first

    chip.hover()
    assert chip.locator(".chip-reason").is_visible()
    page.mouse.move(0, 0)
    chip.focus()
    page.keyboard.press("Shift")
    assert chip.evaluate("(element) => element === document.activeElement")


def test_layers_switch_without_a_request_and_stay_in_the_address(read):
    page = read()
    chips = page.locator(".margin .chip").first

    page.get_by_role("button", name="Changes", exact=True).click()

    assert not chips.is_visible()
    assert "layer=claims" in page.url
    page.get_by_role("button", name="Plain").click()
    assert "layer=none" in page.url
    assert page.locator("[data-reader]").get_attribute("data-layers") == ""


def test_scrolling_one_column_takes_the_other_along(read):
    page = read()
    page.set_viewport_size({"width": 900, "height": 320 + 110})
    first, second = page.locator("[data-scroll]").all()

    first.hover()
    page.mouse.wheel(0, 200)
    page.wait_for_function("document.querySelectorAll('[data-scroll]')[1].scrollTop > 0")

    assert first.evaluate("(element) => element.scrollTop") > 0
    assert second.evaluate("(element) => element.scrollTop") > 0


def test_paragraphs_that_answer_to_each_other_begin_at_one_height(read):
    page = read("&layer=changes")
    page.set_viewport_size({"width": 1440, "height": 1200})
    wait_until_still(page)
    wire, copy = page.locator(".column").all()

    heights = [
        (
            wire.locator(".sentence").nth(here).bounding_box()["y"],
            copy.locator(".sentence").nth(there).bounding_box()["y"],
        )
        for here, there in ((0, 0), (2, 3), (4, 5), (6, 7))
    ]

    assert all(abs(here - there) < 2 for here, there in heights)


def test_a_tick_on_the_strip_goes_to_its_sentence(read):
    page = read()
    tick = page.locator(".column").first.locator(".tick[data-kind='mark']").first

    tick.click(force=True)

    assert "March" in page.locator(CURRENT).inner_text()


def test_the_list_of_changes_leads_to_each(read):
    page = read()

    page.locator("[data-summary]").click()
    page.locator(".findings .change-list a").first.click()

    assert page.locator(CURRENT).count() == 1
    assert not page.locator(".findings").is_visible()


def test_a_phone_shows_one_column_and_the_counterpart_below(read):
    page = read()
    page.set_viewport_size({"width": 360, "height": 740})
    wire, copy = page.locator(".column").all()

    assert wire.is_visible()
    assert not copy.is_visible()
    page.locator(".column[data-shown] .sentence").first.click()
    assert "April" in page.locator(".counterpart").inner_text()
    page.get_by_role("link", name="Spin").first.click()
    assert copy.is_visible()
    assert not wire.is_visible()


def test_on_a_phone_the_text_is_what_one_sees(read):
    page = read()
    page.set_viewport_size({"width": 360, "height": 740})

    assert page.locator(".masthead").bounding_box()["height"] <= 80
    assert top(page, ".column[data-shown] .paragraph") < 300
    assert not page.locator(".sections").is_visible()
    page.locator(".account summary").click()
    assert page.locator(".account").get_by_role("link", name="Codebook").is_visible()


def test_on_a_phone_the_sentence_stays_clear_of_its_counterpart(read):
    page = read()
    page.set_viewport_size({"width": 360, "height": 740})

    page.locator(".column[data-shown] .said").last.click()
    wait_until_still(page)

    sentence = page.locator(CURRENT).bounding_box()
    panel = page.locator(".counterpart")
    assert "Said by Zoë Varga" in panel.inner_text()
    assert sentence["y"] + sentence["height"] <= panel.bounding_box()["y"]


@pytest.mark.parametrize("width", [1024, 1280, 1440])
def test_three_columns_and_the_claims_fit_the_screen(read, port, width):
    factories.document(port, "A crane stood idle in the rain all day.", title="Rain")
    page = read()
    page.set_viewport_size({"width": width, "height": 768})

    reader = page.locator(".reader")
    assert page.locator(".column").count() == 3
    assert reader.evaluate("(element) => element.scrollWidth <= element.clientWidth")
    assert page.locator(".masthead").bounding_box()["height"] < 60


SCREENS = [(1920, 1080), (1440, 900), (720, 450), (740, 360), (600, 900), (360, 740)]


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_no_text_scrolls_sideways(visit, sample, alice, width, height):
    page = visit(alice, viewport={"width": width, "height": height})

    page.goto(address_of(sample, 2))

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for scroll in page.locator("[data-scroll]:visible").all():
        assert scroll.evaluate("(element) => element.scrollWidth <= element.clientWidth")
    for source in page.locator(".card-source:visible").all():
        right = "(element) => element.getBoundingClientRect().right"
        margin = source.evaluate_handle("(element) => element.closest('.margin')")
        assert source.evaluate(right) <= margin.evaluate(right) + 1


def address_of(collection, number):
    """Of the reader on the first documents of the collection."""
    first = [document.pk for document in collection.documents.order_by("pk")[:number]]
    return reverse("annotations:reader", args=[collection.slug], query={"d": first})


@pytest.mark.parametrize(
    ("number", "width"), [(1, 1280), (2, 1440), (3, 1024), (3, 768), (4, 1024)]
)
def test_what_opens_in_a_column_fits_it_and_offers_cover_the_claims(
    visit, sample, alice, number, width
):
    page = visit(alice, viewport={"width": width, "height": 900})
    page.goto(address_of(sample, number))
    page.locator("[data-reader][data-ready]").wait_for(state="attached")

    page.locator(".stance summary").last.click()
    page.locator("#offers").evaluate(
        "(offers) => { offers.removeAttribute('data-empty'); offers.textContent = 'Two.'; }"
    )

    reader = page.locator(".reader")
    assert reader.evaluate("(element) => element.scrollWidth <= element.clientWidth")
    column = page.locator(".column").last.bounding_box()
    panel = page.locator(".stance-panel:visible").bounding_box()
    assert column["x"] <= panel["x"]
    assert panel["x"] + panel["width"] <= column["x"] + column["width"]
    claims = page.locator("#claims").bounding_box()
    offers = page.locator("#offers").bounding_box()
    assert (offers["x"], offers["width"]) == pytest.approx((claims["x"], claims["width"]))
    assert offers["y"] + offers["height"] == pytest.approx(
        page.locator(".marking-bar").bounding_box()["y"]
    )


def test_the_menu_of_stance_opens_with_its_questions_in_sight(read):
    page = read()
    page.set_viewport_size({"width": 900, "height": 420})
    for _ in range(6):
        page.keyboard.press("ArrowDown")

    page.keyboard.press("s")

    panel = page.locator(".stance-panel:visible")
    box = page.locator("[data-scroll]").first.bounding_box()
    assert panel.locator("legend").first.bounding_box()["y"] >= box["y"]


def test_forced_colours_tell_what_is_on(visit, sample, alice):
    page = visit(alice, forced_colors="active")
    page.goto(address_of(sample, 2))
    page.locator("[data-reader][data-ready]").wait_for(state="attached")
    colour = "(element) => getComputedStyle(element).backgroundColor"
    outline = "(element) => getComputedStyle(element).outlineStyle"

    page.locator(".sentence[data-pair]").first.click()

    on = page.locator("[data-layer='changes']")
    assert on.evaluate(colour) != page.locator("[data-layer='plain']").evaluate(colour)
    line = "(element) => getComputedStyle(element).backgroundImage"
    assert "gradient" in page.locator(".mark").first.evaluate(line)
    assert page.locator(CURRENT).evaluate(outline) == "solid"
    assert page.locator(COUNTERPART).first.evaluate(outline) == "dashed"
    page.goto(sample.get_absolute_url())
    edge = "(element) => getComputedStyle(element).borderBlockEndColor"
    edges = page.locator(".sections a").evaluate_all(f"(all) => all.map({edge})")
    assert edges.count(edges[0]) == 1


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_a_script_both_columns_read_with_marks(page, live_server, sign_in, alice, port):
    sign_in(alice)
    documents = "&".join(f"d={pk}" for pk in Document.objects.values_list("pk", flat=True))

    page.goto(f"{live_server.url}{reverse('annotations:reader', args=[port.slug])}?{documents}")

    assert page.locator(".column").count() == 2
    assert all(column.is_visible() for column in page.locator(".column").all())
    assert page.locator("mark").first.is_visible()
    page.get_by_role("button", name="Changes", exact=True).click()
    assert "layer=claims" in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_axe_finds_nothing(read, scheme, width):
    page = read()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.keyboard.press("ArrowDown")

    found = Axe().run(
        page, options={"preload": False}
    )  # it would ask for imported styles at wrong places

    assert found.violations_count == 0, found.generate_report()
