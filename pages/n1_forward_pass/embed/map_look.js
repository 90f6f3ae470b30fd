// @ts-check
// What the map is looked at for: a token of the vocabulary, its nearest, and how unusual they are.

import { ask } from "./asking.js";
import { spaced } from "./token_name.js";
import { rowsOf } from "./vocabulary.js";

/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */
/** @import { Place } from "./map_view.js" */
/** @import { Vocabulary } from "./vocabulary.js" */

/**
 * The sentence's tokens, and which of them is looked at; or `entry`, a token of the vocabulary.
 * `table`: the address of the matrix.
 * @typedef {{key: string, ids: number[], pieces: string[], token: number, entry: number | null, tied: boolean,
 *   table: string}} MapHeader
 */
/** @typedef {{places: Tensor}} MapArrays of the sentence's tokens, [position, component] */
/**
 * A token and its nearest, best first; of its cosines with the `n` others the average, `high`: one in a hundred
 * lies above it, the highest, and how many lie in each bin.
 * @typedef {{piece: string, ids: number[], pieces: string[], cosines: number[], n: number, mean: number,
 *   high: number, best: number, bins: number[]}} NearHeader
 */
/** @typedef {{places: Tensor, similar: Tensor}} NearArrays [token and its nearest, component], [drawn token] */
/** @typedef {{ids: number[], pieces: string[]}} FoundHeader */
/** @typedef {{id: number, word: string, place: Place}} Entry a token with its place on the map */
/**
 * `similar`: the token's cosine with each that is drawn; `near`: its nearest, best first, with `cosines`;
 * `others`: what all its cosines are like; `centred`: the average row was taken away first.
 * @typedef {{table: Vocabulary, chosen: Entry, near: Entry[], cosines: number[], similar: Float32Array,
 *   others: NearHeader, centred: boolean}} Look
 */

/**
 * @param {readonly number[]} ids
 * @param {readonly string[]} pieces
 * @param {Tensor} places
 * @returns {Entry[]}
 */
export const entriesOf = (ids, pieces, places) =>
  rowsOf(places).map((place, i) => ({ id: ids[i], word: spaced(pieces[i]), place }));

/**
 * @param {Vocabulary} table
 * @param {string} address of the matrix
 * @param {number} id
 * @param {boolean} centred
 * @returns {Promise<Look>}
 */
export async function lookAt(table, address, id, centred) {
  const answer = await ask(address, "near", { id: String(id), centred: String(centred) });
  const { header, arrays } = /** @type {Packed<NearHeader, NearArrays>} */ (answer);
  const [chosen, ...near] = entriesOf([id, ...header.ids], [header.piece, ...header.pieces], arrays.places);
  return { table, chosen, near, cosines: header.cosines, similar: arrays.similar.values, others: header, centred };
}

/**
 * The tokens of the whole vocabulary that hold a text, best first.
 * @param {string} address of the matrix
 * @param {string} text
 * @returns {Promise<Entry[]>}
 */
export async function search(address, text) {
  if (!text.trim()) return [];
  const { header, arrays } = /** @type {Packed<FoundHeader, MapArrays>} */ (await ask(address, "search", { text }));
  return entriesOf(header.ids, header.pieces, arrays.places);
}

/**
 * What the server asks to look at.
 * @param {MapHeader} header
 */
export const asked = ({ entry, ids, token }) => entry ?? ids[token];
