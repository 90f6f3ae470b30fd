// @ts-check
// Time: one step, play, and the row of a newly sampled token. Each function is given a time and
// returns the one after it.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { DOT_PRODUCT_MS } from "./acts.js";
import { LAST, OVERVIEW, STAGES } from "./stages.js";

/** @import { StageId } from "./stages.js" */

const STAGE_MS = 800;
const ACTED_MS = /** @type {Partial<Record<StageId, number>>} */ ({
  ...{ scores: DOT_PRODUCT_MS, softmax: 2800, mix: 1500, add: 2400, add2: 1400, unembed: 1200 },
});
const AGAIN_MS = 1000; // what was acted out before
const LAYER_MS = 130;
const REST_MS = 700; // after a stage the picture rests, so that what has happened can be read
export const FRESH_MS = 4200;
const SPEEDS = [0.5, 1, 2, 4];

/** @param {number} speed */
export const nextSpeed = (speed) => SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];

/**
 * `acts`: the stage is acted out at length; `fresh`: from 0 to 1 while the row of a newly sampled token
 * is drawn, 0 when there is none.
 * @typedef {import("./stages.js").Moment & {playing: boolean, stepping: boolean, acts: boolean, fresh: number}} Time
 */

/**
 * `still`: the reader wants no motion; `seen`: the stages that have been acted out.
 * @typedef {{speed: number, layers: number, still: boolean, seen: ReadonlySet<number>}} Pace
 */

/**
 * @param {number} stage
 * @returns {Time}
 */
export const restingAt = (stage) => ({ stage, share: 1, playing: false, stepping: false, acts: true, fresh: 0 });

/** @returns {Time} */
export const newRow = () => ({ ...restingAt(OVERVIEW), fresh: 1e-3 });

/** @returns {Time} the first stage of a whole pass */
export const playing = () => ({ ...restingAt(0), share: 0, playing: true });

/** @param {Time} time */
export const ended = (time) => time.stage === OVERVIEW || (time.stage === LAST && time.share >= 1 && !moves(time));

/** @param {Time} time */
export const moves = (time) => time.playing || time.stepping || time.fresh > 0;

/**
 * @param {Time} time
 * @returns {Time}
 */
export const stopped = (time) => ({ ...time, playing: false, stepping: false, fresh: 0 });

/**
 * The beginning of a stage.
 * @param {Time} time
 * @param {number} stage
 * @param {ReadonlySet<number>} seen
 * @returns {Time}
 */
const begun = (time, stage, seen) => ({ ...time, stage, share: 0, acts: !seen.has(stage) });

/**
 * One step on or back; beyond both ends lies the overview, before which the last step stands.
 * @param {Time} time
 * @param {1 | -1} by
 * @param {Pick<Pace, "still" | "seen">} pace
 * @returns {Time}
 */
export function stepped(time, by, { still, seen }) {
  const to = time.stage + by;
  const end = to < OVERVIEW ? LAST : to;
  const stage = end > LAST ? OVERVIEW : end;
  const rests = restingAt(stage);
  return by > 0 && !still && stage !== OVERVIEW ? { ...begun(rests, stage, seen), stepping: true } : rests;
}

/**
 * Pause, or play on; a pass that has ended is played from its beginning.
 * @param {Time} time
 * @param {Pick<Pace, "seen">} pace
 * @returns {Time}
 */
export function toggled(time, { seen }) {
  if (time.playing) return stopped(time);
  if (ended(stopped(time))) return playing();
  const on = { ...stopped(time), playing: true };
  return time.share >= 1 ? begun(on, time.stage + 1, seen) : on;
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
 * How long a stage takes, in milliseconds.
 * @param {number} stage
 * @param {boolean} acts
 * @param {number} layers
 */
export function duration(stage, acts, layers) {
  const { id } = STAGES[stage];
  if (id === "layers") return LAYER_MS * layers;
  const long = ACTED_MS[id];
  if (!long) return STAGE_MS;
  return acts ? long : AGAIN_MS;
}

/**
 * After so many milliseconds.
 * @param {Time} time
 * @param {number} elapsed
 * @param {Pace} pace
 * @returns {Time}
 */
export function advanced(time, elapsed, { speed, layers, still, seen }) {
  if (time.fresh > 0) {
    const fresh = still ? 1 : time.fresh + elapsed / FRESH_MS;
    return { ...time, fresh: fresh >= 1 ? 0 : fresh };
  }
  const ms = duration(time.stage, time.acts, layers);
  const share = time.share + (elapsed * speed) / ms;
  if (share < (time.playing ? 1 + REST_MS / ms : 1)) return { ...time, share: still ? Math.max(share, 1) : share };
  if (time.stepping || time.stage === LAST) return { ...stopped(time), share: 1 };
  return begun(time, time.stage + 1, seen);
}
