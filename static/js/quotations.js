/** Who says it: a quiet line for the quotations of a sentence, with the speaker and the cue lit up. */

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
    paint(part, quotations.filter((said) => said.dataset[part]).map((said) => {
      const id = said.closest(".column").dataset.document;
      return rangeOf(id, ...said.dataset[part].split(" ").map(Number));
    }).filter(Boolean));
  }
  line.textContent = inWords(quotations).join(" · ");
  if (line.textContent && place) place.append(line);
  else line.remove();
}

/** @param {HTMLElement[]} quotations @returns {string[]} who says each, once */
export function inWords(quotations) {
  return [...new Set(quotations.map((said) => said.dataset.said))];
}

/**
 * The quotations of a sentence, or the one given. The line takes the place of the browser's own
 * label, which would cover the words.
 */
export function quotationsIn(element) {
  const found = element.matches(".said") ? [element] : [...element.querySelectorAll(".said")];
  for (const said of found) {
    said.dataset.said ??= said.title;
    said.removeAttribute("title");
  }
  return found;
}
