/**
 * Columns that scroll together. Short texts first get white space so that paragraphs that answer to
 * each other stand side by side; then scrolling one column takes the others to the same passage.
 */

import { all, around, find, need } from "./elements.js";

/** @typedef {{column: HTMLElement, scroll: HTMLElement, text: HTMLElement}} Column */
/** @typedef {[number, number][]} Anchors pairs of heights in the base and in another column */

const READING_LINE = 0.33; // share of the column's height where the eye is taken to be
const MOST_SPACE = 0.35; // share of the column's height left white at most to align a paragraph

export class Scrolling {
  /** @param {HTMLElement} reader */
  constructor(reader) {
    this.reader = reader;
    /** The column that the reader scrolls. @type {HTMLElement|null} */
    this.driver = null;
    /** For each column but the first. @type {(Anchors|null)[]|null} */
    this.anchors = null;
    /** Where a column was scrolled to from here. @type {WeakMap<HTMLElement, number>} */
    this.expected = new WeakMap();
    this.width = 0;
    this.waiting = 0;
    this.columns = this.found();
    if (this.columns.length > 1) this.space();
    const stale = new ResizeObserver(() => this.later());
    for (const { scroll, text } of this.columns) {
      stale.observe(text);
      for (const kind of ["wheel", "touchstart", "pointerdown", "keydown", "focusin"]) {
        scroll.addEventListener(kind, () => { this.driver = scroll; }, { passive: true });
      }
      scroll.addEventListener("scroll", () => this.follow(scroll), { passive: true });
    }
    addEventListener("resize", () => this.later());
  }

  /** Whether the columns stand side by side and scroll on their own. */
  get sideBySide() {
    return getComputedStyle(this.columns[0].scroll).overflowY === "auto";
  }

  /** @returns {Column[]} */
  found() {
    return all(".column", this.reader).map((column) => ({
      column,
      scroll: need("[data-scroll]", column),
      text: need(".text", column),
    }));
  }

  arrange() {
    this.columns = this.found();
    this.anchors = null;
    if (this.columns.length > 1) this.space();
  }

