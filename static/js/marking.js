/** Marking: the keys and buttons that mark what is chosen, and what comes back. */

import { Boundaries } from "./boundaries.js";
import { paint } from "./highlights.js";
import { holding, register, typedMeanwhile } from "./keys.js";
import { rangeOf, textOf } from "./offsets.js";
import { showKeys, showPalette } from "./palette.js";
import { claims, Picker } from "./picker.js";
import { apply, fetchFragment, newId, Saver } from "./saving.js";
import { Choice } from "./selection.js";
import { notice, Sheet } from "./sheet.js";

/** @typedef {import("./offsets.js").Passage} Passage */

const PATIENCE = 10_000; // milliseconds for a form to come

/**
 * @param {HTMLElement} reader
 * @param {import("./cursor.js").Cursor} cursor
 * @param {import("./folds.js").Folds} folds
 */
export function startMarking(reader, cursor, folds) {
  register({ key: "?", label: "All keys", group: "Help", run: showKeys });
  register({ key: "Mod+k", label: "Find a command", group: "Help", run: showPalette });
  const bar = document.querySelector("[data-marking]");
  if (bar) new Marking(reader, cursor, folds, bar);
}

class Marking {
  constructor(reader, cursor, folds, bar) {
    this.reader = reader;
    this.cursor = cursor;
    this.folds = folds;
    this.bar = bar;
    this.sheet = new Sheet(document.querySelector("[data-sheet]"), () => this.refocus());
    /** Marks on their way to the server. @type {Map<string, Passage>} */
    this.pending = new Map();
    /**
     * The mark that keys work on: "made" just now, "touched" by a click, or "held" with M, which
     * alone lets the six buttons change it rather than make another. A pair has a card in two columns.
     * `bare` is a mark made without a claim: C gives it one, once; `claim` is what C gave it.
     * @type {{id: string, how: "made"|"touched"|"held", column: Element|undefined, bare?: boolean, claim?: import("./picker.js").Choice|null}|null}
     */
    this.chosen = null;
    this.locked = false;
    /** The claim of the next mark, which uses it up unless it is kept. */
    this.claim = JSON.parse(sessionStorage.getItem(this.claimKey)) ?? null;
    this.kept = Boolean(this.claim);
    this.button = bar.querySelector("[data-button]")?.dataset.button ?? "";
    this.boundaries = new Boundaries((passage) => this.move(passage));
    this.choice = new Choice(reader, cursor, (passage) => {
      if (passage && this.chosen) this.choose(null);
      this.showTarget();
    });
    this.picker = new Picker((words) => this.likely(words));
    const place = `${location.pathname} ${new URLSearchParams(this.view).getAll("d")}`;
    this.saver = new Saver(bar.dataset.user, place, (...state) => this.show(...state), async (...answer) => {
      await this.choice.released();
      this.answered(...answer);
    });
    this.listen();
    this.registerKeys();
    this.showClaim();
  }

  get claimKey() {
    return `copytaster.kept.${this.reader.dataset.collection}`;
  }

  get view() {
    return this.folds.view;
  }

  /** Where an action on a mark is sent. @param {"edit"|"move"|"delete"|"offers"} action */
  address(id, action) {
    return this.bar.dataset.editUrl.replace(/[^/]+\/edit\/$/, `${id}/${action}/`);
  }

  // --- marks that are there -----------------------------------------------------------------------

  /** What the margin says of a mark, by its id or the end of it that is in the text. @returns {HTMLElement|null} */
  card(id, column = this.reader) {
    return column.querySelector(`.card-coder[data-annotation$="${id}"]`);
  }

  /** The marks that the person may edit and that touch a passage: their own first, then the shortest. */
  marksAt(passage) {
    if (!passage) return [];
    const column = document.getElementById(`column-${passage.document}`);
    const size = (card) => card.dataset.end - card.dataset.start + (this.isMine(card) ? 0 : 1e9);
    return [...column.querySelectorAll(".card-coder[data-version]")]
      .filter((card) => card.dataset.start < passage.end && passage.start < card.dataset.end)
      .sort((a, b) => size(a) - size(b));
  }

