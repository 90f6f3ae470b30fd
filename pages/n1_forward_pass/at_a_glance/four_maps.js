// @ts-check
// Attention opened: four squares side by side, from the products of queries and keys to the values
// mixed. The row looked at is framed through all of them.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { number, percent } from "../../../ui/kit/format.js";
import { pooled } from "./heat_map.js";
import { penOf } from "./nodes.js";
import { depth, paint } from "./strip.js";

/** @import { Colour, Palette } from "../../../ui/kit/palette.js" */
/** @import { Facts } from "./facts.js" */
/** @import { Hover } from "./state.js" */

const FIELDS = 48; // most fields of a side
const GAP = 14;
const TITLE = 20;

export class FourMaps {
  /** @type {Facts | null} */
  #facts = null;
  #side = 0;

  /**
   * @param {Palette} palette
   * @param {(hover: Hover) => void} hover
   */
  constructor(palette, hover) {
    this.palette = palette;
    this.canvas = make("canvas", { role: "img" });
    this.line = make("p", { class: "arithmetic" });
    this.box = make("div", { class: "four" }, this.canvas, this.line);
    this.canvas.addEventListener("pointermove", (event) => {
      const under = this.#under(event);
      if (under) hover(under);
    });
    this.canvas.addEventListener("pointerleave", () => hover({ row: null, key: null }));
  }

  /** @param {PointerEvent} event */
  #under(event) {
    const f = this.#facts;
    if (!f || !this.#side) return null;
    const across = Math.floor(event.offsetX / (this.#side + GAP));
    const key = Math.floor(((event.offsetX - across * (this.#side + GAP)) / this.#side) * f.n);
    const row = Math.floor(((event.offsetY - TITLE) / this.#side) * f.n);
    const inside = across < 3 && row >= 0 && row < f.n && key >= 0 && key <= row;
    return inside ? { row, key } : null;
  }

  /**
   * @param {Facts} f
   * @param {{width: number, height: number}} room
   * @param {number} ratio pixels of the screen to one of CSS
   */
  show(f, { width, height }, ratio) {
    this.#facts = f;
    this.#side = Math.floor(clamp(Math.min((width - 3 * GAP) / 4, height - TITLE - 34), 40, 240));
    const [wide, tall] = [4 * this.#side + 3 * GAP, this.#side + TITLE + 2];
    this.canvas.style.width = `${wide}px`;
    this.canvas.style.height = `${tall}px`;
    this.canvas.width = Math.round(wide * ratio);
    this.canvas.height = Math.round(tall * ratio);
    this.canvas.ariaLabel =
      `Scores, scaled scores, attention weights and values of head ${f.head + 1} in layer ` + `${f.layer + 1}`;
    const pen = penOf(this.canvas);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#paint(pen, f);
    this.line.textContent = arithmetic(f);
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Facts} f
   */
  #paint(pen, f) {
    const { trace, layer, head, model, n } = f;
    const [ink, positive, negative] = ["ink", "query", "negative"].map((role) => this.palette.rgb(role));
    const raw = (/** @type {number} */ i) => trace.scores(i, layer, head);
    const seen = (/** @type {number} */ i) => raw(i).subarray(0, i + 1);
    const [all, past] = [trace.scorePeak(layer, head, false), trace.scorePeak(layer, head, true)];
    const violet = this.palette.rgb("attention");
    /** @type {[title: string, row: (i: number) => Float32Array, peak: number, colours: [Colour, Colour]][]} */
    const three = [
      ["Q · K", raw, all, [positive, negative]],
      [`÷ √${model.d_head}, mask`, seen, past, [positive, negative]],
      ["softmax", (i) => trace.weights(i, layer, head), 1, [violet, violet]],
    ];
    pen.font = "600 14px Inter, system-ui, sans-serif";
    [...three.map(([title]) => title), "weight · V"].forEach((title, k) => {
      pen.fillStyle = paint(ink);
      pen.fillText(title, k * (this.#side + GAP), 13);
    });
    three.forEach(([, row, peak, colours], k) => {
      this.#square(pen, k, pooled(n, Math.min(n, FIELDS), row), peak, colours);
    });
    this.#values(pen, f);
    this.#frame(pen, f);
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} k
   * @param {Float32Array} values
   * @param {number} peak
   * @param {[Colour, Colour]} colours of positive and negative values
   */
  #square(pen, k, values, peak, [positive, negative]) {
    const fields = Math.sqrt(values.length);
    const size = this.#side / fields;
    values.forEach((value, at) => {
      if (value === 0) return;
      const strength = Math.sqrt(Math.min(1, Math.abs(value) / peak));
      pen.fillStyle = paint(value < 0 ? negative : positive, strength);
      const [x, y] = [k * (this.#side + GAP) + (at % fields) * size, TITLE + Math.floor(at / fields) * size];
      pen.fillRect(x, y, size - (size > 6 ? 1 : 0), size - (size > 6 ? 1 : 0));
    });
  }

  /**
   * Each key's value, as strong as its share.
   * @param {CanvasRenderingContext2D} pen
   * @param {Facts} f
   */
  #values(pen, { trace, row, layer, head, model, n, weights }) {
    const size = this.#side / n;
    const left = 3 * (this.#side + GAP);
    const peak = trace.peak("v", layer, trace.kvHead(head));
    const cell = this.#side / model.d_head;
    for (let j = 0; j <= row; j++) {
      if (weights[j] < 0.004) continue;
      trace.v(j, layer, head).forEach((x, d) => {
        const colour = x < 0 ? this.palette.rgb("negative") : this.palette.rgb("value");
        pen.fillStyle = paint(colour, depth(x, peak) * Math.sqrt(weights[j]));
        pen.fillRect(left + d * cell, TITLE + j * size, cell, Math.max(size - (size > 6 ? 1 : 0), 1));
      });
    }
  }

  /**
   * The squares' edges, the row that reads and the key that is read.
   * @param {CanvasRenderingContext2D} pen
   * @param {Facts} f
   */
  #frame(pen, { row, key, n }) {
    const size = this.#side / n;
    for (let k = 0; k < 4; k++) {
      const left = k * (this.#side + GAP);
      pen.lineWidth = 1;
      pen.strokeStyle = paint(this.palette.rgb("line"));
      pen.strokeRect(left + 0.5, TITLE + 0.5, this.#side - 1, this.#side - 1);
      pen.lineWidth = 1.6;
      if (k < 3) {
        pen.strokeStyle = paint(this.palette.rgb("ink"));
        pen.strokeRect(left + 0.8, TITLE + row * size, this.#side - 1.6, Math.max(size, 3));
        pen.strokeStyle = paint(this.palette.rgb("key"));
        pen.strokeRect(left + key * size, TITLE + row * size, Math.max(size, 3), Math.max(size, 3));
      } else {
        pen.strokeStyle = paint(this.palette.rgb("key"));
        pen.strokeRect(left + 0.8, TITLE + key * size, this.#side - 1.6, Math.max(size, 3));
      }
    }
  }
}

/**
 * From q · k to the weight, in one line.
 * @param {Facts} f
 */
export const arithmetic = ({ word, keyWord, dot, score, share, model }) =>
  `${word} and ${keyWord}: q · k = ${number(dot)}, ÷ √${model.d_head} ≈ ${number(score)}, ` +
  `after the softmax an attention weight of ${percent(share)}.`;
