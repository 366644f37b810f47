/** The list of documents: they open in the order in which they were ticked, the first as the base. */

import "./app.js";
import "./drop.js";
import { all, around, find, formAround } from "./elements.js";

/** @type {HTMLInputElement[]} */
let order = [];

/** @returns {HTMLInputElement[]} the ticked boxes, in the order of ticking */
function ticked() {
  const boxes = all("[data-read] input[name=d]:checked").map((box) => /** @type {HTMLInputElement} */ (box));
  order = order.filter((box) => boxes.includes(box));
  order.push(...boxes.filter((box) => !order.includes(box)));
  return order;
}

function tell() {
  const boxes = ticked();
  const hint = find("[data-read-hint]");
  if (!hint) return;
  const most = Number(hint.dataset.most);
  hint.dataset.readHint ||= hint.textContent ?? "";
  if (boxes.length > most) hint.textContent = `${boxes.length} are ticked, and ${most} fit side by side.`;
  else if (boxes.length > 1) hint.textContent = `${boxes.length} to read; the base is “${boxes[0].dataset.title}”, ticked first.`;
  else hint.textContent = hint.dataset.readHint;
}

document.addEventListener("change", (event) => {
  if (around(event.target, "[data-read] input[name=d]")) tell();
});

document.addEventListener("submit", (event) => {
  const form = formAround(event.target);
  if (!form?.matches("[data-read]") || event.submitter?.hasAttribute("formaction") || !ticked().length) return;
  // By itself the browser would send them in the order of the page.
  event.preventDefault();
  location.assign(`${form.action}?${new URLSearchParams(ticked().map((box) => ["d", box.value]))}`);
});
