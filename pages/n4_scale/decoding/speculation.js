// @ts-check
// How much a draft helps, by the formulas of transformer_core/speculative.py, and what a run has shown.

import { range, sum } from "../../../ui/kit/arithmetic.js";

/**
 * @typedef {{guesses: string[], accepted: number, added: string[], draft_seconds: number,
 *   check_seconds: number}} RoundData
 */

/**
 * 1 + α + α² + … + α^γ: tokens of a round, on average.
 * @param {number} alpha
 * @param {number} drafted
 */
export const expectedTokens = (alpha, drafted) => sum(range(drafted + 1).map((i) => alpha ** i));

/**
 * How many times as fast; a guess takes `cost` of a check's time.
 * @param {number} alpha
 * @param {number} drafted
 * @param {number} cost
 */
export const expectedSpeedup = (alpha, drafted, cost) => expectedTokens(alpha, drafted) / (drafted * cost + 1);

/**
 * What a run has shown. `tried`: guesses that were compared, up to the first wrong one of each round.
 * @param {readonly RoundData[]} rounds
 */
export function shown(rounds) {
  const accepted = sum(rounds.map((round) => round.accepted));
  const tried = sum(rounds.map(({ guesses, accepted: right }) => Math.min(guesses.length, right + 1)));
  const tokens = sum(rounds.map(({ added }) => added.length));
  return {
    ...{ accepted, tried, tokens, rounds: rounds.length },
    guesses: sum(rounds.map(({ guesses }) => guesses.length)),
    drafting: sum(rounds.map(({ draft_seconds }) => draft_seconds)),
    checking: sum(rounds.map(({ check_seconds }) => check_seconds)),
  };
}