  /** Run what needs the cards beside the passage: at once, unless some are folded away. */
  async withCards(run) {
    this.showMarks();
    const passage = this.choice.passage();
    const blocks = passage ? this.folds.blocksOf(passage) : [];
    if (this.folds.folded(blocks) && !(await holding(this.folds.unfold(blocks)))) {
      return this.say("The marks folded away here cannot be had just now.", true);
    }
    return run();
  }

  isMine(card) {
    return card?.title.split(",")[0] === this.bar.dataset.name;
  }

  /** The mark that N, E, Delete and the like are about: somebody else's only when it was chosen. */
  current() {
    const { chosen } = this;
    if (chosen && (this.pending.has(chosen.id) || this.card(chosen.id))) return chosen.id;
    return this.marksAt(this.choice.passage()).find((card) => this.isMine(card))?.dataset.annotation ?? null;
  }

  /** @param {Element} [column] where it was chosen */
  choose(id, how, column) {
    const { bare, claim } = id && id === this.chosen?.id ? this.chosen : {};
    this.chosen = id ? { id, how, column, bare, claim } : null;
    const card = how === "made" ? null : this.card(id, column);
    if (card) this.folds.keep([card.closest(".block")]);
    for (const lit of this.reader.querySelectorAll("[data-chosen-mark]")) lit.removeAttribute("data-chosen-mark");
    card?.closest(".card").setAttribute("data-chosen-mark", "");
    const number = card?.closest(".column").dataset.document;
    const [start, end] = card ? [Number(card.dataset.start), Number(card.dataset.end)] : [];
    this.boundaries.show(card ? { document: number, start, end, exact: textOf(number, start, end) } : null);
    this.showClaim();
  }

  /** Words of the sentence one after the other, or the ends of the mark that is held. */
  stepWord(step, widen) {
    if (this.boundaries.passage) return this.boundaries.step(widen ? "start" : "end", step);
    return this.choice.stepWord(step, widen);
  }

  /** M: one mark after the other where the cursor is. */
  chooseNext() {
    const cards = this.marksAt(this.choice.passage());
    const held = this.chosen?.how === "held" ? this.chosen.id : null;
    const at = (cards.findIndex((card) => card.dataset.annotation === held) + 1) % (cards.length || 1);
    const next = cards[at];
    if (!next) return this.say("No mark of yours here.");
    this.choice.clear();
    this.choose(next.dataset.annotation, "held", next.closest(".column"));
    const name = next.closest(".card").firstChild.data.trim();
    return this.say(`${at + 1} of ${cards.length}: ${name}. Alt with arrows moves its ends.`);
  }

  // --- changes ------------------------------------------------------------------------------------

  /** One of the six buttons. @param {string} button "voice:position" */
  mark(button) {
    this.showMarks();
    this.button = button;
    if (this.chosen?.how === "held" && this.card(this.chosen.id)) return this.edit(this.chosen.id, { button });
    const passage = this.choice.passage();
    if (!passage) return this.say("Select words, or put the cursor on a sentence, then mark it.");
    return this.create(passage, { button });
  }

  /** A code of the codebook, for the mark at hand or a new one. @param {string} field as the form names it */
  code(field, value) {
    const id = this.current();
    if (id) return this.edit(id, { [field]: value });
    const passage = this.choice.passage();
    if (!passage) return this.say("Select words, or put the cursor on a sentence, then mark it.");
    return this.create(passage, { [field]: value });
  }

  create(passage, fields) {
    const id = newId();
    const bare = !this.claim;
    const claimed = { ...fields, ...this.takeClaim() };
    this.pending.set(id, passage);
    this.paintPending();
    this.folds.keep(this.folds.blocksOf(passage));
    this.choice.clear();
    this.saver.send(this.bar.dataset.markUrl, { id, ...passage, ...claimed, view: this.view }, `“${passage.exact.slice(0, 60)}”`);
    this.choose(id, "made");
    this.chosen.bare = bare;
    this.showClaim();
  }

