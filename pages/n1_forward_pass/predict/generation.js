// @ts-check
// A text as the model wrote it on, one token at a time.

import { count } from "../../../ui/kit/format.js";

/** @typedef {import("./sampling_settings.js").SamplingSettings} SamplingSettings */
/**
 * One new token: its share and rank among what the filters left (`kept`: how many after each), and
 * the likeliest with theirs; how many positions were `computed` for it.
 * @typedef {{piece: string, probability: number, rank: number, kept: [string, number][],
 *   computed: number, best: [string, number][]}} WrittenStep
 */
/**
 * A text that was written on, and which of its tokens end a run that stood there before.
 * @typedef {{pieces: string[], repeated: boolean[]}} Continuation
 */
/**
 * `full`: the context's length, where that ended the text; with and without the cache: positions
 * computed up to each step; `run`: tokens of a repetition.
 * @typedef {{pass_key: string, prompt: string[], steps: WrittenStep[], full: number | null, ended: boolean,
 *   settings: SamplingSettings, n_layers: number, n_kv_heads: number, d_head: number,
 *   bytes_per_position: number, with_cache: number[], without_cache: number[], greedy: Continuation,
 *   sampled: Continuation, run: number}} GenerationData
 */

/**
 * @param {number} n
 * @param {string} word
 */
export const plural = (n, word) => `${count(n)} ${word}${n === 1 ? "" : "s"}`;

/**
 * What was computed and what it cost, up to the end.
 * @param {GenerationData} data
 */
export function headline({ steps, with_cache, without_cache, full }) {
  const last = steps.length - 1;
  if (last < 0) return `The text fills the context of ${full} tokens: nothing can be appended`;
  const spent =
    `${plural(with_cache[last], "position")} computed with the cache, ` + `${count(without_cache[last])} without`;
  return `${plural(steps.length, "token")} written: ${spent}`;
}

/**
 * Why the text ends where it does, if not because enough was written.
 * @param {GenerationData} data
 */
export function ending({ full, ended }) {
  if (full !== null) return `context of ${full} tokens full`;
  return ended ? "the model ended its text" : null;
}

/**
 * What the cache holds at a step, and what the step computes.
 * @param {GenerationData} data
 * @param {number} at
 * @param {boolean} without the cache
 */
export function cacheAt({ prompt, steps, bytes_per_position }, at, without) {
  const filled = prompt.length + (steps.length ? at : 0);
  const fresh = at === 0 || without ? 0 : filled - 1; // from this position on
  return { filled, fresh, computed: filled - fresh, bytes: filled * bytes_per_position };
}
