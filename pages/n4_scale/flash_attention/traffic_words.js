// @ts-check
// Both ways at one length: bytes, arithmetic, and the time that each takes at least.

import { attentionFlops, largestTile, standardBytes, tiledBytes } from "./traffic.js";

/** @import { AcceleratorData } from "./traffic.js" */

/** @typedef {{n: number, d: number, fast: number}} Setting tokens, head width, bytes of fast memory */
/**
 * Times in seconds, with the machine's faster and its slower memory.
 * @typedef {{name: "tiled" | "standard", bytes: number, flops: number, intensity: number, moving: [number, number],
 *   computing: number}} Way
 */

/**
 * The tiled way, then the standard one.
 * @param {Setting} setting
 * @param {AcceleratorData} machine
 * @returns {Way[]}
 */
export function bothWays({ n, d, fast }, { flops: speed, bandwidth: [slow, quick] }) {
  const flops = attentionFlops(n, d);
  const way = (/** @type {"tiled" | "standard"} */ name, /** @type {number} */ bytes) => ({
    ...{ name, bytes, flops, intensity: flops / bytes, computing: flops / speed },
    moving: /** @type {[number, number]} */ ([bytes / quick, bytes / slow]),
  });
  return [way("tiled", tiledBytes(n, d, largestTile(fast, d))), way("standard", standardBytes(n, d))];
}

/**
 * What a way waits for: with the slower memory, with the faster one.
 * @param {Way} way
 */
export function limit({ moving: [least, most], computing }) {
  if (least > computing) return "slow memory";
  return most > computing ? "both alike" : "arithmetic";
}
