// @ts-check
// What the pictures of the tiles are drawn from: one head's numbers, and what the reader looks at in it.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { rowSteps, tilesOf } from "./online_softmax.js";

/** @import { HeadArrays, RowStep, Tile } from "./online_softmax.js" */
/** @import { Packed } from "../../../ui/kit/tensors.js" */

/**
 * Which pass it is of which shape, where the reader looks, the size of a tile in the address (0: none);
 * other heads of `sentence` are to be had at the address `numbers`.
 * @typedef {{pass_id: string, pieces: string[], layer: number, head: number, token: number, tile: number,
 *   n_layers: number, n_heads: number, d_head: number, numbers: string, sentence: Record<string, string>}} TilesHeader
 */
/** @typedef {Packed<TilesHeader, HeadArrays>} Answer */
/** @typedef {{layer: number, head: number, row: number, size: number, at: number}} Choice `at`: which tile */

/**
 * The chosen head, its tiles, the one that is lit; all steps of the chosen row, those up to the lit tile, the last.
 * @typedef {{header: TilesHeader, words: string[], head: HeadArrays, choice: Choice, tiles: Tile[], tile: Tile,
 *   row: RowStep[], steps: RowStep[], step: RowStep}} Scene
 */

/**
 * The scene of a choice; its row is moved into the lit tile if it is not there.
 * @param {TilesHeader} header
 * @param {string[]} words
 * @param {HeadArrays} head
 * @param {Choice} choice
 * @returns {Scene}
 */
export function sceneOf(header, words, head, choice) {
  const tiles = tilesOf(words.length, choice.size);
  choice.at = clamp(choice.at, 0, tiles.length - 1);
  const tile = tiles[choice.at];
  choice.row = within(choice.row, tile, choice.size);
  const row = rowSteps(head, choice.row, choice.size);
  const steps = row.slice(0, keyTile(tile, choice.size) + 1);
  return { header, words, head, choice, tiles, tile, row, steps, step: steps[steps.length - 1] };
}

/**
 * The row of a tile that stands where the chosen one stood in its own.
 * @param {number} row
 * @param {Tile} tile
 * @param {number} size
 */
function within(row, { rows }, size) {
  if (row >= rows.from && row < rows.to) return row;
  return Math.min(rows.from + (row % size), rows.to - 1);
}

/**
 * @param {Tile} tile
 * @param {number} size
 */
export const keyTile = ({ keys }, size) => keys.from / size;

/**
 * The place of a row's tile among all tiles.
 * @param {readonly Tile[]} tiles
 * @param {number} row
 * @param {number} size
 * @param {number} keys which tile of its keys
 */
export const placeOf = (tiles, row, size, keys) =>
  tiles.findIndex((tile) => row >= tile.rows.from && row < tile.rows.to && keyTile(tile, size) === keys);
