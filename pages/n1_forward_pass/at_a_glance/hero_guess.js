// @ts-check
// What is said at the end of the first ten seconds: since when the answer stands, and how probable the
// reader's own guess is: its probability where it is known, else a bound that holds.

import { percent } from "../../../ui/kit/format.js";
import { settled } from "./findings.js";

/** @import { LayerGuess, Trace } from "./trace.js" */

/**
 * A share of two digits that is not below the given one.
 * @param {number} share
 */
export function atMost(share) {
  const unit = 10 ** (Math.floor(Math.log10(share)) - 1);
  return Math.min(1, Math.ceil(share / unit - 1e-9) * unit);
}

/**
 * "" where nothing was guessed. A word that begins with a known token may be written by it and others:
 * then it has at most that token's share.
 * @param {Pick<Trace, "guesses" | "raw" | "n">} trace
 * @param {string} typed
 */
export function yourGuess(trace, typed) {
  const guess = typed.trim();
  if (!guess) return "";
  const known = trace.guesses(trace.n - 1).map(({ id, share }) => ({ word: trace.raw(id).trim(), share }));
  const same = known.find(({ word }) => word === guess) ?? known.find(({ word }) => alike(word, guess));
  if (same) return `you: ${same.word}, ${percent(same.share)}`;
  const least = Math.min(...known.map(({ share }) => share));
  const begins = known.filter(({ word }) => word && guess.toLowerCase().startsWith(word.toLowerCase()));
  const bound = Math.max(least, ...begins.map(({ share }) => share));
  return `you: ${guess}, below ${percent(atMost(bound))}`;
}

const alike = (/** @type {string} */ a, /** @type {string} */ b) => a.toLowerCase() === b.toLowerCase();

/**
 * From which layer on the answer stays.
 * @param {readonly LayerGuess[]} lens
 */
export function saidSince(lens) {
  const since = settled(lens);
  if (since === 0) return " probability. The logit lens shows it after every layer.";
  if (since === lens.length - 1)
    return ` probability. The logit lens shows it only after the last of ${lens.length} layers.`;
  return ` probability. The logit lens shows it from layer ${since + 1} of ${lens.length} on.`;
}
