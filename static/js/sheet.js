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
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
    });
    dialog.addEventListener("close", () => {
      dialog.replaceChildren();
      this.saving = "";
      closed();
    });
    dialog.addEventListener("cancel", (event) => this.warn(event));
  }

  get open() {
    return this.dialog.open;
  }

  close() {
    this.dialog.close();
  }

  /** @param {string} html @param {string} [focus] what in it takes the focus */
  show(html, focus) {
    this.put(...parts(html));
    this.dialog.querySelector(focus ?? "[checked], textarea, button")?.focus();
  }

  put(...elements) {
    this.dialog.replaceChildren(...elements);
    this.saving = "";
    if (!this.open) this.dialog.showModal();
  }

  /**
   * Say why something was not saved, with what was in it; a question about two versions stands alone.
   * @param {Element} error
   * @param {Entry} entry
   * @param {(() => void)|false} again sends it once more; false where that is no use
   */
  refuse(error, entry, again) {
    if (error.id === "conflict") return this.put(error);
    error.append(kept(entry));
    this.dialog.querySelector("[role=alert]")?.remove();
    if (this.open && this.saving === entry.key) return this.dialog.prepend(error);
    return this.put(error, closing(again));
  }

  /** Escape in a form that was written in: the first time it only says so. */
  warn(event) {
    const written = [...this.dialog.querySelectorAll("textarea, input:not([type=hidden])")].some((field) =>
      /radio|checkbox/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
    );
    if (!written || this.dialog.querySelector("[data-warned]")) return;
    event.preventDefault();
    const warning = notice("Not saved yet. Escape again discards what you wrote; Ctrl+Enter saves it.");
    warning.dataset.warned = "";
    this.dialog.prepend(warning);
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