  later() {
    this.anchors = null;
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      const width = this.columns[0].text.clientWidth;
      if (width !== this.width) this.space();
    });
  }

  /** Put white space above paragraphs so that those that begin with the same sentence align. */
  space() {
    this.width = this.columns[0].text.clientWidth;
    const blocks = this.columns.map(({ text }) => [...text.children].map((block) => /** @type {HTMLElement} */ (block)));
    for (const block of blocks.flat()) block.style.paddingBlockStart = "";
    if (!this.sideBySide || "long" in this.reader.dataset) return;
    const tops = blocks.map((column) => column.map((block) => block.getBoundingClientRect().top));
    // Heads differ in height, so everything is measured from the first column's top.
    const starts = this.columns.map(({ scroll }) => scroll.getBoundingClientRect().top - scroll.scrollTop);
    const byKey = blocks.map((column) => new Map(column.flatMap((block, index) =>
      keysOf(find(".sentence", block)).map((key) => /** @type {[string, number]} */ ([key, index])))));
    const pushed = blocks.map(() => 0);
    const passed = blocks.map(() => -1);
    const limit = MOST_SPACE * this.columns[0].scroll.clientHeight;
    blocks[0].forEach((block, index) => {
      const first = find(".sentence", block);
      const here = tops[0][index] - starts[0] + pushed[0];
      const row = [[0, index, here]];
      for (let column = 1; column < blocks.length; column += 1) {
        // Texts that only share quotations or an event would be torn apart.
        if (!("aligned" in this.columns[column].column.dataset)) continue;
        const there = keysOf(first).map((key) => byKey[column].get(key)).find((at) => at !== undefined);
        if (there === undefined || there <= passed[column]) continue;
        const top = tops[column][there] - starts[column] + pushed[column];
        if (Math.abs(top - here) <= limit) row.push([column, there, top]);
      }
      if (row.length < 2) return;
      const line = Math.max(...row.map(([, , top]) => top));
      for (const [column, at, top] of row) {
        passed[column] = at;
        if (line - top < 1) continue;
        blocks[column][at].style.paddingBlockStart = `${line - top}px`;
        pushed[column] += line - top;
      }
    });
  }

  /** For each column but the first, the heights that answer to each other. */
  measured() {
    if (this.anchors) return this.anchors;
    const long = "long" in this.reader.dataset;
    /** @param {Column} column @param {Element} element */
    const height = ({ scroll }, element) =>
      element.getBoundingClientRect().top - scroll.getBoundingClientRect().top + scroll.scrollTop;
    const base = this.columns[0];
    /** @type {Map<string, HTMLElement>} */
    const first = new Map();
    for (const sentence of all("[data-pair]", base.text)) {
      for (const key of keysOf(sentence)) if (!first.has(key)) first.set(key, sentence);
    }
    this.anchors = this.columns.slice(1).map((other) => {
      /** @type {Anchors} */
      const points = [];
      const seen = new Set();
      for (const sentence of all("[data-pair]:not([data-kind='moved'])", other.text)) {
        const key = keysOf(sentence)[0];
        const answer = first.get(key);
        if (seen.has(key) || !answer) continue;
        seen.add(key);
        const [there, here] = [answer, sentence].map((one) => (long && around(one, ".block")) || one);
        /** @type {[number, number]} */
        const point = [height(base, there), height(other, here)];
        const last = points.at(-1);
        if (!last || (point[0] > last[0] && point[1] > last[1])) points.push(point);
      }
      if (points.length < 2) return null;
      return [[0, 0], ...points, [base.scroll.scrollHeight, other.scroll.scrollHeight]];
    });
    return this.anchors;
  }

  /** Bring the other columns to where the column that the reader scrolls is. @param {HTMLElement} scroll */
  follow(scroll) {
    const set = this.expected.get(scroll);
    this.expected.delete(scroll);
    if (set !== undefined && Math.abs(set - scroll.scrollTop) < 2) return;
    if (scroll !== this.driver || this.columns.length < 2 || !this.sideBySide) return;
    const anchors = this.measured();
    const from = this.columns.findIndex((column) => column.scroll === scroll);
    const line = lineOf(scroll);
    const at = scroll.scrollTop + line;
    const own = anchors[from - 1];
    if (from > 0 && !own) return;
    const inBase = own ? between(own, at, 1, 0) : at;
    this.columns.forEach((column, index) => {
      const theirs = anchors[index - 1];
      if (index === from || (index > 0 && !theirs)) return;
      this.scrollTo(column.scroll, (theirs ? between(theirs, inBase, 0, 1) : inBase) - line);
    });
  }

  /** @param {HTMLElement} scroll @param {number} top */
  scrollTo(scroll, top) {
    const before = scroll.scrollTop;
    scroll.scrollTop = top;
    if (scroll.scrollTop !== before) this.expected.set(scroll, scroll.scrollTop);
  }

  /**
   * Show the sentence, and its counterparts at the same height.
   * @param {HTMLElement} sentence
   * @param {HTMLElement[]} counterparts
   */
  show(sentence, counterparts) {
    if (!this.sideBySide) {
      sentence.scrollIntoView({ block: "nearest" });
      return;
    }
    const scroll = around(sentence, "[data-scroll]");
    if (!scroll) return;
    this.driver = scroll;
    const box = scroll.getBoundingClientRect();
    const place = sentence.getBoundingClientRect();
    if (place.top < box.top + 0.12 * box.height || place.bottom > box.bottom - 0.2 * box.height) {
      this.scrollTo(scroll, scroll.scrollTop + place.top - box.top - READING_LINE * box.height);
    }
    const top = sentence.getBoundingClientRect().top - box.top;
    const done = new Set([scroll]);
    for (const other of counterparts) {
      const there = around(other, "[data-scroll]");
      if (!there || done.has(there)) continue;
      done.add(there);
      const away = other.getBoundingClientRect().top - there.getBoundingClientRect().top;
      this.scrollTo(there, there.scrollTop + away - top);
    }
  }
}

/** @param {HTMLElement|null} sentence */
function keysOf(sentence) {
  if (!sentence?.dataset.pair || sentence.dataset.kind === "moved") return [];
  return sentence.dataset.pair.split(" ");
}

/** The reading line from the column's top; at both ends of the text it gives way to the end. @param {HTMLElement} scroll */
function lineOf(scroll) {
  const height = scroll.clientHeight;
  const left = scroll.scrollHeight - height - scroll.scrollTop;
  if (scroll.scrollTop < READING_LINE * height) return scroll.scrollTop;
  return Math.max(READING_LINE * height, height - left);
}

/**
 * Where a height lies on the other side, straight between the two anchors around it.
 * @param {Anchors} points
 * @param {number} at
 * @param {0|1} from
 * @param {0|1} to
 */
function between(points, at, from, to) {
  let low = 0;
  let high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle][from] <= at) low = middle;
    else high = middle;
  }
  const [start, end] = [points[low], points[high]];
  const share = (at - start[from]) / (end[from] - start[from] || 1);
  return start[to] + share * (end[to] - start[to]);
}
