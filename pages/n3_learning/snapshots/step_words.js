// @ts-check
// What a snapshot of the training shows, in sentences and curves.

import { mean, range } from "../../../ui/kit/arithmetic.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote, visible } from "../../../ui/kit/words.js";

/** @import { Chart } from "../../../ui/kit/curves.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/** @typedef {{piece: string, p: number}} Guess */
/** @typedef {{step: number, tokens: number, top: Guess[], sample: string}} StepData */
/**
 * @typedef {{pieces: string[], left_out: number, steps: StepData[], unigram: Guess[], bigram: Guess[],
 *   prompt: string}} StepsHeader
 */
/**
 * weights [step, layer, head, query, key]; losses [step, position − 1]; counted_losses [unigram and bigram,
 * position − 1]; distances [step, statistic].
 * @typedef {{weights: Tensor, losses: Tensor, counted_losses: Tensor, distances: Tensor}} StepsArrays
 */
/** @typedef {Packed<StepsHeader, StepsArrays>} Steps */

export const DEAREST = 9; // nats of a token in its darkest colour: a little more than ln 4,096
const STATISTICS = /** @type {const} */ ([
  ["uniform", "muted", "equal probabilities for all tokens"],
  ["unigram", "key", "the frequencies of single tokens"],
  ["bigram", "value", "the frequencies of pairs"],
]);

/**
 * @param {Steps} steps
 * @param {number} at
 * @returns {Segment[]}
 */
export function opening({ header }, at) {
  const { pieces, steps } = header;
  const last = steps.length - 1;
  const after = `after ${quote(visible(pieces[pieces.length - 1]))}`;
  const [now, then] = [steps[at], steps[last]].map(({ top }) => top[0]);
  if (at === last) {
    return [
      `At the end, after ${count(steps[last].step)} steps, the most probable token ${after} is `,
      ...said(now),
      ". Drag back to see how it came to that.",
    ];
  }
  const before = steps[at].step ? `After ${count(steps[at].step)} training steps` : "Before training";
  return [
    `${before}, the most probable token ${after} is `,
    ...said(now),
    `. After ${count(steps[last].step)} steps it is `,
    ...said(then),
    ".",
  ];
}

/**
 * @param {Guess} guess
 * @returns {Segment[]}
 */
const said = ({ piece, p }) => [["prediction", quote(visible(piece))], ` (${percent(p)})`];

/**
 * Which statistic the predictions are closest to, by KL divergence.
 * @param {Steps} steps
 * @param {number} at
 * @returns {Segment[]}
 */
export function nearestLine({ header, arrays }, at) {
  const distances = Array.from(slice(arrays.distances, at));
  const nearest = distances.indexOf(Math.min(...distances));
  const [, role, what] = STATISTICS[nearest];
  const pairs = range(header.steps.length).map((step) => slice(arrays.distances, step)[2]);
  const closest = pairs.indexOf(Math.min(...pairs));
  const [lost, byPairs] = [slice(arrays.losses, at), slice(arrays.counted_losses, 1)].map(mean);
  const more =
    lost < byPairs ? " Your sentence costs less than by pairs, a sign that more than the last token is used." : "";
  const past =
    nearest === 2 && at > closest ? ` They were closer at step ${count(header.steps[closest].step)}.${more}` : "";
  return [
    `At step ${count(header.steps[at].step)} the predictions for your sentence are closest to `,
    [role, what],
    `: ${number(distances[nearest])} nats away.${past}`,
  ];
}

/**
 * @param {Steps} steps
 * @param {number} at
 * @param {number} width
 * @returns {Chart}
 */
export function distanceChart({ header, arrays }, at, width) {
  const all = range(header.steps.length);
  const top = Math.max(...arrays.distances.values);
  return {
    curves: STATISTICS.map(([name, role], i) => ({
      ...{ name, role },
      points: all.map((step) => /** @type {const} */ ([step, slice(arrays.distances, step)[i]])),
    })),
    ...{ x: [0, all.length - 1], y: [0, top], at, width, height: 300 },
    marks: all.map((step) => /** @type {const} */ ([step, count(header.steps[step].step)])),
    label: "Distance of the model’s predictions from uniform, unigram and bigram, by training step",
    yTitle: "distance from the model, nats",
    xTitle: "training step (snapshots, not to scale)",
  };
}

/**
 * The mean attention weight on the token before, the first token apart.
 * @param {ArrayLike<number>} weights of one head [query, key]
 * @param {number} n
 */
export const oneBack = (weights, n) => mean(range(n - 1).map((i) => weights[(i + 1) * n + i]));

/**
 * The head that attends most to the token before, beside a uniform head.
 * @param {Steps} steps
 * @param {number} at
 * @returns {{head: number, said: string}}
 */
export function strongestBack({ header, arrays }, at) {
  const n = header.pieces.length;
  const [, layers, heads] = arrays.weights.shape;
  if (n < 2) return { head: 0, said: "With one token there is none before it." };
  const scores = range(layers * heads).map((i) =>
    oneBack(slice(arrays.weights, at, Math.floor(i / heads), i % heads), n),
  );
  const head = scores.indexOf(Math.max(...scores));
  const uniform = mean(range(n - 1).map((i) => 1 / (i + 2)));
  return {
    head,
    said:
      `Head ${Math.floor(head / heads) + 1}.${(head % heads) + 1} attends most to the token before: ` +
      `${percent(scores[head])} on average. With uniform attention it would be ${percent(uniform)}.`,
  };
}

/**
 * @param {Steps} steps
 * @param {number} at
 */
export function lossLine({ arrays }, at) {
  const losses = slice(arrays.losses, at);
  if (!losses.length) return "A single token has no loss: nothing stands before it.";
  const [unigram, bigram] = [0, 1].map((i) => number(mean(slice(arrays.counted_losses, i))));
  return `Loss of your sentence: ${number(mean(losses))} nats a token (unigram ${unigram}, bigram ${bigram})`;
}
