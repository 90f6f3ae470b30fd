// @ts-check
// The tiles in words: what the lit one does to the chosen row, and what was moved for it.

import { memory, number } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { small } from "./row_formulas.js";
import { keyTile } from "./tile_scene.js";
import { mostReads } from "./traffic.js";

/** @import { Scene } from "./tile_scene.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

/** @param {import("./tile_scene.js").Choice} choice */
export const headName = ({ layer, head }) => `${layer + 1}.${head + 1}`;

/**
 * The headline.
 * @param {Scene} scene
 * @returns {Segment[]}
 */
export function finding({ words, choice, step, steps }) {
  /** @type {Segment} */
  const row = ["query", quote(words[choice.row])];
  const { before, after, correction } = step;
  const which = `tile ${steps.length}`;
  if (steps.length === 1) {
    return [row, ` meets its first tile of keys in head ${headName(choice)}: its highest score is `, number(after.m)];
  }
  if (after.m === before.m) {
    return [row, ` finds no higher score than ${number(after.m)} in ${which}, so what it has collected stays as it is`];
  }
  /** @type {Segment} */
  const factor = ["attention", small(correction)];
  const rises = ` finds a higher score in ${which}, ${number(after.m)} after ${number(before.m)}: `;
  return [row, rises, "what it has collected so far is multiplied by ", factor];
}

/**
 * The row and its tile.
 * @param {Scene} scene
 * @returns {Segment[]}
 */
export function rowTitle({ words, choice, tile, step }) {
  const count = Math.ceil((choice.row + 1) / choice.size);
  const { from, to } = step.keys;
  const keys = to - from > 1 ? `keys ${from + 1} to ${to}` : `key ${to}`;
  const place = `, tile ${keyTile(tile, choice.size) + 1} of ${count} (${keys})`;
  return ["What ", ["query", quote(words[choice.row])], ` keeps${place}`];
}

/**
 * What both ways move for the whole text.
 * @param {number} n
 * @param {number} size
 * @param {number} tiled bytes
 * @param {number} standard bytes
 * @returns {Segment[]}
 */
export function moved(n, size, tiled, standard) {
  /** @type {Segment[]} */
  const [own, other] = [
    ["attention", memory(tiled)],
    ["negative", memory(standard)],
  ];
  const start = `In tiles of ${size}, this head moves `;
  if (tiled < standard) {
    return [start, own, " between the memories, the standard way ", other, ": scores never reach the slow one"];
  }
  const reads = mostReads(n, size);
  return [
    start,
    own,
    ", the standard way ",
    other,
    `: such small tiles read keys up to ${reads} times. Try larger ones`,
  ];
}

/**
 * How close the tiled output comes to the dense one.
 * @param {number} gap
 */
export const exactness = (gap) =>
  gap === 0
    ? "The model’s own pass uses whole rows. In this head, o ÷ l equals its result in every number."
    : `The model’s own pass uses whole rows. In this head, o ÷ l differs from it by at most ${number(gap, 1)}, ` +
      "the rounding of 32-bit numbers.";
