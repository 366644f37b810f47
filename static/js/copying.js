/**
 * What is copied from a text: its own words. The links, chips and cards that stand between them stay
 * out, and an empty line parts the paragraphs.
 */

import { all, around } from "./elements.js";
import { wholeGraphemes } from "./offsets.js";

// An element with the words of a document and nothing else, but for a link that may follow them.
const WORDS = ".paragraph, .sheet-text > p, [data-document-words]";
const AFTER = ".occurrence-there";
// Where a page is a text to read, also what is selected from outside it is meant for its words.
const TEXTS = "[data-reader], .sheet-text";

document.addEventListener("copy", (event) => {
  if (take(event.target, event.clipboardData)) event.preventDefault();
});

document.addEventListener("dragstart", (event) => {
  // A link or a picture is dragged as itself.
  if (event.target instanceof Text) take(event.target, event.dataTransfer);
});

/**
 * Whether words were selected, which are in the clipboard now.
 * @param {EventTarget|null} place
 * @param {DataTransfer|null} clipboard
 */
function take(place, clipboard) {
  // A field copies what is selected in it.
  if (around(place, "input, textarea, select")) return false;
  const selection = getSelection();
  const parts = selection ? wordsOf(selection) : [];
  if (!parts.length || !clipboard) return false;
  clipboard.setData("text/plain", parts.map(({ words }) => words).join("\n\n"));
  clipboard.setData("text/html", parts.map((part) => marked(part, parts.length > 1 ? "p" : "span")).join(""));
  return true;
}

/**
 * The words of documents that are selected, paragraph by paragraph; none where something else is.
 * A selection that runs into the next column means the one it began in.
 * @param {Selection} selection
 * @returns {{words: string, element: Element}[]}
 */
function wordsOf(selection) {
  const column = around(selection.anchorNode, ".column");
  /** @type {{words: string, element: Element}[]} */
  const parts = [];
  let meant = false;
  for (let index = 0; index < selection.rangeCount; index += 1) {
    const range = selection.getRangeAt(index);
    if (range.collapsed) continue;
    meant ||= [range.startContainer, range.endContainer].some((end) => Boolean(around(end, WORDS)));
    for (const element of all(WORDS)) {
      if (!range.intersectsNode(element) || !element.checkVisibility()) continue;
      if (column && !column.contains(element)) continue;
      const words = wordsIn(element, range);
      if (words) parts.push({ words, element });
      meant ||= Boolean(words && element.closest(TEXTS));
    }
  }
  return meant ? parts : [];
}

/** The words of the element that the range covers, and no half of an emoji. @param {Element} element @param {Range} range */
function wordsIn(element, range) {
  const before = document.createRange();
  before.selectNodeContents(element);
  const link = element.querySelector(AFTER);
  if (link) before.setEndBefore(link);
  const text = link ? before.toString().trimEnd() : before.toString();
  let [start, end] = [0, text.length];
  if (element.contains(range.startContainer)) {
    before.setEnd(range.startContainer, range.startOffset);
    start = before.toString().length;
  }
  if (element.contains(range.endContainer)) {
    before.setEnd(range.endContainer, range.endOffset);
    end = Math.min(end, before.toString().length);
  }
  const words = start < end ? wholeGraphemes(text, start, end) : "";
  if (!words.trim()) return "";
  return words;
}

/** @param {{words: string, element: Element}} part @param {string} name */
function marked({ words, element }, name) {
  const part = document.createElement(name);
  part.textContent = words;
  const lang = around(element, "[lang]")?.lang;
  if (lang) part.lang = lang;
  if (getComputedStyle(element).direction === "rtl") part.dir = "rtl";
  return part.outerHTML;
}
