/** Who says it: a quiet line for the quotations of a sentence, with the speaker and the cue lit up. */

import { all, documentOf } from "./elements.js";
import { paint } from "./highlights.js";
import { rangeOf } from "./offsets.js";

const line = document.createElement("p");
line.className = "speaker";
line.dir = "auto";

/**
 * Tell of some quotations of one document; of none, the line goes.
 * @param {HTMLElement[]} quotations
 * @param {Element|null} place where the line stands
 */
export function tell(quotations, place) {
  for (const part of ["speaker", "cue"]) {
    paint(part, quotations.flatMap((said) => {
      const [start, end] = (said.dataset[part] ?? "").split(" ").map(Number);
      return (said.dataset[part] && rangeOf(documentOf(said), start, end)) || [];
    }));
  }
  line.textContent = inWords(quotations).join(" · ");
  if (line.textContent && place) place.append(line);
  else line.remove();
}

/** @param {HTMLElement[]} quotations @returns {string[]} who says each, once */
export function inWords(quotations) {
  return [...new Set(quotations.map((said) => said.dataset.said ?? ""))];
}

/**
 * The quotations of a sentence, or the one given. The line takes the place of the browser's own
 * label, which would cover the words.
 * @param {HTMLElement} element
 */
export function quotationsIn(element) {
  const found = element.matches(".said") ? [element] : all(".said", element);
  for (const said of found) said.removeAttribute("title");
  return found;
}
