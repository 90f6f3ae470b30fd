// @ts-check
// The finding over the picture: when, on its way through the layers, the model comes to its answer.

import { percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";

/** @import { LayerGuess, Trace } from "./trace.js" */

/**
 * The first layer from which on every guess is the last one, from 0.
 * @param {readonly LayerGuess[]} lens
 */
export function settled(lens) {
  const last = lens[lens.length - 1].id;
  return lens.findLastIndex(({ id }) => id !== last) + 1;
}

/**
 * In a sentence or two.
 * @param {Trace} trace
 * @param {number} row
 */
export function finding(trace, row) {
  const [first] = trace.guesses(row);
  const word = quote(trace.piece(first.id));
  const share = percent(first.share);
  const lens = trace.lens(row);
  if (!lens) return `After ${quote(trace.word(row))} the model expects ${word}: ${share}`;
  const layers = lens.length;
  const since = settled(lens);
  const earlier = lens.slice(0, since).findIndex(({ id }) => id === first.id);
  if (since === 0) return `Every layer already guesses ${word}. At the end it has ${share}`;
  if (earlier >= 0) {
    return `Layer ${earlier + 1} first guesses ${word}, but only from layer ${since + 1} on does it stay: ${share}`;
  }
  const after = row < trace.n - 1 ? `After ${quote(trace.word(row))}, for` : "For";
  const silent = `${after} ${since === 1 ? "one layer" : `${since} layers`} the model does not say ${word}.`;
  if (since === layers - 1) return `${silent} Layer ${layers} does: ${share}`;
  return `${silent} From layer ${since + 1} on it does, at the end with ${share}`;
}
