// @ts-check
// A text as the model wrote it on, one token at a time.

import { count, plural } from "../../../ui/kit/format.js";

/** @typedef {import("./sampling_settings.js").SamplingSettings} SamplingSettings */
/**
 * One new token: its probability and rank among what the filters left (`kept`: how many after each), and
 * the likeliest with theirs; how many positions were `computed` for it.
 * @typedef {{piece: string, probability: number, rank: number, kept: [string, number][],
 *   computed: number, best: [string, number][]}} WrittenStep
 */
/**
 * A text as far as it is written, of `asked` tokens. `done`: nothing is left to write; `full`: how many
 * tokens a text may have here, where that ended it, and `context` how many the model can read; `ended`:
 * the token with which the model ended it. With and without the cache: positions computed up to each step.
 * @typedef {{pass_key: string, prompt: string[], steps: WrittenStep[], asked: number, done: boolean,
 *   full: number | null, context: number, ended: string | null, settings: SamplingSettings, n_layers: number,
 *   n_kv_heads: number, d_head: number, bytes_per_position: number, with_cache: number[],
 *   without_cache: number[]}} GenerationData
 */

/**
 * What was computed and what it cost, up to the end.
 * @param {GenerationData} data
 */
export function headline(data) {
  const { steps, with_cache, without_cache } = data;
  const last = steps.length - 1;
  if (last < 0) return `${fullness(data)}: nothing can be appended`;
  const saved = `${plural(with_cache[last], "position")} with the cache, and ${count(without_cache[last])} without it`;
  return `To write ${plural(steps.length, "token")}, the model computes ${saved}`;
}

/** @param {GenerationData} data */
const fullness = ({ full, context }) =>
  full === context ? `The context window of ${count(context)} tokens is full` : `This page runs at most ${full} tokens`;

/**
 * Why the text ends where it does, if not because enough was written.
 * @param {GenerationData} data
 */
export function ending(data) {
  if (data.full !== null) return fullness(data);
  return data.ended === null ? null : `the model ended its text with ${data.ended}`;
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
