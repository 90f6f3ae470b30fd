// @ts-check
// Where words stand on stacked levels: each level is a slanted sheet of the same map.

import { clamp, range } from "../../../ui/kit/arithmetic.js";

/** @import { Pixel, Place } from "./map_view.js" */

/** @typedef {{corners: Pixel[], at: (node: number) => Pixel}} Plane */
/** @typedef {{planes: Plane[], height: number}} Stack planes by level, 0 the lowest */

const [GAP, UPPER, LOWEST] = [34, 96, 300]; // pixels between sheets, and their heights
const SLANT = 0.12; // of the width
const EDGE = 0.04; // of a sheet that stays free
const FAR = 0.02; // of the words at either end of an axis, which stand at the edge

/**
 * @param {readonly Place[]} places of the words, along two axes at least
 * @param {number} levels
 * @param {number} width
 * @returns {Stack}
 */
export function stacked(places, levels, width) {
  const [across, up] = [0, 1].map((axis) => shareAlong(places, axis));
  const tops = range(levels).map((i) => GAP + i * (UPPER + GAP)); // from the highest level on
  const planes = range(levels).map((level) => {
    const [top, height] = [tops[levels - 1 - level], level ? UPPER : LOWEST];
    return sheet(across, up, { top, height, width });
  });
  return { planes, height: tops[levels - 1] + LOWEST + 2 };
}

/**
 * @param {readonly number[]} across
 * @param {readonly number[]} up
 * @param {{top: number, height: number, width: number}} room
 * @returns {Plane}
 */
function sheet(across, up, { top, height, width }) {
  const slant = SLANT * width;
  const point = (/** @type {number} */ u, /** @type {number} */ v) =>
    /** @type {Pixel} */ ([1 + slant * (1 - v) + u * (width - slant - 2), top + v * height]);
  const inside = (/** @type {number} */ share) => EDGE + share * (1 - 2 * EDGE);
  return {
    corners: [point(0, 0), point(1, 0), point(1, 1), point(0, 1)],
    at: (node) => point(inside(across[node]), 1 - inside(up[node])),
  };
}

/**
 * Of each place from 0 to 1 along an axis; the few that lie farthest off stand at its ends.
 * @param {readonly Place[]} places
 * @param {number} axis
 */
function shareAlong(places, axis) {
  const values = places.map((place) => place[axis]);
  const sorted = values.toSorted((a, b) => a - b);
  const cut = Math.floor(FAR * values.length);
  const [low, high] = [sorted[cut], sorted[values.length - 1 - cut]];
  return values.map((value) => (high > low ? clamp((value - low) / (high - low), 0, 1) : 0.5));
}
