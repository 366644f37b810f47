/** Where there is room for one column: what answers to the sentence, slid up from below. */

import { documentOf, find } from "./elements.js";

/**
 * Show the sentences, or nothing where there are none; the style sheet hides it side by side.
 * @param {HTMLElement} reader
 * @param {HTMLElement[]} answers in other columns
 */
export function showCounterpart(reader, answers) {
  find(".counterpart", reader)?.remove();
  if (!answers.length) return;
  const panel = document.createElement("aside");
  panel.className = "counterpart";
  panel.setAttribute("aria-label", "The same passage elsewhere");
  for (const [column, there] of Map.groupBy(answers, documentOf)) {
    const source = document.createElement("a");
    source.className = "counterpart-source";
    source.href = `#${there[0].id}`;
    source.textContent = find(`[data-tab="${column}"]`, reader)?.textContent ?? "";
    const words = document.createElement("p");
    words.dir = "auto";
    words.dataset.documentWords = "";
    words.textContent = there.map((answer) => answer.textContent).join(" … ");
    panel.append(source, words);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "plain counterpart-close";
  close.textContent = "Close";
  close.addEventListener("click", () => panel.remove());
  panel.prepend(close);
  reader.append(panel);
}
