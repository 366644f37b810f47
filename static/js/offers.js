/** Suggestions where else a mark's claim may stand. */

import { all, find, need } from "./elements.js";
import { apply, fetchFragment } from "./saving.js";
import { say } from "./status.js";

export class Offers {
  /**
   * @param {HTMLElement} bar
   * @param {import("./changes.js").Changes} changes
   * @param {() => void} closed
   */
  constructor(bar, changes, closed) {
    this.bar = bar;
    this.changes = changes;
    this.closed = closed;
  }

  get element() {
    return need("#offers");
  }

  /** Whether they are open where room is scarce. */
  get unrolled() {
    return this.element.hasAttribute("data-unrolled");
  }

  /** Whether any are shown. */
  get there() {
    return !this.element.hasAttribute("data-empty");
  }

  /** The mark that they are for. */
  get mark() {
    return this.element.dataset.of;
  }

  /**
   * Ask the server for those of a mark.
   * @param {string|null} id
   * @param {boolean} asked by the person, who is then told if there are none
   * @returns {Promise<string[]|null>} what on the page was drawn again; null where they did not come
   */
  async load(id, asked) {
    if (!id) {
      say("No mark of yours here. Mark a claim first; then A looks for it elsewhere.");
      return null;
    }
    const view = new URLSearchParams({ view: this.changes.view });
    const { html, why } = await fetchFragment(`${this.changes.address(id, "offers")}?${view}`);
    if (!html) {
      if (asked) say(why ?? "", true);
      return null;
    }
    const { replaced } = apply(html);
    this.show(asked);
    if (asked) (find("button[name]", this.element) ?? find("[data-close-offers]", this.element))?.focus();
    return replaced;
  }

  /** How many there are; where room is scarce they open from the bar. @param {boolean} open */
  show(open) {
    const number = all(".offer", this.element).length;
    const button = need("[data-show-offers]", this.bar);
    button.hidden = !number && !open;
    button.textContent = `${number} suggestion${number === 1 ? "" : "s"}`;
    this.element.toggleAttribute("data-unrolled", open);
    this.element.toggleAttribute("data-empty", !number && !open);
  }

  close() {
    this.element.replaceChildren();
    delete this.element.dataset.of;
    this.show(false);
    this.closed();
  }
}
