// @ts-check
// The tokens at the left of their rows: buttons that choose the row looked at.

import { lit } from "./known.js";
import { chip } from "./layout.js";
import { button, put, px } from "./nodes.js";
import { ease, INDEX } from "./stages.js";

/** @import { Gap } from "./lanes_shown.js" */
/** @import { Geometry } from "./layout.js" */
/** @import { Look } from "./state.js" */
/** @import { Trace } from "./trace.js" */
/**
 * `open`: give the tokens of a gap their lanes.
 * @typedef {{select: (token: number) => void, hover: (row: number | null) => void, open: (gap: Gap) => void}} Acts
 */

export class Tokens {
  /** @type {HTMLButtonElement[]} */
  #chips = [];
  /** @type {HTMLButtonElement[]} */
  #gaps = [];

  /**
   * @param {HTMLElement} box
   * @param {Acts} acts
   */
  constructor(box, acts) {
    this.box = box;
    this.acts = acts;
    box.replaceChildren();
  }

  /** @param {Trace} trace */
  write(trace) {
    const { n, header } = trace;
    for (const left of this.#chips.splice(n)) left.remove();
    while (this.#chips.length < n) this.#chips.push(this.#chip(this.#chips.length));
    this.#chips.forEach((each, i) => {
      const sampled = i >= n - header.sampled;
      each.classList.toggle("sampled", sampled);
      each.textContent = trace.word(i);
      each.ariaLabel = `Token ${i + 1}: ${trace.word(i)}${sampled ? ", sampled" : ""}`;
      each.title = `${JSON.stringify(trace.raw(trace.ids[i]))} · id ${trace.ids[i]}`;
    });
  }

  /** @param {number} i */
  #chip(i) {
    const enter = () => this.acts.hover(i);
    const leave = () => this.acts.hover(null);
    const events = { onpointerenter: enter, onfocus: enter, onpointerleave: leave, onblur: leave };
    const made = button({ onclick: () => this.acts.select(i), ...events });
    this.box.append(made);
    return made;
  }

  /** @param {Geometry} g */
  place(g) {
    const { order, slots } = g.lanes;
    this.#chips.forEach((each, i) => {
      each.hidden = slots[i] < 0;
      if (!each.hidden) stand(each, g, slots[i]);
    });
    for (const gap of this.#gaps.splice(0)) gap.remove();
    order.forEach((gap, slot) => {
      if (typeof gap === "number") return;
      const label = `… ${gap.to - gap.from + 1} more …`;
      const made = button({ class: "gap", "aria-label": `Show tokens ${gap.from + 1} to ${gap.to + 1}` }, label);
      made.addEventListener("click", () => this.acts.open(gap));
      stand(made, g, slot);
      this.#gaps.push(made);
      this.box.after(made);
    });
  }

  /** @param {Look} look */
  show({ row, key, keyMarked, stage, share, fresh }) {
    const n = this.#chips.length;
    const { faded } = lit(fresh);
    this.#chips.forEach((each, i) => {
      each.setAttribute("aria-pressed", String(i === row));
      each.classList.toggle("key", keyMarked && i === key && i !== row);
      const arrived = stage === INDEX.tokens ? ease(share * n * 0.6 - i * 0.6 + 0.4) : 1;
      const seen = i < n - 1 ? arrived * (1 - 0.7 * faded) : arrived;
      each.style.opacity = seen < 1 ? String(seen) : "";
    });
  }
}

/**
 * @param {HTMLElement} node
 * @param {Geometry} g
 * @param {number} slot
 */
function stand(node, g, slot) {
  const { box, letters, corner } = chip(g, slot);
  put(node, box);
  node.style.fontSize = px(letters);
  node.style.lineHeight = px(box.height);
  node.style.borderRadius = px(corner);
}
