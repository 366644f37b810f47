/** The reading page: builds the cursor, ties scrolling, overview, layers and keys to it. */

import "./app.js";
import { showCounterpart } from "./counterpart.js";
import { Cursor } from "./cursor.js";
import { all, around, find, need } from "./elements.js";
import { Folds } from "./folds.js";
import { light } from "./highlights.js";
import * as keys from "./keys.js";
import { listenForLayers, toggle } from "./layers.js";
import { startMarking } from "./marking.js";
import { Overview } from "./overview.js";
import { quotationsIn, tell } from "./quotations.js";
import { Scrolling } from "./scrolling.js";

const reader = need("[data-reader]");
export const cursor = new Cursor(reader);
const scrolling = new Scrolling(reader);
const folds = new Folds(reader, (detail) => reader.dispatchEvent(new CustomEvent("reader:updated", { detail })));
const overviews = cursor.columns().map((column) => new Overview(column));

// --- the window of a long text ---------------------------------------------------------------------

/** Loads the part of a long text that a place stands in, where the page does not have it. @param {string} hash */
function openAt(hash) {
  if (!("windowed" in reader.dataset) || !/^#(s|p|block)-\d+-\d+$/.test(hash) || document.querySelector(hash)) return;
  const there = new URL(location.href);
  if (there.searchParams.get("at") === hash.slice(1)) return;
  there.searchParams.set("at", hash.slice(1));
  there.hash = hash;
  location.assign(there.href);
}
openAt(location.hash);
addEventListener("hashchange", () => choose(location.hash));

// --- the cursor -----------------------------------------------------------------------------------

/** What the finding that was chosen changed; it stays lit until another sentence is chosen. @type {string[]} */
let found = [];

/**
 * Go to the sentence of a finding.
 * @param {string} hash its address on the page
 * @param {string} [changes] the keys of what was changed there
 */
function choose(hash, changes = "") {
  if (!hash.startsWith("#s-")) return openAt(hash);
  const sentence = document.getElementById(hash.slice(1));
  if (!sentence) return openAt(hash);
  cursor.moveTo(sentence);
  found = changes.split(" ").filter(Boolean);
  lightUp(sentence);
}

reader.addEventListener("cursor:move", () => {
  const sentence = cursor.current;
  const answers = sentence ? cursor.counterparts(sentence) : [];
  found = [];
  lightUp(sentence ?? reader);
  showCounterpart(reader, answers);
  tellWho(sentence);
  const column = around(sentence, ".column");
  if (!sentence || !column) return;
  open(column);
  if (scrolling.sideBySide) column.scrollIntoView({ block: "nearest", inline: "nearest" });
  scrolling.show(sentence, answers);
});

reader.addEventListener("click", (event) => {
  const link = around(event.target, "a[href^='#s-']");
  if (link) {
    event.preventDefault();
    choose(link.getAttribute("href") ?? "", link.dataset.change);
    return;
  }
  const sentence = around(event.target, ".sentence");
  if (sentence && getSelection()?.isCollapsed) cursor.moveTo(sentence, { widen: event.shiftKey });
});

reader.addEventListener("focusin", (event) => {
  const sentence = around(event.target, ".sentence");
  if (sentence && sentence !== cursor.current && sentence.matches(":focus-visible")) {
    cursor.moveTo(sentence, { focus: false });
  }
});

// --- hovering -------------------------------------------------------------------------------------

reader.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const sentence = around(event.target, ".sentence");
  // What was chosen keeps its light; what is only pointed at has a light of its own beside it.
  const answers = sentence ? cursor.counterparts(sentence) : [];
  if (!cursor.current) light(reader, "data-counterpart", answers);
  light(reader, "data-pointed", cursor.current ? answers : []);
  lightUp(event.target);
  const said = around(event.target, ".said");
  if (said !== hovered) tellWho(said ?? cursor.current);
  hovered = said;
});

/** @type {HTMLElement|null} */
let hovered = null;

/** Say who says what the sentence quotes, or one quotation. @param {HTMLElement|null} element */
function tellWho(element) {
  const place = scrolling.sideBySide ? around(element, ".column") : find(".counterpart", reader);
  tell(element ? quotationsIn(element) : [], place ?? reader);
}

reader.addEventListener("focusin", (event) => lightUp(event.target));

/** Light up what belongs together: a chip and the words it is about, a mark and its note. @param {EventTarget|null} target */
function lightUp(target) {
  const change = around(target, "[data-change]")?.dataset.change?.split(" ") ?? [];
  const marks = around(target, "[data-annotations]")?.dataset.annotations?.split(" ") ?? [];
  light(reader, "data-lit", [
    ...[...new Set([...found, ...change])].flatMap((key) => all(`[data-change~="${key}"]`, reader)),
    ...marks.flatMap((id) => all(`[data-annotations~="${id}"]`, reader)),
  ]);
}

