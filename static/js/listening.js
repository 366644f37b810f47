/** What a pointer does with marks, and what is sent with the forms of the page. */

import { around, find, formAround, need } from "./elements.js";
import { showKeys } from "./palette.js";
import { newId } from "./saving.js";

/** @typedef {import("./marking.js").Marking} Marking */

/** @param {Marking} marking */
export function listen(marking) {
  const { bar, choice, marks, reader } = marking;
  document.addEventListener("submit", (event) => submitted(marking, event));
  document.addEventListener("click", (event) => clicked(marking, event));
  document.addEventListener("input", ({ target }) => {
    if (around(target, "[data-filter-claims]")) marking.filterClaims();
  });
  bar.addEventListener("pointerdown", (event) => {
    if (around(event.target, "button")) event.preventDefault();
  });
  reader.addEventListener("pointerdown", () => (marking.dragged = false));
  reader.addEventListener("pointerup", (event) => {
    if (event.pointerType !== "mouse") marking.markIfLocked();
  });
  document.addEventListener("mouseup", (event) => {
    choice.endInText(event);
    marking.markIfLocked();
  });
  reader.addEventListener("cursor:move", () => {
    choice.clear();
    if (marks.chosen) marks.choose(null);
    marking.showTarget();
  });
}

/** @param {Marking} marking @param {SubmitEvent} event */
function submitted(marking, event) {
  const { changes, next, saver, sheet } = marking;
  const form = formAround(event.target);
  if (form?.matches("[data-close]")) {
    event.preventDefault();
    sheet.close();
    location.reload();
  }
  if (!form?.matches("[data-save]")) return;
  event.preventDefault();
  const written = new FormData(form, event.submitter);
  const fields = new URLSearchParams([...written].map(([name, value]) => [name, String(value)]));
  fields.set("view", changes.view);
  if (form.matches("[data-undo], [data-redo]")) fields.set("id", newId());
  const entry = saver.send(form.action, fields, "your change");
  if (sheet.dialog.contains(form)) sheet.saving = entry.key;
  if (entry.url === changes.markUrl) next.useUp();
  if (form.matches(".claim-new")) form.reset();
  const menu = around(form, ".stance details");
  if (menu) {
    menu.removeAttribute("open");
    need("summary", menu).focus();
  }
}

/** What a button does; the first whose selector fits. @type {[string, (marking: Marking, at: HTMLElement) => unknown][]} */
const BUTTONS = [
  ["[data-button]", (marking, { dataset }) => marking.mark(dataset.button ?? "")],
  ["[data-pick]", (marking) => void marking.pick()],
  ["[data-keep]", ({ next }) => next.keep()],
  ["[data-lock]", (marking) => marking.lock()],
  ["[data-queue]", ({ saver }) => void saver.drain()],
  ["[data-palette]", () => showKeys()],
  ["[data-fill]", ({ sheet }, at) => fill(sheet.dialog, at)],
  ["[data-close-offers]", ({ offers }) => offers.close()],
  ["[data-show-offers]", ({ offers }) => offers.show(!offers.unrolled)],
  ["[data-choose-claim]", ({ next }, { dataset }) => next.press(dataset.chooseClaim)],
];

/** @param {Marking} marking @param {MouseEvent} event */
function clicked(marking, event) {
  if (followed(marking, event)) return;
  for (const [selector, run] of BUTTONS) {
    const at = around(event.target, selector);
    if (at) {
      run(marking, at);
      return;
    }
  }
  if (!getSelection()?.isCollapsed) return;
  const mark = around(event.target, ".mark");
  if (marking.next.locked && !marking.dragged && around(event.target, ".sentence")) marking.mark(marking.button);
  else if (mark) void marking.withCards(() => marking.marks.touch(mark));
}

/**
 * Do what a link of the page is for, instead of leaving the page.
 * @param {Marking} marking
 * @param {MouseEvent} event
 * @returns {boolean} whether it was one
 */
function followed(marking, event) {
  const { cursor, forms, marks, sheet } = marking;
  const link = /** @type {HTMLAnchorElement|null} */ (around(event.target, "[data-open]"));
  const finding = around(event.target, "[data-find]");
  const cell = around(event.target, "#claims a[href^='#s-']");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    if (link.dataset.annotation) marks.choose(link.dataset.annotation, "touched", around(link, ".column"));
    void forms.open(link.href);
  } else if (finding) {
    event.preventDefault();
    sheet.close();
    void marking.offer(finding.dataset.find ?? null, true);
  } else if (around(event.target, "[data-close]") && sheet.dialog.contains(/** @type {Node} */ (event.target))) {
    if (around(event.target, "a")) {
      event.preventDefault();
      sheet.close();
    }
  } else if (cell) {
    const there = find(cell.getAttribute("href") ?? "");
    // In another part of a long text, which the address opens.
    if (!there) return true;
    event.preventDefault();
    cursor.moveTo(there);
  } else return false;
  return true;
}

/** Put a suggested word into the field it is for. @param {HTMLElement} dialog @param {HTMLElement} at */
function fill(dialog, at) {
  const field = /** @type {HTMLInputElement|null} */ (find(`[name=${at.dataset.fill}]`, dialog));
  if (field) field.value = at.textContent ?? "";
}
