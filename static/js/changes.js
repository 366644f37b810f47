/** What marking sends to the server. */

import { need } from "./elements.js";
import { newId } from "./saving.js";

/** @typedef {import("./offsets.js").Passage} Passage */

export class Changes {
  /**
   * @param {HTMLElement} bar
   * @param {import("./folds.js").Folds} folds
   * @param {import("./marks.js").Marks} marks
   * @param {import("./claim.js").NextClaim} next
   * @param {import("./saving.js").Saver} saver
   */
  constructor(bar, folds, marks, next, saver) {
    this.bar = bar;
    this.folds = folds;
    this.marks = marks;
    this.next = next;
    this.saver = saver;
  }

  /** The address of the page, with which the server draws it again. */
  get view() {
    return this.folds.view;
  }

  get markUrl() {
    return this.bar.dataset.markUrl ?? "";
  }

  /** Where an action on a mark is sent. @param {string} id @param {"edit"|"move"|"delete"|"offers"} action */
  address(id, action) {
    return (this.bar.dataset.editUrl ?? "").replace(/[^/]+\/edit\/$/, `${id}/${action}/`);
  }

  /** @param {Passage} passage @param {Record<string, string>} fields */
  create(passage, fields) {
    const id = newId();
    const bare = !this.next.claim;
    const claimed = { ...fields, ...this.next.take() };
    this.marks.expect(id, passage);
    this.folds.keep(this.folds.blocksOf(passage));
    this.saver.send(this.markUrl, { id, ...passage, ...claimed, view: this.view }, `“${passage.exact.slice(0, 60)}”`);
    this.marks.choose(id, "made");
    if (this.marks.chosen) this.marks.chosen.bare = bare;
    this.next.show();
  }

  /** @param {string} id @param {Record<string, string>} fields */
  edit(id, fields) {
    // With an id of its own a retry takes no code away that the first try added.
    const sent = { id: newId(), partial: 1, version: this.marks.version(id), ...fields, view: this.view };
    this.saver.send(this.address(id, "edit"), sent, "a changed mark");
  }

  /** The ends of the mark at hand were moved. @param {Passage} passage */
  move(passage) {
    const { id } = this.marks.chosen ?? {};
    if (!id) return;
    const sent = { ...passage, version: this.marks.version(id), view: this.view };
    this.saver.send(this.address(id, "move"), sent, "a moved mark", { last: true });
  }

  /** @param {string} id */
  remove(id) {
    const version = this.marks.version(id);
    this.marks.choose(null);
    this.saver.send(this.address(id, "delete"), { version, view: this.view }, "the deletion");
  }

  /** @param {"undo"|"redo"} kind */
  replay(kind) {
    const form = /** @type {HTMLFormElement} */ (need(`form[data-${kind}]`));
    const label = kind === "undo" ? "what you undid" : "what you did again";
    this.saver.send(form.action, { id: newId(), view: this.view }, label);
  }

  /** @param {string} statement */
  addClaim(statement) {
    const form = /** @type {HTMLFormElement} */ (need("form.claim-new"));
    this.saver.send(form.action, { statement, view: this.view }, `the claim “${statement}”`);
  }
}
