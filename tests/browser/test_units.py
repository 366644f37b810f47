"""The modules by themselves, in a browser: offsets against Python's, keys, and what saving keeps."""

import json
import unicodedata

import pytest
from django.conf import settings as project
from django.utils.csp import build_policy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Code points of one and two UTF-16 units, joined and combining ones, and both directions.
SIGNS = st.sampled_from(
    [
        "a",
        " ",
        ".",
        "é",
        "e\u0301",
        "q\u0323\u0307",
        "🚢",
        "👩‍👩‍👧",
        "🇵🇪",
        "👍🏽",
        "1️⃣",
        "ן",
        "م",
        "𠮷",
        "\u200f",
    ]
)
LONE = st.characters(exclude_categories=["Cs"])
TEXTS = st.lists(st.one_of(SIGNS, LONE), max_size=12).map("".join)


POLICY = {"Content-Security-Policy": build_policy(project.SECURE_CSP)}


def units(text: str, points: int) -> int:
    """How many UTF-16 units the first code points of a text take."""
    return len(text[:points].encode("utf-16-le")) // 2


@pytest.fixture(scope="module")
def modules(browser, request):
    """Run a function over a module of ours: modules(name, function, argument)."""
    # An empty page under the policy of all pages; asked for here, it costs no database.
    live_server = request.getfixturevalue("live_server")
    page = browser.new_page()
    blank = {"content_type": "text/html", "body": "<!doctype html>", "headers": POLICY}
    page.route("**/blank/", lambda route: route.fulfill(**blank))
    page.goto(f"{live_server.url}/blank/")

    def run(name, function, argument=None):
        source = f"async (argument) => ({function})(await import('/static/js/{name}.js'), argument)"
        return page.evaluate(source, argument)

    yield run
    page.close()


# --- offsets -------------------------------------------------------------------------------------


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(TEXTS, min_size=20, max_size=20))
def test_every_offset_of_any_text_is_pythons(modules, texts):
    found = modules(
        "offsets",
        """({ toPoints, toUnits }, texts) => texts.map((text) => {
          const places = [...Array([...text].length + 1).keys()];
          return places.map((points) => [toUnits(text, points), toPoints(text, toUnits(text, points))]);
        })""",
        texts,
    )

    assert found == [
        [[units(text, points), points] for points in range(len(text) + 1)] for text in texts
    ]


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(TEXTS, min_size=20, max_size=20))
def test_an_offset_inside_a_pair_counts_as_its_beginning(modules, texts):
    found = modules(
        "offsets",
        """({ toPoints }, texts) => texts.map((text) =>
          [...Array(text.length + 1).keys()].map((unit) => toPoints(text, unit)))""",
        texts,
    )

    for text, counted in zip(texts, found, strict=True):
        starts = [units(text, points) for points in range(len(text) + 1)]
        expected = [sum(start <= unit for start in starts) - 1 for unit in range(starts[-1] + 1)]
        assert counted == expected


@pytest.mark.parametrize(
    ("text", "start", "end", "whole"),
    [
        ("a🚢b", 2, 3, "🚢"),
        ("see 👩‍👩‍👧 go", 6, 7, "👩‍👩‍👧"),
        ("🇵🇪🇨🇭", 1, 3, "🇵🇪"),
        ("cafe\u0301", 4, 5, "e\u0301"),
        ("שלום 🚢 مرفأ", 6, 7, "🚢"),
        ("plain", 1, 3, "la"),
    ],
)
def test_no_grapheme_is_cut(modules, text, start, end, whole):
    cut = "({ wholeGraphemes }, [text, start, end]) => wholeGraphemes(text, start, end)"

    assert modules("offsets", cut, [text, start, end]) == whole


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("One two.", ["One", "One two", None]),
        ("non-like-minded", ["non-like-minded", None]),
        ("«Café» 🚢 שלום", ["«Café", "«Café» 🚢", "«Café» 🚢 שלום", None]),
        ("e\u0301o\u0308 ok", ["e\u0301o\u0308", "e\u0301o\u0308 ok", None]),
        ("...", [None]),
    ],
)
def test_words_end_where_a_reader_ends_them(modules, text, ends):
    found = modules(
        "offsets",
        """({ nextEdge }, text) => {
          const ends = [];
          let at = 0;
          while (at !== null) {
            at = nextEdge(text, at, 1);
            ends.push(at === null ? null : text.slice(0, at));
          }
          return ends;
        }""",
        text,
    )

    assert found == ends
    assert unicodedata.is_normalized("NFC", text) or "\u0301" in text  # nothing was composed


