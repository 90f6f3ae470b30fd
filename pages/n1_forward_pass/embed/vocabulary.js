// @ts-check
// The embedding matrix in the browser: fetched once per model, shared by the parts of the lesson.

import { unpack } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { meanCosine, spaceOf } from "./embedding_space.js";

/** @import { Packed } from "../../../ui/kit/tensors.js" */
/** @import { Space, TableArrays } from "./embedding_space.js" */

/**
 * The first tokens of `vocab_size`; `shares`: how much of the variance lies along each axis of the map.
 * @typedef {{pieces: string[], vocab_size: number, shares: number[]}} TableHeader
 */
/**
 * `shown`: the pieces without their space; `typical`: the mean cosine of two rows.
 * @typedef {TableHeader & {space: Space, shown: string[], typical: number}} Vocabulary
 */

/** @type {Map<string, Promise<Vocabulary>>} */
const tables = new Map();

/**
 * The vocabulary at an address of embedding_table.py.
 * @param {string} address
 */
export function vocabulary(address) {
  let table = tables.get(address);
  if (!table) {
    table = fetched(address);
    tables.set(address, table);
    table.catch(() => tables.delete(address)); // another try asks again
  }
  return table;
}

/**
 * @param {string} address
 * @returns {Promise<Vocabulary>}
 */
async function fetched(address) {
  const answer = await fetch(new URL(address, location.origin));
  if (!answer.ok) throw new Error(`${answer.status} for the embedding matrix`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const { header, arrays } = /** @type {Packed<TableHeader, TableArrays>} */ (unpack(bytes));
  const space = spaceOf(arrays);
  return { ...header, space, shown: header.pieces.map(visible), typical: meanCosine(space) };
}
