/** Marks that a crowded margin leaves out until somebody asks for them. */

import { all, around, find, spanOn } from "./elements.js";
import { fetchFragment, parsed } from "./saving.js";

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
    return all(`#column-${passage.document} .paragraph`)
      .filter((paragraph) => spanOn(paragraph).start < passage.end && passage.start < spanOn(paragraph).end)
      .flatMap((paragraph) => around(paragraph, ".block") ?? []);
  }

  /** Blocks that are or will be crowded stay unfolded. @param {Element[]} blocks */
  keep(blocks) {
    const crowd = Number(this.reader.dataset.shownCards);
    for (const block of blocks) {
      if (all(".card, [data-unfold]", block).length >= crowd) this.open.add(keyOf(block));
    }
  }

  /** Whether some marks of the blocks are not there yet. @param {Element[]} blocks */
  folded(blocks) {
    return blocks.some((block) => block.querySelector("[data-unfold]"));
  }

  /** Put all marks into the margins of the blocks; what is in the text stays as it is. @param {Element[]} blocks */
  async unfold(blocks) {
    this.keep(blocks);
    const view = new URLSearchParams(location.search);
    view.delete("open");
    for (const block of blocks) view.append("open", keyOf(block));
    const { html } = await fetchFragment(`${location.pathname}paragraphs/?${view}`);
    const answer = parsed(html ?? "");
    // A block that was drawn again meanwhile knows more than this answer.
    const ids = blocks.filter((block) => block.isConnected).map(({ id }) => id).filter((id) => {
      const margin = find(`#${id} .margin`, answer);
      const old = find(`#${id} .margin`);
      if (margin && old) old.replaceWith(document.adoptNode(margin));
      return margin && old;
    });
    if (ids.length) this.changed(ids);
    return ids.length > 0;
  }

  /** @param {MouseEvent} event */
  async clicked(event) {
    const link = /** @type {HTMLAnchorElement|null} */ (around(event.target, "[data-unfold]"));
    const block = around(link, ".block");
    if (!link || !block || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const shown = all(".card", block).length;
    if (!(await this.unfold([block]))) location.assign(link.href);
    else all(".card", block)[shown]?.querySelector("a")?.focus();
  }
}

/** A block as the server names it. @param {Element} block */
function keyOf(block) {
  return block.id.replace("block-", "");
}
