// @ts-check
// The names of the picture's parts; each opens its part.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { centres } from "./layout.js";
import { button, px } from "./nodes.js";

/** @import { Geometry } from "./layout.js" */
/** @import { ModelShape } from "./pass_message.js" */
/** @import { Column } from "./stages.js" */

export class Headings {
  /** @type {{column: Column, button: HTMLButtonElement, below: HTMLElement}[]} */
  #parts = [];
  /** @type {number[] | null} */
  #widths = null;
  #values = make("span", { class: "gathered" }, "values");
  #built = "";

  /**
   * @param {HTMLElement} box
   * @param {(column: Column) => void} open
   */
  constructor(box, open) {
    this.box = box;
    this.open = open;
  }

  /**
   * @param {ModelShape} model
   * @param {boolean} narrow
   */
  build(model, narrow) {
    const wanted = `${model.name} ${narrow}`;
    if (wanted === this.#built) return;
    this.#built = wanted;
    const placed = model.position === "learned" || model.position === "sinusoidal";
    /** @type {[Column, title: string, below: string, role: string][]} */
    const parts = [
      ["tokens", "Tokens", "", ""],
      ["embed", narrow ? "Emb." : "Embedding", placed ? "+ position" : "token only", ""],
      ["qkv", "Q K V", "norm, then project", ""],
      ["attention", "Attention", "", "attention"],
      ["mlp", "MLP", "per token", "feed"],
      ["predict", "Out", "norm, unembed", ""],
    ];
    this.#parts = parts.map(([column, title, text, role]) => {
      const below = make("span", {}, text);
      const attributes = { title: "Open this part", "data-column": column, onclick: () => this.open(column) };
      return { column, below, button: button(attributes, make("b", { class: role }, title), below) };
    });
    this.#values.hidden = narrow;
    this.box.replaceChildren(...this.#parts.map((part) => part.button), this.#values);
    this.#widths = null;
  }

  /**
   * Each over its part.
   * @param {Geometry} g
   * @param {boolean} sameSize
   */
  place(g, sameSize) {
    const middles = centres(g);
    this.#values.style.left = px(g.dotsEnd + 0.6 * (g.add1 - g.dotsEnd));
    if (!sameSize || !this.#widths) this.#widths = this.#parts.map((part) => part.button.offsetWidth);
    this.#parts.forEach((part, k) => {
      const half = (this.#widths?.[k] ?? 0) / 2;
      part.button.style.left = px(clamp(middles[part.column], half - 8, g.width - half + 8));
      part.button.hidden = g.narrow && part.column === "predict";
    });
  }

  /**
   * @param {number} n tokens
   * @param {string} head which of how many
   */
  show(n, head) {
    const [tokens, , , attention] = this.#parts;
    tokens.below.textContent = String(n);
    attention.below.textContent = `weights of ${head}`;
  }

  /** @param {Column} column */
  focus(column) {
    find(this.box, `[data-column="${column}"]`).focus({ preventScroll: true });
  }
}
