/** What every page needs: menus that close when the reader moves on, addresses that stand once in the history. */

import "./copying.js";
import { all, around, find } from "./elements.js";

document.addEventListener("click", (event) => {
  const clicked = around(event.target, "[data-menu]");
  for (const menu of all("[data-menu][open]")) {
    if (menu !== clicked) menu.removeAttribute("open");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = find("[data-menu][open]");
  if (!menu) return;
  event.preventDefault(); // it closes the menu and does no more
  menu.removeAttribute("open");
  find("summary", menu)?.focus();
});

// A filter that was answered twice, as by typing and then leaving the field, is one step back.
document.addEventListener("htmx:before:history:update", (event) => {
  const { path } = /** @type {CustomEvent} */ (event).detail.history;
  if (path === location.pathname + location.search) event.preventDefault();
});

// "Back" shows a page as the browser kept it: not after signing out, nor to somebody else.
addEventListener("pageshow", async ({ persisted }) => {
  const person = /** @type {HTMLMetaElement|null} */ (find("meta[name=person]"))?.content;
  const home = /** @type {HTMLAnchorElement|null} */ (find(".wordmark"))?.href;
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (!person || !home || !(persisted || visit?.type === "back_forward")) return;
  const { style } = document.documentElement;
  style.visibility = "hidden";
  try {
    const answer = await fetch(home, { method: "HEAD", redirect: "manual", cache: "no-store", headers: { "X-Person": person } });
    if (!answer.ok && answer.status < 500) {
      location.reload();
      return;
    }
  } catch {
    // No connection: whoever had the page has it still.
  }
  style.visibility = "";
});

// An answer that says why there is none takes the place of nothing: what was typed stays, and can be sent again.
document.addEventListener("htmx:before:response", (event) => {
  const { response, sourceElement } = /** @type {CustomEvent} */ (event).detail.ctx;
  const { status } = response;
  if (status < 500 && ![408, 413, 429].includes(status)) return;
  event.preventDefault();
  say(sourceElement, status);
});

/** @type {Record<number, string>} */
const WHY = {
  408: "What you sent came too slowly.",
  413: "That is too much to send at once.",
  429: "You have asked for much at once.",
  503: "The server is busy.",
};

/**
 * Say beside a form or a button that it was not answered.
 * @param {HTMLElement} element
 * @param {number} status
 */
function say(element, status) {
  const place = element.closest("form") ?? element;
  const there = place.nextElementSibling;
  const sign = there?.matches("[data-trouble]") ? there : trouble(place);
  sign.textContent = `${WHY[status] ?? "Something went wrong on our side."} Nothing here was lost; try again in a moment.`;
}

/** A sign beside the place, until it asks again. @param {Element} place */
function trouble(place) {
  const sign = document.createElement("p");
  sign.className = "message";
  sign.dataset.level = "error";
  sign.dataset.trouble = "";
  sign.setAttribute("role", "status");
  place.after(sign);
  place.addEventListener("htmx:before:request", () => sign.remove(), { once: true });
  return sign;
}
