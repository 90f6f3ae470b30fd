// @ts-check
// What the pictures of one attention layer are drawn from: the answer of the server, what the reader
// has chosen in it, and the numbers of the chosen head.

import { labels } from "../../../ui/kit/words.js";
import { headOf, table } from "./attention_head.js";

/** @import { AttentionArrays, Head } from "./attention_head.js" */
/** @import { Packed } from "../../../ui/kit/tensors.js" */

/**
 * @typedef {{
 *   pass_id: string, pieces: string[], layer: number, head: number, token: number,
 *   n_layers: number, n_heads: number, d_head: number, d_model: number,
 *   bias: boolean, normed: boolean, rotary: boolean, layers: number[], numbers: string,
 *   sentence: Record<string, string>,
 * }} AttentionHeader
 */
/** @typedef {{layers: number[]}} LayerHeader those that come with it */
/** @typedef {Packed<AttentionHeader, AttentionArrays>} Answer */

/** @typedef {{i: number, j: number}} Cell a query's row, a key's column */
/**
 * The cell that is kept, and the one pointed at; whether scores are divided by √d, and each row of
 * the last map is coloured by its own largest share.
 * @typedef {{layer: number, head: number, kept: Cell, pointed: Cell | null, divide: boolean, brighten: boolean}} Choice
 */
/**
 * An answer's header, the chosen layer's vectors, the words as they are shown, and the chosen head's
 * numbers under the chosen divisor.
 * @typedef {Answer & {words: string[], choice: Choice, head: Head, divisor: number, weights: number[][]}} Scene
 */

/**
 * @param {Answer} answer of which only the chosen layer is there
 * @param {Choice} choice
 * @returns {Scene}
 */
export function sceneOf({ header, arrays }, choice) {
  const head = headOf(arrays, choice.head);
  const divisor = choice.divide ? Math.sqrt(header.d_head) : 1;
  const weights = table(head.scores, divisor);
  return { header, arrays, words: labels(header.pieces), choice, head, divisor, weights };
}

/**
 * The cell that the pictures speak of.
 * @param {Choice} choice
 */
export const lookedAt = ({ pointed, kept }) => pointed ?? kept;
