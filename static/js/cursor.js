import { light } from "./highlights.js";
import { inWords, quotationsIn } from "./quotations.js";

const KINDS = { same: "Word for word", reworded: "Reworded", merged: "Merged", split: "Split", moved: "Moved" };

/**
 * The sentence cursor: one current sentence, the sentences chosen with it, their counterparts.
 *
 * The current sentence has the keyboard's focus, so a screen reader reads it; what it is paired
 * with and what is marked there goes to the page's status line.
 */
export class Cursor {
  /** @param {HTMLElement} reader */
  constructor(reader) {
    this.reader = reader;
    /** @type {HTMLElement|null} */
    this.current = null;
    /** Where a widened choice began. @type {HTMLElement|null} */
    this.anchor = null;
    for (const column of this.columns()) this.makeReachable(column);
  }

  columns() {
    return [...this.reader.querySelectorAll(".column")];
  }

  /** @param {Element} column */
  sentences(column) {
    return [...column.querySelectorAll(".sentence")];
  }

  /** One sentence in each column can be reached with Tab. */
  makeReachable(column) {
    const all = this.sentences(column);
    const there = all.find((sentence) => sentence === this.current);
    for (const sentence of column.querySelectorAll(".sentence[tabindex='0']")) sentence.tabIndex = -1;
    const reachable = there ?? all[0];
    if (reachable) reachable.tabIndex = 0;
  }

  /** The sentences of the other columns that answer to this one. @param {HTMLElement} sentence */
  counterparts(sentence) {
    const column = sentence.closest(".column");
    const found = new Set();
    let keys = (sentence.dataset.pair ?? "").split(" ").filter(Boolean);
    for (let step = 0; step < 2; step += 1) {
      const next = new Set();
      for (const key of keys) {
        for (const other of this.reader.querySelectorAll(`[data-pair~="${key}"]`)) {
          if (other.closest(".column") !== column) found.add(other);
          for (const more of other.dataset.pair.split(" ")) next.add(more);
        }
      }
      keys = [...next];
    }
    return [...found];
  }

  /**
   * Put the cursor on a sentence.
   * @param {HTMLElement} sentence
   * @param {{widen?: boolean, focus?: boolean}} [options]
   */
  moveTo(sentence, { widen = false, focus = true } = {}) {
    const column = sentence.closest(".column");
    if (!widen || this.anchor?.closest(".column") !== column) this.anchor = sentence;
    this.current?.removeAttribute("aria-current");
    this.current = sentence;
    sentence.setAttribute("aria-current", "true");
    this.makeReachable(column);
    light(this.reader, "data-chosen", this.anchor === sentence ? [] : this.chosen());
    light(this.reader, "data-counterpart", this.counterparts(sentence));
    if (focus) sentence.focus({ preventScroll: true });
    this.announce();
    this.reader.dispatchEvent(
      new CustomEvent("cursor:move", { detail: { sentence, selection: this.selection() } }),
    );
  }

  /** No sentence is current any more. */
  leave() {
    this.current?.removeAttribute("aria-current");
    this.current = this.anchor = null;
    light(this.reader, "data-chosen", []);
    light(this.reader, "data-counterpart", []);
    this.reader.dispatchEvent(new CustomEvent("cursor:move", { detail: null }));
  }

  /** Find the same places again after paragraphs were replaced. */
  refresh() {
    const [current, anchor] = [this.current, this.anchor].map((old) => old && document.getElementById(old.id));
    if (!current) return;
    const focused = this.current !== current && document.activeElement === document.body;
    this.current = current;
    this.anchor = anchor ?? current;
    current.setAttribute("aria-current", "true");
    for (const column of this.columns()) this.makeReachable(column);
    light(this.reader, "data-chosen", this.anchor === current ? [] : this.chosen());
    light(this.reader, "data-counterpart", this.counterparts(current));
    if (focused) current.focus({ preventScroll: true });
  }

  /** The sentences from the anchor to the cursor, in the order of the text. */
  chosen() {
    if (!this.current) return [];
    const all = this.sentences(this.current.closest(".column"));
    const [from, to] = [all.indexOf(this.anchor), all.indexOf(this.current)].sort((a, b) => a - b);
    return all.slice(from, to + 1);
  }

