/** The forms of marking, fetched from the server into the sheet. */

import { around, documentOf, spanOn } from "./elements.js";
import { holding, typedMeanwhile } from "./keys.js";
import { fetchFragment } from "./saving.js";
import { say } from "./status.js";

const PATIENCE = 10_000; // milliseconds for a form to come

export class Forms {
  /**
   * @param {import("./sheet.js").Sheet} sheet
   * @param {import("./saving.js").Saver} saver
   */
  constructor(sheet, saver) {
    this.sheet = sheet;
    this.saver = saver;
    /** Stops waiting for a form. @type {((nothing: {html?: string, why?: string}) => void)|null} */
    this.giveUp = null;
  }

  /**
   * @param {string|(() => string)} address a function is asked once all that waits is saved
   * @param {string} [focus] what in the form takes the focus
   */
  async open(address, focus) {
    // A server that hangs does not keep the keys, and Escape gives them back at once.
    /** @type {Promise<{html?: string, why?: string}>} */
    const given = new Promise((resolve) => {
      this.giveUp = resolve;
      setTimeout(resolve, PATIENCE, { why: "The server does not answer." });
    });
    const { html, why } = await holding(Promise.race([this.fetched(address), given]));
    this.giveUp = null;
    if (html) this.sheet.show(html, focus, typedMeanwhile());
    else if (why) say(why, true);
  }

  /** @param {string|(() => string)} address */
  async fetched(address) {
    await this.saver.settled();
    return fetchFragment(typeof address === "string" ? address : address());
  }
}

/**
 * What two sides of a pair cover, in the order of the columns.
 * @param {HTMLElement[]} chosen sentences of one column
 * @param {HTMLElement[]} answers sentences of others, of which the first one's column counts
 * @param {HTMLElement[]} columns
 * @returns {{a: string, b: string}|null} each DOCUMENT:START:END in code points
 */
export function sidesOf(chosen, answers, columns) {
  const column = around(answers[0], ".column");
  const own = around(chosen[0], ".column");
  if (!column || !own) return null;
  const there = answers.filter((one) => column.contains(one));
  const [a, b] = columns.indexOf(own) < columns.indexOf(column) ? [chosen, there] : [there, chosen];
  return { a: covered(a), b: covered(b) };
}

/** @param {HTMLElement[]} sentences */
function covered(sentences) {
  const spans = sentences.map(spanOn);
  const start = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.end));
  return `${documentOf(sentences[0])}:${start}:${end}`;
}