  edit(id, fields) {
    const version = this.card(id)?.dataset.version ?? "";
    // With an id of its own a retry takes no code away that the first try added.
    this.saver.send(this.address(id, "edit"), { id: newId(), partial: 1, version, ...fields, view: this.view }, "a changed mark");
  }

  move(passage) {
    const { id } = this.chosen;
    const version = this.card(id)?.dataset.version ?? "";
    this.saver.send(this.address(id, "move"), { ...passage, version, view: this.view }, "a moved mark", { last: true });
  }

  remove() {
    const id = this.current();
    if (!id) return this.say("No mark of yours here.");
    const version = this.card(id)?.dataset.version ?? "";
    this.choose(null);
    return this.saver.send(this.address(id, "delete"), { version, view: this.view }, "the deletion");
  }

  replay(kind) {
    const form = document.querySelector(`form[data-${kind}]`);
    this.saver.send(form.action, { id: newId(), view: this.view }, kind === "undo" ? "what you undid" : "what you did again");
  }

  // --- the claim ----------------------------------------------------------------------------------

  /** The claim for the mark being made, which uses it up: only a claim that is kept goes on. */
  takeClaim() {
    const fields = claimFields(this.claim);
    if (!this.keeping) this.useClaim(null);
    return fields;
  }

  get keeping() {
    return this.kept || this.locked;
  }

  /** The mark that C is about: one that is held, or that was made without a claim and has none yet. */
  unclaimed() {
    const { chosen } = this;
    if (!chosen || (!this.pending.has(chosen.id) && !this.card(chosen.id))) return null;
    const bare = chosen.how === "made" ? chosen.bare : !this.card(chosen.id)?.closest(".card").dataset.claim;
    return chosen.how === "held" || bare ? chosen : null;
  }

  /** C: the claim of the mark at hand where it has none or is held, or else of the next mark. */
  async pickClaim() {
    const mark = this.unclaimed();
    const passage = (mark && this.pending.get(mark.id)) ?? this.choice.passage();
    const next = this.keeping ? "For all next marks, until it is let go" : "For the next mark";
    const choice = await this.picker.open(passage?.exact ?? "", mark ? "For this mark" : next);
    if (!choice) return;
    if (mark && this.unclaimed()?.id === mark.id) {
      Object.assign(this.chosen, { claim: choice, bare: false });
      this.edit(mark.id, claimFields(choice));
      if (this.keeping && mark.how !== "held") this.useClaim(choice);
      this.showClaim();
      return;
    }
    this.useClaim(choice);
    if (!choice.pk) this.addClaim(choice.statement);
  }

  addClaim(statement) {
    const form = document.querySelector(".claim-new");
    this.saver.send(form.action, { statement, view: this.view }, `the claim “${statement}”`);
  }

  /** The claim of the next mark, and of all after it where it is kept. @param {import("./picker.js").Choice|null} choice */
  useClaim(choice, kept = this.kept && Boolean(choice)) {
    this.claim = choice;
    this.kept = kept;
    if (choice && kept) sessionStorage.setItem(this.claimKey, JSON.stringify(choice));
    else sessionStorage.removeItem(this.claimKey);
    this.showClaim();
  }

  /** Shift+C: the claim goes to all next marks, or to the next one alone. */
  keep() {
    const choice = this.claim ?? this.shownClaim();
    if (!choice) return this.say("Choose a claim first; then it can be kept for all next marks.");
    if (this.kept) {
      this.useClaim(null, false);
      return this.say("The next mark has no claim.");
    }
    this.useClaim(choice, true);
    return this.say(`All next marks go to: ${named(choice)}.`);
  }

  claimOf(chosen) {
    const pk = this.card(chosen.id)?.closest(".card").dataset.claim;
    return chosen.claim ?? claims().find((claim) => claim.pk === pk) ?? null;
  }

