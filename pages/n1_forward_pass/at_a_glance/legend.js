// @ts-check
// Below the rows: what their lines and colours are that no heading names.

import { make } from "../../../ui/kit/elements.js";
import { px } from "./nodes.js";

/** @import { Geometry } from "./layout.js" */

export class Legend {
  #box = make("div", { class: "legend" });

  /** @param {HTMLElement} rows */
  constructor(rows) {
    rows.append(this.#box);
  }

  /** @param {Geometry} g */
  place(g) {
    this.#box.hidden = g.labels === 0;
    this.#box.style.top = px(g.full + 6);
    /** @type {[kind: string, name: string, middle: number][]} */
    const names = [
      ["stream", "residual stream", (g.left + g.embed) / 2],
      ["", "norm", g.normX + 4],
      ["below", "below 0", g.qkv + g.strip / 2],
      ["", "add", g.add1],
      ["", "add", g.add2],
    ];
    this.#box.replaceChildren(
      ...names.map(([kind, name, x]) => make("span", { class: kind, style: `left: ${px(x)}` }, name)),
    );
  }
}
