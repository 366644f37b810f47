/** What is drawn on the text: changes, claims, neither; and what Escape sends away for a while. */

import { all, around } from "./elements.js";

const LAYERS = ["changes", "claims"];
const TOLD = ":is(.chip, .card, .guided):is(:hover, :focus-within)";

/** @param {HTMLElement} reader @param {string[]} layers */
function show(reader, layers) {
  reader.dataset.layers = layers.join(" ");
  const address = new URL(location.href);
  const name = layers.length === LAYERS.length ? "" : (layers[0] ?? "none");
  if (name) address.searchParams.set("layer", name);
  else address.searchParams.delete("layer");
  history.replaceState(history.state, "", address);
  for (const button of all("[data-layer]")) {
    const { layer = "" } = button.dataset;
    button.setAttribute("aria-pressed", String(layer === "plain" ? !layers.length : layers.includes(layer)));
  }
}

/** @param {HTMLElement} reader @param {string} layer "plain" takes all away, or brings all back */
export function toggle(reader, layer) {
  const on = (reader.dataset.layers ?? "").split(" ").filter(Boolean);
  if (layer === "plain") show(reader, on.length ? [] : LAYERS);
  else show(reader, LAYERS.filter((name) => on.includes(name) !== (name === layer)));
}

/** @param {HTMLElement} reader */
export function listenForLayers(reader) {
  document.addEventListener("click", (event) => {
    const layer = around(event.target, "[data-layer]");
    const fading = around(event.target, "[data-fade-toggle]");
    if (layer) toggle(reader, layer.dataset.layer ?? "");
    else if (fading) fading.setAttribute("aria-pressed", String(reader.toggleAttribute("data-fade")));
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const pressed = event.key === " " ? around(event.target, "a[role='button']") : null;
    if (pressed && pressed === event.target) {
      event.preventDefault();
      pressed.click();
    }
    if (event.key === "Escape") {
      for (const told of all(TOLD)) told.toggleAttribute("data-dismissed", true);
    }
  });
  // What Escape sent away comes back with the next visit.
  for (const visit of ["focusin", "pointerover"]) {
    document.addEventListener(visit, ({ target }) => {
      for (const told of all("[data-dismissed]")) {
        if (!told.contains(/** @type {Node} */ (target))) told.removeAttribute("data-dismissed");
      }
    });
  }
}
