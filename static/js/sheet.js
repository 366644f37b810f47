/** The dialog of the reading page: forms, what was refused, two versions of one mark. */

import { all, find, formAround } from "./elements.js";
import { parts } from "./saving.js";

/** @typedef {import("./saving.js").Entry} Entry */

export class Sheet {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {() => void} closed
   */
  constructor(dialog, closed) {
    this.dialog = dialog;
    /** The key of the entry that the form in it is saved with. */
    this.saving = "";
    /** What was refused while a form was being written. @type {Element[][]} */
    this.later = [];
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) formAround(event.target)?.requestSubmit();
    });
    dialog.addEventListener("close", () => {
      dialog.replaceChildren();
      this.saving = "";
      const next = this.later.shift();
      if (next) this.put(...next);
      else closed();
    });
    dialog.addEventListener("cancel", (event) => this.warn(event));
  }

  get open() {
    return this.dialog.open;
  }

  close() {
    this.dialog.close();
  }

  /**
   * @param {string} html
   * @param {string} [focus] what in it takes the focus
   * @param {string} [typed] what was typed while the form was on its way
   */
  show(html, focus, typed = "") {
    this.put(...parts(html));
    const field = find(focus ?? "[checked], textarea, button", this.dialog);
    field?.focus();
    if (!(field instanceof HTMLTextAreaElement)) return;
    field.setRangeText(typed, field.value.length, field.value.length, "end");
  }

  /** @param {...Element} elements */
  put(...elements) {
    this.dialog.replaceChildren(...elements);
    this.saving = "";
    if (!this.open) this.dialog.showModal();
    find("button", this.dialog)?.focus();
  }

  /**
   * Say why something was not saved, with what was in it; a question about two versions stands alone.
   * @param {Element} error
   * @param {Entry} entry
   * @param {(() => void)|false} again sends it once more; false where that is no use
   */
  refuse(error, entry, again) {
    const own = this.open && this.saving === entry.key;
    const said = error.id === "conflict" ? [error] : [error, ...[entry, ...(entry.after ?? [])].map(kept), closing(again)];
    if (this.open && !own && this.written) {
      this.later.push(said);
      this.tell("Another change was not saved. Why comes up when this form is closed.");
    } else if (own && error.id !== "conflict") {
      this.dialog.querySelector("[role=alert]")?.remove();
      error.append(kept(entry));
      this.dialog.prepend(error);
    } else this.put(...said);
  }

  /** Whether something in the form is not as it came. */
  get written() {
    if (this.dialog.querySelector("#conflict")) return true;
    return all("textarea, input:not([type=hidden]), select", this.dialog).some((field) => {
      if (field instanceof HTMLSelectElement) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
      const { type, checked, defaultChecked, value, defaultValue } = /** @type {HTMLInputElement} */ (field);
      return /radio|checkbox/.test(type) ? checked !== defaultChecked : value !== defaultValue;
    });
  }

  /** @param {string} words */
  tell(words) {
    const warning = notice(words);
    this.dialog.prepend(warning);
    return warning;
  }

  /** Escape in a form that was written in: the first time it only says so. @param {Event} event */
  warn(event) {
    if (!this.written || this.dialog.querySelector("[data-warned]")) return;
    event.preventDefault();
    this.tell("Not saved yet. Escape again discards what you wrote; Ctrl+Enter saves it.").dataset.warned = "";
  }
}

/** @param {string} words */
export function notice(words) {
  const box = document.createElement("div");
  box.setAttribute("role", "alert");
  box.textContent = words;
  return box;
}

/** What the refused request said, so that the person can copy it. @param {Entry} entry */
function kept(entry) {
  const fields = new URLSearchParams(entry.body);
  const list = document.createElement("dl");
  for (const name of ["exact", "words", "statement", "note"]) {
    const words = fields.get(name);
    if (!words) continue;
    const [term, said] = ["dt", "dd"].map((tag) => document.createElement(tag));
    [term.textContent, said.textContent] = [name, words];
    list.append(term, said);
  }
  return list;
}

/** @param {(() => void)|false} again */
function closing(again) {
  const row = document.createElement("p");
  row.className = "actions";
  for (const label of again ? ["Try again", "Close"] : ["Close"]) {
    const button = document.createElement("button");
    button.textContent = label;
    button.addEventListener("click", () => {
      button.closest("dialog")?.close();
      if (again && label !== "Close") again();
    });
    row.append(button);
  }
  return row;
}
