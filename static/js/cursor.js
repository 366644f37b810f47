import { all, around, documentOf, find, need, spanOn } from "./elements.js";
import { light } from "./highlights.js";
import { inWords, quotationsIn } from "./quotations.js";

/** @type {Record<string, string>} */
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
    return all(".column", this.reader);
  }

  /** @param {Element} column */
  sentences(column) {
    return all(".sentence", column);
  }

  /** The sentences of the column that one of them is in. @param {HTMLElement} sentence */
  sentencesAround(sentence) {
    return this.sentences(columnOf(sentence));
  }

  /** One sentence in each column can be reached with Tab. @param {Element} column */
  makeReachable(column) {
    const sentences = this.sentences(column);
    const there = sentences.find((sentence) => sentence === this.current);
    for (const sentence of all(".sentence[tabindex='0']", column)) sentence.tabIndex = -1;
    const reachable = there ?? sentences[0];
    if (reachable) reachable.tabIndex = 0;
  }

  /** The sentences of the other columns that answer to this one. @param {HTMLElement} sentence */
  counterparts(sentence) {
    const column = columnOf(sentence);
    /** @type {Set<HTMLElement>} */
    const found = new Set();
    let keys = (sentence.dataset.pair ?? "").split(" ").filter(Boolean);
    for (let step = 0; step < 2; step += 1) {
      /** @type {Set<string>} */
      const next = new Set();
      for (const key of keys) {
        for (const other of all(`[data-pair~="${key}"]`, this.reader)) {
          if (!column.contains(other)) found.add(other);
          for (const more of (other.dataset.pair ?? "").split(" ")) next.add(more);
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
    const column = columnOf(sentence);
    if (!widen || !column.contains(this.anchor)) this.anchor = sentence;
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
    const sentences = this.sentencesAround(this.current);
    const [from, to] = [this.anchor ?? this.current, this.current].map((one) => sentences.indexOf(one)).sort((a, b) => a - b);
    return sentences.slice(from, to + 1);
  }

  /**
   * The next or previous sentence of the column.
   * @param {1|-1} step
   * @param {{widen?: boolean}} [options]
   */
  step(step, options) {
    const start = this.current ?? this.firstInView();
    if (!start) return false;
    if (!this.current) return this.moveTo(start, options);
    const sentences = this.sentencesAround(start);
    const next = sentences[sentences.indexOf(start) + step];
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
    const column = columns[columns.indexOf(columnOf(start)) + step * rightToLeft];
    if (!column) return undefined;
    const counterpart = this.counterparts(start).find((other) => column.contains(other));
    const next = counterpart ?? nearest(this.sentences(column), start.getBoundingClientRect().top);
    if (next) this.moveTo(next);
    return undefined;
  }

  /** The next sentence of the column, or of the ones after it, that has what the selector names. @param {string} selector @param {1|-1} step */
  seek(selector, step) {
    const sentences = this.columns().flatMap((column) => this.sentences(column));
    const places = sentences.filter((sentence) => sentence.matches(selector) || sentence.querySelector(selector));
    const at = this.current ? sentences.indexOf(this.current) : -1;
    const index = step > 0
      ? places.findIndex((sentence) => sentences.indexOf(sentence) > at)
      : places.findLastIndex((sentence) => sentences.indexOf(sentence) < at);
    const place = places.at(index === -1 && step > 0 ? 0 : index);
    if (place) this.moveTo(place);
  }

  firstInView() {
    const column = around(document.activeElement, ".column") ?? this.columns().find((one) => one.offsetParent);
    if (!column) return null;
    const top = (find("[data-scroll]", column) ?? column).getBoundingClientRect().top;
    return this.sentences(column).find((sentence) => sentence.getBoundingClientRect().top >= Math.max(top, 0)) ?? null;
  }

  /**
   * What is chosen, in code points of the document's text.
   * @returns {{document: string, start: number, end: number, exact: string}|null}
   */
  selection() {
    const chosen = this.chosen();
    if (!chosen.length) return null;
    const [first, last] = [chosen[0], chosen[chosen.length - 1]];
    return {
      document: documentOf(first),
      start: spanOn(first).start,
      end: spanOn(last).end,
      exact: textBetween(first, last),
    };
  }

  announce() {
    if (!this.current) return;
    const sentences = this.sentencesAround(this.current);
    const said = [`Sentence ${sentences.indexOf(this.current) + 1} of ${sentences.length}.`];
    const answers = new Set(this.counterparts(this.current).map(columnOf)).size;
    const kind = KINDS[this.current.dataset.kind ?? ""] ?? "Answered";
    const documents = `${answers} other document${answers === 1 ? "" : "s"}`;
    if (Number(this.reader.dataset.columns) > 1) said.push(answers ? `${kind} in ${documents}.` : "Nothing answers to it.");
    const chips = all(`.margin .chip[data-sentence="${this.current.id}"]`, this.reader);
    for (const chip of chips) said.push(`${chip.dataset.label}.`);
    for (const words of inWords(quotationsIn(this.current))) said.push(`${words}.`);
    for (const mark of all("[data-words]", this.current)) said.push(`${mark.dataset.words}.`);
    need("[data-announcer]", this.reader).textContent = said.filter(Boolean).join(" ");
  }
}

/** @param {HTMLElement} sentence */
function columnOf(sentence) {
  const column = around(sentence, ".column");
  if (!column) throw new Error("A sentence in no column.");
  return column;
}

/** @param {HTMLElement[]} elements @param {number} top @returns {HTMLElement|null} */
function nearest(elements, top) {
  /** @type {HTMLElement|null} */
  let best = null;
  let distance = Infinity;
  for (const element of elements) {
    const away = Math.abs(element.getBoundingClientRect().top - top);
    if (away < distance) [best, distance] = [element, away];
  }
  return best;
}

/** The document's text from the first sentence to the last, white space between paragraphs included. @param {HTMLElement} first @param {HTMLElement} last */
function textBetween(first, last) {
  const from = around(first, ".paragraph");
  const to = around(last, ".paragraph");
  const range = document.createRange();
  let text = "";
  for (let block = first.closest(".block"); block; block = block.nextElementSibling) {
    const paragraph = need(".paragraph", block);
    range.selectNodeContents(paragraph);
    if (paragraph === from) range.setStartBefore(first);
    if (paragraph === to) range.setEndAfter(last);
    text += range.toString();
    if (paragraph === to) break;
    text += paragraph.dataset.after;
  }
  return text;
}
