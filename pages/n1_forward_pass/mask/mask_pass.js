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
 *   n_layers: number, n_heads: number, sent: number[], layers: string, sentence: Record<string, string>,
 *   kinds: MaskPattern[], choice: ChosenMask, address: string, named: Record<string, string>, counted: number,
 *   reader: AnswerReader | null, on_first: number}} MaskHeader
 */
/**
 * @typedef {{gallery: Tensor<Uint8Array>, mask: Tensor<Uint8Array>, weights: Tensor, losses: Tensor,
 *   in_sight: Tensor<Uint8Array>, guesses: Tensor<Int32Array>, shares: Tensor}} MaskArrays
 */
/** @typedef {{layer: number}} MaskLayerHeader */
/** @typedef {{weights: Tensor}} MaskLayerArrays */
/**
 * Both passes and what follows from them. `weights`: [pass, head, query, key] of each layer that is
 * here; `blind`: queries that may look nowhere; `means`: of the loss,
 * over the tokens that somebody asks for; `inSight`: whether each token's answer is; `isTrained`: whether
 * the mask is the one that the model was trained with.
 * @typedef {{header: MaskHeader, arrays: MaskArrays, weights: Map<number, Tensor>, n: number,
 *   words: string[], blind: ReadonlySet<number>, means: readonly [trained: number, other: number],
 *   inSight: readonly boolean[], isTrained: boolean}} MaskPass
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
    weights: new Map(header.sent.map((layer, i) => [layer, ofLayer(arrays.weights, i)])),
    n,
    words: labels(header.pieces),
    blind: new Set(range(n).filter((i) => !cells.slice(i * n, (i + 1) * n).some(Boolean))),
    means: [mean(TRAINED), mean(OTHER)],
    inSight: Array.from(arrays.in_sight.values, Boolean),
    isTrained: cells.every((open, at) => open !== isAhead(at, n)),
  };
}

/**
 * One of the layers sent.
 * @param {Tensor} weights [pass, layer, head, query, key]
 * @param {number} i
 * @returns {Tensor}
 */
function ofLayer({ shape, values }, i) {
  const size = values.length / (shape[0] * shape[1]);
  const both = new Float32Array(2 * size);
  for (const which of [TRAINED, OTHER]) {
    const start = (which * shape[1] + i) * size;
    both.set(values.subarray(start, start + size), which * size);
  }
  return { shape: [shape[0], ...shape.slice(2)], values: both };
}

/**
 * Another layer of the same pass, as it comes.
 * @param {MaskPass} pass
 * @param {Uint8Array} bytes
 */
export function addLayer(pass, bytes) {
  const { header, arrays } =
    /** @type {import("../../../ui/kit/tensors.js").Packed<MaskLayerHeader, MaskLayerArrays>} */ (unpack(bytes));
  pass.weights.set(header.layer, arrays.weights);
}

/**
 * Whether a query may look at a key in the pass under the mask.
 * @param {MaskPass} pass
 * @param {number} query
 * @param {number} key
 */
export const sees = ({ arrays, n }, query, key) => arrays.mask.values[query * n + key] === 1;

/**
 * The weights of one query in one of the two passes, of a layer that is here.
 * @param {MaskPass} pass
 * @param {number} which
 * @param {{layer: number, head: number}} place
 * @param {number} query
 */
export const weightRow = ({ weights }, which, { layer, head }, query) =>
  slice(/** @type {Tensor} */ (weights.get(layer)), which, head, query);

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
