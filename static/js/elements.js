/** Elements of the page, found by selector or by what is in them. */

/**
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement|null}
 */
export function find(selector, within = document) {
  return within.querySelector(selector);
}

/**
 * The same, where the page cannot be without it.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement}
 */
export function need(selector, within = document) {
  const found = find(selector, within);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}

/**
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement[]} in the order of the page
 */
export function all(selector, within = document) {
  return [...within.querySelectorAll(selector)].map((one) => /** @type {HTMLElement} */ (one));
}

/**
 * The nearest element around a node, or the target of an event, that the selector names; itself too.
 * @param {EventTarget|null|undefined} place
 * @param {string} selector
 * @returns {HTMLElement|null}
 */
export function around(place, selector) {
  const element = place instanceof Element ? place : place instanceof Node ? place.parentElement : null;
  return element?.closest(selector) ?? null;
}

/**
 * The form that a place is in.
 * @param {EventTarget|null|undefined} place
 * @returns {HTMLFormElement|null}
 */
export function formAround(place) {
  return /** @type {HTMLFormElement|null} */ (around(place, "form"));
}

/**
 * Where an element stands in its document.
 * @param {HTMLElement} element
 * @returns {{start: number, end: number}} code points, half-open
 */
export function spanOn({ dataset }) {
  return { start: Number(dataset.start), end: Number(dataset.end) };
}

/**
 * The document of the column that an element is in.
 * @param {Node} node
 * @returns {string} its number
 */
export function documentOf(node) {
  return around(node, ".column")?.dataset.document ?? "";
}
