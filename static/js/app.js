/** What every page needs: menus that close when the reader moves on, addresses that stand once in the history. */

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
