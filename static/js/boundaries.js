/** The two ends of a mark: handles to drag, and steps by a word for the keyboard. */

import { paint } from "./highlights.js";
import { rangeOf, spanOf, withEdgeMoved } from "./offsets.js";

/** @typedef {import("./offsets.js").Passage} Passage */

export class Boundaries {
  /** @param {(passage: Passage) => void} moved called when the person lets go */
  constructor(moved) {
    this.moved = moved;
    /** @type {Passage|null} */
    this.passage = null;
    this.handles = ["start", "end"].map((edge) => this.handle(edge));
    addEventListener("resize", () => this.place());
    addEventListener("scroll", () => this.place(), { capture: true, passive: true });
  }

  handle(edge) {
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.dataset.edge = edge;
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
      const { start, end } = this.passage;
      if (start !== before.start || end !== before.end) this.moved(this.passage);
    });
    return handle;
  }

  /** @param {Passage|null} passage */
  show(passage) {
    this.passage = passage;
    const range = passage && rangeOf(passage.document, passage.start, passage.end);
    paint("chosen", range ? [range] : []);
    if (range) this.place(range);
    else for (const handle of this.handles) handle.remove();
  }

  place(range) {
    const { passage } = this;
    if (!passage) return;
    const boxes = (range ?? rangeOf(passage.document, passage.start, passage.end))?.getClientRects();
    if (!boxes?.length) {
      for (const handle of this.handles) handle.remove();
      return;
    }
    const inside = (box) => box.top > 60 && box.bottom < innerHeight - 40;
    for (const [handle, box] of [[this.handles[0], boxes[0]], [this.handles[1], boxes[boxes.length - 1]]]) {
      const side = handle.dataset.edge === "start" ? "left" : "right";
      handle.style.setProperty("translate", `${Math.round(box[side])}px ${Math.round(box.top)}px`);
      handle.style.setProperty("height", `${Math.round(box.height)}px`);
      handle.hidden = !inside(box);
      if (!handle.isConnected) document.body.append(handle);
    }
  }

  drag(edge, event) {
    for (const handle of this.handles) handle.hidden = true;
    const spot = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const node = spot?.offsetNode;
    for (const handle of this.handles) handle.hidden = false;
    const column = (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.(".column");
    if (column?.dataset.document !== this.passage.document) return;
    const range = rangeOf(this.passage.document, this.passage.start, this.passage.end);
    if (edge === "start") range.setStart(node, spot.offset);
    else range.setEnd(node, spot.offset);
    const passage = spanOf(range, { characters: event.altKey });
    if (passage) this.show(passage);
  }

  /** @param {"start"|"end"} edge @param {1|-1} step */
  step(edge, step) {
    const passage = this.passage && withEdgeMoved(this.passage, edge, step);
    if (!passage) return;
    this.show(passage);
    this.moved(passage);
  }
}
