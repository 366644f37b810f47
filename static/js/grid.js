/**
 * Keys for the claim grid. Without this script every cell is a link or a button of its own, and the
 * table is read as any table; with it the grid is one stop of the Tab key and arrows move inside.
 */

import "./app.js";
import { all, around, find, formAround, need } from "./elements.js";

/** @type {Record<string, [number, number]>} */
const STEPS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Make one tile of the table the one that Tab stops at. @param {Element} table @param {HTMLElement|null} current */
function settle(table, current) {
  for (const tile of all("td .tile", table)) tile.tabIndex = tile === current ? 0 : -1;
}

/** @param {Element} table @param {HTMLElement} tile */
function enter(table, tile) {
  settle(table, tile);
  tile.focus();
  tile.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** The tile one step away, in the order of reading; left and right turn with the direction. @param {HTMLTableCellElement} cell @param {string} key */
function neighbour(cell, key) {
  let [down, across] = STEPS[key];
  if (getComputedStyle(cell).direction === "rtl") across = -across;
  const rows = [...(cell.closest("tbody")?.rows ?? [])];
  const row = rows[rows.findIndex((one) => one === cell.parentElement) + down];
  const next = row?.cells[cell.cellIndex + across];
  return next?.matches("[data-cell]") ? find(".tile", next) : null;
}

/** Send what the cell's own button would: confirm that the claim is absent, or take it back. @param {HTMLElement} cell */
function toggle(cell) {
  const form = formAround(need("form#absence"));
  const sent = document.createElement("button");
  sent.name = cell.dataset.own === "absent" ? "withdraw" : "absent";
  sent.value = cell.dataset.cell ?? "";
  sent.hidden = true;
  form?.append(sent);
  form?.requestSubmit(sent);
  sent.remove();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const cell = /** @type {HTMLTableCellElement|null} */ (around(event.target, "[data-grid] [data-cell]"));
  const table = around(cell, "table");
  if (!cell || !table || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in STEPS) {
    const next = neighbour(cell, event.key);
    if (next) enter(table, next);
  } else if (event.key.toLowerCase() === "a" && cell.closest("[data-may-mark]")) {
    toggle(cell);
  } else {
    return;
  }
  event.preventDefault();
}

function start() {
  const table = find("[data-grid]");
  if (!table || table.dataset.grid === "ready") return;
  table.dataset.grid = "ready";
  settle(table, find("td .tile", table));
  for (const hint of all("[data-keys]")) hint.hidden = false;
}

document.addEventListener("keydown", onKey);

document.addEventListener("focusin", (event) => {
  const tile = around(event.target, "[data-grid] td .tile");
  const table = around(tile, "table");
  if (table) settle(table, tile);
});

document.addEventListener("click", (event) => {
  const dialog = around(around(event.target, "dialog button[form]"), "dialog");
  if (dialog) /** @type {HTMLDialogElement} */ (dialog).close();
});

// A tile that was answered anew has lost the focus with the old one.
let held = "";
document.addEventListener("htmx:before:swap", () => {
  held = (around(document.activeElement, "[data-cell]") && document.activeElement?.id) || "";
});
document.addEventListener("htmx:after:swap", () => {
  start();
  const tile = document.getElementById(held);
  const table = around(tile, "table");
  if (tile && table && tile !== document.activeElement) enter(table, tile);
  const passages = /** @type {HTMLDialogElement|null} */ (find("dialog#passages"));
  if (passages?.childElementCount && !passages.open && !passages.dataset.shown) {
    passages.dataset.shown = "yes";
    passages.showModal();
    find("h2", passages)?.focus();
  }
});

start();
