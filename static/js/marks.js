/** The marks of the page, as the margin has them, and the one that is at hand. */

import { all, around, documentOf, find, spanOn } from "./elements.js";
import { paint } from "./highlights.js";
import { rangeOf, textOf } from "./offsets.js";

/** @typedef {import("./offsets.js").Passage} Passage */
/** @typedef {import("./picker.js").Choice} Choice */

/**
 * The mark that keys work on: "made" just now, "touched" by a click, or "held" with M, which alone
 * lets the six buttons change it rather than make another. A pair has a card in two columns. `bare`
 * is a mark made without a claim: C gives it one, once; `claim` is what C gave it.
 * @typedef {{id: string, how: "made"|"touched"|"held", column?: HTMLElement|null, bare?: boolean, claim?: Choice|null}} Chosen
 */

export class Marks {
  /**
   * @param {HTMLElement} reader
   * @param {import("./folds.js").Folds} folds
   * @param {import("./boundaries.js").Boundaries} boundaries
   * @param {() => void} changed called when another mark is at hand
   */
  constructor(reader, folds, boundaries, changed) {
    this.reader = reader;
    this.folds = folds;
    this.boundaries = boundaries;
    this.changed = changed;
    /** Marks on their way to the server. @type {Map<string, Passage>} */
    this.pending = new Map();
    /** @type {Chosen|null} */
    this.chosen = null;
  }

  /**
   * What the margin says of a mark, by its id or the end of it that is in the text.
   * @param {string} id
   * @param {ParentNode|null} [column]
   */
  card(id, column) {
    return find(`.card-coder[data-annotation$="${id}"]`, column ?? this.reader);
  }

  /** The version that the page shows of a mark. @param {string} id */
  version(id) {
    return this.card(id)?.dataset.version ?? "";
  }

  /** The key of the claim that a mark is stored with. @param {string} id */
  claimOf(id) {
    return around(this.card(id), ".card")?.dataset.claim;
  }

  /** Whether the mark is there, or on its way. @param {string} id */
  has(id) {
    return this.pending.has(id) || Boolean(this.card(id));
  }

  /**
   * The marks that the person may edit and that touch a passage: their own first, then the shortest.
   * @param {Passage|null} passage
   */
  at(passage) {
    if (!passage) return [];
    return all(`#column-${passage.document} .card-coder[data-version]`)
      .filter((card) => spanOn(card).start < passage.end && passage.start < spanOn(card).end)
      .sort((one, other) => Number(isMine(other)) - Number(isMine(one)) || length(one) - length(other));
  }

  /** The mark that N, E, Delete and the like are about: somebody else's only when it was chosen. @param {Passage|null} passage */
  current(passage) {
    if (this.chosen && this.has(this.chosen.id)) return this.chosen.id;
    return this.at(passage).find(isMine)?.dataset.annotation ?? null;
  }

  /**
   * @param {string|null} id none for none
   * @param {"made"|"touched"|"held"} [how]
   * @param {HTMLElement|null} [column] where it was chosen
   */
  choose(id, how = "touched", column) {
    const { bare, claim } = (id === this.chosen?.id && this.chosen) || {};
    this.chosen = id ? { id, how, column, bare, claim } : null;
    const card = id && how !== "made" ? this.card(id, column) : null;
    const block = around(card, ".block");
    if (block) this.folds.keep([block]);
    for (const lit of all("[data-chosen-mark]", this.reader)) lit.removeAttribute("data-chosen-mark");
    around(card, ".card")?.setAttribute("data-chosen-mark", "");
    this.boundaries.show(card ? passageOf(card) : null);
    this.changed();
  }

  /** The same mark, after what stands beside the text was drawn again. */
  chooseAgain() {
    const { id = null, how, column } = this.chosen ?? {};
    this.choose(id, how, column);
  }

  /**
   * One mark after the other where the cursor is.
   * @param {Passage|null} passage
   * @returns {string} what was chosen, in words
   */
  chooseNext(passage) {
    const cards = this.at(passage);
    const held = this.chosen?.how === "held" ? this.chosen.id : null;
    const at = (cards.findIndex((card) => card.dataset.annotation === held) + 1) % (cards.length || 1);
    const next = cards[at];
    if (!next) return "No mark of yours here.";
    this.choose(next.dataset.annotation ?? null, "held", around(next, ".column"));
    return `${at + 1} of ${cards.length}: ${around(next, ".card")?.dataset.name}. Alt with arrows moves its ends.`;
  }

  /** A click on marked words chooses the shortest mark of the person's own there. @param {HTMLElement} mark */
  touch(mark) {
    const column = around(mark, ".column");
    const ids = mark.dataset.annotations?.split(" ") ?? [];
    const [shortest] = ids.flatMap((id) => this.card(id, column) ?? []).filter(isMine).sort((one, other) => length(one) - length(other));
    if (shortest) this.choose(shortest.dataset.annotation ?? null, "touched", column);
  }

  /** @param {string} id @param {Passage} passage */
  expect(id, passage) {
    this.pending.set(id, passage);
    this.paint();
  }

  /** The server has answered. @param {string} id */
  arrived(id) {
    this.pending.delete(id);
    this.paint();
  }

  paint() {
    paint("saving", [...this.pending.values()].flatMap((one) => rangeOf(one.document, one.start, one.end) ?? []));
  }
}

/** @param {HTMLElement} card */
function isMine(card) {
  return "mine" in card.dataset;
}

/** @param {HTMLElement} card */
function length(card) {
  const { start, end } = spanOn(card);
  return end - start;
}

/** @param {HTMLElement} card @returns {Passage} */
function passageOf(card) {
  const number = documentOf(card);
  const { start, end } = spanOn(card);
  return { document: number, start, end, exact: textOf(number, start, end) };
}
