/** Passing light on text that is not in the page's HTML: a selection not saved, a search hit. */

/**
 * Paint the ranges under a name that the style sheet knows as ::highlight(name); none clears it.
 * @param {string} name
 * @param {Range[]} ranges
 */
export function paint(name, ranges) {
  if (!globalThis.CSS?.highlights) return;
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
  else CSS.highlights.delete(name);
}

/**
 * Light up the elements, and put out those lit before under the same attribute.
 * @param {Element} root
 * @param {string} attribute
 * @param {Iterable<Element>} elements
 */
export function light(root, attribute, elements) {
  const lit = new Set(elements);
  for (const element of root.querySelectorAll(`[${attribute}]`)) {
    if (!lit.has(element)) element.removeAttribute(attribute);
  }
  for (const element of lit) element.setAttribute(attribute, "");
}
