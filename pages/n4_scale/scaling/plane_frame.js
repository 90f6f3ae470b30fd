// @ts-check
// The plane: from parameters and tokens to places and back, both by powers of ten.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { logScale } from "../../../ui/kit/axes.js";

/** @typedef {import("../../../ui/kit/axes.js").Interval} Interval */
/** @typedef {import("../../../ui/kit/axes.js").Scale} Scale */
/**
 * @typedef {{x: Scale, y: Scale, width: number, height: number, left: number, right: number, top: number,
 *   bottom: number}} Frame
 */

/** @type {Interval} */
export const SIZES = [1e6, 10 ** 12.5]; // parameters
/** @type {Interval} */
export const TEXTS = [1e7, 10 ** 14.5]; // tokens

/**
 * @param {number} width
 * @returns {Frame}
 */
export function frameOf(width) {
  const height = clamp(width * 0.58, 320, 470);
  const [left, right, top, bottom] = [56, width - 12, 12, height - 44];
  const x = logScale(SIZES, [left, right]);
  const y = logScale(TEXTS, [bottom, top]);
  return { x, y, width, height, left, right, top, bottom };
}

/**
 * The nearest point of the plane.
 * @param {{n: number, d: number}} point
 */
export const onPlane = ({ n, d }) => ({ n: clamp(n, ...SIZES), d: clamp(d, ...TEXTS) });
