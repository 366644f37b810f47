/** Marking: what the keys and buttons do with the words that are chosen, and what comes back. */

import { answered } from "./answers.js";
import { Boundaries } from "./boundaries.js";
import { Changes } from "./changes.js";
import { claimFields, NextClaim, renewed } from "./claim.js";
import { registerKeys } from "./commands.js";
import { all, around, find, need } from "./elements.js";
import { Forms, sidesOf } from "./forms.js";
import { holding, register } from "./keys.js";
import { listen } from "./listening.js";
import { Marks } from "./marks.js";
import { Offers } from "./offers.js";
import { showKeys, showPalette } from "./palette.js";
import { Picker } from "./picker.js";
import { fetchFragment, parsed, Saver } from "./saving.js";
import { Choice } from "./selection.js";
import { Sheet } from "./sheet.js";
import { answerStance, openStance } from "./stance.js";
import { say, showState } from "./status.js";

const NOTHING_CHOSEN = "Select words, or put the cursor on a sentence, then mark it.";
const NO_MARK = "No mark of yours here.";

/**
 * @param {HTMLElement} reader
 * @param {import("./cursor.js").Cursor} cursor
 * @param {import("./folds.js").Folds} folds
 */
export function startMarking(reader, cursor, folds) {
  register({ key: "?", label: "All keys", group: "Help", run: showKeys });
  register({ key: "Mod+k", label: "Find a command", group: "Help", run: showPalette });
  const bar = find("[data-marking]");
  if (!bar) return;
  const marking = new Marking(reader, cursor, folds, bar);
  listen(marking);
  registerKeys(marking);
  marking.next.show();
}

export class Marking {
  /**
   * @param {HTMLElement} reader
   * @param {import("./cursor.js").Cursor} cursor
   * @param {import("./folds.js").Folds} folds
   * @param {HTMLElement} bar
   */
  constructor(reader, cursor, folds, bar) {
    this.reader = reader;
    this.cursor = cursor;
    this.folds = folds;
    this.bar = bar;
    /** The button that was pressed last, as "voice:position". */
    this.button = find("[data-button]", bar)?.dataset.button ?? "";
    /** Whether a drag has just been marked, so that the click that ends it marks nothing more. */
    this.dragged = false;
    this.sheet = new Sheet(/** @type {HTMLDialogElement} */ (need("[data-sheet]")), () => this.refocus());
    const boundaries = new Boundaries((passage) => this.changes.move(passage));
    this.marks = new Marks(reader, folds, boundaries, () => this.next.show());
    this.next = new NextClaim(reader.dataset.collection ?? "", bar, this.marks);
    this.choice = new Choice(reader, cursor, (passage) => {
      if (passage && this.marks.chosen) this.marks.choose(null);
      this.showTarget();
    });
    const longest = /** @type {HTMLInputElement} */ (need(".claim-new [name=statement]")).maxLength;
    this.picker = new Picker((words) => this.likely(words), longest);
    const place = `${location.pathname} ${new URLSearchParams(folds.view).getAll("d")}`;
    this.saver = new Saver(bar.dataset.user ?? "", place, (...state) => this.show(...state), async (...answer) => {
      await this.choice.released();
      answered(this, ...answer);
    });
    this.changes = new Changes(bar, folds, this.marks, this.next, this.saver);
    this.forms = new Forms(this.sheet, this.saver);
    this.offers = new Offers(bar, this.changes, () => this.backToText());
  }

  // --- marks --------------------------------------------------------------------------------------

  /** The mark that a key is about. */
  current() {
    return this.marks.current(this.choice.passage());
  }

  /** One of the six buttons. @param {string} button "voice:position" */
  mark(button) {
    this.showMarks();
    this.button = button;
    const { chosen } = this.marks;
    if (chosen?.how === "held" && this.marks.card(chosen.id)) this.changes.edit(chosen.id, { button });
    else this.create({ button });
  }

