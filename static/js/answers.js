/** What an answer of the server does to the page. */

import { around, documentOf, find } from "./elements.js";
import { apply } from "./saving.js";
import { notice } from "./sheet.js";
import { say } from "./status.js";

/** @typedef {import("./saving.js").Entry} Entry */
/** @typedef {import("./marking.js").Marking} Marking */

/**
 * @param {Marking} marking
 * @param {string} html
 * @param {number} status of HTTP
 * @param {Entry} entry what was sent
 */
export function answered(marking, html, status, entry) {
  const { choice, marks, offers, sheet } = marking;
  const refused = status >= 400;
  if (entry.place !== marking.saver.place && !refused) {
    say(`Saved, from another page: ${entry.label}`);
    return;
  }
  const { unrolled } = offers;
  if (!refused && sheet.saving === entry.key) sheet.close();
  const place = around(document.activeElement, ".offers, .stance, .claim, .claims-panel")?.id;
  // The next question may have been opened before the answer to the last one came.
  const asked = around(document.activeElement, ".stance details[open] [data-variable]")?.dataset.variable;
  const { replaced, left } = choice.keeping(() => apply(html));
  const fields = new URLSearchParams(entry.body);
  const id = fields.get("id") ?? "";
  marks.arrived(id);
  keepClaim(marking, entry, refused);
  if (refused) {
    say("Not saved.", true);
    sheet.refuse(left[0] ?? notice(`Not saved (${status}).`), entry, status === 500 && (() => marking.saver.again(entry)));
  } else if (!replaced.includes("marking-status")) say("Saved.");
  if (replaced.includes("offers")) offers.show(unrolled);
  marking.updated(replaced);
  const drawn = place && replaced.includes(place) ? document.getElementById(place) : null;
  if (asked && drawn) marking.openStance(asked, find(`#column-${documentOf(drawn)}`));
  else marking.refocus(place);
  if (!refused && entry.url === marking.changes.markUrl) offerAfter(marking, fields.get("via"), id);
}

/**
 * What C gave the mark at hand is its claim only once it is stored, and as long as it is not taken back.
 * @param {Marking} marking
 * @param {Entry} entry
 * @param {boolean} refused
 */
function keepClaim({ marks }, entry, refused) {
  const { chosen } = marks;
  if (!chosen) return;
  const replayed = /\/(undo|redo)\/$/.test(entry.url);
  if (replayed || (refused && entry.url.includes(chosen.id))) chosen.bare = !marks.claimOf(chosen.id);
  if (replayed || refused) chosen.claim = null;
  if (!marks.has(chosen.id)) marks.choose(null);
}

/**
 * Suggestions follow a new mark with a claim; one that was edited first leaves the list it came from.
 * @param {Marking} marking
 * @param {string|null} via the mark whose suggestion it was
 * @param {string} id
 */
function offerAfter(marking, via, id) {
  if (via) void marking.offer(via, true);
  else if (marking.marks.claimOf(id)) void marking.offer(id);
}
