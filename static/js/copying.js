/**
 * What is copied from a text: its own words. The links, chips and cards that stand between them stay
 * out, and an empty line parts the paragraphs.
 */

import { wholeGraphemes } from "./offsets.js";

// An element with the words of a document and nothing else, but for a link that may follow them.
const WORDS = ".paragraph, .sheet-text > p, [data-document-words]";
const AFTER = ".occurrence-there";
// Where a page is a text to read, also what is selected from outside it is meant for its words.
const TEXTS = "[data-reader], .sheet-text";

for (const kind of ["copy", "dragstart"]) document.addEventListener(kind, takeAlong);

function takeAlong(event) {
  // A field copies what is selected in it; a link or a picture is dragged as itself.
  if (event.target.closest?.("input, textarea, select")) return;
  if (event.type === "dragstart" && event.target.nodeType !== Node.TEXT_NODE) return;
  const clipboard = event.clipboardData ?? event.dataTransfer;
  const parts = wordsOf(getSelection());
  if (!parts.length || !clipboard) return;
  clipboard.setData("text/plain", parts.map(({ words }) => words).join("\n\n"));
  clipboard.setData("text/html", parts.map((part) => marked(part, parts.length > 1 ? "p" : "span")).join(""));
  if (event.type === "copy") event.preventDefault();
}

/**
 * The words of documents that are selected, paragraph by paragraph; none where something else is.
 * A selection that runs into the next column means the one it began in.
 * @param {Selection} selection
 * @returns {{words: string, element: Element}[]}
 */
function wordsOf(selection) {
  const column = elementAt(selection.anchorNode)?.closest(".column");
  const parts = [];
  let meant = false;
  for (let index = 0; index < selection.rangeCount; index += 1) {
    const range = selection.getRangeAt(index);
    if (range.collapsed) continue;
    meant ||= [range.startContainer, range.endContainer].some((end) => elementAt(end)?.closest(WORDS));
    for (const element of document.querySelectorAll(WORDS)) {
      if (!range.intersectsNode(element) || !element.checkVisibility()) continue;
      if (column && !column.contains(element)) continue;
      const words = wordsIn(element, range);
      if (words) parts.push({ words, element });
      meant ||= Boolean(words && element.closest(TEXTS));
    }
  }
  return meant ? parts : [];
}

function elementAt(node) {
  return node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
}

/** The words of the element that the range covers, and no half of an emoji. */
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

function marked({ words, element }, name) {
  const part = document.createElement(name);
  part.textContent = words;
  const { lang } = element.closest("[lang]") ?? {};
  if (lang) part.lang = lang;
  if (getComputedStyle(element).direction === "rtl") part.dir = "rtl";
  return part.outerHTML;
}
