// @ts-check
// How the next token is chosen: temperature and filters as in transformer_core/generation.py, and draws.

import { range, sum } from "./arithmetic.js";

/** @typedef {"top_k" | "top_p" | "min_p"} Filter */

/**
 * temperature 0 takes the likeliest; top_k 0, top_p 1 and min_p 0 leave all tokens in.
 * @typedef {{temperature: number, top_k: number, top_p: number, min_p: number}} Sampling
 */

/**
 * From index `exact` on, one logit stands for `group` tokens.
 * @typedef {{exact: number, group: number}} Layout
 */

/**
 * After one filter the first `n` are left, and `total` is the sum of their mass.
 * @typedef {{name: "temperature" | Filter, n: number, total: number}} FilterStep
 */

/**
 * e and mass: e^((z − z₀) / temperature) of each logit, and the same times the tokens that it stands
 * for; n and total: of the last step.
 * @typedef {{e: Float64Array, mass: Float64Array, steps: FilterStep[], n: number, total: number}} Filtered
 */

/**
 * What is left of logits after the temperature and each filter in use. They are sorted from the
 * largest, so that each filter keeps the first `n`.
 * @param {Float64Array} z
 * @param {Layout} layout
 * @param {Sampling} sampling
 * @returns {Filtered}
 */
export function filterSteps(z, { exact, group }, { temperature, top_k, top_p, min_p }) {
  const greedy = temperature === 0;
  const e = greedy ? z.map((_, i) => (i ? 0 : 1)) : z.map((x) => Math.exp((x - z[0]) / temperature));
  const mass = e.map((x, i) => (i < exact ? x : x * group));
  /** @type {FilterStep[]} */
  const steps = [];
  let n = greedy ? 1 : z.length;
  let total = sum(mass.subarray(0, n));
  steps.push({ name: "temperature", n, total });
  /** @type {(name: Filter, keeps: (i: number) => boolean) => void} */
  const narrow = (name, keeps) => {
    const end = range(n).findIndex((i) => i > 0 && !keeps(i));
    if (end > 0) n = end;
    total = sum(mass.subarray(0, n));
    steps.push({ name, n, total });
  };
  if (top_k > 0) narrow("top_k", (i) => i < top_k || z[i] === z[top_k - 1]);
  if (top_p < 1) {
    const enough = top_p * total;
    let above = 0;
    narrow("top_p", (i) => {
      above += mass[i - 1];
      return above < enough;
    });
  }
  if (min_p > 0) narrow("min_p", (i) => e[i] >= min_p);
  return { e, mass, steps, n, total };
}

/**
 * Numbers from 0 to 1, the same for the same seed: the generator mulberry32.
 * @param {number} seed
 */
export function lots(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
