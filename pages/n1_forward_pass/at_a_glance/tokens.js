// @ts-check
// The tokens at the left of their rows: buttons that choose the row looked at.

import { chip } from "./layout.js";
import { button, put, px } from "./nodes.js";
import { ease, INDEX } from "./stages.js";

/** @import { Geometry } from "./layout.js" */
/** @import { Look } from "./state.js" */
/** @import { Trace } from "./trace.js" */
/** @typedef {{select: (token: number) => void, hover: (row: number | null) => void}} Acts */

export class Tokens {
  /** @type {HTMLButtonElement[]} */
  #chips = [];

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
    this.#chips.forEach((each, i) => {
      const { box, letters, corner } = chip(g, i);
      put(each, box);
      const { style } = each;
      style.fontSize = px(letters);
      style.lineHeight = px(box.height);
      style.borderRadius = px(corner);
    });
  }

  /** @param {Look} look */
  show({ row, key, keyMarked, stage, share }) {
    const n = this.#chips.length;
    this.#chips.forEach((each, i) => {
      each.setAttribute("aria-pressed", String(i === row));
      each.classList.toggle("key", keyMarked && i === key && i !== row);
      const arrived = stage === INDEX.tokens ? ease(share * n * 0.6 - i * 0.6 + 0.4) : 1;
      each.style.opacity = arrived < 1 ? String(arrived) : "";
    });
  }
}
