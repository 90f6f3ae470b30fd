// @ts-check
// What the notes and cards speak of: the numbers of the row, key, layer and head looked at.

import { range, sum } from "../../../ui/kit/arithmetic.js";
import { quote } from "../../../ui/kit/words.js";
import { known } from "./known.js";

/** @import { Look, Sampling } from "./state.js" */
/** @import { Trace } from "./trace.js" */
/** @typedef {ReturnType<typeof facts>} Facts */

/**
 * `dot`: q · k of the two; `root`: √d_head; `score`: dot / root; `top` and `total`: the row's largest
 * score and its sum of e^(score − top); `share`: what the row gives the key; `sizes`: lengths of x,
 * attention, x + that, MLP, x + that; `passed`: how many layers have been passed.
 * @param {Trace} trace
 * @param {Look} look
 * @param {Sampling} sampling
 */
export function facts(trace, look, sampling) {
  const { row, key, layer, head } = look;
  const { model, n } = trace;
  const root = Math.sqrt(model.d_head);
  const scores = trace.scores(row, layer, head).map((dot) => dot / root);
  const seen = scores.subarray(0, row + 1);
  const top = Math.max(...seen);
  const weights = trace.weights(row, layer, head);
  return {
    ...{ trace, model, n, row, key, layer, head, sampling, root, scores, top, weights },
    dot: trace.scores(row, layer, head)[key],
    score: scores[key],
    total: sum(seen.map((score) => Math.exp(score - top))),
    passed: known(look, model.n_layers).guesses,
    share: key <= row ? weights[key] : 0,
    sizes: trace.vector("size", row, layer),
    word: quote(trace.word(row)),
    keyWord: quote(trace.word(key)),
  };
}

/**
 * The row's largest share if its scores were multiplied by a factor.
 * @param {Facts} f
 * @param {number} factor
 */
export const sharpest = ({ scores, row, top }, factor) =>
  1 / sum(scores.subarray(0, row + 1).map((score) => Math.exp((score - top) * factor)));

/**
 * The key of the largest raw score, later tokens included: nothing is masked yet.
 * @param {Facts} f
 */
export const bestMatch = ({ scores }) => scores.indexOf(Math.max(...scores));

/**
 * The three keys that the row reads most.
 * @param {Facts} f
 */
export const readings = ({ row, weights }) =>
  range(row + 1)
    .sort((a, b) => weights[b] - weights[a])
    .slice(0, 3)
    .map((j) => ({ key: j, share: weights[j] }));
