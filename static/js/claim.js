/** The claim that goes to the next mark, or that the mark at hand has. */

import { all, need } from "./elements.js";
import { claims } from "./picker.js";
import { say } from "./status.js";

/** @typedef {import("./picker.js").Choice} Choice */
/** @typedef {import("./marks.js").Chosen} Chosen */

export class NextClaim {
  /**
   * @param {string} collection whose claim is kept
   * @param {HTMLElement} bar
   * @param {import("./marks.js").Marks} marks
   */
  constructor(collection, bar, marks) {
    this.key = `copytaster.kept.${collection}`;
    this.bar = bar;
    this.marks = marks;
    /** Whether every click marks. */
    this.locked = false;
    /** The claim of the next mark, which uses it up unless it is kept. @type {Choice|null} */
    this.claim = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
    this.kept = Boolean(this.claim);
  }

  get keeping() {
    return this.kept || this.locked;
  }

  /** The claim for the mark being made, which uses it up: only a claim that is kept goes on. */
  take() {
    const fields = claimFields(this.claim);
    this.useUp();
    return fields;
  }

  useUp() {
    if (!this.keeping) this.use(null);
  }

  /** The claim of the next mark, and of all after it where it is kept. @param {Choice|null} choice */
  use(choice, kept = this.kept && Boolean(choice)) {
    this.claim = choice;
    this.kept = kept;
    if (choice && kept) sessionStorage.setItem(this.key, JSON.stringify(choice));
    else sessionStorage.removeItem(this.key);
    this.show();
  }

  /** Shift+C: the claim goes to all next marks, or to the next one alone. */
  keep() {
    const choice = this.claim ?? this.shown();
    if (!choice) say("Choose a claim first; then it can be kept for all next marks.");
    else this.keepFor(this.kept ? null : choice);
  }

  /** The number of a claim in the list: kept for all next marks, or let go. @param {string|undefined} pk */
  press(pk) {
    this.keepFor(this.kept && pk === this.claim?.pk ? null : (claims().find((claim) => claim.pk === pk) ?? null));
  }

  /** @param {Choice|null} choice */
  keepFor(choice) {
    this.use(choice, Boolean(choice));
    say(choice ? `All next marks go to: ${named(choice)}.` : "The next mark has no claim.");
  }

  /** The mark that C is about: one that is held, or that was made without a claim and has none yet. */
  unclaimed() {
    const { chosen } = this.marks;
    if (!chosen || !this.marks.has(chosen.id)) return null;
    const bare = chosen.how === "made" ? chosen.bare : !this.marks.claimOf(chosen.id);
    return chosen.how === "held" || bare ? chosen : null;
  }

  /** @param {Chosen} chosen */
  of(chosen) {
    const pk = this.marks.claimOf(chosen.id);
    return chosen.claim ?? claims().find((claim) => claim.pk === pk) ?? null;
  }

  /** The claim of the next mark, or else of the mark at hand; one that is held comes first. */
  shown() {
    const { chosen } = this.marks;
    if (chosen && (chosen.how === "held" || !this.claim)) return this.of(chosen);
    return this.claim;
  }

  show() {
    // A new claim has no number until the server has it.
    const { chosen } = this.marks;
    this.claim = renewed(this.claim);
    if (chosen?.claim) chosen.claim = renewed(chosen.claim);
    const shown = this.shown();
    const mark = shown ? shown !== this.claim : this.unclaimed();
    need("[data-current-claim]", this.bar).textContent = named(shown ?? { number: "", statement: "Choose a claim" });
    const next = this.keeping ? "all next marks" : "next mark";
    need("[data-claim-for]", this.bar).textContent = mark ? "this mark" : shown ? next : "";
    const keep = need("[data-keep]", this.bar);
    keep.hidden = !shown && !this.kept;
    keep.setAttribute("aria-pressed", String(this.kept));
    for (const choice of all("[data-choose-claim]")) {
      choice.setAttribute("aria-pressed", String(this.kept && choice.dataset.chooseClaim === this.claim?.pk));
    }
  }
}

/** @param {Choice|null} claim @returns {Record<string, string>} as the form of a mark names it */
export function claimFields(claim) {
  if (!claim) return {};
  return claim.pk ? { claim: claim.pk } : { statement: claim.statement };
}

/** The claim as the list has it by now. @param {Choice|null} claim */
export function renewed(claim) {
  if (!claim) return null;
  return claims().find(({ pk, statement }) => (claim.pk ? pk === claim.pk : statement === claim.statement)) ?? claim;
}

/** @param {{number: string, statement: string}} claim */
function named({ number, statement }) {
  return `${number} ${statement}`.trim();
}