  /** The claim of the next mark, or else of the mark at hand; one that is held comes first. */
  shownClaim() {
    const { chosen } = this;
    if (this.claim || !chosen) return chosen?.how === "held" ? this.claimOf(chosen) : this.claim;
    return this.claimOf(chosen);
  }

  async likely(words) {
    const { html } = await fetchFragment(`${this.bar.dataset.likelyUrl}?${new URLSearchParams({ words })}`);
    const list = new DOMParser().parseFromString(html ?? "", "text/html");
    return [...list.querySelectorAll("[data-claim]")].map((row) => row.dataset.claim);
  }

  /** What was dragged over is marked; the click that ends the drag then marks nothing more. */
  markIfLocked() {
    if (!this.locked || !this.choice.selected()) return;
    this.dragged = true;
    this.mark(this.button);
  }

  lock(on = !this.locked) {
    this.locked = on;
    this.bar.querySelector("[data-lock]").setAttribute("aria-pressed", String(on));
    const label = this.bar.querySelector(`[data-button="${this.button}"]`)?.textContent.trim();
    this.reader.toggleAttribute("data-locked", on);
    if (!this.keeping) this.useClaim(null);
    this.showClaim();
    this.say(on ? `Every click or Enter marks: ${label}. L or Escape stops.` : "Marking by single clicks is off.");
  }

  // --- sheets -------------------------------------------------------------------------------------

  /** @param {string|(() => string)} address a function is asked once all that waits is saved */
  async open(address, focus) {
    // A server that hangs does not keep the keys, and Escape gives them back at once.
    const given = new Promise((resolve) => {
      this.giveUp = resolve;
      setTimeout(resolve, PATIENCE, { why: "The server does not answer." });
    });
    const { html, why } = await holding(Promise.race([this.fetched(address), given]));
    this.giveUp = null;
    if (html) this.sheet.show(html, focus, typedMeanwhile());
    else if (why) this.say(why, true);
  }

  async fetched(address) {
    await this.saver.settled();
    return fetchFragment(typeof address === "string" ? address : address());
  }

  /** E, N: the form of the mark at hand, or of a new note on the words chosen. */
  openMark(focus) {
    const id = this.current();
    if (id) return this.open(() => `${this.address(id, "edit")}?${new URLSearchParams({ view: this.view })}`, focus);
    const passage = this.choice.passage();
    if (!passage) return this.say("Select words or put the cursor on a sentence first.");
    const { document: d, start, end } = passage;
    return this.open(() => `${this.bar.dataset.markUrl}?${new URLSearchParams({ d, start, end, claim: renewed(this.claim)?.pk ?? "", view: this.view })}`, focus);
  }

  /** X: what changed between the sentence and its counterpart in another column. */
  openPair() {
    const chosen = this.cursor.chosen();
    const answers = chosen.flatMap((sentence) => this.cursor.counterparts(sentence));
    const column = answers[0]?.closest(".column");
    if (!column) return this.say("Nothing answers to this sentence in another column.");
    const columns = this.cursor.columns();
    const sides = [chosen, answers.filter((one) => column.contains(one))];
    sides.sort(([one], [other]) => columns.indexOf(one.closest(".column")) - columns.indexOf(other.closest(".column")));
    const [a, b] = sides.map((sentences) => {
      const start = Math.min(...sentences.map((one) => one.dataset.start));
      const end = Math.max(...sentences.map((one) => one.dataset.end));
      return `${sentences[0].closest(".column").dataset.document}:${start}:${end}`;
    });
    return this.open(`${this.bar.dataset.pairUrl}?${new URLSearchParams({ a, b, view: this.view })}`);
  }

