// @ts-check
// What the model says after a word: its logits from the largest on, and what the settings leave of them.

import { sum } from "../../../ui/kit/arithmetic.js";
import { filterSteps } from "../../../ui/kit/sampling.js";
import { slice } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { OFF } from "./sampling_settings.js";

/** @typedef {import("../../../ui/kit/sampling.js").Filter} Filter */
/** @typedef {import("../../../ui/kit/sampling.js").Filtered} Filtered */
/** @typedef {import("../../../ui/kit/tensors.js").Tensor} Tensor */
/** @typedef {import("./sampling_settings.js").SamplingSettings} SamplingSettings */
/**
 * @typedef {{pass_key: string, pieces: string[], token: number, listed: number[][], mentioned: number[],
 *   mentioned_pieces: string[], next_ids: number[], next_ranks: number[], next_logits: number[], group: number,
 *   vocab: number, d_model: number, norm: "layer_norm" | "rms_norm" | "none", tied: boolean,
 *   settings: SamplingSettings}} PredictionHeader
 */
/**
 * `before` and `x`: the last layer's vector before and after the final norm; `norm` [position, 5]: its first
 * number before it, the mean and the spread of all, and the norm's gain and bias for that number.
 * @typedef {{first: Tensor, rest: Tensor, before: Tensor, norm: Tensor, x: Tensor, rows: Tensor}} PredictionArrays
 */
/** @typedef {import("../../../ui/kit/tensors.js").Packed<PredictionHeader, PredictionArrays>} Predictions */
/**
 * A token that may come next. `row`: of its vector among the output rows; `said`: it did come.
 * @typedef {{row: number, word: string, z: number, rank: number, said: boolean}} Next
 */
/**
 * After one word: all logits, the likeliest tokens, and the token that came, listed or not; null at
 * the text's end.
 * @typedef {{z: Float64Array, listed: Next[], came: Next | null}} Place
 */
/**
 * A place under the reader's settings.
 * @typedef {Place & {sent: Predictions, at: number, settings: SamplingSettings, left: Filtered}} View
 */
/** @typedef {{name: Filter, n: number, total: number}} Cut */
/**
 * What is left where the filters come before the temperature.
 * @typedef {{e: Float64Array, mass: Float64Array, n: number, total: number}} Left
 */

/**
 * @param {Predictions} sent
 * @param {number} at the word's place
 * @returns {Place}
 */
export function placeAt({ header, arrays }, at) {
  const first = slice(arrays.first, at);
  const rest = slice(arrays.rest, at);
  const z = new Float64Array(first.length + rest.length);
  z.set(first);
  z.set(rest, first.length);
  const next = (/** @type {number} */ id, /** @type {number} */ rank, /** @type {number} */ logit) => {
    const row = header.mentioned.indexOf(id);
    const word = visible(header.mentioned_pieces[row]);
    return { row, word, z: logit, rank, said: id === header.next_ids[at] };
  };
  const listed = header.listed[at].map((id, i) => next(id, i, z[i]));
  const ended = at >= header.next_ids.length;
  const late = () => next(header.next_ids[at], header.next_ranks[at], header.next_logits[at]);
  return { z, listed, came: ended ? null : (listed.find((each) => each.said) ?? late()) };
}

/**
 * @param {Predictions} sent
 * @param {number} at
 * @param {Place} place
 * @param {SamplingSettings} settings
 * @returns {View}
 */
export function viewOf(sent, at, place, settings) {
  return { ...place, sent, at, settings, left: filterSteps(place.z, layoutOf(sent), settings) };
}

/** @param {Predictions} sent */
const layoutOf = ({ header, arrays }) => ({ exact: arrays.first.shape[1], group: header.group });

/**
 * The filters at temperature 1, and only then the temperature.
 * @param {View} view
 * @returns {Left}
 */
export function temperatureLast({ sent, z, settings }) {
  const layout = layoutOf(sent);
  const cut = filterSteps(z, layout, { ...settings, temperature: 1 });
  const { e, mass } = filterSteps(z, layout, { temperature: settings.temperature, ...OFF });
  const n = settings.temperature === 0 ? 1 : cut.n;
  return { e, mass, n, total: sum(mass.subarray(0, n)) };
}

/**
 * The probability with which a token is drawn.
 * @param {{left: Left}} view
 * @param {number} rank
 */
export const share = ({ left }, rank) => (rank < left.n ? left.e[rank] / left.total : 0);

/**
 * What the filters in use left, in their order.
 * @param {View} view
 */
export const cuts = ({ left }) => /** @type {Cut[]} */ (left.steps.slice(1));

/**
 * How many tokens the first n numbers stand for: beyond the exact ones, a group each.
 * @param {View} view
 * @param {number} n
 */
export function tokens({ sent: { header, arrays } }, n) {
  const exact = arrays.first.shape[1];
  return n <= exact ? n : Math.min(header.vocab, exact + (n - exact) * header.group);
}

/**
 * The number that stands for the token of a rank, which counts from 1.
 * @param {View} view
 * @param {number} rank
 */
export function numberOf({ sent: { header, arrays }, z }, rank) {
  const exact = arrays.first.shape[1];
  return rank <= exact ? rank - 1 : Math.min(exact + Math.ceil((rank - exact) / header.group), z.length) - 1;
}

/**
 * The probability that is left for the tokens after the first so many.
 * @param {View} view
 * @param {number} first
 */
export const afterFirst = ({ left }, first) => sum(left.mass.subarray(first, Math.max(first, left.n))) / left.total;

/**
 * What the first so many tokens hold together before the cuts.
 * @param {View} view
 */
export function held({ left }) {
  const all = left.steps[0].total;
  let above = 0;
  return left.mass.map((mass) => {
    above += mass;
    return above / all;
  });
}
