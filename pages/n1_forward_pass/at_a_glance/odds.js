// @ts-check
// The draw of the next token: each guess's own share, and its odds after temperature and top-p.

import { filterSteps } from "../../../ui/kit/sampling.js";

/** @import { Filtered } from "../../../ui/kit/sampling.js" */
/** @import { Sampling } from "./state.js" */
/** @import { Trace } from "./trace.js" */
/** @typedef {{id: number, own: number, odds: number, fate: "kept" | "cut" | "never"}} Odds */

/** @type {WeakMap<Trace, {logits: Float64Array, sampling: Sampling, filtered: Filtered}>} */
const known = new WeakMap();

/**
 * What temperature and top-p leave of the whole vocabulary, as `filter_steps` of
 * transformer_core/generation.py. The last answer is kept, as each frame asks.
 * @param {Trace} trace
 * @param {Sampling} sampling
 * @returns {Filtered}
 */
function filtered(trace, sampling) {
  const before = known.get(trace);
  const { temperature, topP } = sampling;
  if (before?.sampling.temperature === temperature && before.sampling.topP === topP) return before.filtered;
  const logits = before?.logits ?? Float64Array.from(trace.arrays.last_logits.values);
  const whole = { exact: trace.header.exact, group: trace.header.group };
  const now = filterSteps(logits, whole, { temperature, top_k: 0, top_p: topP, min_p: 0 });
  known.set(trace, { logits, sampling, filtered: now });
  return now;
}

/**
 * Whether temperature or top-p change the odds after a row: only after the last a token is drawn.
 * @param {Trace} trace
 * @param {number} row
 * @param {Sampling} sampling
 */
export const isShaped = (trace, row, { temperature, topP }) => row === trace.n - 1 && (temperature !== 1 || topP < 1);

/**
 * The likeliest tokens after a row.
 * @param {Trace} trace
 * @param {number} row
 * @param {Sampling} sampling
 * @returns {Odds[]}
 */
export function odds(trace, row, sampling) {
  const guesses = trace.guesses(row);
  if (!isShaped(trace, row, sampling)) {
    return guesses.map(({ id, share }) => ({ id, own: share, odds: share, fate: "kept" }));
  }
  const { e, n, total } = filtered(trace, sampling);
  const out = sampling.temperature === 0 ? "never" : "cut";
  return guesses.map(({ id, share }, rank) =>
    rank < n ? { id, own: share, odds: e[rank] / total, fate: "kept" } : { id, own: share, odds: 0, fate: out },
  );
}
