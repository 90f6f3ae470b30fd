// @ts-check
// What exists at a moment: nothing is given away before the pass has come to it.

import { FRESH_MS } from "./playback.js";
import { ease, INDEX, OVERVIEW, reach } from "./stages.js";

/** @import { Look } from "./state.js" */

const ATTENDED = 0.84; // of the softmax: then all rows become shares

/**
 * How many layers have their attention maps, and how many have a guess, at this moment.
 * @param {Look} look
 * @param {number} layers
 */
export function known({ stage, share, reached, fresh }, layers) {
  if (fresh > 0) return { maps: layers, guesses: Math.floor(lit(fresh).come * layers) };
  if (stage === OVERVIEW || stage > INDEX.layers) return { maps: layers, guesses: layers };
  if (stage === INDEX.layers)
    return share >= 1 ? { maps: layers, guesses: layers } : { maps: reached + 1, guesses: reached + 1 };
  const begun = stage >= INDEX.embed ? reached : 0;
  const attended = stage > INDEX.softmax || (stage === INDEX.softmax && share > ATTENDED);
  const through = stage > INDEX.add2 || (stage === INDEX.add2 && share >= 1);
  return { maps: begun + (attended ? 1 : 0), guesses: begun + (through ? 1 : 0) };
}

const LIT_MS = 1200; // while the lane of a new token lights up
const GUESSED_MS = 1300;
const RETURN_MS = 400; // while the others come back

/**
 * How much of the prediction has come, from 0 to 1: none before the unembedding, or before a new token's row
 * has been computed.
 * @param {Look} look
 */
export function guessed(look) {
  return look.fresh > 0 && look.fresh * FRESH_MS < GUESSED_MS ? 0 : reach(look, "unembed");
}

/**
 * While the row of a new token is computed: how much of it has come, and how far all others have faded.
 * @param {number} fresh as in Time
 */
export function lit(fresh) {
  if (fresh <= 0) return { come: 1, faded: 0 };
  const ms = fresh * FRESH_MS;
  return { come: ease(ms / LIT_MS), faded: Math.min(ease(ms / 200), ease((FRESH_MS - ms) / RETURN_MS)) };
}
