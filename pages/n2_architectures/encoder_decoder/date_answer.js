// @ts-check
// A text that the server has rewritten, and the little arithmetic that the board does with it.

import { slice } from "../../../ui/kit/tensors.js";

/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * @typedef {{typed: string, refused: string, remark: string, source: string[], target: string[], wanted: string[],
 *   is_date: boolean, neighbour: string[], neighbour_target: string[], alphabet: string[], places: number[],
 *   place: number, digit: number, spread: number, layer: number, head: number, examples: string[],
 *   told: Record<string, string>, numbers: string}} DatesHeader
 */
/**
 * @typedef {{cross: Tensor, chances: Tensor, forced: Tensor<Int32Array>, forced_chances: Tensor,
 *   free: Tensor<Int32Array>, encoder_mask: Tensor<Uint8Array>, decoder_mask: Tensor<Uint8Array>,
 *   cross_mask: Tensor<Uint8Array>}} DatesArrays
 */
/** @typedef {{header: DatesHeader, arrays: DatesArrays}} Answer */
/**
 * `at`: the written character looked at; `text`: of the batch, 0 is the reader's; `place`: which of the
 * places that can be changed; `digit`: what stands there instead.
 * @typedef {{layer: number, head: number, at: number, text: number, place: number, digit: number}} Choice
 */

/** @param {ArrayLike<number>} row */
export function most(row) {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  return best;
}

/**
 * The n most probable tokens of a position, the first one first.
 * @param {ArrayLike<number>} chances
 * @param {number} n
 */
export const likeliest = (chances, n) =>
  Array.from(chances, (p, id) => ({ p, id }))
    .sort((a, b) => b.p - a.p)
    .slice(0, n);

/**
 * Loss in nats of a token that was given this probability.
 * @param {number} p
 */
export const nats = (p) => -Math.log(p);

/** @param {ArrayLike<number>} chances */
export const meanNats = (chances) => Array.from(chances, nats).reduce((a, b) => a + b, 0) / chances.length;

/**
 * Where two texts differ after a place.
 * @param {readonly string[]} found
 * @param {readonly string[]} wanted
 * @param {number} after
 */
export const differences = (found, wanted, after) =>
  wanted.flatMap((char, i) => (i > after && found[i] !== char ? [i] : []));

/**
 * The characters up to the end, itself included; what comes after it is no part of the text.
 * @param {readonly string[]} tokens
 */
export function ended(tokens) {
  const end = tokens.indexOf("end");
  return end < 0 ? [...tokens] : tokens.slice(0, end + 1);
}

/**
 * What a change of one digit does, both ways; `row` of the tokens by position.
 * @param {Answer} answer
 * @param {Choice} choice
 */
export function changed({ header, arrays }, choice) {
  const named = (/** @type {Int32Array} */ ids) => Array.from(ids, (id) => header.alphabet[id]);
  const at = header.places[choice.place];
  const target = header.wanted.map((char, i) => (i === at ? String(choice.digit) : char));
  const chances = slice(arrays.forced_chances, choice.place, choice.digit);
  const forced = named(slice(arrays.forced, choice.place, choice.digit));
  const free = ended(named(slice(arrays.free, choice.place, choice.digit)));
  return { at, target, forced, chances, free };
}

/**
 * The weights of a written character over the text.
 * @param {Answer} answer
 * @param {Choice} choice
 */
export const weightsOf = ({ arrays }, { layer, head, at }) => slice(arrays.cross, layer, head, at);

/** @typedef {"encoder" | "decoder" | "cross"} MaskName */
/** @typedef {"may look" | "not written yet" | "padding"} Cell */

/**
 * What a mask says of a pair: the masks are the core's, only the reason is told here.
 * @param {Answer} answer
 * @param {MaskName} name
 * @param {number} text of the batch
 * @returns {(query: number, key: number) => Cell}
 */
export function maskCell({ arrays }, name, text) {
  if (name === "decoder") {
    const { shape, values } = arrays.decoder_mask;
    return (query, key) => (values[query * shape[1] + key] ? "may look" : "not written yet");
  }
  const mask = name === "encoder" ? arrays.encoder_mask : arrays.cross_mask;
  const allowed = slice(mask, text);
  return (query, key) => (allowed[query * mask.shape[2] + key] ? "may look" : "padding");
}
