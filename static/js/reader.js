/** The reading page: builds the cursor, ties scrolling, overview, layers and keys to it. */

import "./app.js";
import { Cursor } from "./cursor.js";
import { Folds } from "./folds.js";
import { light } from "./highlights.js";
import * as keys from "./keys.js";
import { startMarking } from "./marking.js";
import { Overview } from "./overview.js";
import { quotationsIn, tell } from "./quotations.js";
import { Scrolling } from "./scrolling.js";

const LAYERS = ["changes", "claims"];
const TOLD = ":is(.chip, .card, .guided):is(:hover, :focus-within)";

export const reader = document.querySelector("[data-reader]");
export const cursor = new Cursor(reader);
const scrolling = new Scrolling(reader);
const folds = new Folds(reader, (detail) => reader.dispatchEvent(new CustomEvent("reader:updated", { detail })));
const overviews = cursor.columns().map((column) => new Overview(column));

// --- the window of a long text ---------------------------------------------------------------------

/** Loads the part of a long text that a place stands in, where the page does not have it. */
function openAt(hash) {
  if (!("windowed" in reader.dataset) || !/^#(s|p|block)-\d+-\d+$/.test(hash) || document.querySelector(hash)) return;
  const there = new URL(location.href);
  if (there.searchParams.get("at") === hash.slice(1)) return;
  there.searchParams.set("at", hash.slice(1));
  there.hash = hash;
  location.assign(there);
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

reader.addEventListener("cursor:move", (event) => {
  const sentence = event.detail?.sentence;
  found = [];
  lightUp(sentence ?? reader);
  showCounterpart(sentence);
  tellWho(sentence);
  if (!sentence) return;
  const column = sentence.closest(".column");
  open(column);
  if (scrolling.sideBySide) column.scrollIntoView({ block: "nearest", inline: "nearest" });
  scrolling.show(sentence, cursor.counterparts(sentence));
});

reader.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#s-']");
  if (link) {
    event.preventDefault();
    choose(link.getAttribute("href"), link.dataset.change);
    return;
  }
  const sentence = event.target.closest(".sentence");
  if (sentence && getSelection().isCollapsed) cursor.moveTo(sentence, { widen: event.shiftKey });
});

reader.addEventListener("focusin", (event) => {
  const sentence = event.target.closest(".sentence");
  if (sentence && sentence !== cursor.current && sentence.matches(":focus-visible")) {
    cursor.moveTo(sentence, { focus: false });
  }
});

// --- hovering -------------------------------------------------------------------------------------

reader.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const sentence = event.target.closest(".sentence");
  // What was chosen keeps its light; what is only pointed at has a light of its own beside it.
  const answers = sentence ? cursor.counterparts(sentence) : [];
  if (!cursor.current) light(reader, "data-counterpart", answers);
  light(reader, "data-pointed", cursor.current ? answers : []);
  lightUp(event.target);
  const said = event.target.closest(".said");
  if (said !== hovered) tellWho(said ?? cursor.current);
  hovered = said;
});

let hovered = null;

/** Say who says what the sentence quotes, or one quotation. @param {HTMLElement|null} element */
function tellWho(element) {
  const place = scrolling.sideBySide ? element?.closest(".column") : reader.querySelector(".counterpart");
  tell(element ? quotationsIn(element) : [], place ?? reader);
}

reader.addEventListener("focusin", (event) => lightUp(event.target));

/** Light up what belongs together: a chip and the words it is about, a mark and its note. */
function lightUp(target) {
  const change = target.closest("[data-change]");
  const mark = target.closest("[data-annotations]");
  const lit = [];
  for (const key of new Set([...found, ...(change?.dataset.change.split(" ") ?? [])])) {
    lit.push(...reader.querySelectorAll(`[data-change~="${key}"]`));
  }
  if (mark) {
    for (const id of mark.dataset.annotations.split(" ")) {
      lit.push(...reader.querySelectorAll(`[data-annotations~="${id}"]`));
    }
  }
  light(reader, "data-lit", lit);
}

// --- layers ---------------------------------------------------------------------------------------

/** @param {string[]} layers */
function show(layers) {
  reader.dataset.layers = layers.join(" ");
  const address = new URL(location.href);
  const name = layers.length === LAYERS.length ? "" : (layers[0] ?? "none");
  if (name) address.searchParams.set("layer", name);
  else address.searchParams.delete("layer");
  history.replaceState(history.state, "", address);
  for (const button of document.querySelectorAll("[data-layer]")) {
    const on = button.dataset.layer === "plain" ? !layers.length : layers.includes(button.dataset.layer);
    button.setAttribute("aria-pressed", String(on));
  }
}

function toggle(layer) {
  const on = reader.dataset.layers.split(" ").filter(Boolean);
  if (layer === "plain") show(on.length ? [] : LAYERS);
  else show(LAYERS.filter((name) => on.includes(name) !== (name === layer)));
}

