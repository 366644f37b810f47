/** The two ends of a mark: handles to drag, and steps by a word for the keyboard. */

import { around } from "./elements.js";
import { paint } from "./highlights.js";
import { rangeOf, spanOf, withEdgeMoved } from "./offsets.js";

/** @typedef {import("./offsets.js").Passage} Passage */

export class Boundaries {
  /** @param {(passage: Passage) => void} moved called when the person lets go */
  constructor(moved) {
    this.moved = moved;
    /** @type {Passage|null} */
    this.passage = null;
    this.handles = [this.handle("start"), this.handle("end")];
    addEventListener("resize", () => this.place());
    addEventListener("scroll", () => this.place(), { capture: true, passive: true });
  }

  /** @param {"start"|"end"} edge */
  handle(edge) {
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.dataset.edge = edge;
    /** @type {Passage|null} */
    let before = null;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      before = this.passage;
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) this.drag(edge, event);
    });
    handle.addEventListener("pointerup", () => {
      const { passage } = this;
      if (passage && before && (passage.start !== before.start || passage.end !== before.end)) this.moved(passage);
    });
    return handle;
  }

  /** @param {Passage|null} passage */
  show(passage) {
    this.passage = passage;
    const range = passage && rangeOf(passage.document, passage.start, passage.end);
    paint("chosen", range ? [range] : []);
    if (range) this.place(range);
    else this.remove();
  }

  remove() {
    for (const handle of this.handles) handle.remove();
  }

  /** @param {Range|null} [range] what the handles stand at; that of the passage where it is not known */
  place(range) {
    const { passage } = this;
    if (!passage) return;
    const boxes = [...((range ?? rangeOf(passage.document, passage.start, passage.end))?.getClientRects() ?? [])];
    if (!boxes.length) {
      this.remove();
      return;
    }
    for (const handle of this.handles) {
      const first = handle.dataset.edge === "start";
      const box = boxes[first ? 0 : boxes.length - 1];
      const side = first ? "left" : "right";
      handle.style.setProperty("translate", `${Math.round(box[side])}px ${Math.round(box.top)}px`);
      handle.style.setProperty("height", `${Math.round(box.height)}px`);
      handle.hidden = box.top <= 60 || box.bottom >= innerHeight - 40;
      if (!handle.isConnected) document.body.append(handle);
    }
  }

  /** @param {"start"|"end"} edge @param {PointerEvent} event */
  drag(edge, event) {
    for (const handle of this.handles) handle.hidden = true;
    const spot = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    for (const handle of this.handles) handle.hidden = false;
    const { passage } = this;
    if (!spot || !passage || around(spot.offsetNode, ".column")?.dataset.document !== passage.document) return;
    const range = rangeOf(passage.document, passage.start, passage.end);
    if (edge === "start") range?.setStart(spot.offsetNode, spot.offset);
    else range?.setEnd(spot.offsetNode, spot.offset);
    const moved = range && spanOf(range, { characters: event.altKey });
    if (moved) this.show(moved);
  }

  /** @param {"start"|"end"} edge @param {1|-1} step */
  step(edge, step) {
    const passage = this.passage && withEdgeMoved(this.passage, edge, step);
    if (!passage) return;
    this.show(passage);
    this.moved(passage);
  }
}