listenForLayers(reader);

document.addEventListener("click", (event) => {
  const listed = around(event.target, ".findings a[href^='#s-']");
  if (!listed) return;
  around(listed, "[data-menu]")?.removeAttribute("open");
  choose(listed.getAttribute("href") ?? "", listed.dataset.change);
  event.preventDefault();
});

// --- one column at a time -------------------------------------------------------------------------

/** Show a column, or the claims, where there is room for one only. @param {Element} place */
function open(place) {
  light(reader, "data-shown", [place]);
  for (const tab of all("[data-tab]", reader)) {
    if (tab.getAttribute("href") === `#${place.id}`) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

reader.addEventListener("click", (event) => {
  const tab = around(event.target, "[data-tab]");
  if (!tab) return;
  event.preventDefault();
  const column = need(tab.getAttribute("href") ?? "");
  const answer = cursor.current && cursor.counterparts(cursor.current).find((one) => column.contains(one));
  open(column);
  if (answer) cursor.moveTo(answer);
});

// The counterpart slides up above the buttons for marking, however many rows those take.
const bar = find("[data-marking]");
if (bar) {
  new ResizeObserver(() => reader.parentElement?.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
}

// --- keys -----------------------------------------------------------------------------------------

/** @type {[string, string, () => unknown][]} */
const MOVES = [
  ["ArrowDown", "Next sentence", () => cursor.step(1)],
  ["ArrowUp", "Previous sentence", () => cursor.step(-1)],
  ["Shift+ArrowDown", "Choose the next sentence too", () => cursor.step(1, { widen: true })],
  ["Shift+ArrowUp", "Choose the previous sentence too", () => cursor.step(-1, { widen: true })],
  ["ArrowRight", "The column to the right", () => cursor.cross(1)],
  ["ArrowLeft", "The column to the left", () => cursor.cross(-1)],
  ["j", "Next change", () => cursor.seek(CHANGED, 1)],
  ["k", "Previous change", () => cursor.seek(CHANGED, -1)],
  ["]", "Next mark", () => cursor.seek(".mark", 1)],
  ["[", "Previous mark", () => cursor.seek(".mark", -1)],
  ["Escape", "Leave the sentence", () => (cursor.current ? cursor.leave() : false)],
];
const CHANGED = ".change, [data-kind='added'], [data-kind='dropped']";
/** @type {[string, string, () => unknown][]} */
const VIEWS = [
  ["v", "Changes on or off", () => toggle(reader, "changes")],
  ["b", "Claims on or off", () => toggle(reader, "claims")],
  ["p", "Plain reading", () => toggle(reader, "plain")],
];

for (const [key, label, run] of MOVES) keys.register({ key, label, group: "Move", run });
for (const [key, label, run] of VIEWS) keys.register({ key, label, group: "Look", run });
keys.listen(document);

// --- after paragraphs were replaced ---------------------------------------------------------------

reader.addEventListener("reader:updated", (event) => {
  /** @type {string[]} */
  const ids = /** @type {CustomEvent} */ (event).detail;
  const shown = find("[aria-current][data-tab]", reader);
  if (shown) open(need(shown.getAttribute("href") ?? ""));
  cursor.refresh();
  if (found.length) lightUp(reader);
  tellWho(cursor.current);
  scrolling.arrange();
  const blocks = ids.flatMap((id) => find(`#${id}.block`) ?? []);
  for (const overview of overviews) {
    overview.renew(blocks.filter((block) => overview.column.contains(block)));
    overview.place();
  }
  count();
});

function drawnMarks() {
  return new Set(all(".mark", reader).flatMap((mark) => mark.dataset.annotations?.split(" ") ?? [])).size;
}
const told = Number.parseInt(need("[data-mark-count]").textContent ?? "");
const elsewhere = "windowed" in reader.dataset ? told - drawnMarks() : 0;

/** How many marks there are, after one came or went: those drawn, and those in other parts of a long text. */
function count() {
  const number = drawnMarks() + elsewhere;
  find("[data-of-all]")?.remove();
  need("[data-mark-count]").textContent = `${number} mark${number === 1 ? "" : "s"}`;
}

open(cursor.columns()[0]);
reader.dataset.ready = "";
startMarking(reader, cursor, folds);
if (location.hash.startsWith("#s-")) choose(location.hash);
