/** The menus in which a document's stance and origin are chosen, by key. */

import { all, find } from "./elements.js";

/**
 * Open the menu of a column at one question; its numbers answer.
 * @param {HTMLElement|null|undefined} column
 * @param {string} variable
 * @param {() => void} left called when it is closed with the focus inside
 */
export function openStance(column, variable, left) {
  const menu = column && /** @type {HTMLDetailsElement|null} */ (find(".stance details", column));
  if (!menu) return;
  menu.open = true;
  find(`[data-variable="${variable}"] button`, menu)?.focus();
  const toggled = () => {
    if (menu.open) return;
    menu.removeEventListener("toggle", toggled);
    if (menu.contains(document.activeElement)) left();
  };
  menu.addEventListener("toggle", toggled);
}

/**
 * A number while a menu is open answers its question.
 * @param {number} number from 1
 * @param {() => void} left called when it was answered, and the menu is closed
 * @returns {boolean} whether one was open
 */
export function answerStance(number, left) {
  const menu = /** @type {HTMLDetailsElement|null} */ (find(".stance details[open]"));
  if (!menu) return false;
  const form = find("form:focus-within", menu) ?? find("form", menu);
  const button = form && all("button", form)[number - 1];
  if (!button) return true;
  button.click();
  // The next number is for a mark, even where the answer is slow.
  menu.open = false;
  left();
  return true;
}