# --- keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pressed", "name"),
    [
        ({"key": "j"}, "j"),
        ({"key": "J", "shiftKey": True}, "J"),
        ({"key": "z", "ctrlKey": True}, "Mod+z"),
        ({"key": "z", "metaKey": True}, "Mod+z"),
        ({"key": "Z", "ctrlKey": True, "shiftKey": True}, "Mod+Shift+z"),
        ({"key": "ArrowDown", "shiftKey": True}, "Shift+ArrowDown"),
        ({"key": "ArrowLeft", "altKey": True, "shiftKey": True}, "Alt+Shift+ArrowLeft"),
        ({"key": "?", "shiftKey": True}, "?"),
    ],
)
def test_a_key_is_named_as_its_binding(modules, pressed, name):
    named = """({ combination }, init) => combination(new KeyboardEvent("keydown", init))"""

    assert modules("keys", named, pressed) == name


KEYS = """async ({ holding, listen, register, switchLetters, typedMeanwhile }, [before, inside, after]) => {
  const run = [];
  for (const key of ["q", "Mod+q", "Escape"]) {
    register({ key, label: key, group: "Test", run: () => run.push(key) });
  }
  const listened = new EventTarget();
  document.body.insertAdjacentHTML("beforeend", "<p id='place' tabindex='-1'><input></p>");
  const place = document.querySelector("#place");
  const passes = (target, init) =>
    target.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true }));
  listen(place);
  const went = {};
  went.letter = passes(place, { key: "q" });
  went.typing = passes(place.querySelector("input"), { key: "q" });
  went.unknown = passes(place, { key: "y" });
  switchLetters(false);
  went.off = passes(place, { key: "q" });
  went.modified = passes(place, { key: "q", ctrlKey: true });
  switchLetters(true);
  let done;
  const work = holding(new Promise((resolve) => { done = resolve; }));
  passes(place, { key: "q" });
  passes(place, { key: "w" });
  passes(place, { key: "Escape" });
  done("came");
  const came = await work;
  const typed = typedMeanwhile();
  passes(place, { key: "q" });
  place.remove();
  return { run, went, came, typed };
}"""


def test_keys_run_unless_somebody_types_or_waits(modules):
    found = modules("keys", KEYS, ["", "", ""])

    assert found["run"] == ["q", "Mod+q", "Escape", "q"]
    assert found["went"] == {
        "letter": False,
        "typing": True,
        "unknown": True,
        "off": True,
        "modified": False,
    }
    assert found["came"] == "came"
    assert found["typed"] == "qw"


# --- saving --------------------------------------------------------------------------------------

# A server of the test's own: each answer is [status, body], none is a dead connection.
SAVER = """async ({ Saver }, { answers, sends }) => {
  const asked = [], shown = [], answered = [];
  const real = window.fetch;
  localStorage.clear();
  window.fetch = async (url, { body, headers }) => {
    asked.push({ url, body: `${body}`, person: headers["X-Person"] });
    const [status, html] = answers.shift() ?? [];
    if (!status) throw new TypeError("no connection");
    return new Response(html, { status });
  };
  try {
    const saver = new Saver("7", "here", (...state) => shown.push(state),
      (html, status, entry) => { answered.push([status, html, entry.label, (entry.after ?? []).length]); });
    for (const [url, fields, label, options] of sends) saver.send(url, fields, label, options);
    await saver.settled();
    clearTimeout(saver.timer);
    const stored = JSON.parse(localStorage.getItem("copytaster.queue.7") ?? "[]");
    return { asked, shown, answered, left: saver.queue().map(({ label }) => label), stored: stored.length };
  } finally {
    window.fetch = real;
    localStorage.clear();
  }
}"""
MARK = "11111111-2222-4333-8444-555555555555"


