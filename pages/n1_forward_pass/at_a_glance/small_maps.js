// @ts-check
// Every head's small map as a picture, a pixel a field, made when it is first asked for. What rests on
// the first token can be set aside: then it is grey, at the edge.

import { range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { slice } from "../../../ui/kit/tensors.js";
import { penOf } from "./nodes.js";

/** @import { Colour } from "../../../ui/kit/palette.js" */
/** @import { Box } from "./layout.js" */
/** @import { Trace } from "./trace.js" */

const GREY = 0.45; // of the first token's column, so that it stays behind what is read
const EDGE = 2; // pixels of the screen that the first token's column takes when it is set aside

export class SmallMaps {
  /** @type {Map<number, HTMLCanvasElement>} */
  #layers = new Map();

  /**
   * @param {Trace} trace
   * @param {{attention: Colour, rest: Colour}} colours
   */
  constructor(trace, colours) {
    this.trace = trace;
    this.colours = colours;
    this.fields = trace.header.bins.length - 1;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} layer
   * @param {number} head
   * @param {Box} box
   * @param {boolean} aside whether what rests on the first token is set aside
   */
  draw(pen, layer, head, { left, top, width, height }, aside) {
    const m = this.fields;
    const picture = this.#pictures(layer);
    pen.imageSmoothingEnabled = 2 * m > width;
    const apart = aside && m > 1;
    const from = 2 * m * head;
    if (!apart) pen.drawImage(picture, from, 0, m, m, left, top, width, height);
    else {
      pen.drawImage(picture, from + m, 0, 1, m, left, top, EDGE, height);
      pen.drawImage(picture, from + 1, 0, m - 1, m, left + EDGE + 1, top, width - EDGE - 1, height);
    }
  }

  /**
   * The largest share in the last row of a head's map, but for the row's own.
   * @param {number} layer
   * @param {number} head
   * @param {boolean} aside whether what rests on the first token does not count
   */
  strongest(layer, head, aside) {
    const roots = slice(this.trace.arrays.maps, layer, head).slice(-this.fields, -1);
    return (Math.max(0, ...roots.subarray(aside ? 1 : 0)) / 255) ** 2;
  }

  /**
   * The maps of a layer's heads side by side, each followed by one whose first column is grey.
   * @param {number} layer
   */
  #pictures(layer) {
    const known = this.#layers.get(layer);
    if (known) return known;
    const { fields: m, trace } = this;
    const heads = trace.model.n_heads;
    const image = new ImageData(2 * m * heads, m);
    const pixels = new Uint32Array(image.data.buffer);
    const [violet, grey] = [packed(this.colours.attention), packed(this.colours.rest)];
    for (const head of range(heads)) {
      const roots = slice(trace.arrays.maps, layer, head);
      for (let i = 0, k = 0; i < m; i++) {
        const at = (2 * i * heads + 2 * head) * m;
        for (let j = 0; j <= i; j++, k++) {
          pixels[at + j] = violet | (roots[k] << 24);
          pixels[at + m + j] = j ? violet | (roots[k] << 24) : grey | ((GREY * roots[k]) << 24);
        }
      }
    }
    const canvas = make("canvas", { width: image.width, height: m });
    penOf(canvas).putImageData(image, 0, 0);
    this.#layers.set(layer, canvas);
    return canvas;
  }
}

/** @param {Colour} colour */
const packed = ([red, green, blue]) => (blue << 16) | (green << 8) | red;