  /** A: where the mark's claim may stand in the other documents. */
  async offer(id, asked) {
    if (!id) return this.say("No mark of yours here. Mark a claim first; then A looks for it elsewhere.");
    const { html, why } = await fetchFragment(`${this.address(id, "offers")}?${new URLSearchParams({ view: this.view })}`);
    if (!html) return asked ? this.say(why, true) : undefined;
    const { replaced } = apply(html);
    this.showOffers(asked);
    const offers = document.getElementById("offers");
    if (asked) (offers.querySelector("button[name]") ?? offers.querySelector("[data-close-offers]"))?.focus();
    this.updated(replaced);
    return this.refocus("offers");
  }

  /** How many suggestions there are; where room is scarce they open from the bar. */
  showOffers(open) {
    const offers = document.getElementById("offers");
    const number = offers.querySelectorAll(".offer").length;
    const button = this.bar.querySelector("[data-show-offers]");
    button.hidden = !number && !open;
    button.textContent = `${number} suggestion${number === 1 ? "" : "s"}`;
    offers.toggleAttribute("data-unrolled", Boolean(open));
    offers.toggleAttribute("data-empty", !number && !open);
  }

  closeOffers() {
    const offers = document.getElementById("offers");
    offers.replaceChildren();
    delete offers.dataset.of;
    this.showOffers(false);
    this.cursor.current?.focus({ preventScroll: true });
  }

  /** S, O: the menu of the cursor's document, or of a column; its numbers answer. */
  openStance(variable, column = this.cursor.current?.closest(".column") ?? this.cursor.columns().find((one) => one.offsetParent)) {
    const menu = column?.querySelector(".stance details");
    if (!menu) return;
    menu.open = true;
    menu.querySelector(`[data-variable="${variable}"] button`)?.focus();
    const back = () => {
      if (menu.open) return;
      menu.removeEventListener("toggle", back);
      if (menu.contains(document.activeElement)) this.cursor.current?.focus({ preventScroll: true });
    };
    menu.addEventListener("toggle", back);
  }

  // --- answers ------------------------------------------------------------------------------------

  answered(html, status, entry) {
    const here = entry.place === this.saver.place;
    if (!here && status < 400) return this.say(`Saved, from another page: ${entry.label}`);
    const offering = document.getElementById("offers").hasAttribute("data-unrolled");
    if (status < 400 && this.sheet.saving === entry.key) this.sheet.close();
    const place = document.activeElement.closest(".offers, .stance, .claim, .claims-panel")?.id;
    // The next question may have been opened before the answer to the last one came.
    const asked = document.activeElement.closest(".stance details[open] [data-variable]")?.dataset.variable;
    const { replaced, left } = this.choice.keeping(() => apply(html));
    const id = new URLSearchParams(entry.body).get("id");
    this.pending.delete(id);
    this.paintPending();
    const replayed = /\/(undo|redo)\/$/.test(entry.url);
    // What C gave is the claim only once it is stored, and as long as it is not taken back.
    if (this.chosen && (replayed || (status >= 400 && entry.url.includes(this.chosen.id)))) this.chosen.bare = !this.card(this.chosen.id)?.closest(".card").dataset.claim;
    if (this.chosen && (replayed || status >= 400)) this.chosen.claim = null;
    if (this.chosen && !this.pending.has(this.chosen.id) && !this.card(this.chosen.id)) this.choose(null);
    if (status < 400) {
      if (!replaced.includes("marking-status")) this.say("Saved.");
    } else {
      this.say("Not saved.", true);
      this.sheet.refuse(left[0] ?? notice(`Not saved (${status}).`), entry, status === 500 && (() => this.saver.again(entry)));
    }
    if (replaced.includes("offers")) this.showOffers(offering);
    this.updated(replaced);
    if (asked && replaced.includes(place)) this.openStance(asked, document.getElementById(place).closest(".column"));
    else this.refocus(place);
    if (status >= 400 || entry.url !== this.bar.dataset.markUrl) return undefined;
    // A suggestion that was edited first leaves the list it came from.
    const via = new URLSearchParams(entry.body).get("via");
    if (via) void this.offer(via, true);
    else if (this.card(id)?.closest(".card").dataset.claim) void this.offer(id);
    return undefined;
  }

