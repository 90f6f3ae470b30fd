// @ts-check
// The first ten seconds, by the clock: milliseconds in, how far each thing has come out.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { ease } from "./stages.js";

/** When the sentence splits, the layers sweep, the word drops; when it has dropped, and the end. */
export const AT = { split: 2000, sweep: 4000, drop: 8000, dropped: 8700, end: 10_000 };

const WORD_MS = 1100; // of a word's flight

/** @typedef {"ask" | "split" | "sweep" | "drop" | "end"} Phase */

/**
 * @param {number} ms
 * @returns {Phase}
 */
export function phase(ms) {
  if (ms < AT.split) return "ask";
  if (ms < AT.sweep) return "split";
  if (ms < AT.drop) return "sweep";
  return ms < AT.end ? "drop" : "end";
}

/** The share of a span that has gone by. */
const gone = (/** @type {number} */ ms, /** @type {number} */ from, /** @type {number} */ to) =>
  clamp((ms - from) / (to - from), 0, 1);

/**
 * How far a word is from the sentence (0) to its lane (1): one after the other there, together back.
 * @param {number} ms
 * @param {number} i
 * @param {number} n
 */
export function inLane(ms, i, n) {
  if (ms >= AT.drop) return 1 - ease(gone(ms, AT.drop, AT.dropped));
  const begins = AT.split + ((AT.sweep - AT.split - WORD_MS - 200) * i) / Math.max(1, n - 1);
  return ease(gone(ms, begins, begins + WORD_MS));
}

/**
 * The layers passed so far: 0 before the sweep, all of them after it; a broken one is being passed.
 * @param {number} ms
 * @param {number} layers
 */
export const swept = (ms, layers) => gone(ms, AT.sweep, AT.drop) * layers;

/** How far the winning word has dropped from the last layer into the box. */
export const dropped = (/** @type {number} */ ms) => ease(gone(ms, AT.drop, AT.dropped));

/**
 * The share that is counted up.
 * @param {number} ms
 * @param {number} share
 */
export const counted = (ms, share) => share * ease(gone(ms, AT.dropped, AT.end));

/**
 * The moment after `elapsed` milliseconds; a reader who is typing a guess holds the time before the split.
 * @param {number} ms
 * @param {number} elapsed
 * @param {boolean} typing
 */
export const later = (ms, elapsed, typing) =>
  typing && ms < AT.split ? Math.min(ms + elapsed, AT.split - 1) : Math.min(ms + elapsed, AT.end);
