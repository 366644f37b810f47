/** Marks that a crowded margin leaves out until somebody asks for them. */

import { fetchFragment } from "./saving.js";

const SHOWN = 4; // cards of a margin before the server folds the rest away

export class Folds {
  /**
   * @param {HTMLElement} reader
   * @param {(ids: string[]) => void} changed called with the blocks whose margin is another now
   */
  constructor(reader, changed) {
    this.reader = reader;
    this.changed = changed;
    /** The blocks that stay unfolded when they are drawn again. @type {Set<string>} */
    this.open = new Set(new URLSearchParams(location.search).getAll("open"));
    reader.addEventListener("click", (event) => void this.clicked(event));
  }

  /** The address of the page, with which the server draws the same marks again. */
  get view() {
    const view = new URLSearchParams(location.search);
    view.delete("open");
    for (const key of this.open) view.append("open", key);
    return `${view}`;
  }

  /** The blocks that a passage touches. @param {{document: string, start: number, end: number}} passage */
  blocksOf(passage) {
    const paragraphs = document.querySelectorAll(`#column-${passage.document} .paragraph`);
    return [...paragraphs]
      .filter(({ dataset: { start, end } }) => start < passage.end && passage.start < end)
      .map((paragraph) => paragraph.closest(".block"));
  }

  /** Blocks that are or will be crowded stay unfolded. @param {Element[]} blocks */
  keep(blocks) {
    for (const block of blocks) {
      if (block.querySelectorAll(".card, [data-unfold]").length >= SHOWN) this.open.add(keyOf(block));
    }
  }

  /** Whether some marks of the blocks are not there yet. @param {Element[]} blocks */
  folded(blocks) {
    return blocks.some((block) => block.querySelector("[data-unfold]"));
  }

  /** Put all marks into the margins of the blocks; what is in the text stays as it is. */
  async unfold(blocks) {
    this.keep(blocks);
    const view = new URLSearchParams(location.search);
    view.delete("open");
    for (const block of blocks) view.append("open", keyOf(block));
    const { html } = await fetchFragment(`${location.pathname}paragraphs/?${view}`);
    const answer = new DOMParser().parseFromString(html ?? "", "text/html");
    // A block that was drawn again meanwhile knows more than this answer.
    const ids = blocks.filter((block) => block.isConnected).map(({ id }) => id).filter((id) => {
      const margin = answer.querySelector(`#${id} .margin`);
      const old = document.querySelector(`#${id} .margin`);
      if (margin && old) old.replaceWith(document.adoptNode(margin));
      return margin && old;
    });
    if (ids.length) this.changed(ids);
    return ids.length > 0;
  }

  async clicked(event) {
    const link = event.target.closest("[data-unfold]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const block = link.closest(".block");
    const shown = block.querySelectorAll(".card").length;
    if (!(await this.unfold([block]))) location.assign(link.href);
    else block.querySelectorAll(".card")[shown]?.querySelector("a")?.focus();
  }
}

/** A block as the server names it. */
function keyOf(block) {
  return block.id.replace("block-", "");
}
