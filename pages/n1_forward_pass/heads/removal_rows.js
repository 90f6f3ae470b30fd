// @ts-check
// What changes without a head: the loss, each token's surprise, the chances of the next token. What
// stands side by side adds up as it is printed, or says "≈".

import { largest, range } from "../../../ui/kit/arithmetic.js";
import { percent, relation, signed } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @import { HeadAt } from "./head_rows.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/** @typedef {{heads: [number, number][], pieces: Record<string, string>}} RemovedHeader */
/**
 * Of each removed head: the loss, −ln of each token's probability but the first's; next tokens by
 * their id, with their chances and those of the whole model; the word its last query reads most.
 * @typedef {{
 *   loss_without: Tensor, surprise_without: Tensor, next_ids: Tensor<Int32Array>, chances: Tensor,
 *   chances_without: Tensor, reads: Tensor<Int32Array>, weight: Tensor,
 * }} RemovedArrays
 */
/** @typedef {{piece: string, before: number, after: number}} NextToken */
/**
 * What the model says without a head. The whole model's likeliest tokens come first in `next`.
 * @typedef {{at: HeadAt, loss: number, surprise: Float32Array, next: NextToken[], reads: number, weight: number}} Lost
 */

const LISTED = 7;

/**
 * One row for each removed head.
 * @param {Packed<RemovedHeader, RemovedArrays>} packed
 * @returns {Lost[]}
 */
export function lostOf({ header, arrays }) {
  return header.heads.map(([layer, head], row) => {
    const ids = slice(arrays.next_ids, row);
    const [before, after] = [slice(arrays.chances, row), slice(arrays.chances_without, row)];
    const once = range(ids.length).filter((i) => ids.indexOf(ids[i]) === i);
    return {
      at: { layer, head },
      loss: arrays.loss_without.values[row],
      surprise: slice(arrays.surprise_without, row),
      next: once.map((i) => ({ piece: header.pieces[ids[i]], before: before[i], after: after[i] })),
      reads: arrays.reads.values[row],
      weight: arrays.weight.values[row],
    };
  });
}

/**
 * The likeliest next tokens with the head or without it, and the whole model's first guess, which is
 * always listed.
 * @param {Lost} lost
 */
export function nextTokens({ next }) {
  const guess = next[0];
  const top = (/** @type {NextToken} */ row) => Math.max(row.before, row.after);
  const sorted = [...next].sort((a, b) => top(b) - top(a));
  const listed = sorted.slice(0, LISTED);
  return { guess, listed: listed.includes(guess) ? listed : [...listed.slice(0, -1), guess] };
}

/**
 * A share's hundredths as they are printed.
 * @param {number} share
 */
const printed = (share) => Number(percent(share).replace(/[^\d.]/g, ""));

/**
 * The change of a chance in points, with "≈" where the shares as they are printed do not give it.
 * @param {NextToken} row
 */
export function changeInPoints({ before, after }) {
  const change = 100 * (after - before);
  const small = Math.abs(change) < 0.05;
  if (small && percent(before) === percent(after)) return "=";
  const digits = small ? 2 : 1;
  const sign = relation(printed(after) - printed(before), change, digits);
  return `${sign === "=" ? "" : "≈ "}${signed(change, digits)}`;
}

const thousandths = (/** @type {number} */ x) => Math.round(1000 * x) / 1000;

/**
 * How much the loss of the text changes without a head, both taken as they are printed.
 * @param {Lost} lost
 * @param {number} loss with all heads
 */
export const lossChange = (lost, loss) => thousandths(thousandths(lost.loss) - thousandths(loss));

/**
 * The heads whose removal makes the text hardest and easiest to predict.
 * @param {readonly Lost[]} all
 * @param {number} loss
 */
export function extremes(all, loss) {
  const ranked = all
    .map((lost) => ({ at: lost.at, change: lossChange(lost, loss) }))
    .sort((a, b) => b.change - a.change);
  return { most: ranked[0], least: ranked[ranked.length - 1] };
}

/**
 * The head without which the first guess loses most.
 * @param {readonly Lost[]} all
 */
export const mostMissed = (all) => all.reduce((a, b) => (b.next[0].after < a.next[0].after ? b : a));

/**
 * Each token's surprise with all heads and without one; the first token is not predicted.
 * @param {Tensor} surprise
 * @param {Lost} lost
 */
export function surprises(surprise, lost) {
  const words = Array.from(lost.surprise, (after, i) => ({ before: surprise.values[i], after }));
  return { words, top: Math.max(0.5, largest(words.map(({ before, after }) => after - before))) };
}