  updated(ids) {
    if (!ids.length) return;
    this.showClaim();
    this.filterClaims();
    // The suggestions go with their mark.
    const { of } = document.getElementById("offers").dataset;
    if (of && !this.card(of)) this.closeOffers();
    if (this.boundaries.passage) this.choose(this.chosen?.id, this.chosen?.how, this.chosen?.column);
    this.reader.dispatchEvent(new CustomEvent("reader:updated", { detail: ids }));
  }

  /** What had the focus went with the place it was in: go on there, or in the text. */
  refocus(place) {
    const now = document.activeElement;
    if (this.sheet.open || (now !== document.body && now.isConnected && now.checkVisibility())) return;
    const there = place && document.getElementById(place);
    const next = [".claim-new [name=statement]", "summary, button[name]"].map((one) => there?.querySelector(one)).find(Boolean);
    (next ?? this.cursor.current)?.focus({ preventScroll: true });
  }

  paintPending() {
    paint("saving", [...this.pending.values()].map((one) => rangeOf(one.document, one.start, one.end)).filter(Boolean));
  }

  // --- what the person is told --------------------------------------------------------------------

  say(words, warning = false) {
    const status = document.getElementById("marking-status");
    status.textContent = words;
    status.toggleAttribute("data-level", warning);
  }

  /** @param {"saved"|"saving"|"waiting"} state */
  show(state, waiting, why) {
    const button = this.bar.querySelector("[data-queue]");
    this.bar.dataset.state = state;
    button.hidden = state !== "waiting";
    button.textContent = state === "waiting" ? `${waiting} not saved: ${why}. Retrying; press to try now.` : "";
    if (state === "saving") this.say(`Saving ${why} …`);
    if (state === "waiting") {
      this.say(`${waiting} kept here, to be saved later: ${why}.`, true);
      if (this.saver.queue().some(({ key }) => key === this.sheet.saving)) this.sheet.close();
    }
  }

  showClaim() {
    // A new claim has no number until the server has it.
    this.claim = renewed(this.claim);
    if (this.chosen?.claim) this.chosen.claim = renewed(this.chosen.claim);
    const shown = this.shownClaim();
    const mark = shown ? shown !== this.claim : this.unclaimed();
    this.bar.querySelector("[data-current-claim]").textContent = named(shown ?? { number: "", statement: "Choose a claim" });
    const next = this.keeping ? "all next marks" : "next mark";
    this.bar.querySelector("[data-claim-for]").textContent = mark ? "this mark" : shown ? next : "";
    const keep = this.bar.querySelector("[data-keep]");
    keep.hidden = !shown && !this.kept;
    keep.setAttribute("aria-pressed", String(this.kept));
    for (const choice of document.querySelectorAll("[data-choose-claim]")) {
      choice.setAttribute("aria-pressed", String(this.kept && choice.dataset.chooseClaim === this.claim?.pk));
    }
  }

  filterClaims() {
    const field = document.querySelector("[data-filter-claims]");
    this.filter = field?.value || "";
    for (const row of document.querySelectorAll("#claims .claim")) {
      row.hidden = Boolean(this.filter) && !row.textContent.toLowerCase().includes(this.filter.toLowerCase());
    }
  }

  // --- listening ----------------------------------------------------------------------------------

  listen() {
    document.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("input", (event) => event.target.matches("[data-filter-claims]") && this.filterClaims());
    this.bar.addEventListener("pointerdown", (event) => event.target.closest("button") && event.preventDefault());
    this.reader.addEventListener("pointerdown", () => (this.dragged = false));
    this.reader.addEventListener("pointerup", (event) => event.pointerType !== "mouse" && this.markIfLocked());
    document.addEventListener("mouseup", (event) => {
      this.choice.endInText(event);
      this.markIfLocked();
    });
    this.reader.addEventListener("cursor:move", () => {
      this.choice.clear();
      if (this.chosen) this.choose(null);
      this.showTarget();
    });
  }

