/** The dialog of the reading page: forms, what was refused, two versions of one mark. */

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
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
    });
    dialog.addEventListener("close", () => {
      dialog.replaceChildren();
      this.saving = "";
      if (this.later.length) this.put(...this.later.shift());
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
    const field = this.dialog.querySelector(focus ?? "[checked], textarea, button");
    field?.focus();
    if (!field?.matches("textarea")) return;
    field.setRangeText(typed, field.value.length, field.value.length, "end");
  }

  put(...elements) {
    this.dialog.replaceChildren(...elements);
    this.saving = "";
    if (!this.open) this.dialog.showModal();
    this.dialog.querySelector("button")?.focus();
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
    return [...this.dialog.querySelectorAll("textarea, input:not([type=hidden]), select")].some((field) => {
      if (field.matches("select")) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
      return /radio|checkbox/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
    });
  }

  /** @param {string} words */
  tell(words) {
    const warning = notice(words);
    this.dialog.prepend(warning);
    return warning;
  }

  /** Escape in a form that was written in: the first time it only says so. */
  warn(event) {
    if (!this.written || this.dialog.querySelector("[data-warned]")) return;
    event.preventDefault();
    this.tell("Not saved yet. Escape again discards what you wrote; Ctrl+Enter saves it.").dataset.warned = "";
  }
}

export function notice(words) {
  const box = document.createElement("div");
  box.setAttribute("role", "alert");
  box.textContent = words;
  return box;
}

/** What the refused request said, so that the person can copy it. */
function kept(entry) {
  const fields = new URLSearchParams(entry.body);
  const list = document.createElement("dl");
  for (const name of ["exact", "words", "statement", "note"]) {
    if (!fields.get(name)) continue;
    const [term, said] = ["dt", "dd"].map((tag) => document.createElement(tag));
    [term.textContent, said.textContent] = [name, fields.get(name)];
    list.append(term, said);
  }
  return list;
}

function closing(again) {
  const row = document.createElement("p");
  row.className = "actions";
  for (const [label, run] of [["Try again", again], ["Close", () => {}]]) {
    if (!run) continue;
    const button = document.createElement("button");
    button.textContent = label;
    button.addEventListener("click", () => {
      button.closest("dialog").close();
      run();
    });
    row.append(button);
  }
  return row;
}
