// @ts-check
// Time: one step, play, and the row of a newly sampled token. Each function is given a time and
// returns the one after it.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { INDEX, LAST, OVERVIEW, STAGES } from "./stages.js";

const STAGE_MS = 1500;
const LAYER_MS = 450;
const FRESH_MS = 4200;
const REST = 0.6; // of a stage, after it: the picture rests, so that what has happened can be read
const SPEEDS = [0.5, 1, 2, 4];

/** @param {number} speed */
export const nextSpeed = (speed) => SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];

/**
 * `fresh`: from 0 to 1 while the row of a newly sampled token is drawn; 0 when there is none.
 * @typedef {import("./stages.js").Moment & {playing: boolean, stepping: boolean, fresh: number}} Time
 */

/**
 * `still`: the reader wants no motion.
 * @typedef {{speed: number, layers: number, still: boolean}} Pace
 */

/**
 * @param {number} stage
 * @returns {Time}
 */
export const restingAt = (stage) => ({ stage, share: 1, playing: false, stepping: false, fresh: 0 });

/** @returns {Time} */
export const newRow = () => ({ ...restingAt(OVERVIEW), fresh: 1e-3 });

/** @param {Time} time */
export const moves = (time) => time.playing || time.stepping || time.fresh > 0;

/**
 * @param {Time} time
 * @returns {Time}
 */
export const stopped = (time) => ({ ...time, playing: false, stepping: false, fresh: 0 });

/**
 * One step on or back; beyond both ends lies the overview, before which the last step stands.
 * @param {Time} time
 * @param {1 | -1} by
 * @param {boolean} still
 * @returns {Time}
 */
export function stepped(time, by, still) {
  const to = time.stage + by;
  const end = to < OVERVIEW ? LAST : to;
  const stage = end > LAST ? OVERVIEW : end;
  const stepping = by > 0 && !still && stage !== OVERVIEW;
  return { ...restingAt(stage), share: stepping ? 0 : 1, stepping };
}

/**
 * Play or pause; from the overview and the end it plays from the beginning.
 * @param {Time} time
 * @returns {Time}
 */
export function toggled(time) {
  if (time.playing) return stopped(time);
  const playing = { ...stopped(time), playing: true };
  const ended = time.stage === OVERVIEW || (time.stage === LAST && time.share >= 1);
  if (ended) return { ...playing, stage: 0, share: 0 };
  return time.share >= 1 ? { ...playing, stage: time.stage + 1, share: 0 } : playing;
}

/**
 * Where a hand on the timeline points, from 0 to 1 over all stages.
 * @param {number} place
 * @param {boolean} whole show the stage's end, not the share of it that lies under the hand
 * @returns {Time}
 */
export function scrubbedTo(place, whole) {
  const x = clamp(place, 0, 0.9999) * STAGES.length;
  const stage = Math.floor(x);
  return { ...restingAt(stage), share: whole ? 1 : x - stage };
}

/**
 * After so many milliseconds.
 * @param {Time} time
 * @param {number} elapsed
 * @param {Pace} pace
 * @returns {Time}
 */
export function advanced(time, elapsed, { speed, layers, still }) {
  if (time.fresh > 0) {
    const fresh = still ? 1 : time.fresh + elapsed / FRESH_MS;
    return { ...time, fresh: fresh >= 1 ? 0 : fresh };
  }
  const ms = time.stage === INDEX.layers ? LAYER_MS * layers : STAGE_MS;
  const share = time.share + (elapsed * speed) / ms;
  if (share < (time.playing ? 1 + REST : 1)) return { ...time, share: still ? Math.max(share, 1) : share };
  if (time.stepping || time.stage === LAST) return { ...stopped(time), share: 1 };
  return { ...time, stage: time.stage + 1, share: 0 };
}
