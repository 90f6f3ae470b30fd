// @ts-check
// What the map is looked at for: a token of the sentence or of the vocabulary, and its nearest.

import { range } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";
import { cosines, nearest, placeOf, rowOf } from "./embedding_space.js";
import { spaced } from "./token_name.js";

/** @import { Tensor } from "../../../ui/kit/tensors.js" */
/** @import { Vocabulary } from "./vocabulary.js" */

/**
 * The sentence's tokens, and which of them is looked at; or `entry`, a token of the vocabulary.
 * `table`: the address of the matrix.
 * @typedef {{key: string, ids: number[], pieces: string[], token: number, entry: number | null, tied: boolean,
 *   table: string}} MapHeader
 */
/** @typedef {{rows: Tensor}} MapArrays */
/** @typedef {{id: number, word: string, vector: Float32Array}} Entry a token of the sentence, or of the vocabulary */
/**
 * `similar`: the entry's cosine with each row; `near`: its nearest, best first; `centred`: the average
 * row was taken away first.
 * @typedef {{table: Vocabulary, chosen: Entry, similar: Float64Array, near: readonly number[], centred: boolean}} Look
 */

const NEIGHBOURS = 8;

/**
 * @param {Vocabulary} table
 * @param {Entry} chosen
 * @param {boolean} centred
 * @returns {Look}
 */
export function lookAt(table, chosen, centred) {
  const similar = cosines(table.space, chosen.vector, centred);
  return { table, chosen, similar, near: nearest(similar, NEIGHBOURS, [chosen.id]), centred };
}

/**
 * @param {Vocabulary} table
 * @param {number} id
 * @returns {Entry}
 */
export const entry = ({ space, pieces }, id) => ({ id, word: spaced(pieces[id]), vector: rowOf(space, id) });

/**
 * @param {MapHeader} header
 * @param {Tensor} rows
 * @returns {Entry[]}
 */
export const sentenceOf = ({ ids, pieces }, rows) =>
  ids.map((id, i) => ({ id, word: spaced(pieces[i]), vector: slice(rows, i) }));

/**
 * What the server asks to look at.
 * @param {Vocabulary} table
 * @param {MapHeader} header
 * @param {readonly Entry[]} sentence
 */
export const asked = (table, header, sentence) =>
  header.entry !== null && header.entry < table.space.n ? entry(table, header.entry) : sentence[header.token];

/**
 * Where all tokens stand on the map.
 * @param {Vocabulary} table
 */
export const placesOf = ({ space }) => range(space.n).map((id) => placeOf(space, rowOf(space, id)));
