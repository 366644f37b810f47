/** What every page needs: menus that close when the reader moves on, addresses that stand once in the history. */

import "./copying.js";

function closeMenus(except) {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("[data-menu]"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("[data-menu][open]");
  if (!menu) return;
  event.preventDefault(); // it closes the menu and does no more
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A filter that was answered twice, as by typing and then leaving the field, is one step back.
document.addEventListener("htmx:before:history:update", (event) => {
  const { path } = event.detail.history;
  if (path === location.pathname + location.search) event.preventDefault();
});

// "Back" shows a page as the browser kept it: not after signing out, nor to somebody else.
addEventListener("pageshow", async ({ persisted }) => {
  const person = document.querySelector("meta[name=person]")?.content;
  const again = persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (!person || !again) return;
  const { style } = document.documentElement;
  style.visibility = "hidden";
  try {
    const home = document.querySelector(".wordmark").href;
    const answer = await fetch(home, { method: "HEAD", redirect: "manual", cache: "no-store", headers: { "X-Person": person } });
    if (!answer.ok && answer.status < 500) return location.reload();
  } catch {
    // No connection: whoever had the page has it still.
  }
  style.visibility = "";
});

// An answer that says why there is none takes the place of nothing: what was typed stays, and can be sent again.
document.addEventListener("htmx:before:response", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  const { status } = response;
  if (status < 500 && ![408, 413, 429].includes(status)) return;
  event.preventDefault();
  say(sourceElement, status);
});

const WHY = {
  408: "What you sent came too slowly.",
  413: "That is too much to send at once.",
  429: "You have asked for much at once.",
  503: "The server is busy.",
};

/** Say beside a form or a button that it was not answered. */
function say(element, status) {
  const place = element.closest("form") ?? element;
  let sign = place.nextElementSibling;
  if (!sign?.matches("[data-trouble]")) {
    sign = document.createElement("p");
    sign.className = "message";
    sign.dataset.level = "error";
    sign.dataset.trouble = "";
    sign.setAttribute("role", "status");
    place.after(sign);
    place.addEventListener("htmx:before:request", () => sign.remove(), { once: true });
  }
  sign.textContent = `${WHY[status] ?? "Something went wrong on our side."} Nothing here was lost; try again in a moment.`;
}
