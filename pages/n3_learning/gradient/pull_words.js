// @ts-check
// Where one token pulls the logits: p − 1 for the right token, p for every other.

import { mean } from "../../../ui/kit/arithmetic.js";
import { count, number, percent, printed, relation, signed } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote, visible } from "../../../ui/kit/words.js";

/** @import { Tensor } from "../../../ui/kit/tensors.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

/**
 * token: looked at, −1 where the address names none; n: tokens of the whole text; gap: autograd's at most.
 * @typedef {{model: string, pieces: string[], candidates: string[][], token: number, vocab: number, gap: number,
 *   n: number}} PullHeader
 */
/** @typedef {{nats: Tensor, p: Tensor, autograd: Tensor, right: Tensor<Int32Array>}} PullArrays of each token */
/** @typedef {{header: PullHeader, arrays: PullArrays}} Pulls */
/** @typedef {{word: string, p: number, gradient: number, autograd: number, came: boolean}} Logit */

const DIGITS = 3;
const RISES = "A step goes against it, so this logit rises.";

/**
 * The logits that are followed before a token, the most probable first.
 * @param {Pulls} pulls
 * @param {number} token not the first
 * @returns {Logit[]}
 */
export function logitsAt({ header, arrays }, token) {
  const at = token - 1;
  const [p, autograd] = [slice(arrays.p, at), slice(arrays.autograd, at)];
  return header.candidates[at]
    .map((piece, i) => {
      const came = arrays.right.values[at] === i;
      return { word: visible(piece), p: p[i], gradient: p[i] - Number(came), autograd: autograd[i], came };
    })
    .sort((a, b) => b.p - a.p);
}

/**
 * The dearest token.
 * @param {Pulls} pulls
 */
export function dearest({ arrays }) {
  const nats = Array.from(arrays.nats.values);
  return nats.indexOf(Math.max(...nats)) + 1;
}

/**
 * @param {Pulls} pulls
 * @param {number} token
 * @returns {Segment[]}
 */
export function finding(pulls, token) {
  const { header, arrays } = pulls;
  if (header.pieces.length < 2) return ["One token alone predicts nothing. Type a second word"];
  const loss = number(mean(arrays.nats.values));
  const word = quote(visible(header.pieces[token]));
  const cost = number(arrays.nats.values[token - 1], 2, 0.005);
  const which = token === dearest(pulls) ? "costs most" : "costs";
  const pull = number(Math.expm1(-arrays.nats.values[token - 1]), DIGITS);
  return [
    `Your text costs ${header.model} ${loss} nats a token. `,
    ["attention", word],
    ` ${which}, ${cost}, and the gradient of its logit is ${pull}`,
  ];
}

/**
 * @param {Pulls} pulls
 * @param {number} token
 */
export const asked = ({ header }, token) =>
  `The logits after ${quote(visible(header.pieces[token - 1]))}, ` +
  `where ${quote(visible(header.pieces[token]))} comes next`;

/**
 * The right token's gradient, another's, and their sum, each from printed numbers.
 * @param {Logit[]} logits
 */
export function byHand(logits) {
  const right = logits.find(({ came }) => came);
  const wrong = logits.find(({ came }) => !came);
  if (!right || !wrong) return ["", "", ""];
  const p = number(right.p, DIGITS, 5e-4);
  const made = printed(right.p, DIGITS, 5e-4) - 1;
  const result = `${relation(made, right.gradient, DIGITS)} ${number(right.gradient, DIGITS)}`;
  return [
    `${quote(right.word)} came. Its gradient is p − 1: ${p} − 1 ${result}. ${RISES}`,
    `${quote(wrong.word)} did not come. Its gradient is its probability, ${number(wrong.p, DIGITS, 5e-4)}, ` +
      "so its logit falls. The same holds for every other token.",
    "All gradients of a position add up to 0: p − 1 for the right token, 1 − p for all others together.",
  ];
}

/** @param {Pulls} pulls */
export const exact = ({ header }) =>
  `PyTorch’s backward pass (autograd) ran on the same logits. Over all ${count(header.vocab)} tokens ` +
  `of every position it differs from the formula by ${number(header.gap, 4, 0.01)} at most.`;

/** @param {Logit} logit */
export const cells = ({ p, gradient, autograd }) => [percent(p), signed(gradient, DIGITS), signed(autograd, DIGITS)];
