/**
 * htmx acts on the elements that our templates marked as ours and on no others: markup that came in
 * with somebody's words does not know the word. A classic script, to be there before htmx starts.
 */

"use strict";

{
  const ours = /** @type {HTMLMetaElement|null} */ (document.querySelector("meta[name=ours]"))?.content;

  document.addEventListener("htmx:before:init", (event) => {
    const element = /** @type {HTMLElement} */ (event.target);
    if (!ours || element.dataset.ours !== ours) event.preventDefault();
  });

  // We never swap out of band, so what would is not ours.
  document.addEventListener("htmx:before:swap", (event) => {
    const tasks = /** @type {CustomEvent} */ (event).detail.tasks ?? [];
    for (let at = tasks.length - 1; at >= 0; at -= 1) if (tasks[at].type === "oob") tasks.splice(at, 1);
  });
}
