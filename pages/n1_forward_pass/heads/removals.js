// @ts-check
// What was lost without each head on one text, as far as it is known here.

import { range } from "../../../ui/kit/arithmetic.js";
import { Parts } from "../../../ui/kit/parts.js";
import { headName } from "./head_rows.js";
import { lostOf } from "./removal_rows.js";

/** @import { HeadsView } from "./head_place.js" */
/** @import { HeadAt } from "./head_rows.js" */
/** @import { Lost, RemovedArrays, RemovedHeader } from "./removal_rows.js" */
/** @import { Packed } from "../../../ui/kit/tensors.js" */

export class Removals {
  /** @type {Map<string, Lost>} */
  #known = new Map();
  running = false;

  /**
   * @param {HTMLElement} root
   * @param {HeadsView} view
   */
  constructor(root, view) {
    this.view = view;
    /** @type {Parts<true>} */
    this.parts = new Parts(root, `${view.numbers}/removals`, view.sentence, (packed) => this.take(packed));
  }

  /**
   * @param {Packed} packed
   * @returns {true}
   */
  take(packed) {
    const found = lostOf(/** @type {Packed<RemovedHeader, RemovedArrays>} */ (packed));
    for (const lost of found) this.#known.set(headName(lost.at), lost);
    return true;
  }

  /** @param {HeadAt} at */
  of(at) {
    return this.#known.get(headName(at));
  }

  known() {
    return [...this.#known.values()];
  }

  /** @param {HeadAt} at */
  async ask(at) {
    if (this.of(at)) return true;
    return this.parts.ask(headName(at), { layer: at.layer + 1, head: at.head + 1 });
  }

  /**
   * Layer by layer until it is stopped; the last layers, which take least, come first.
   * @param {() => void} told after each
   */
  async askAll(told) {
    const { n_layers, n_heads } = this.view;
    this.running = true;
    for (const layer of range(n_layers).reverse()) {
      const whole = range(n_heads).every((head) => this.of({ layer, head }));
      const here = this.running && (whole || (await this.parts.ask(layer, { layer: layer + 1 })));
      if (!here) break;
      if (!whole) told();
    }
    this.running = false;
  }

  stop() {
    this.running = false;
  }
}
