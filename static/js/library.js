/** The list of documents: they open in the order in which they were ticked, the first as the base. */

import "./app.js";
import "./drop.js";

const MOST = 4;
let order = [];

/** @returns {HTMLInputElement[]} the ticked boxes, in the order of ticking */
function ticked() {
  const boxes = [...document.querySelectorAll("[data-read] input[name=d]:checked")];
  order = order.filter((box) => boxes.includes(box));
  order.push(...boxes.filter((box) => !order.includes(box)));
  return order;
}

function tell() {
  const boxes = ticked();
  const hint = document.querySelector("[data-read-hint]");
  if (!hint) return;
  hint.dataset.readHint ||= hint.textContent;
  const base = boxes[0]?.getAttribute("aria-label").replace(/^Read /, "");
  if (boxes.length > MOST) hint.textContent = `${boxes.length} are ticked, and ${MOST} fit side by side.`;
  else if (boxes.length > 1) hint.textContent = `${boxes.length} to read; the base is “${base}”, ticked first.`;
  else hint.textContent = hint.dataset.readHint;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-read] input[name=d]")) tell();
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-read]");
  if (!form || !ticked().length) return;
  // By itself the browser would send them in the order of the page.
  event.preventDefault();
  location.assign(`${form.action}?${new URLSearchParams(ticked().map((box) => ["d", box.value]))}`);
});
