/** The bar's line and button that say what became of a change. */

import { need } from "./elements.js";

/** @param {string} words @param {boolean} [warning] */
export function say(words, warning = false) {
  const status = need("#marking-status");
  status.textContent = words;
  status.toggleAttribute("data-level", warning);
}

/**
 * @param {HTMLElement} bar
 * @param {"saved"|"saving"|"waiting"} state
 * @param {number} waiting how many changes
 * @param {string} why they wait, or what is being saved
 */
export function showState(bar, state, waiting, why) {
  const button = need("[data-queue]", bar);
  bar.dataset.state = state;
  button.hidden = state !== "waiting";
  button.textContent = state === "waiting" ? `${waiting} not saved: ${why}. Retrying; press to try now.` : "";
  if (state === "saving") say(`Saving ${why} …`);
  if (state === "waiting") say(`${waiting} kept here, to be saved later: ${why}.`, true);
}