  /** A code of the codebook, for the mark at hand or a new one. @param {Record<string, string>} field as the form names it */
  code(field) {
    const id = this.current();
    if (id) this.changes.edit(id, field);
    else this.create(field);
  }

  /** @param {Record<string, string>} fields */
  create(fields) {
    const passage = this.choice.passage();
    if (!passage) return say(NOTHING_CHOSEN);
    this.choice.clear();
    return this.changes.create(passage, fields);
  }

  remove() {
    const id = this.current();
    if (id) this.changes.remove(id);
    else say(NO_MARK);
  }

  /** M: one mark after the other where the cursor is. */
  chooseNext() {
    const passage = this.choice.passage();
    if (this.marks.at(passage).length) this.choice.clear();
    say(this.marks.chooseNext(passage));
  }

  /** Words of the sentence one after the other, or the ends of the mark that is held. @param {1|-1} step @param {boolean} widen */
  stepWord(step, widen) {
    const { boundaries } = this.marks;
    if (boundaries.passage) return boundaries.step(widen ? "start" : "end", step);
    return this.choice.stepWord(step, widen);
  }

  /** Run what needs the cards beside the passage: at once, unless some are folded away. @param {() => unknown} run */
  async withCards(run) {
    this.showMarks();
    const passage = this.choice.passage();
    const blocks = passage ? this.folds.blocksOf(passage) : [];
    if (this.folds.folded(blocks) && !(await holding(this.folds.unfold(blocks)))) {
      return say("The marks folded away here cannot be had just now.", true);
    }
    return run();
  }

  /** What was dragged over is marked; the click that ends the drag then marks nothing more. */
  markIfLocked() {
    if (!this.next.locked || !this.choice.selected()) return;
    this.dragged = true;
    this.mark(this.button);
  }

  lock(on = !this.next.locked) {
    this.next.locked = on;
    need("[data-lock]", this.bar).setAttribute("aria-pressed", String(on));
    this.reader.toggleAttribute("data-locked", on);
    this.next.useUp();
    this.next.show();
    const { key, label } = find(`[data-button="${this.button}"]`, this.bar)?.dataset ?? {};
    say(on ? `Every click or Enter marks: ${key} ${label}. L or Escape stops.` : "Marking by single clicks is off.");
  }

  /** Nobody marks what the page does not show. */
  showMarks() {
    if (!this.bar.checkVisibility()) need("[data-layer='claims']").click();
  }

  /** Where room is scarce, the buttons come when there is something to mark. */
  showTarget() {
    this.bar.toggleAttribute("data-passage", Boolean(this.choice.passage()));
  }

  // --- claims -------------------------------------------------------------------------------------

  /** C: the claim of the mark at hand where it has none or is held, or else of the next mark. */
  async pick() {
    const { marks, next } = this;
    const mark = next.unclaimed();
    const passage = (mark && marks.pending.get(mark.id)) ?? this.choice.passage();
    const purpose = next.keeping ? "For all next marks, until it is let go" : "For the next mark";
    const choice = await this.picker.open(passage?.exact ?? "", mark ? "For this mark" : purpose);
    if (!choice) return;
    if (marks.chosen && mark && next.unclaimed()?.id === mark.id) {
      Object.assign(marks.chosen, { claim: choice, bare: false });
      this.changes.edit(mark.id, claimFields(choice));
      if (next.keeping && mark.how !== "held") next.use(choice);
      next.show();
      return;
    }
    next.use(choice);
    if (!choice.pk) this.changes.addClaim(choice.statement);
  }

  /** @param {string} words @returns {Promise<string[]>} the keys of the claims most like them */
  async likely(words) {
    const { html } = await fetchFragment(`${this.bar.dataset.likelyUrl}?${new URLSearchParams({ words })}`);
    return all("[data-claim]", parsed(html ?? "")).map((row) => row.dataset.claim ?? "");
  }

