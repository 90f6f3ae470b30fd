// @ts-check
// Every attention map of a pass: layers from top to bottom, heads side by side.

import { range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { button, penOf, press } from "./nodes.js";
import { headName } from "./shares.js";

/** @import { Maps } from "./maps.js" */
/** @import { Look } from "./state.js" */
/** @import { Trace } from "./trace.js" */

const CELL = { width: 96, height: 62 };
const EDGE = 8;

export class Wall {
  /** @type {HTMLButtonElement[]} */
  #buttons = [];
  /** @type {Maps | null} */
  #painted = null;

  /**
   * @param {Trace} trace
   * @param {(layer: number, head: number) => void} select
   */
  constructor({ model, header }, select) {
    const { n_layers, n_heads } = model;
    this.canvas = make("canvas", { width: CELL.width * n_heads, height: CELL.height * n_layers });
    this.#buttons = range(n_layers * n_heads).map((k) => {
      const [l, h] = [Math.floor(k / n_heads), k % n_heads];
      const name = { title: headName(header.roles, l, h), "aria-label": `Head ${l + 1}.${h + 1}` };
      return button({ ...name, onclick: () => select(l, h) });
    });
    const said = `All ${n_layers * n_heads} attention maps of this pass: layers downwards, heads across. Choose one.`;
    const wall = { class: "wall", role: "group", "aria-label": "All attention maps", style: `--columns: ${n_heads}` };
    this.box = make(
      "div",
      {},
      make("div", wall, this.canvas, ...this.#buttons),
      make("small", { class: "caption" }, said),
    );
  }

  /**
   * @param {Maps} maps
   * @param {Look} look
   */
  show(maps, { layer, head }) {
    const { n_layers, n_heads } = maps.trace.model;
    press(this.#buttons, layer * n_heads + head);
    if (this.#painted === maps) return;
    const pen = penOf(this.canvas);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const size = { width: CELL.width - 2 * EDGE, height: CELL.height - 2 * EDGE };
    for (let l = 0; l < n_layers; l++) {
      for (let h = 0; h < n_heads; h++) {
        maps.draw(pen, l, h, { left: h * CELL.width + EDGE, top: l * CELL.height + EDGE, ...size });
      }
    }
    this.#painted = maps;
  }
}
