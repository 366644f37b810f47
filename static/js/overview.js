/** The overview strip: ticks where the changes and marks really are, and what is in view. */

import { all, around, find, need, spanOn } from "./elements.js";

export class Overview {
  /** @param {HTMLElement} column */
  constructor(column) {
    this.column = column;
    this.scroll = need("[data-scroll]", column);
    this.strip = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (need("[data-strip]", column)));
    /** How many steps high the strip is. */
    this.steps = this.strip.viewBox.baseVal.height;
    this.thumb = drawn("rect", { class: "thumb", width: 12 });
    this.strip.append(this.thumb);
    this.scroll.addEventListener("scroll", () => this.follow(), { passive: true });
    this.strip.addEventListener("pointerdown", (event) => this.drag(event));
    new ResizeObserver(() => this.place()).observe(need(".text", column));
    this.place();
  }

  /** Ticks for the marks of blocks that were drawn again. @param {Element[]} blocks */
  renew(blocks) {
    const length = Number(all(".paragraph", this.scroll).at(-1)?.dataset.end);
    for (const sentence of blocks.flatMap((block) => all(".sentence", block))) {
      const ticks = this.strip.querySelectorAll(`[data-kind="mark"][href="#${sentence.id}"]`);
      for (const tick of ticks) tick.remove();
      const mark = find(".mark:not([data-role])", sentence);
      if (!mark) continue;
      const { start, end } = spanOn(sentence);
      const colour = [1, 2, 3].map((lane) => mark.dataset[`lane-${lane}`]).find(Boolean) ?? 0;
      const tick = drawn("a", { class: "tick", tabindex: -1, href: `#${sentence.id}`, "data-kind": "mark", "data-degree": colour });
      const height = Math.max(1, ((end - start) / length) * this.steps);
      const title = drawn("title", {});
      title.textContent = mark.dataset.words ?? "";
      tick.append(title, drawn("rect", { x: 7, y: (start / length) * this.steps, width: 4, height }));
      this.strip.insertBefore(tick, this.thumb);
    }
  }

  /** The server places ticks by characters; here by the height the text really has. */
  place() {
    if (!this.strip.getClientRects().length) return;
    const whole = this.scroll.scrollHeight;
    const top = this.scroll.getBoundingClientRect().top - this.scroll.scrollTop;
    const long = this.scroll.closest("[data-long]");
    for (const tick of long ? [] : this.strip.querySelectorAll(".tick")) {
      const target = find(tick.getAttribute("href") ?? "");
      if (!target) continue;
      const y = ((target.getBoundingClientRect().top - top) / whole) * this.steps;
      tick.querySelector("rect")?.setAttribute("y", y.toFixed(1));
    }
    this.follow();
  }

  follow() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroll;
    this.thumb.setAttribute("y", ((scrollTop / scrollHeight) * this.steps).toFixed(2));
    this.thumb.setAttribute("height", ((clientHeight / scrollHeight) * this.steps).toFixed(2));
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (around(event.target, ".tick")) return;
    const { top, height } = this.strip.getBoundingClientRect();
    /** @param {PointerEvent} move */
    const go = (move) => {
      const share = (move.clientY - top) / height;
      this.scroll.scrollTop = share * this.scroll.scrollHeight - this.scroll.clientHeight / 2;
    };
    this.scroll.dispatchEvent(new Event("wheel"));
    this.strip.setPointerCapture(event.pointerId);
    this.strip.addEventListener("pointermove", go);
    this.strip.addEventListener(
      "lostpointercapture", () => this.strip.removeEventListener("pointermove", go), { once: true },
    );
    go(event);
  }
}

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string|number>} attributes
 */
function drawn(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
