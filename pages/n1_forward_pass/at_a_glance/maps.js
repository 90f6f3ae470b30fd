// @ts-check
// Attention maps as pictures, a pixel a cell: made when they are first asked for.

import { make } from "../../../ui/kit/elements.js";
import { penOf } from "./nodes.js";

/** @import { Colour } from "../../../ui/kit/palette.js" */
/** @import { Box } from "./layout.js" */
/** @import { Trace } from "./trace.js" */

export class Maps {
  /** @type {Map<number, HTMLCanvasElement>} */
  #layers = new Map();

  /**
   * @param {Trace} trace
   * @param {Colour} colour
   */
  constructor(trace, colour) {
    this.trace = trace;
    this.colour = colour;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} layer
   * @param {number} head
   * @param {Box} box
   */
  draw(pen, layer, head, { left, top, width, height }) {
    const { n } = this.trace;
    pen.imageSmoothingEnabled = n > width;
    pen.drawImage(this.#heads(layer), head * n, 0, n, n, left, top, width, height);
  }

  /**
   * The maps of a layer's heads side by side.
   * @param {number} layer
   */
  #heads(layer) {
    const known = this.#layers.get(layer);
    if (known) return known;
    const { n, model } = this.trace;
    const width = n * model.n_heads;
    const image = new ImageData(width, n);
    const pixels = new Uint32Array(image.data.buffer);
    const colour = (this.colour[2] << 16) | (this.colour[1] << 8) | this.colour[0];
    for (let head = 0; head < model.n_heads; head++) {
      for (let i = 0; i < n; i++) {
        this.trace.weights(i, layer, head).forEach((weight, j) => {
          pixels[i * width + head * n + j] = colour | ((255 * (0.06 + 0.94 * Math.sqrt(weight))) << 24);
        });
      }
    }
    const canvas = make("canvas", { width, height: n });
    penOf(canvas).putImageData(image, 0, 0);
    this.#layers.set(layer, canvas);
    return canvas;
  }
}
