/**
 * Columns that scroll together. Short texts first get white space so that paragraphs that answer to
 * each other stand side by side; then scrolling one column takes the others to the same passage.
 */

const READING_LINE = 0.33; // share of the column's height where the eye is taken to be
const MOST_SPACE = 0.35; // share of the column's height left white at most to align a paragraph

export class Scrolling {
  /** @param {HTMLElement} reader */
  constructor(reader) {
    this.reader = reader;
    this.driver = null;
    this.anchors = null;
    this.expected = new WeakMap();
    this.arrange();
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

  arrange() {
    this.columns = [...this.reader.querySelectorAll(".column")].map((column) => ({
      column,
      scroll: column.querySelector("[data-scroll]"),
      text: column.querySelector(".text"),
    }));
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
    const blocks = this.columns.map(({ text }) => [...text.children]);
    for (const block of blocks.flat()) block.style.paddingBlockStart = "";
    if (!this.sideBySide || "long" in this.reader.dataset) return;
    const tops = blocks.map((column) => column.map((block) => block.getBoundingClientRect().top));
    // Heads differ in height, so everything is measured from the first column's top.
    const starts = this.columns.map(({ scroll }) => scroll.getBoundingClientRect().top - scroll.scrollTop);
    const byKey = blocks.map((column) => new Map(column.flatMap((block, index) =>
      keysOf(block.querySelector(".sentence")).map((key) => [key, index]))));
    const pushed = blocks.map(() => 0);
    const passed = blocks.map(() => -1);
    const limit = MOST_SPACE * this.columns[0].scroll.clientHeight;
    blocks[0].forEach((block, index) => {
      const first = block.querySelector(".sentence");
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

  /** For each column but the first: pairs of heights [base, other] that answer to each other. */
  measured() {
    if (this.anchors) return this.anchors;
    const long = "long" in this.reader.dataset;
    const height = ({ scroll }, element) =>
      element.getBoundingClientRect().top - scroll.getBoundingClientRect().top + scroll.scrollTop;
    const base = this.columns[0];
    const first = new Map();
    for (const sentence of base.text.querySelectorAll("[data-pair]")) {
      for (const key of keysOf(sentence)) if (!first.has(key)) first.set(key, sentence);
    }
    this.anchors = this.columns.slice(1).map((other) => {
      const points = [];
      const seen = new Set();
      for (const sentence of other.text.querySelectorAll("[data-pair]:not([data-kind='moved'])")) {
        const key = keysOf(sentence)[0];
        if (seen.has(key) || !first.has(key)) continue;
        seen.add(key);
        const measure = (element) => (long ? element.closest(".block") : element);
        const point = [height(base, measure(first.get(key))), height(other, measure(sentence))];
        const last = points.at(-1);
        if (!last || (point[0] > last[0] && point[1] > last[1])) points.push(point);
      }
      if (points.length < 2) return null;
      return [[0, 0], ...points, [base.scroll.scrollHeight, other.scroll.scrollHeight]];
    });
    return this.anchors;
  }

  /** Bring the other columns to where the column that the reader scrolls is. */
  follow(scroll) {
    const set = this.expected.get(scroll);
    this.expected.delete(scroll);
    if (set !== undefined && Math.abs(set - scroll.scrollTop) < 2) return;
    if (scroll !== this.driver || this.columns.length < 2 || !this.sideBySide) return;
    const anchors = this.measured();
    const from = this.columns.findIndex((column) => column.scroll === scroll);
    const line = lineOf(scroll);
    const at = scroll.scrollTop + line;
    const inBase = from === 0 ? at : anchors[from - 1] && between(anchors[from - 1], at, 1, 0);
    if (inBase === null) return;
    this.columns.forEach((column, index) => {
      if (index === from) return;
      if (index > 0 && !anchors[index - 1]) return;
      const there = index === 0 ? inBase : between(anchors[index - 1], inBase, 0, 1);
      this.scrollTo(column.scroll, there - line);
    });
  }

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
    const scroll = sentence.closest("[data-scroll]");
    this.driver = scroll;
    const box = scroll.getBoundingClientRect();
    const place = sentence.getBoundingClientRect();
    if (place.top < box.top + 0.12 * box.height || place.bottom > box.bottom - 0.2 * box.height) {
      this.scrollTo(scroll, scroll.scrollTop + place.top - box.top - READING_LINE * box.height);
    }
    const top = sentence.getBoundingClientRect().top - box.top;
    const done = new Set([scroll]);
    for (const other of counterparts) {
      const there = other.closest("[data-scroll]");
      if (done.has(there)) continue;
      done.add(there);
      const away = other.getBoundingClientRect().top - there.getBoundingClientRect().top;
      this.scrollTo(there, there.scrollTop + away - top);
    }
  }
}

function keysOf(sentence) {
  if (!sentence?.dataset.pair || sentence.dataset.kind === "moved") return [];
  return sentence.dataset.pair.split(" ");
}

/** The reading line from the column's top; at both ends of the text it gives way to the end. */
function lineOf(scroll) {
  const height = scroll.clientHeight;
  const left = scroll.scrollHeight - height - scroll.scrollTop;
  if (scroll.scrollTop < READING_LINE * height) return scroll.scrollTop;
  return Math.max(READING_LINE * height, height - left);
}

/** Where a height lies on the other side, straight between the two anchors around it. */
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
