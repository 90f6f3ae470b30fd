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
  const after = row < trace.n - 1 || !lens ? `After ${quote(trace.word(row))}, the` : "The";
  const most = `${after} most probable next token is ${word}, with ${share}`;
  if (!lens) return most;
  const layers = lens.length;
  const since = settled(lens);
  const earlier = lens.slice(0, since).findIndex(({ id }) => id === first.id);
  if (since === 0) return `${most}. The logit lens shows it after every layer`;
  if (since === layers - 1) return `${most}. The logit lens shows it only after layer ${layers}`;
  if (earlier >= 0) {
    return `${most}. The logit lens shows it first after layer ${earlier + 1}, and always from layer ${since + 1} on`;
  }
  return `${most}. The logit lens shows it from layer ${since + 1} of ${layers} on`;
}
