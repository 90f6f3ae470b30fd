// @ts-check
// What of the band exists at a moment: nothing is given away before the pass has come to it.

import { INDEX, OVERVIEW } from "./stages.js";

/** @import { Look } from "./state.js" */

/**
 * How many layers have their attention maps, and how many have a guess, at this moment.
 * @param {Look} look
 * @param {number} layers
 */
export function known({ stage, share, reached }, layers) {
  if (stage === OVERVIEW || stage > INDEX.layers) return { maps: layers, guesses: layers };
  if (stage === INDEX.layers)
    return share >= 1 ? { maps: layers, guesses: layers } : { maps: reached + 1, guesses: reached + 1 };
  const begun = stage >= INDEX.embed ? reached : 0;
  const attended = stage > INDEX.softmax || (stage === INDEX.softmax && share > 0.5);
  const through = stage > INDEX.add2 || (stage === INDEX.add2 && share >= 1);
  return { maps: begun + (attended ? 1 : 0), guesses: begun + (through ? 1 : 0) };
}
