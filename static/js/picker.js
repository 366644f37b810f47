/** Choosing a claim by typing: the list of the panel, the likeliest first, or a new one. */

import { all, around, find, need } from "./elements.js";

/** @typedef {{pk: string, number: string, statement: string}} Choice */

// A claim that shares only some words with what was typed does not come before a new claim.
const ALL_WORDS = 250;
// "PORT SARELLE, Feb. 6 (Petrel) -- " is no part of what is claimed.
const DATELINE = /^[^()]{0,60}\([^()]{1,40}\)\s*[-–—]+\s*/;

/** @returns {Choice[]} the collection's claims, in order */
export function claims() {
  return all("#claims .claim").map((row) => ({
    pk: row.dataset.claim ?? "",
    number: row.dataset.number ?? "",
    statement: need(".claim-statement", row).textContent?.trim() ?? "",
  }));
}

/**
 * How well typed words fit a claim: 0 not at all; its number, then whole words, then letters in order.
 * @param {string} query
 * @param {Choice} choice
 */
export function fit(query, choice) {
  const wanted = fold(query);
  const text = fold(choice.statement);
  if (!wanted) return 1;
  if (choice.number === wanted) return 1000;
  const at = text.indexOf(wanted);
  if (at >= 0) return 500 - Math.min(at, 200) + (at === 0 || /\s/.test(text[at - 1]) ? 100 : 0);
  // Whole words, but for the last, which is being typed: "legal" is no word of "illegal".
  const there = text.split(/[^\p{L}\p{M}\p{N}'’]+/u);
  const words = wanted.split(/\s+/);
  const found = words.filter((word, place) =>
    there.some((one) => (place === words.length - 1 ? one.startsWith(word) : one === word)),
  ).length;
  if (found === words.length) return ALL_WORDS;
  const some = Math.min(found * 20, 90);
  let place = -1;
  let gaps = 0;
  for (const letter of wanted.replaceAll(" ", "")) {
    const next = text.indexOf(letter, place + 1);
    if (next < 0) return some;
    gaps += next - place - 1;
    place = next;
  }
  return Math.max(1, 100 - gaps) + some;
}

/** @param {string} text */
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** As fold(), but with the accents: "papa" is not "papá". @param {string} text */
function plain(text) {
  return text.normalize("NFC").toLowerCase().trim();
}

export class Picker {
  /**
   * @param {(words: string) => Promise<string[]>} likely the keys of the claims most like some words
   * @param {number} longest characters of a claim's statement
   */
  constructor(likely, longest) {
    this.likely = likely;
    /** Called once with what is chosen. @type {((choice: Choice|null) => void)|null} */
    this.done = null;
    this.words = "";
    /** The keys of the likeliest claims, the likeliest first. @type {string[]} */
    this.ranked = [];
    this.moved = false;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "dialog picker";
    this.dialog.setAttribute("aria-label", "Choose a claim");
    this.dialog.innerHTML = `<input role="combobox" aria-expanded="true" aria-controls="picker-list"
      aria-autocomplete="list" aria-label="Claim" aria-describedby="picker-for" dir="auto" autocomplete="off">
      <p class="picker-for soft" id="picker-for"></p>
      <ul id="picker-list" role="listbox" aria-label="Claims"></ul>
      <p class="soft"><kbd>Enter</kbd> takes the first, <kbd>↓</kbd> the next, a number the claim of that number.</p>`;
    this.input = /** @type {HTMLInputElement} */ (need("input", this.dialog));
    this.input.maxLength = longest;
    this.list = need("ul", this.dialog);
    document.body.append(this.dialog);
    this.input.addEventListener("input", () => this.fill());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("click", (event) => {
      const chosen = around(event.target, "[role=option]");
      if (chosen) this.take(chosen);
    });
    this.dialog.addEventListener("close", () => this.done?.(null));
  }

  /**
   * @param {string} words the passage that the claim is for, or ""
   * @param {string} purpose which mark it is for, in words
   * @returns {Promise<Choice|null>} without key and number where it is a new claim
   */
  open(words, purpose) {
    need(".picker-for", this.dialog).textContent = purpose;
    this.words = words.replace(DATELINE, "").replace(/\s+/g, " ").trim();
    this.ranked = [];
    this.moved = false;
    this.input.value = "";
    this.input.placeholder = "Type a few letters, a number, or a new claim";
    this.fill();
    this.dialog.showModal();
    if (words) {
      void this.likely(words).then((ranked) => {
        this.ranked = ranked;
        // Not under the fingers of somebody who is on the way down the list.
        if (!this.input.value && this.dialog.open && !this.moved) this.fill();
      });
    }
    return new Promise((resolve) => {
      this.done = (choice) => {
        this.done = null;
        resolve(choice);
      };
    });
  }

  fill() {
    const query = this.input.value;
    const all = claims().map((choice) => {
      const rank = this.ranked.indexOf(choice.pk);
      return { choice, score: fit(query, choice) + (rank < 0 ? 0 : (10 - rank) / 100) };
    });
    const fitting = all.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
    const options = fitting.slice(0, 50).map(({ choice }) => option(choice.number, choice.statement, choice.pk));
    const statement = query.trim() || this.words;
    const same = fitting.some(({ choice }) => plain(choice.statement) === plain(statement));
    if (statement && !same && !/^\d+$/.test(query.trim())) {
      const fresh = option("+", statement, "");
      fresh.title = "A new claim";
      if (query && !(fitting[0]?.score >= ALL_WORDS)) options.unshift(fresh);
      else options.push(fresh);
    }
    this.list.replaceChildren(...options);
    this.point(options[0]);
  }

  /** @param {HTMLElement|null|undefined} chosen */
  point(chosen) {
    for (const one of this.list.children) one.setAttribute("aria-selected", String(one === chosen));
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    else this.input.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const now = find("[aria-selected=true]", this.list);
    const options = all("[role=option]", this.list);
    const at = options.findIndex((one) => one === now);
    this.moved = true;
    if (event.key === "ArrowDown") this.point(options[at + 1] ?? options[0]);
    else if (event.key === "ArrowUp") this.point(options.at(Math.max(at, 0) - 1));
    else if (event.key === "Enter" && now && !event.isComposing) this.take(now);
    else return;
    event.preventDefault();
  }

  /** A new claim is first put into the field, to be worded; the second time it is taken. @param {HTMLElement} chosen */
  take(chosen) {
    const { claim: pk = "", number = "", statement = "" } = chosen.dataset;
    if (!pk && !this.input.value.trim()) {
      this.input.value = statement;
      this.fill();
      this.point(find("[data-claim='']", this.list));
      this.input.focus();
      this.input.setSelectionRange(0, statement.length);
      return;
    }
    const { done } = this;
    this.done = null;
    this.dialog.close();
    done?.({ pk, number: pk ? number : "", statement });
  }
}

let count = 0;

/** @param {string} number @param {string} statement @param {string} pk */
function option(number, statement, pk) {
  const element = document.createElement("li");
  element.id = `picker-${(count += 1)}`;
  element.setAttribute("role", "option");
  element.dataset.claim = pk;
  element.dataset.number = number;
  element.dataset.statement = statement;
  const label = document.createElement("b");
  label.textContent = pk ? number : "New claim:";
  const words = document.createElement("span");
  words.dir = "auto";
  words.textContent = statement;
  element.append(label, " ", words);
  return element;
}
