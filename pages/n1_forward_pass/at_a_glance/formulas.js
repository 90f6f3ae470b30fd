// @ts-check
// Formulas, in letters and in the run's own numbers. Where a result is not what the numbers give as
// they are printed, "≈" stands before it.

import { bracketed, number, percent, printed, relation } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { em, key, lineEnd, query, sub, sup, upright, value, whole } from "./marks.js";

/** @import { Facts } from "./facts.js" */
/** @import { Guess, Trace } from "./trace.js" */
/** @import { Text } from "./marks.js" */

const Q = query("Q");
const K = key("K");

/** @type {Text[]} */
export const ROOT_OF_WIDTH = [" / √d", sub("head")];
/** @type {Text[]} */
export const SOFTMAX = ["softmax( ", Q, K, sup("⊤"), ...ROOT_OF_WIDTH, " + M )"];
/** @type {Text[]} */
export const MIX = [...SOFTMAX, " ", value("V")];
/** @type {Text[]} */
export const BLOCK = ["x ← x + attention(norm(x))", lineEnd, "x ← x + mlp(norm(x))"];

/**
 * A score, or a logit: two digits, however small.
 * @param {number} x
 */
export const score = (x) => number(x, 2, 0);

/**
 * Whether dividing q · k by √d_head gives, as they are printed, the score.
 * @param {Facts} f
 */
export const divides = (f) => relation(printed(f.dot, 2, 0) / f.root, f.score, 2, 0);

/**
 * From q · k to the share of a value, line by line.
 * @param {Facts} f
 * @returns {[dot: Text[], scaled: Text[], softmax: Text[], passed: Text[]]}
 */
export function shareLines(f) {
  return [
    [query("q"), sub(f.word), " · ", key("k"), sub(f.keyWord), ` = ${score(f.dot)}`],
    [`÷ √${f.model.d_head} ${divides(f)} ${score(f.score)}`],
    softmaxLine(f),
    ["so ", value("v"), sub(f.keyWord), ` is passed on with a weight of ${percent(f.share)}`],
  ];
}

/**
 * @param {Facts} f
 * @returns {Text[]}
 */
function softmaxLine({ score: own, top, total, share }) {
  const power = Math.exp(own - top);
  const made = Math.exp(printed(own, 2, 0) - printed(top, 2, 0));
  const first = relation(made, power, 4, 0);
  const second = relation(printed(power, 4, 0) / printed(total, 4, 0), share, 3, 0);
  const [above, below] = [power, total].map((x) => number(x, 4, 0));
  const exponent = sup(`${score(own)} − ${bracketed(top, 2, 0)}`);
  return ["e", exponent, ` / Σ ${first} ${above} / ${below} ${second} `, em(number(share, 3, 0))];
}

/**
 * How a guess's share follows from its logit.
 * @param {Trace} trace
 * @param {Guess} guess
 * @param {number} logSum
 * @returns {Text[]}
 */
export function guessLine(trace, { id, logit, share }, logSum) {
  const made = percent(Math.exp(printed(logit, 2, 0) - printed(logSum, 2, 0)));
  const sign = made === percent(share) ? "=" : "≈";
  const exponent = sup(`${score(logit)} − ${bracketed(logSum, 2, 0)}`);
  return ["e", exponent, ` ${sign} `, em(percent(share)), `  ${quote(trace.piece(id))}`];
}

/**
 * One number of the token's vector and of its position's, and their sum.
 * @param {number} row
 * @param {number} place
 * @param {number} x
 * @returns {Text[]}
 */
export function sumLine(row, place, x) {
  const written = (/** @type {number} */ each) => number(each, 3, 0);
  const made = printed(row, 3, 0) + printed(place, 3, 0);
  const sign = relation(made, x, 3, 0);
  const added = number(place, 3, 0).startsWith("−") ? "−" : "+";
  return [`${written(row)} ${added} ${written(Math.abs(place))} ${sign} `, em(written(x))];
}

/**
 * What makes q, k and v in this model: biases or not, turned by position or not.
 * @param {Facts} f
 * @returns {Text[]}
 */
export function projections({ model }) {
  const turned = model.position === "rope";
  const one = (/** @type {Text} */ letter, /** @type {string} */ name, /** @type {boolean} */ turns) => {
    const end = turns ? [")"] : model.bias ? [" + b", sub(name)] : [];
    return whole(letter, turns ? " = RoPE(zW" : " = zW", sub(name), ...end);
  };
  const three = [one(Q, "Q", turned), "\u2003 ", one(K, "K", turned), "\u2003 ", one(value("V"), "V", false)];
  return [upright("z = norm(x)"), lineEnd, ...three];
}

/**
 * What a model's MLP computes.
 * @param {Facts} f
 * @returns {Text[]}
 */
export function feedForward({ model }) {
  const bias = (/** @type {string} */ name) => (model.bias ? [" + b", sub(name)] : []);
  const bend = model.activation.startsWith("gelu") ? "gelu" : "relu";
  const inside = isGated(model)
    ? ["(silu(zW", sub("gate"), ") ⊙ zW", sub("up"), ") W", sub("down")]
    : [`${bend}(zW`, sub("up"), ...bias("up"), ") W", sub("down"), ...bias("down")];
  return [upright("z = norm(x)"), lineEnd, ...inside];
}

/** @param {{activation: string}} model */
export const isGated = ({ activation }) => activation === "swiglu";
