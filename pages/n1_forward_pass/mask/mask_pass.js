// @ts-check
// What the model did with the text, as trained and under the mask chosen.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { count, number, printed } from "../../../ui/kit/format.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels } from "../../../ui/kit/words.js";
import { isAhead } from "./mask_choice.js";

/** @typedef {import("./mask_choice.js").ChosenMask} ChosenMask */
/** @typedef {import("./mask_choice.js").MaskPattern} MaskPattern */
/**
 * @template {import("../../../ui/kit/tensors.js").Numbers} [V=Float32Array]
 * @typedef {import("../../../ui/kit/tensors.js").Tensor<V>} Tensor
 */
/**
 * @typedef {{layer: number, head: number, share: number, role: string | null, heads: string[],
 *   without: number}} AnswerReader
 */
/**
 * @typedef {{pass_key: string, pieces: string[], layer: number, head: number, token: number,
 *   n_layers: number, n_heads: number, kinds: MaskPattern[], choice: ChosenMask, address: string,
 *   named: Record<string, string>, counted: number, reader: AnswerReader | null}} MaskHeader
 */
/**
 * @typedef {{gallery: Tensor<Uint8Array>, mask: Tensor<Uint8Array>, weights: Tensor, losses: Tensor,
 *   in_sight: Tensor<Uint8Array>, guesses: Tensor<Int32Array>, shares: Tensor}} MaskArrays
 */
/**
 * Both passes and what follows from them. `blind`: queries that may look nowhere; `means`: of the loss,
 * over the tokens that somebody asks for; `inSight`: whether each token's answer is; `isTrained`: whether
 * the mask is the one that the model was trained with.
 * @typedef {{header: MaskHeader, arrays: MaskArrays, n: number, words: string[], blind: ReadonlySet<number>,
 *   means: readonly [trained: number, other: number], inSight: readonly boolean[], isTrained: boolean}} MaskPass
 */

export const TRAINED = 0;
export const OTHER = 1;

/**
 * @param {Uint8Array} bytes
 * @returns {MaskPass}
 */
export function maskPass(bytes) {
  const { header, arrays } = /** @type {import("../../../ui/kit/tensors.js").Packed<MaskHeader, MaskArrays>} */ (
    unpack(bytes)
  );
  const n = header.pieces.length;
  const cells = Array.from(arrays.mask.values, Boolean);
  const mean = (/** @type {number} */ which) =>
    sum(slice(arrays.losses, which).subarray(0, header.counted)) / header.counted;
  return {
    header,
    arrays,
    n,
    words: labels(header.pieces),
    blind: new Set(range(n).filter((i) => !cells.slice(i * n, (i + 1) * n).some(Boolean))),
    means: [mean(TRAINED), mean(OTHER)],
    inSight: Array.from(arrays.in_sight.values, Boolean),
    isTrained: cells.every((open, at) => open !== isAhead(at, n)),
  };
}

/**
 * Whether a query may look at a key in the pass under the mask.
 * @param {MaskPass} pass
 * @param {number} query
 * @param {number} key
 */
export const sees = ({ arrays, n }, query, key) => arrays.mask.values[query * n + key] === 1;

/**
 * The weights of one query in one of the two passes.
 * @param {MaskPass} pass
 * @param {number} which
 * @param {{layer: number, head: number}} place
 * @param {number} query
 */
export const weightRow = ({ arrays }, which, { layer, head }, query) =>
  slice(arrays.weights, which, layer, head, query);

/**
 * A loss with the digits that a formula needs.
 * @param {number} loss
 */
export const fine = (loss) => number(loss, 3, 0);

/**
 * e^loss, of the loss as it is written; from 100 on, three digits, since more would be none of the model's.
 * @param {number} loss
 */
export function perplexity(loss) {
  const exact = Math.exp(printed(loss, 3, 0));
  return exact < 100 ? { sign: "=", shown: number(exact) } : { sign: "≈", shown: count(Number(exact.toPrecision(3))) };
}
