/** The keys of the reading page: who listens to which, and which of them are single letters. */

import { around, find } from "./elements.js";

/**
 * @typedef {object} Binding
 * @property {string} key as combination() writes it: "j", "Shift+ArrowDown", "Mod+z"; "" where only
 *   the palette has it
 * @property {string} label what it does, for the list of keys
 * @property {string} group the heading it is listed under
 * @property {(event: Event) => unknown} run false lets the browser have the key
 */

/** @type {Map<string|symbol, Binding>} */
const bindings = new Map();
const REMEMBERED = "copytaster.letters";
const NAVIGATION = /^(Arrow|Home|End|Page)/;

/** @param {Binding} binding */
export function register(binding) {
  bindings.set(binding.key || Symbol(binding.label), binding);
}

/** @returns {Binding[]} in the order they were registered */
export function registered() {
  return [...bindings.values()];
}

/** Whether single-letter keys work; people who dictate switch them off. */
export function lettersOn() {
  return localStorage.getItem(REMEMBERED) !== "off";
}

/** @param {boolean} on */
export function switchLetters(on) {
  localStorage.setItem(REMEMBERED, on ? "on" : "off");
}

let held = 0;
let typed = "";

/**
 * Until the work is done, keys are not commands: what is typed is meant for the dialog to come.
 * @template Result
 * @param {Promise<Result>} work
 */
export async function holding(work) {
  held += 1;
  typed = "";
  try {
    return await work;
  } finally {
    held -= 1;
  }
}

/** What was typed while keys were held. */
export function typedMeanwhile() {
  return typed;
}

/** What was pressed, as a binding names it. @param {KeyboardEvent} event */
export function combination(event) {
  const held = [];
  if (event.ctrlKey || event.metaKey) held.push("Mod");
  if (event.altKey) held.push("Alt");
  const named = event.key.length > 1;
  if (event.shiftKey && (named || held.length)) held.push("Shift");
  return [...held, named || !held.length ? event.key : event.key.toLowerCase()].join("+");
}

/** @param {EventTarget|null} target */
function isTyping(target) {
  return Boolean(around(target, "input, textarea, select, [contenteditable]") ?? find("dialog[open]"));
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.defaultPrevented || event.isComposing || isTyping(event.target)) return;
  const key = combination(event);
  if (held && event.key !== "Escape") {
    if (key.length === 1) typed += key;
    event.preventDefault();
    return;
  }
  const binding = bindings.get(key) ?? bindings.get(key.toLowerCase());
  if (!binding) return;
  if (key.length === 1 && key !== "?" && !lettersOn()) return;
  if (NAVIGATION.test(event.key) && around(event.target, "[data-menu][open], .claims-panel")) return;
  if (binding.run(event) !== false) event.preventDefault();
}

/** Listen in all of the document. @param {Document} element */
export function listen(element) {
  element.addEventListener("keydown", pressed);
}