function fade(button) {
  const on = reader.toggleAttribute("data-fade");
  button.setAttribute("aria-pressed", String(on));
}

document.addEventListener("click", (event) => {
  const layer = event.target.closest("[data-layer]");
  const fading = event.target.closest("[data-fade-toggle]");
  const listed = event.target.closest(".findings a[href^='#s-']");
  if (layer) toggle(layer.dataset.layer);
  else if (fading) fade(fading);
  else if (listed) {
    listed.closest("[data-menu]").open = false;
    choose(listed.getAttribute("href"), listed.dataset.change);
  } else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key === " " && event.target.matches("a[role='button']")) {
    event.preventDefault();
    event.target.click();
  }
  if (event.key === "Escape") {
    for (const told of document.querySelectorAll(TOLD)) told.toggleAttribute("data-dismissed", true);
  }
});

// What Escape sent away comes back with the next visit.
for (const visit of ["focusin", "pointerover"]) {
  document.addEventListener(visit, (event) => {
    for (const told of document.querySelectorAll("[data-dismissed]")) {
      if (!told.contains(event.target)) told.removeAttribute("data-dismissed");
    }
  });
}

// --- one column at a time -------------------------------------------------------------------------

/** Show a column, or the claims, where there is room for one only. @param {Element} place */
function open(place) {
  light(reader, "data-shown", [place]);
  for (const tab of reader.querySelectorAll("[data-tab]")) {
    if (tab.hash === `#${place.id}`) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

reader.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (!tab) return;
  event.preventDefault();
  const column = document.querySelector(tab.hash);
  const answer = cursor.current && cursor.counterparts(cursor.current).find((one) => column.contains(one));
  open(column);
  if (answer) cursor.moveTo(answer);
});

// The counterpart slides up above the buttons for marking, however many rows those take.
const bar = document.querySelector("[data-marking]");
if (bar) {
  new ResizeObserver(() => reader.parentElement.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
}

/** Slide the counterpart of the sentence up from below; the style sheet hides it side by side. */
function showCounterpart(sentence) {
  reader.querySelector(".counterpart")?.remove();
  const answers = sentence ? cursor.counterparts(sentence) : [];
  if (!answers.length) return;
  const panel = document.createElement("aside");
  panel.className = "counterpart";
  panel.setAttribute("aria-label", "The same passage elsewhere");
  for (const column of new Set(answers.map((answer) => answer.closest(".column")))) {
    const there = answers.filter((answer) => answer.closest(".column") === column);
    const source = document.createElement("a");
    source.className = "counterpart-source";
    source.href = `#${there[0].id}`;
    source.textContent = reader.querySelector(`[data-tab="${column.dataset.document}"]`)?.textContent ?? "";
    const words = document.createElement("p");
    words.dir = "auto";
    words.dataset.documentWords = "";
    words.textContent = there.map((answer) => answer.textContent).join(" … ");
    panel.append(source, words);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "plain counterpart-close";
  close.textContent = "Close";
  close.addEventListener("click", () => panel.remove());
  panel.prepend(close);
  reader.append(panel);
}

// --- keys -----------------------------------------------------------------------------------------

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
const VIEWS = [
  ["v", "Changes on or off", () => toggle("changes")],
  ["b", "Claims on or off", () => toggle("claims")],
  ["p", "Plain reading", () => toggle("plain")],
];

for (const [key, label, run] of MOVES) keys.register({ key, label, group: "Move", run });
for (const [key, label, run] of VIEWS) keys.register({ key, label, group: "Look", run });
keys.listen(document);

// --- after paragraphs were replaced ---------------------------------------------------------------

reader.addEventListener("reader:updated", ({ detail: ids }) => {
  const shown = reader.querySelector("[aria-current][data-tab]");
  if (shown) open(document.querySelector(shown.hash));
  cursor.refresh();
  if (found.length) lightUp(reader);
  tellWho(cursor.current);
  scrolling.arrange();
  const blocks = ids.map((id) => document.getElementById(id)).filter((one) => one?.matches(".block"));
  for (const overview of overviews) {
    overview.renew(blocks.filter((block) => overview.column.contains(block)));
    overview.place();
  }
  count();
});

/** How many marks the page shows, after one came or went. */
function count() {
  const shown = [...reader.querySelectorAll(".mark")].flatMap((mark) => mark.dataset.annotations.split(" "));
  const number = new Set(shown).size;
  document.querySelector("[data-of-all]")?.remove();
  document.querySelector("[data-mark-count]").textContent = `${number} mark${number === 1 ? "" : "s"}`;
}

open(cursor.columns()[0]);
reader.dataset.ready = "";
startMarking(reader, cursor, folds);
if (location.hash.startsWith("#s-")) choose(location.hash);
