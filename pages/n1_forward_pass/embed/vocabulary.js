// @ts-check
// The vocabulary in the browser: once per model, shared by the parts of the lesson.

import { range } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { ask } from "./asking.js";

/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */
/** @import { Place } from "./map_view.js" */

/**
 * The first tokens of `vocab_size`, which are drawn; `shares`: how much of the variance lies along each axis
 * of the map; `typical`: the mean cosine of two rows of the whole table; `lines`: the ids of the picture's
 * rows, with their pieces.
 * @typedef {{pieces: string[], vocab_size: number, shares: number[], typical: number, lines: number[],
 *   line_pieces: string[]}} TableHeader
 */
/** @typedef {{places: Tensor, picture: Tensor}} TableArrays places [token, component], picture [line, number] */
/**
 * `shown`: the pieces without their space; `places`: where the drawn tokens stand on the map.
 * @typedef {TableHeader & {shown: string[], places: Place[], picture: Tensor}} Vocabulary
 */

/** @type {Map<string, Promise<Vocabulary>>} */
const tables = new Map();

/**
 * The vocabulary at an address of embedding_table.py.
 * @param {string} address
 */
export function vocabulary(address) {
  const table = tables.get(address) ?? ask(address, "table").then(read);
  tables.set(address, table);
  table.catch(() => tables.delete(address)); // another try asks again
  return table;
}

/**
 * @param {Packed} packed
 * @returns {Vocabulary}
 */
function read(packed) {
  const { header, arrays } = /** @type {Packed<TableHeader, TableArrays>} */ (packed);
  const { places, picture } = arrays;
  return { ...header, shown: header.pieces.map(visible), places: rowsOf(places), picture };
}

/**
 * The vectors of an array.
 * @param {Tensor} array
 * @returns {Float32Array[]}
 */
export const rowsOf = (array) => range(array.shape[0]).map((i) => slice(array, i));
