// @ts-check
// What arrives so many steps back, said in words.

import { number, percent } from "../../../ui/kit/format.js";
import { LOOKS } from "./layer_looks.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */

/**
 * A layer's share at each distance of `x`.
 * @typedef {{name: string, x: readonly number[], y: readonly number[]}} Reach
 */

/**
 * The share at a distance: of a curve with few points, the one that is next to it.
 * @param {Reach} reach
 * @param {number} k
 */
export function shareAt({ x, y }, k) {
  const gaps = x.map((at) => Math.abs(at - k));
  return y[gaps.indexOf(Math.min(...gaps))];
}

/**
 * Where it was least disturbed it says so in percent, else as a factor.
 * @param {number} share
 */
export const told = (share) => (share > 1.5 ? `${number(share, 1)} times as much` : percent(share));

/**
 * The headline.
 * @param {readonly Reach[]} reaches
 * @param {number} k
 * @returns {Segment[]}
 */
export function finding(reaches, k) {
  /** @type {Segment[]} */
  const said = reaches.flatMap((reach, i) => {
    /** @type {Segment} */
    const amount = [LOOKS[reach.name].role, told(shareAt(reach, k))];
    const before = i === 0 ? "" : i === reaches.length - 1 ? ", and " : ", ";
    return [`${before}in ${article(reach.name)} `, amount];
  });
  return [`${k} steps back, this much of the last token’s gradient arrives: `, ...said];
}

/** @param {string} name */
const article = (name) => `${name === "LSTM" || name === "RNN" ? "an" : "a"} ${name}`;

/**
 * By hand: what the forget gates alone would leave.
 * @param {number} bias
 * @param {number} k
 */
export function byHand(bias, k) {
  const open = 1 / (1 + Math.exp(-bias));
  return (
    `By hand, from the bias alone: a forget gate with bias ${number(bias, 0)} lets ${number(open)} of the cell ` +
    `through at each step. Over ${k} steps that leaves ${number(open)} to the power of ${k}, ` +
    `about ${percent(open ** k)}. The chart differs, as gates also depend on the input and the state.`
  );
}
