/**
 * Places in a document: Unicode code points, as the server counts them, against UTF-16 units, as
 * JavaScript does, against places in the page. A paragraph's text is the document's, from its
 * data-start; data-after is the white space that follows it.
 */

import { all, around, spanOn } from "./elements.js";

/** @typedef {{document: string, start: number, end: number, exact: string}} Passage */

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const words = new Intl.Segmenter(undefined, { granularity: "word" });
const SAYING = /[\p{L}\p{N}\p{Extended_Pictographic}]/u; // a full stop alone is no word
const JOINER = /[-‐‑'’]/;

/**
 * @param {string} text
 * @param {number} at UTF-16 units
 */
function isPair(text, at) {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
}

/**
 * Code points before a UTF-16 unit; inside a surrogate pair, those before the pair.
 * @param {string} text
 * @param {number} units
 */
export function toPoints(text, units) {
  let points = 0;
  for (let at = 0; at < units; points += 1) {
    at += isPair(text, at) ? 2 : 1;
    if (at > units) break;
  }
  return points;
}

/**
 * UTF-16 units before a code point.
 * @param {string} text
 * @param {number} points
 */
export function toUnits(text, points) {
  let at = 0;
  for (let seen = 0; seen < points && at < text.length; seen += 1) at += isPair(text, at) ? 2 : 1;
  return at;
}

// --- whole words and whole graphemes --------------------------------------------------------------

// Below, `at` is a place in a text, in UTF-16 units.

/** @param {string} text @param {number} at */
function graphemeStart(text, at) {
  return graphemes.segment(text).containing(at)?.index ?? text.length;
}

/** @param {string} text @param {number} at */
function graphemeEnd(text, at) {
  const found = at > 0 ? graphemes.segment(text).containing(at) : undefined;
  if (!found) return Math.max(0, Math.min(at, text.length));
  return found.index === at ? at : found.index + found.segment.length;
}

/**
 * The text between two UTF-16 units, with the graphemes whole that they cut.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
export function wholeGraphemes(text, start, end) {
  return text.slice(graphemeStart(text, start), graphemeEnd(text, end));
}

/**
 * The start of the word that `at` lies in, hyphens and apostrophes inside it included.
 * @param {string} text
 * @param {number} at
 */
function wordStart(text, at) {
  const segments = words.segment(text);
  let start = at;
  let found = segments.containing(start);
  if (!found?.isWordLike) return start;
  start = found.index;
  while (start > 1 && JOINER.test(text[start - 1])) {
    found = segments.containing(start - 2);
    if (!found?.isWordLike) break;
    start = found.index;
  }
  return start;
}

/** @param {string} text @param {number} at */
function wordEnd(text, at) {
  const segments = words.segment(text);
  let found = at > 0 ? segments.containing(at - 1) : undefined;
  if (!found?.isWordLike) return at;
  let end = found.index + found.segment.length;
  while (end + 1 < text.length && JOINER.test(text[end])) {
    found = segments.containing(end + 1);
    if (!found?.isWordLike) break;
    end = found.index + found.segment.length;
  }
  return end;
}

/** @param {string} text @param {number} at @param {boolean} characters */
function snapStart(text, at, characters) {
  let start = graphemeStart(text, at);
  if (characters) return start;
  while (start < text.length && /\s/.test(text[start])) start += 1;
  return wordStart(text, start);
}

/** @param {string} text @param {number} at @param {boolean} characters */
function snapEnd(text, at, characters) {
  let end = graphemeEnd(text, at);
  if (characters) return end;
  while (end > 0 && /\s/.test(text[end - 1])) end -= 1;
  return wordEnd(text, end);
}

/**
 * The next edge of a word from `at`, in UTF-16 units: its end going forwards (1), its start going
 * backwards (-1); null where the text has none.
 * @param {string} text
 * @param {number} at
 * @param {1|-1} step
 */
export function nextEdge(text, at, step) {
  if (step > 0) {
    for (let from = at + 1; from <= text.length; from += 1) {
      const end = snapEnd(text, from, false);
      if (end > at && SAYING.test(text.slice(at, end))) return end;
    }
    return null;
  }
  for (let from = at - 1; from >= 0; from -= 1) {
    const start = snapStart(text, from, false);
    if (start < at && SAYING.test(text.slice(start, at))) return start;
  }
  return null;
}

// --- passages of the page -------------------------------------------------------------------------

/** The paragraph of the text that a node is in. @param {Node|null|undefined} node */
export function paragraphAt(node) {
  return around(node, ".paragraph");
}

/** @param {string|number} id the document's */
function columnOf(id) {
  return document.getElementById(`column-${id}`);
}

/** @param {HTMLElement|null} column */
function paragraphsOf(column) {
  return column ? all(".paragraph", column) : [];
}

/** @param {HTMLElement} element */
function wordsOf(element) {
  return element.textContent ?? "";
}

/** @param {HTMLElement} paragraph @param {Node} container @param {number} offset */
function unitsBefore(paragraph, container, offset) {
  const range = document.createRange();
  range.setStart(paragraph, 0);
  range.setEnd(container, offset);
  return range.toString().length;
}

/**
 * The passage that a range covers, grown to whole words, or to whole graphemes with `characters`.
 * A range that leaves its column is cut there.
 * @param {Range} range
 * @returns {Passage|null}
 */
export function spanOf(range, { characters = false } = {}) {
  const from = range.startContainer;
  const own = paragraphAt(from);
  const column = around(from, ".column");
  if (!column || range.collapsed) return null;
  const touched = own?.contains(range.endContainer)
    ? [own]
    : paragraphsOf(column).filter((paragraph) => range.intersectsNode(paragraph));
  const [first, last] = [touched[0], touched.at(-1)];
  if (!first || !last) return null;
  let head = first.contains(from) ? unitsBefore(first, from, range.startOffset) : 0;
  let tail = last.contains(range.endContainer)
    ? unitsBefore(last, range.endContainer, range.endOffset)
    : wordsOf(last).length;
  head = snapStart(wordsOf(first), head, characters);
  tail = snapEnd(wordsOf(last), tail, characters);
  const start = spanOn(first).start + toPoints(wordsOf(first), head);
  const end = spanOn(last).start + toPoints(wordsOf(last), tail);
  if (start >= end) return null;
  const id = column.dataset.document ?? "";
  return trimmed({ document: id, start, end, exact: textOf(id, start, end) });
}

/**
 * Without the white space that a selection over several paragraphs takes along at its ends.
 * @param {Passage} passage
 * @returns {Passage|null}
 */
function trimmed(passage) {
  const { exact } = passage;
  const lead = exact.length - exact.trimStart().length;
  if (lead === exact.length) return null;
  return {
    document: passage.document,
    start: passage.start + lead,
    end: passage.end - (exact.length - exact.trimEnd().length),
    exact: exact.trim(),
  };
}

/**
 * The document's text between two code points.
 * @param {string|number} id the document's
 * @param {number} start
 * @param {number} end
 */
export function textOf(id, start, end) {
  let text = "";
  for (const paragraph of paragraphsOf(columnOf(id))) {
    const from = spanOn(paragraph).start;
    if (from >= end) break;
    const whole = wordsOf(paragraph) + (paragraph.dataset.after ?? "");
    text += whole.slice(toUnits(whole, start - from), toUnits(whole, end - from));
  }
  return text;
}

/**
 * @param {HTMLElement} paragraph
 * @param {number} points
 * @returns {[Node, number]}
 */
function pointIn(paragraph, points) {
  let left = toUnits(wordsOf(paragraph), points);
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  const next = () => /** @type {Text|null} */ (walker.nextNode());
  let node = next();
  while (node && left > node.length) {
    left -= node.length;
    node = next();
  }
  return node ? [node, left] : [paragraph, paragraph.childNodes.length];
}

/**
 * The range of a passage, null where the page does not show it.
 * @param {string|number} id the document's
 * @param {number} start
 * @param {number} end
 */
export function rangeOf(id, start, end) {
  const shown = paragraphsOf(columnOf(id));
  const first = shown.find((paragraph) => spanOn(paragraph).end > start);
  const last = shown.findLast((paragraph) => spanOn(paragraph).start < end);
  if (!first || !last) return null;
  const range = document.createRange();
  range.setStart(...pointIn(first, Math.max(0, start - spanOn(first).start)));
  range.setEnd(...pointIn(last, Math.min(end, spanOn(last).end) - spanOn(last).start));
  return range;
}

/**
 * One end of a passage moved by a word; null where it would vanish or leave the document.
 * @param {Passage} passage
 * @param {"start"|"end"} edge
 * @param {1|-1} step
 * @returns {Passage|null}
 */
export function withEdgeMoved(passage, edge, step) {
  const shown = paragraphsOf(columnOf(passage.document));
  const at = passage[edge];
  let index = edge === "start"
    ? shown.findIndex((paragraph) => spanOn(paragraph).end > at)
    : shown.findLastIndex((paragraph) => spanOn(paragraph).start < at);
  for (let fresh = false; shown[index]; index += step, fresh = true) {
    const text = wordsOf(shown[index]);
    const base = spanOn(shown[index]).start;
    let units = toUnits(text, at - base);
    if (fresh) units = step > 0 ? 0 : text.length;
    const edgeUnits = edge === "start" ? startBeside(text, units, step, fresh) : endBeside(text, units, step, fresh);
    if (edgeUnits === null) continue;
    const moved = { ...passage, [edge]: base + toPoints(text, edgeUnits) };
    if (moved.start >= moved.end) return null;
    return { ...moved, exact: textOf(passage.document, moved.start, moved.end) };
  }
  return null;
}

/**
 * The start of a word beside `at`; `fresh` where the paragraph is not the one it was in.
 * @param {string} text
 * @param {number} at
 * @param {1|-1} step
 * @param {boolean} fresh
 */
function startBeside(text, at, step, fresh) {
  if (step < 0) return nextEdge(text, at, -1);
  if (fresh) return snapStart(text, 0, false);
  for (let from = at + 1; from < text.length; from += 1) {
    const start = snapStart(text, from, false);
    if (start > at && start < text.length) return start;
  }
  return null;
}

/**
 * The end of a word beside `at`.
 * @param {string} text
 * @param {number} at
 * @param {1|-1} step
 * @param {boolean} fresh
 */
function endBeside(text, at, step, fresh) {
  if (step > 0) return nextEdge(text, at, 1);
  if (fresh) return snapEnd(text, text.length, false);
  for (let from = at - 1; from > 0; from -= 1) {
    const end = snapEnd(text, from, false);
    if (end < at && end > 0) return end;
  }
  return null;
}
