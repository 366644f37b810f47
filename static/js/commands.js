/** The keys of marking. */

import { all, around, find } from "./elements.js";
import { register } from "./keys.js";

/** @param {import("./marking.js").Marking} marking */
export function registerKeys(marking) {
  const { bar, changes, marks, next, offers } = marking;
  /** @param {string} keys @param {string} label @param {string} group @param {(event: Event) => unknown} run */
  const key = (keys, label, group, run) => register({ key: keys, label, group, run });
  for (const { dataset: { key: digit = "", label = "", button = "" } } of all("[data-button]", bar)) {
    key(digit, label, "Mark", () => marking.digit(digit) || marking.mark(button));
  }
  for (const digit of "123456789") {
    if (!find(`[data-key="${digit}"]`, bar)) key(digit, `Answer ${digit} of an open menu`, "Document", () => marking.digit(digit));
  }
  for (const { dataset: { field = "", value = "", shortcut = "" }, textContent } of all("[data-field]", bar)) {
    key(shortcut, textContent ?? "", "Codes", () => void marking.withCards(() => marking.code({ [field]: value })));
  }
  key("c", "Choose or create the claim", "Mark", () => void marking.pick());
  key("C", "Keep the claim for all next marks, or let it go", "Mark", () => next.keep());
  key("l", "Mark with every click or Enter, on or off", "Mark", () => marking.lock());
  key("Enter", "Mark the sentence, while locked", "Mark", ({ target }) =>
    next.locked && !around(target, "a, button, summary") ? marking.mark(marking.button) : false);
  key("Alt+ArrowRight", "Next word, or the mark’s end one word on", "Mark", () => marking.stepWord(1, false));
  key("Alt+ArrowLeft", "Previous word, or the mark’s end one word back", "Mark", () => marking.stepWord(-1, false));
  key("Alt+Shift+ArrowRight", "One word more, or the mark’s start one word on", "Mark", () => marking.stepWord(1, true));
  key("Alt+Shift+ArrowLeft", "One word less, or the mark’s start one word back", "Mark", () => marking.stepWord(-1, true));
  key("m", "Choose the mark here, then the next", "Marks", () => void marking.withCards(() => marking.chooseNext()));
  key("n", "Note", "Marks", () => void marking.withCards(() => marking.openMark("[name=note]")));
  key("e", "Edit all of a mark", "Marks", () => void marking.withCards(() => marking.openMark()));
  key("Delete", "Delete the mark", "Marks", () => void marking.withCards(() => marking.remove()));
  key("a", "The same claim in the other documents", "Marks", () => void marking.withCards(() => marking.offer(marking.current(), true)));
  key("x", "What changed between this sentence and its counterpart", "Marks", () => marking.openPair());
  key("s", "Stance, then a number", "Document", () => marking.openStance("stance"));
  key("o", "Origin, then a number", "Document", () => marking.openStance("origin"));
  for (const undo of ["z", "u", "Mod+z"]) key(undo, "Undo", "Marks", () => changes.replay("undo"));
  for (const redo of ["Z", "Mod+Shift+z"]) key(redo, "Redo", "Marks", () => changes.replay("redo"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || find("dialog[open], [data-menu][open]")) return;
    if (marking.forms.giveUp) marking.forms.giveUp({});
    else if (next.locked) marking.lock(false);
    else if (marks.boundaries.passage) marks.choose(null);
    else if (offers.there) offers.close();
    else return;
    event.preventDefault();
  }, { capture: true });
}