  /** Where room is scarce, the buttons come when there is something to mark. */
  showTarget() {
    this.bar.toggleAttribute("data-passage", Boolean(this.choice.passage()));
  }

  submitted(event) {
    const form = event.target.closest("form");
    if (form?.matches("[data-close]")) {
      event.preventDefault();
      this.sheet.close();
      location.reload();
    }
    if (!form?.matches("[data-save]")) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    fields.set("view", this.view);
    if (form.matches("[data-undo], [data-redo]")) fields.set("id", newId());
    const entry = this.saver.send(form.action, fields, form.getAttribute("aria-label") ?? "your change");
    if (this.sheet.dialog.contains(form)) this.sheet.saving = entry.key;
    if (entry.url === this.bar.dataset.markUrl && !this.keeping) this.useClaim(null);
    if (form.matches(".claim-new")) form.reset();
    const menu = form.closest(".stance details");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }

  clicked(event) {
    const at = (selector) => event.target.closest(selector);
    const link = at("[data-open]");
    const cell = at("#claims a[href^='#s-'], #offers [data-place]");
    const mark = at(".mark");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      if (link.dataset.annotation) this.choose(link.dataset.annotation, "touched", link.closest(".column"));
      this.open(link.href);
    } else if (at("[data-find]")) {
      event.preventDefault();
      this.sheet.close();
      void this.offer(at("[data-find]").dataset.find, true);
    } else if (at("[data-close]") && this.sheet.dialog.contains(event.target)) {
      if (at("a")) {
        event.preventDefault();
        this.sheet.close();
      }
    } else if (cell?.hash) {
      const there = document.querySelector(cell.hash);
      if (!there) return; // in another part of a long text, which the address opens
      event.preventDefault();
      this.cursor.moveTo(there);
    } else if (at("[data-button]")) this.mark(at("[data-button]").dataset.button);
    else if (at("[data-pick]")) this.pickClaim();
    else if (at("[data-keep]")) this.keep();
    else if (at("[data-lock]")) this.lock();
    else if (at("[data-queue]")) this.saver.drain();
    else if (at("[data-palette]")) showKeys();
    else if (at("[data-fill]")) this.sheet.dialog.querySelector(`[name=${at("[data-fill]").dataset.fill}]`).value = at("[data-fill]").textContent;
    else if (at("[data-close-offers]")) this.closeOffers();
    else if (at("[data-show-offers]")) this.showOffers(!document.getElementById("offers").hasAttribute("data-unrolled"));
    else if (at("[data-choose-claim]")) {
      const { chooseClaim: pk } = at("[data-choose-claim]").dataset;
      const choice = this.kept && pk === this.claim?.pk ? null : claims().find((claim) => claim.pk === pk);
      this.useClaim(choice, Boolean(choice));
      this.say(choice ? `All next marks go to: ${named(choice)}.` : "The next mark has no claim.");
    } else if (this.locked && !this.dragged && at(".sentence") && getSelection().isCollapsed) this.mark(this.button);
    else if (mark && getSelection().isCollapsed) void this.withCards(() => this.touch(mark));
  }

  /** A click on marked words chooses the shortest mark of the person's own there. */
  touch(mark) {
    const column = mark.closest(".column");
    const ids = mark.dataset.annotations.split(" ");
    const cards = ids.map((id) => this.card(id, column)).filter((card) => this.isMine(card));
    cards.sort((a, b) => a.dataset.end - a.dataset.start - (b.dataset.end - b.dataset.start));
    if (cards.length) this.choose(cards[0].dataset.annotation, "touched", column);
  }

  registerKeys() {
    const key = (keys, label, group, run) => register({ key: keys, label, group, run });
    for (const button of this.bar.querySelectorAll("[data-button]")) {
      const words = button.textContent.replace(button.dataset.key, "").trim();
      key(button.dataset.key, words, "Mark", () => this.digit(button.dataset.key) || this.mark(button.dataset.button));
    }
    for (const digit of "123456789") {
      if (!this.bar.querySelector(`[data-key="${digit}"]`)) key(digit, `Answer ${digit} of an open menu`, "Document", () => this.digit(digit));
    }
    for (const { dataset: { field, value, shortcut }, textContent } of this.bar.querySelectorAll("[data-field]")) {
      key(shortcut, textContent, "Codes", () => void this.withCards(() => this.code(field, value)));
    }
    key("c", "Choose or create the claim", "Mark", () => void this.pickClaim());
    key("C", "Keep the claim for all next marks, or let it go", "Mark", () => this.keep());
    key("l", "Mark with every click or Enter, on or off", "Mark", () => this.lock());
    key("Enter", "Mark the sentence, while locked", "Mark", (event) => this.locked && !event.target.closest("a, button, summary") ? this.mark(this.button) : false);
    key("Alt+ArrowRight", "Next word, or the mark’s end one word on", "Mark", () => this.stepWord(1, false));
    key("Alt+ArrowLeft", "Previous word, or the mark’s end one word back", "Mark", () => this.stepWord(-1, false));
    key("Alt+Shift+ArrowRight", "One word more, or the mark’s start one word on", "Mark", () => this.stepWord(1, true));
    key("Alt+Shift+ArrowLeft", "One word less, or the mark’s start one word back", "Mark", () => this.stepWord(-1, true));
    key("m", "Choose the mark here, then the next", "Marks", () => void this.withCards(() => this.chooseNext()));
    key("n", "Note", "Marks", () => void this.withCards(() => this.openMark("[name=note]")));
    key("e", "Edit all of a mark", "Marks", () => void this.withCards(() => this.openMark()));
    key("Delete", "Delete the mark", "Marks", () => void this.withCards(() => this.remove()));
    key("a", "The same claim in the other documents", "Marks", () => void this.withCards(() => this.offer(this.current(), true)));
    key("x", "What changed between this sentence and its counterpart", "Marks", () => this.openPair());
    key("s", "Stance, then a number", "Document", () => this.openStance("stance"));
    key("o", "Origin, then a number", "Document", () => this.openStance("origin"));
    for (const undo of ["z", "u", "Mod+z"]) key(undo, "Undo", "Marks", () => this.replay("undo"));
    for (const redo of ["Z", "Mod+Shift+z"]) key(redo, "Redo", "Marks", () => this.replay("redo"));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open], [data-menu][open]")) return;
      const offered = document.querySelector("#offers:not([data-empty])");
      if (this.giveUp) this.giveUp({});
      else if (this.locked) this.lock(false);
      else if (this.boundaries.passage) this.choose(null);
      else if (offered) this.closeOffers();
      else return;
      event.preventDefault();
    }, { capture: true });
  }

  /** Nobody marks what the page does not show. */
  showMarks() {
    if (!this.bar.checkVisibility()) document.querySelector("[data-layer='claims']").click();
  }

  /** A number while a stance menu is open answers its question. */
  digit(number) {
    const menu = document.querySelector(".stance details[open]");
    if (!menu) return false;
    const form = menu.querySelector("form:focus-within") ?? menu.querySelector("form");
    const button = form.querySelectorAll("button")[number - 1];
    if (!button) return true;
    button.click();
    // The next number is for a mark, even where the answer is slow.
    menu.open = false;
    if (this.cursor.current) this.cursor.current.focus({ preventScroll: true });
    else document.activeElement.blur();
    return true;
  }
}

/** @param {import("./picker.js").Choice|null} claim */
function claimFields(claim) {
  if (!claim) return {};
  return claim.pk ? { claim: claim.pk } : { statement: claim.statement };
}

/** The claim as the list has it by now. @param {import("./picker.js").Choice|null} claim */
function renewed(claim) {
  if (!claim) return null;
  return claims().find(({ pk, statement }) => (claim.pk ? pk === claim.pk : statement === claim.statement)) ?? claim;
}

/** @param {{number: string, statement: string}} claim */
function named({ number, statement }) {
  return `${number} ${statement}`.trim();
}
