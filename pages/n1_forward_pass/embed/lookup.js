// @ts-check
// The sentence's tokens with the rows that they look up, what their positions add, and the sums.

import { dot, range, sum } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";
import { numbered } from "./token_name.js";

/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/**
 * The first of `total` tokens; `token` is looked at; `placed`: whether positions add anything;
 * `table`: the address of the matrix.
 * @typedef {{key: string, ids: number[], total: number, pieces: string[], token: number, d_model: number,
 *   vocab_size: number, placed: boolean, table: string}} LookupHeader
 */
/** @typedef {{rows: Tensor, places: Tensor}} LookupArrays [position, d_model]; no places where nothing is added */
/**
 * A vector for each token: its row, its position's, and what enters layer 1; `top`: the value that
 * gets the full colour.
 * @typedef {{header: LookupHeader, n: number, d: number, labels: string[], row: Float32Array[], place: Float32Array[],
 *   sum: Float32Array[], top: number}} Lookup
 */
/** @typedef {"row" | "place" | "sum"} Kind */

/**
 * @param {Packed<LookupHeader, LookupArrays>} message
 * @returns {Lookup}
 */
export function read({ header, arrays }) {
  const [n, d] = arrays.rows.shape;
  const row = range(n).map((i) => slice(arrays.rows, i));
  const place = range(n).map((i) => (header.placed ? slice(arrays.places, i) : new Float32Array(d)));
  return {
    header,
    n,
    d,
    labels: numbered(header.ids, header.pieces),
    row,
    place,
    sum: row.map((e, i) => e.map((x, k) => x + place[i][k])),
    top: 3 * Math.sqrt(sum(row.map((e) => dot(e, e))) / (n * d)) || 1,
  };
}

/**
 * Another place where a token's id stands; -1 for none.
 * @param {Lookup} lookup
 * @param {number} token
 */
export const twinOf = ({ header }, token) => header.ids.findIndex((id, i) => i !== token && id === header.ids[token]);

/**
 * Where another token stands that differs in its space only; -1 for none.
 * @param {Lookup} lookup
 * @param {number} token
 */
export const siblingOf = ({ header: { ids, pieces } }, token) =>
  ids.findIndex((id, i) => id !== ids[token] && pieces[i].trim() === pieces[token].trim());