  /** The next or previous sentence of the column. @param {1|-1} step */
  step(step, options) {
    const start = this.current ?? this.firstInView();
    if (!start) return false;
    if (!this.current) return this.moveTo(start, options);
    const all = this.sentences(start.closest(".column"));
    const next = all[all.indexOf(start) + step];
    if (next) this.moveTo(next, options);
    return undefined;
  }

  /** The column beside, at the counterpart or at the same height. @param {1|-1} step */
  cross(step) {
    const start = this.current ?? this.firstInView();
    if (!start) return false;
    if (!this.current) return this.moveTo(start);
    const columns = this.columns();
    const rightToLeft = getComputedStyle(this.reader).direction === "rtl" ? -1 : 1;
    const column = columns[columns.indexOf(start.closest(".column")) + step * rightToLeft];
    if (!column) return undefined;
    const counterpart = this.counterparts(start).find((other) => column.contains(other));
    const next = counterpart ?? nearest(this.sentences(column), start.getBoundingClientRect().top);
    if (next) this.moveTo(next);
    return undefined;
  }

  /** The next sentence of the column, or of the ones after it, that has what the selector names. */
  seek(selector, step) {
    const all = this.columns().flatMap((column) => this.sentences(column));
    const places = all.filter((sentence) => sentence.matches(selector) || sentence.querySelector(selector));
    if (!places.length) return undefined;
    const at = this.current ? all.indexOf(this.current) : -1;
    const index = step > 0
      ? places.findIndex((sentence) => all.indexOf(sentence) > at)
      : places.findLastIndex((sentence) => all.indexOf(sentence) < at);
    this.moveTo(places.at(index === -1 && step > 0 ? 0 : index));
    return undefined;
  }

  firstInView() {
    const column = document.activeElement?.closest?.(".column") ?? this.columns().find((one) => one.offsetParent);
    if (!column) return null;
    const top = (column.querySelector("[data-scroll]") ?? column).getBoundingClientRect().top;
    return this.sentences(column).find((sentence) => sentence.getBoundingClientRect().top >= Math.max(top, 0)) ?? null;
  }

  /**
   * What is chosen, in code points of the document's text.
   * @returns {{document: string, start: number, end: number, exact: string}|null}
   */
  selection() {
    const chosen = this.chosen();
    if (!chosen.length) return null;
    const [first, last] = [chosen[0], chosen.at(-1)];
    return {
      document: first.closest(".column").dataset.document,
      start: Number(first.dataset.start),
      end: Number(last.dataset.end),
      exact: textBetween(first, last),
    };
  }

  announce() {
    const place = this.reader.querySelector("[data-announcer]");
    if (!place || !this.current) return;
    const column = this.current.closest(".column");
    const said = [];
    const all = this.sentences(column);
    said.push(`Sentence ${all.indexOf(this.current) + 1} of ${all.length}.`);
    const answers = new Set(this.counterparts(this.current).map((one) => one.closest(".column"))).size;
    const kind = KINDS[this.current.dataset.kind] ?? "Answered";
    const documents = `${answers} other document${answers === 1 ? "" : "s"}`;
    if (this.reader.dataset.columns > 1) said.push(answers ? `${kind} in ${documents}.` : "Nothing answers to it.");
    const chips = this.reader.querySelectorAll(`.margin .chip[data-sentence="${this.current.id}"]`);
    for (const chip of chips) said.push(`${chip.firstChild.textContent}.`);
    for (const words of inWords(quotationsIn(this.current))) said.push(`${words}.`);
    for (const mark of this.current.querySelectorAll("[data-words]")) said.push(`${mark.dataset.words}.`);
    place.textContent = said.filter(Boolean).join(" ");
  }
}

function nearest(elements, top) {
  let best = null;
  let distance = Infinity;
  for (const element of elements) {
    const away = Math.abs(element.getBoundingClientRect().top - top);
    if (away < distance) [best, distance] = [element, away];
  }
  return best;
}

/** The document's text from the first sentence to the last, white space between paragraphs included. */
function textBetween(first, last) {
  const from = first.closest(".paragraph");
  const to = last.closest(".paragraph");
  const range = document.createRange();
  let text = "";
  for (let block = from.closest(".block"); block; block = block.nextElementSibling) {
    const paragraph = block.querySelector(".paragraph");
    range.selectNodeContents(paragraph);
    if (paragraph === from) range.setStartBefore(first);
    if (paragraph === to) range.setEndAfter(last);
    text += range.toString();
    if (paragraph === to) break;
    text += paragraph.dataset.after;
  }
  return text;
}
