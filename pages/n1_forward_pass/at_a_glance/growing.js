// @ts-check
// An opened part grows in its place, and its neighbours give way: the layout with one column wider.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { ease } from "./stages.js";

/** @import { Geometry } from "./layout.js" */
/** @import { Column } from "./stages.js" */

const GROWN = 0.6; // of the figure's width
const GROWN_NARROW = 0.96;
const MS = 250;

/**
 * From where to where a part reaches.
 * @param {Geometry} g
 * @param {Column} column
 * @returns {[number, number]}
 */
export const extent = (g, column) =>
  /** @type {Record<Column, [number, number]>} */ ({
    tokens: [0, g.chip],
    embed: [g.left - 4, g.left + g.embed + 4],
    qkv: [g.normX - 8, g.qkv + g.strip + 6],
    attention: [g.dots - 8, g.add1 - 12],
    mlp: [g.mlpX - 8, g.mlpX + g.mlp + 8],
    predict: [g.frameRight + 4, g.width],
  })[column];

/**
 * The layout in which a part has grown by a share, and where that part then stands.
 * @param {Geometry} g
 * @param {Column | null} column
 * @param {number} share
 * @returns {{geometry: Geometry, place: {left: number, width: number} | null}}
 */
export function grown(g, column, share) {
  if (!column || share <= 0) return { geometry: g, place: null };
  const [from, to] = extent(g, column);
  const most = Math.max(to - from, (g.narrow ? GROWN_NARROW : GROWN) * g.width);
  const wide = to - from + (most - (to - from)) * ease(share);
  const others = (g.width - wide) / (g.width - (to - from));
  const x = (/** @type {number} */ at) => {
    if (at <= from) return at * others;
    if (at >= to) return from * others + wide + (at - to) * others;
    return from * others + ((at - from) * wide) / (to - from);
  };
  const dots = x(g.dots);
  const dotsEnd = x(g.dotsEnd);
  const geometry = {
    ...g,
    chip: x(g.chip),
    left: x(g.left),
    embed: x(g.left + g.embed) - x(g.left),
    frameLeft: x(g.frameLeft),
    frameRight: x(g.frameRight),
    normX: x(g.normX),
    qkv: x(g.qkv),
    strip: x(g.qkv + g.strip) - x(g.qkv),
    dots,
    dotsEnd,
    pitch: (dotsEnd - dots) / g.lanes.slots.length,
    add1: x(g.add1),
    mlpX: x(g.mlpX),
    mlp: x(g.mlpX + g.mlp) - x(g.mlpX),
    add2: x(g.add2),
    predict: g.width - x(g.width - g.predict),
  };
  return { geometry, place: { left: x(from), width: wide } };
}

export class Growth {
  /** @type {Column | null} */
  column = null;
  share = 0;
  #frame = 0;
  #goal = 0;

  /**
   * @param {() => boolean} still the reader wants no motion
   * @param {() => void} changed
   */
  constructor(still, changed) {
    this.still = still;
    this.changed = changed;
  }

  /** @param {Column | null} column the part that is opened, if any */
  to(column) {
    if (column && column !== this.column) {
      this.column = column;
      this.share = 0;
    }
    this.#goal = column ? 1 : 0;
    cancelAnimationFrame(this.#frame);
    this.#step(performance.now(), performance.now());
  }

  /**
   * @param {number} before
   * @param {number} now
   */
  #step(before, now) {
    const by = this.still() ? 1 : (now - before) / MS;
    this.share = clamp(this.share + (this.#goal > this.share ? by : -by), 0, 1);
    if (this.share === 0 && this.#goal === 0) this.column = null;
    this.changed();
    if (this.share !== this.#goal) this.#frame = requestAnimationFrame((later) => this.#step(now, later));
  }
}
