// @ts-check
// How the map is looked at: which two axes, how near, and where its middle lies.

import { clamp } from "../../../ui/kit/arithmetic.js";

const NEAREST = 24;
const MARGIN = { across: 60, up: 50 };

/** @typedef {ArrayLike<number>} Place along each axis */
/** @typedef {readonly [x: number, y: number]} Pixel */
/**
 * The axes by number; `x` and `y`: how far the middle is moved along them.
 * @typedef {{across: number, up: number, zoom: number, x: number, y: number}} View
 */
/** @typedef {{width: number, height: number, scale: number, middle: Pixel}} Frame pixels for 1, all places inside */

/** @type {View} */
export const FIRST = { across: 0, up: 1, zoom: 1, x: 0, y: 0 };

/**
 * With another axis; if it was the other one, they change places.
 * @param {View} view
 * @param {"across" | "up"} direction
 * @param {number} axis
 * @returns {View}
 */
export function turned(view, direction, axis) {
  const other = direction === "across" ? "up" : "across";
  const left = view[other] === axis ? view[direction] : view[other];
  return { ...FIRST, [direction]: axis, [other]: left };
}

/**
 * The same scale both ways, with all places inside.
 * @param {readonly Place[]} places
 * @param {View} view
 * @param {number} width
 * @param {number} height
 * @returns {Frame}
 */
export function frameOf(places, { across, up }, width, height) {
  const [left, right] = ends(places, across);
  const [bottom, top] = ends(places, up);
  const scale = Math.min((width - MARGIN.across) / (right - left || 1), (height - MARGIN.up) / (top - bottom || 1));
  return { width, height, scale, middle: [(left + right) / 2, (bottom + top) / 2] };
}

/**
 * @param {readonly Place[]} places
 * @param {number} axis
 */
function ends(places, axis) {
  let [low, high] = [Infinity, -Infinity];
  for (const place of places) {
    low = Math.min(low, place[axis]);
    high = Math.max(high, place[axis]);
  }
  return [low, high];
}

/**
 * @param {Frame} frame
 * @param {View} view
 * @param {Place} place
 * @returns {Pixel}
 */
export function pixelOf({ width, height, scale, middle }, { across, up, zoom, x, y }, place) {
  const s = scale * zoom;
  return [width / 2 + s * (place[across] - middle[0] - x), height / 2 - s * (place[up] - middle[1] - y)];
}

/**
 * Nearer or farther; from the whole map towards `home`.
 * @param {Frame} frame
 * @param {View} view
 * @param {number} by
 * @param {Place} home
 * @returns {View}
 */
export function zoomed({ middle }, view, by, home) {
  const zoom = clamp(view.zoom * by, 1, NEAREST);
  if (zoom === 1) return { ...view, zoom, x: 0, y: 0 };
  if (view.zoom > 1) return { ...view, zoom };
  return { ...view, zoom, x: home[view.across] - middle[0], y: home[view.up] - middle[1] };
}

/**
 * Pulled by pixels.
 * @param {Frame} frame
 * @param {View} view
 * @param {number} right
 * @param {number} down
 * @returns {View}
 */
export function pulled({ scale }, view, right, down) {
  const s = scale * view.zoom;
  return { ...view, x: view.x - right / s, y: view.y + down / s };
}

/**
 * The place nearest to a pixel; null if none is within reach.
 * @param {readonly Pixel[]} pixels
 * @param {Pixel} at
 * @param {number} reach
 */
export function nearestTo(pixels, [x, y], reach) {
  let [best, found] = [reach ** 2, /** @type {number | null} */ (null)];
  pixels.forEach(([px, py], i) => {
    const far = (px - x) ** 2 + (py - y) ** 2;
    if (far < best) [best, found] = [far, i];
  });
  return found;
}