  filterClaims() {
    const field = /** @type {HTMLInputElement|null} */ (find("[data-filter-claims]"));
    const wanted = field?.value.toLowerCase() ?? "";
    for (const row of all("#claims .claim")) {
      row.hidden = Boolean(wanted) && !(row.textContent ?? "").toLowerCase().includes(wanted);
    }
  }

  /** A: where the mark's claim may stand in the other documents. @param {string|null} id @param {boolean} [asked] */
  async offer(id, asked = false) {
    const replaced = await this.offers.load(id, asked);
    if (!replaced) return;
    this.updated(replaced);
    this.refocus("offers");
  }

  // --- forms --------------------------------------------------------------------------------------

  /** E, N: the form of the mark at hand, or of a new note on the words chosen. @param {string} [focus] */
  openMark(focus) {
    const { view } = this.changes;
    const id = this.current();
    if (id) return this.forms.open(() => `${this.changes.address(id, "edit")}?${new URLSearchParams({ view })}`, focus);
    const passage = this.choice.passage();
    if (!passage) return say("Select words or put the cursor on a sentence first.");
    const { document: d, start, end } = passage;
    return this.forms.open(() => {
      const claim = renewed(this.next.claim)?.pk ?? "";
      return `${this.changes.markUrl}?${new URLSearchParams({ d, start: `${start}`, end: `${end}`, claim, view })}`;
    }, focus);
  }

  /** X: what changed between the sentence and its counterpart in another column. */
  openPair() {
    const chosen = this.cursor.chosen();
    const answers = chosen.flatMap((sentence) => this.cursor.counterparts(sentence));
    const sides = sidesOf(chosen, answers, this.cursor.columns());
    if (!sides) return say("Nothing answers to this sentence in another column.");
    const { view } = this.changes;
    return this.forms.open(`${this.bar.dataset.pairUrl}?${new URLSearchParams({ ...sides, view })}`);
  }

  /** S, O: the menu of the cursor's document, or of a column. @param {string} variable @param {HTMLElement|null} [column] */
  openStance(variable, column) {
    const shown = this.cursor.columns().find((one) => one.offsetParent);
    openStance(column ?? around(this.cursor.current, ".column") ?? shown, variable, () => this.backToText());
  }

  /** A number while such a menu is open answers its question. @param {string} digit */
  digit(digit) {
    return answerStance(Number(digit), () => {
      if (this.cursor.current) this.backToText();
      else /** @type {HTMLElement|null} */ (document.activeElement)?.blur();
    });
  }

  // --- after a change -----------------------------------------------------------------------------

  /** What was drawn again. @param {string[]} ids */
  updated(ids) {
    if (!ids.length) return;
    this.next.show();
    this.filterClaims();
    // The suggestions go with their mark.
    if (this.offers.mark && !this.marks.card(this.offers.mark)) this.offers.close();
    if (this.marks.boundaries.passage) this.marks.chooseAgain();
    this.reader.dispatchEvent(new CustomEvent("reader:updated", { detail: ids }));
  }

  /** What had the focus went with the place it was in: go on there, or in the text. @param {string} [place] */
  refocus(place) {
    const now = document.activeElement;
    if (this.sheet.open || (now && now !== document.body && now.isConnected && now.checkVisibility())) return;
    const there = place && document.getElementById(place);
    const next = there && (find(".claim-new [name=statement]", there) ?? find("summary, button[name]", there));
    (next || this.cursor.current)?.focus({ preventScroll: true });
  }

  backToText() {
    this.cursor.current?.focus({ preventScroll: true });
  }

  /**
   * How saving goes.
   * @param {"saved"|"saving"|"waiting"} state
   * @param {number} waiting
   * @param {string} why
   */
  show(state, waiting, why) {
    showState(this.bar, state, waiting, why);
    if (state === "waiting" && this.saver.queue().some(({ key }) => key === this.sheet.saving)) this.sheet.close();
  }
}
