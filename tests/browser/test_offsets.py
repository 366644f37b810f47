import json
from pathlib import Path

import pytest
from django.urls import reverse

from tests import factories

CASES = json.loads(
    (Path(__file__).parent.parent / "fixtures" / "offsets.json").read_text(encoding="utf-8")
)
# Every kind of trouble at once: emoji, joined emoji, flags, combining marks, two directions.
TEXT = (
    "Rain 🌧 fell on the non-like-minded pilots’ quay. “Café e\u0301o\u0308q\u0323\u0307!” 👩‍👩‍👧 said 🇵🇪.\n\n"
    "הנמל 12 סגור, he said; الميناء 🚢 مغلق. 1️⃣ ❤️ 👍🏽 end.\n\n"
    "𐌰𐌱 𝓐 港𠮷野. The last one\u00a0stays."
)
MODULE = "await import('/static/js/offsets.js')"


@pytest.fixture
def opened(page, live_server, sign_in, alice):
    collection = factories.collection("Signs", owner=alice)
    document = factories.document(collection, TEXT, title="Signs")
    factories.mark(document, alice, "🌧 fell on the non")
    sign_in(alice)
    page.goto(f"{live_server.url}{reverse('annotations:reader', args=['signs'])}?d={document.pk}")
    page.locator("[data-reader][data-ready]").wait_for(state="attached")
    return page, document


def test_offsets_are_those_of_python_in_both_directions(opened):
    page, _ = opened

    found = page.evaluate(
        f"""async (cases) => {{
          const {{ toPoints, toUnits }} = {MODULE};
          return cases.map(({{ text, pairs }}) =>
            pairs.map(([points, units]) => [toPoints(text, units), toUnits(text, points)]));
        }}""",
        CASES,
    )

    assert found == [[list(pair) for pair in case["pairs"]] for case in CASES]


def test_half_a_character_counts_as_its_beginning(opened):
    page, _ = opened

    assert page.evaluate(f"async () => ({MODULE}).toPoints('a🚢b', 2)") == 1


def test_random_selections_agree_with_python(opened):
    page, document = opened

    passages = page.evaluate(
        f"""async () => {{
          const {{ rangeOf, spanOf }} = {MODULE};
          const nodes = [];
          const walker = window.document.createTreeWalker(
            window.document.querySelector(".text"), NodeFilter.SHOW_TEXT,
            (node) => node.parentElement.closest(".paragraph") ? 1 : 2);
          while (walker.nextNode()) nodes.push(walker.currentNode);
          let seed = 7;
          const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
          const found = [];
          for (let n = 0; n < 600; n += 1) {{
            const [a, b] = [nodes[random(nodes.length)], nodes[random(nodes.length)]];
            const selection = getSelection();
            selection.setBaseAndExtent(a, random(a.length + 1), b, random(b.length + 1));
            for (const characters of [true, false]) {{
              const span = selection.isCollapsed ? null : spanOf(selection.getRangeAt(0), {{ characters }});
              if (!span) continue;
              const range = rangeOf(span.document, span.start, span.end);
              const again = spanOf(range, {{ characters: true }});
              found.push([span, again]);
            }}
          }}
          return found;
        }}"""
    )

    assert len(passages) > 500
    for passage, again in passages:
        assert document.text[passage["start"] : passage["end"]] == passage["exact"]
        assert again == passage


@pytest.mark.parametrize(
    ("start", "end", "snapped"),
    [
        ("ike-mi", "ike-mi", "non-like-minded"),
        ("ilots", "ilots", "pilots’"),
        (" fell o", " fell o", "fell on"),
        ("afé", "afé", "Café"),
        ("\u0323", "\u0323", "éöq\u0323\u0307"),
    ],
)
def test_selections_grow_to_whole_words(opened, start, end, snapped):
    page, document = opened
    first = document.text.index(start)

    passage = page.evaluate(
        f"""async ([id, start, end]) => {{
          const {{ rangeOf, spanOf }} = {MODULE};
          return spanOf(rangeOf(id, start, end));
        }}""",
        [document.pk, first, first + len(end)],
    )

    assert passage["exact"].rstrip("’") == snapped.rstrip("’")


@pytest.mark.parametrize("grapheme", ["👩‍👩‍👧", "🇵🇪", "1️⃣", "❤️", "👍🏽", "🚢"])
def test_a_grapheme_is_never_split(opened, grapheme):
    page, document = opened
    start = document.text.index(grapheme)

    passage = page.evaluate(
        f"""async ([id, start]) => {{
          const {{ rangeOf, spanOf }} = {MODULE};
          const range = rangeOf(id, start, start + 1);
          return spanOf(range, {{ characters: true }});
        }}""",
        [document.pk, start],
    )

    assert passage["exact"] == grapheme
    assert passage["start"] == start