def saved(modules, answers, *sends):
    return modules("saving", SAVER, {"answers": answers, "sends": list(sends)})


def test_changes_are_sent_one_after_the_other_in_their_order(modules):
    found = saved(
        modules,
        [[200, "<p>1</p>"], [200, "<p>2</p>"]],
        ["/a/", {"id": "1", "exact": "𠮷 & שלום"}, "first"],
        ["/b/", {"csrfmiddlewaretoken": "x", "id": "2"}, "second"],
    )

    assert [one["url"] for one in found["asked"]] == ["/a/", "/b/"]
    assert found["asked"][0]["body"] == "id=1&exact=%F0%A0%AE%B7+%26+%D7%A9%D7%9C%D7%95%D7%9D"
    assert found["asked"][1] == {"url": "/b/", "body": "id=2", "person": "7"}
    assert found["answered"] == [[200, "<p>1</p>", "first", 0], [200, "<p>2</p>", "second", 0]]
    assert found["left"] == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ([], "the server does not answer"),
        ([503, ""], "the server is busy"),
        ([502, ""], "the server has trouble"),
        ([500, ""], "the server has trouble"),
        ([429, ""], "the server has trouble"),
        ([401, ""], "somebody else is signed in; sign in again in another tab"),
    ],
)
def test_what_is_not_answered_is_kept_with_all_behind_it(modules, answer, why):
    found = saved(modules, [answer], ["/a/", {"id": "1"}, "first"], ["/b/", {"id": "2"}, "second"])

    assert len(found["asked"]) == 1
    assert found["answered"] == []
    assert found["left"] == ["first", "second"]
    assert found["stored"] == 2
    assert found["shown"][-1] == ["waiting", 2, why]


def test_what_waits_for_a_refused_mark_waits_with_it(modules):
    found = saved(
        modules,
        [[422, "<p>no</p>"], [200, "<p>3</p>"]],
        ["/c/port/mark/", {"id": MARK}, "the mark"],
        [f"/annotations/{MARK}/edit/", {"id": "2"}, "its note"],
        ["/c/port/mark/", {"id": "3"}, "another"],
    )

    assert found["answered"] == [[422, "<p>no</p>", "the mark", 1], [200, "<p>3</p>", "another", 0]]
    assert len(found["asked"]) == 2


def test_a_change_on_top_of_ones_own_is_no_conflict(modules):
    card = f'<a data-start="1" data-annotation="{MARK}" title="a &gt; b" data-version="4">AB</a>'
    found = saved(
        modules,
        [[200, card], [200, ""]],
        [f"/annotations/{MARK}/edit/", {"id": "1", "version": "3"}, "one"],
        [f"/annotations/{MARK}/edit/", {"id": "2", "version": "3"}, "two"],
    )

    assert found["asked"][1]["body"] == "id=2&version=4"


def test_of_what_waits_for_one_address_the_last_may_be_enough(modules):
    move = f"/annotations/{MARK}/move/"
    found = saved(
        modules,
        [[], []],
        ["/a/", {"id": "1"}, "first"],
        [move, {"start": "1"}, "moved"],
        [move, {"start": "2"}, "moved again", {"last": True}],
    )

    assert found["left"] == ["first", "moved again"]


def test_ids_are_random_uuids(modules):
    ids = modules("saving", "({ newId }) => [...Array(200).keys()].map(newId)")

    assert len(set(ids)) == 200
    for one in ids:
        assert json.loads(json.dumps(one)).replace("-", "").isalnum()
        assert (len(one), one[14], one[19] in "89ab") == (36, "4", True)
