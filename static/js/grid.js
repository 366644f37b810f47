/**
 * Keys for the claim grid. Without this script every cell is a link or a button of its own, and the
 * table is read as any table; with it the grid is one stop of the Tab key and arrows move inside.
 */

import "./app.js";

const STEPS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** @param {Element} cell @returns {HTMLElement} what in the cell takes the focus */
const tileOf = (cell) => cell.querySelector(".tile");

/** Make one tile of the table the one that Tab stops at. */
function settle(table, current) {
  for (const tile of table.querySelectorAll("td .tile")) tile.tabIndex = tile === current ? 0 : -1;
}

function enter(table, tile) {
  settle(table, tile);
  tile.focus();
  tile.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** The tile one step away, in the order of reading; left and right turn with the direction. */
function neighbour(cell, key) {
  let [down, across] = STEPS[key];
  if (getComputedStyle(cell).direction === "rtl") across = -across;
  const rows = [...cell.closest("tbody").rows];
  const row = rows[rows.indexOf(cell.parentElement) + down];
  const next = row?.cells[cell.cellIndex + across];
  return next?.matches("[data-cell]") ? tileOf(next) : null;
}

/** Send what the cell's own button would: confirm that the claim is absent, or take it back. */
function toggle(cell) {
  const form = document.querySelector("form#absence");
  const sent = document.createElement("button");
  sent.name = cell.dataset.own === "absent" ? "withdraw" : "absent";
  sent.value = cell.dataset.cell;
  sent.hidden = true;
  form.append(sent);
  form.requestSubmit(sent);
  sent.remove();
}

function onKey(event) {
  const cell = event.target.closest?.("[data-grid] [data-cell]");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in STEPS) {
    const next = neighbour(cell, event.key);
    if (next) enter(cell.closest("table"), next);
  } else if (event.key.toLowerCase() === "a" && cell.closest("[data-may-mark]")) {
    toggle(cell);
  } else {
    return;
  }
  event.preventDefault();
}

function start() {
  const table = document.querySelector("[data-grid]");
  if (!table || table.dataset.grid === "ready") return;
  table.dataset.grid = "ready";
  settle(table, table.querySelector("td .tile"));
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
}

document.addEventListener("keydown", onKey);

document.addEventListener("focusin", (event) => {
  const table = event.target.closest?.("[data-grid] td .tile")?.closest("table");
  if (table) settle(table, event.target);
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("dialog button[form]")) event.target.closest("dialog").close();
});

// A tile that was answered anew has lost the focus with the old one.
let held = "";
document.addEventListener("htmx:before:swap", () => {
  held = document.activeElement?.closest?.("[data-cell]") ? document.activeElement.id : "";
});
document.addEventListener("htmx:after:swap", () => {
  start();
  const tile = held && document.getElementById(held);
  if (tile && tile !== document.activeElement) enter(tile.closest("table"), tile);
  const passages = document.querySelector("dialog#passages");
  if (passages?.childElementCount && !passages.open && !passages.dataset.shown) {
    passages.dataset.shown = "yes";
    passages.showModal();
    passages.querySelector("h2").focus();
  }
});

start();
