/** What is chosen in the text: words selected with mouse, finger or keys, or sentences under the cursor. */

import { around, documentOf, find, spanOn } from "./elements.js";
import { light, paint } from "./highlights.js";
import { nextEdge, paragraphAt, rangeOf, spanOf, textOf, toPoints, toUnits } from "./offsets.js";

/** @typedef {import("./offsets.js").Passage} Passage */

export class Choice {
  /**
   * @param {HTMLElement} reader
   * @param {import("./cursor.js").Cursor} cursor
   * @param {(passage: Passage|null) => void} changed called with the words selected; null for none
   */
  constructor(reader, cursor, changed) {
    this.reader = reader;
    this.cursor = cursor;
    /** Whether Alt was held, so that single characters are chosen. */
    this.characters = false;
    /** What was selected last, and when it was lost. @type {{passage: Passage, lost: number}|null} */
    this.kept = null;
    /** What stays chosen while a field, a form or a button has the focus. @type {Passage|null} */
    this.parked = null;
    /** Who waits for the pointer to be let go. @type {(() => void)[]} */
    this.waiting = [];
    this.pressed = false;
    reader.addEventListener("pointerdown", (event) => {
      this.characters = event.altKey;
      this.pressed = Boolean(around(event.target, ".text"));
      if (this.pressed) this.parked = null;
    });
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => this.letGo(), { capture: true });
    reader.addEventListener("pointerup", (event) => (this.characters = event.altKey));
    document.addEventListener("selectionchange", () => {
      const passage = this.selected();
      if (passage) {
        this.kept = { passage, lost: 0 };
        this.parked = null;
      } else if (this.kept && !this.kept.lost) {
        this.kept.lost = performance.now();
        if (!this.pressed && this.elsewhere()) this.parked = this.kept.passage;
      }
      const shown = passage ?? this.parked;
      const range = shown && rangeOf(shown.document, shown.start, shown.end);
      paint("pending", range ? [range] : []);
      changed(passage);
      this.restore();
    });
    // A dialog that closes tells nobody else, and a field that is left may leave the focus nowhere.
    document.addEventListener("close", () => this.restore(), { capture: true });
    document.addEventListener("focusout", () => setTimeout(() => this.restore()));
  }

  /** The words selected, or else the sentences under the cursor. @returns {Passage|null} */
  passage() {
    return this.selected() ?? this.parked ?? this.justLost() ?? this.cursor.selection();
  }

  /** Select again what is parked, unless that would take the focus out of a field. */
  restore() {
    const { parked } = this;
    if (!parked || this.pressed || document.activeElement?.matches(FIELDS) || find("dialog[open]")) return;
    this.select(parked);
  }

  /** Whether the focus went to something outside the text, so that nobody let go of the words. */
  elsewhere() {
    const now = document.activeElement;
    return Boolean(now && !now.contains(this.reader) && !now.closest(".text"));
  }

  /** @param {Passage} passage */
  select({ document: id, start, end }) {
    const range = rangeOf(id, start, end);
    if (range) getSelection()?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  }

  letGo() {
    this.pressed = false;
    for (const resolve of this.waiting.splice(0)) setTimeout(resolve);
  }

  /** Resolves when nothing is dragged over: paragraphs that moved meanwhile would spoil it. @returns {Promise<void>} */
  released() {
    return this.pressed ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
  }

  /**
   * Do what may replace the paragraph that words are chosen in; they stay chosen.
   * @template Result
   * @param {() => Result} run
   */
  keeping(run) {
    const passage = this.selected() ?? this.parked;
    const result = run();
    const now = this.selected();
    if (passage && !this.pressed && (now?.start !== passage.start || now?.end !== passage.end)) {
      this.parked = passage;
      this.restore();
    }
    return result;
  }

  /** On a touch screen the tap on a button takes the selection away first. */
  justLost() {
    const { kept } = this;
    return kept?.lost && performance.now() - kept.lost < 600 ? kept.passage : null;
  }

  /** @returns {Passage|null} */
  selected() {
    const selection = getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    return this.reader.contains(range.commonAncestorContainer) ? spanOf(range, { characters: this.characters }) : null;
  }

  /**
   * Let go outside the text, on the strip or in the next column, a selection ends at the height of
   * the pointer in the column it began in, not at the end of the document.
   * @param {MouseEvent} event
   */
  endInText({ clientX, clientY, detail }) {
    const selection = getSelection();
    const start = paragraphAt(selection?.anchorNode);
    const column = around(start, ".column");
    if (!selection?.anchorNode || !start || !column || detail > 1 || selection.isCollapsed) return;
    if (column.contains(paragraphAt(selection.focusNode))) return;
    const { left, right } = start.getBoundingClientRect();
    const { top, bottom } = column.getBoundingClientRect();
    const [x, y] = [Math.min(Math.max(clientX, left + 1), right - 1), Math.min(Math.max(clientY, top + 1), bottom - 1)];
    const spot = document.caretPositionFromPoint?.(x, y);
    if (!spot || !column.contains(paragraphAt(spot.offsetNode))) return;
    selection.setBaseAndExtent(selection.anchorNode, selection.anchorOffset, spot.offsetNode, spot.offset);
  }

  /** Nothing is selected any more. */
  clear() {
    if (getSelection()?.rangeCount) getSelection()?.removeAllRanges();
    this.kept = this.parked = null;
    paint("pending", []);
  }

  /**
   * By the keyboard: the next or previous word of the sentence, or one word more or less.
   * @param {1|-1} step
   * @param {boolean} widen
   */
  stepWord(step, widen) {
    const sentence = this.cursor.current;
    if (!sentence) return false;
    const id = documentOf(sentence);
    const { start: from, end: to } = spanOn(sentence);
    const text = textOf(id, from, to);
    const now = this.selected();
    const inside = now && now.document === id && now.start >= from && now.end <= to;
    const chosen = inside ? [now.start, now.end].map((at) => toUnits(text, at - from)) : null;
    const next = nextWord(text, chosen, step, widen);
    if (!next) return undefined;
    // What Shift chose is no longer what will be marked.
    this.cursor.anchor = sentence;
    light(this.reader, "data-chosen", []);
    const [first, last] = next.map((units) => from + toPoints(text, units));
    this.select({ document: id, start: first, end: last, exact: "" });
    return undefined;
  }
}

/**
 * The word beside what is chosen, or what is chosen with a word more or less; in UTF-16 units.
 * @param {string} text
 * @param {number[]|null} chosen from and to
 * @param {1|-1} step
 * @param {boolean} widen
 * @returns {[number, number]|null} none where the text has no such word
 */
function nextWord(text, chosen, step, widen) {
  let [start, end] = chosen ?? (step > 0 ? [0, 0] : [text.length, text.length]);
  if (chosen && widen) {
    const edge = step > 0 ? nextEdge(text, end, 1) : nextEdge(text, nextEdge(text, end, -1) ?? 0, -1);
    end = (step > 0 || edge === null ? edge : nextEdge(text, edge, 1)) ?? start;
  } else {
    const edge = nextEdge(text, step > 0 ? end : start, step);
    const other = edge === null ? null : nextEdge(text, edge, step > 0 ? -1 : 1);
    // Before the first word there is only the start of the text.
    const opposite = other ?? (chosen ? null : 0);
    if (edge === null || opposite === null) return null;
    [start, end] = step > 0 ? [opposite, edge] : [edge, opposite];
  }
  return start < end ? [start, end] : null;
}

const FIELDS = "input, textarea, select";
