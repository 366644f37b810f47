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
