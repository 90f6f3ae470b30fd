// @ts-check
// What changes without a head: the loss, each token's surprise, the chances of the next token. What
// stands side by side adds up as it is printed, or says "≈".

import { largest } from "../../../ui/kit/arithmetic.js";
import { percent, relation, signed } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { everyHead } from "./head_rows.js";

/** @import { HeadAt } from "./head_rows.js" */
/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * loss_without: [layer, head]; surprise: −ln of each token's probability but the first's, and without
 * each head, [layer, head, token]; chances of the tokens named, and without each head.
 * @typedef {{
 *   loss_without: Tensor, surprise: Tensor, surprise_without: Tensor, chances: Tensor, chances_without: Tensor,
 * }} RemovalArrays
 */
/** @typedef {{piece: string, before: number, after: number}} NextToken */

const LISTED = 7;

/**
 * The likeliest next tokens with the head or without it, and the whole model's first guess, which is
 * always listed.
 * @param {RemovalArrays} arrays
 * @param {readonly string[]} pieces
 * @param {HeadAt} at
 */
export function nextTokens({ chances, chances_without }, pieces, { layer, head }) {
  const without = slice(chances_without, layer, head);
  /** @type {NextToken[]} */
  const all = pieces.map((piece, i) => ({ piece, before: chances.values[i], after: without[i] }));
  const guess = all.reduce((a, b) => (b.before > a.before ? b : a));
  const top = (/** @type {NextToken} */ row) => Math.max(row.before, row.after);
  const sorted = [...all].sort((a, b) => top(b) - top(a));
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
 * @param {RemovalArrays} arrays
 * @param {number} loss with all heads
 * @param {HeadAt} at
 */
export const lossChange = ({ loss_without }, loss, { layer, head }) =>
  thousandths(thousandths(slice(loss_without, layer)[head]) - thousandths(loss));

/**
 * The heads whose removal makes the text hardest and easiest to predict.
 * @param {RemovalArrays} arrays
 * @param {number} loss
 */
export function extremes(arrays, loss) {
  const [n_layers, n_heads] = arrays.loss_without.shape;
  const ranked = everyHead({ n_layers, n_heads })
    .map((at) => ({ at, change: lossChange(arrays, loss, at) }))
    .sort((a, b) => b.change - a.change);
  return { most: ranked[0], least: ranked[ranked.length - 1] };
}

/**
 * Each token's surprise with all heads and without one; the first token is not predicted.
 * @param {RemovalArrays} arrays
 * @param {number} n tokens
 * @param {HeadAt} at
 */
export function surprises({ surprise, surprise_without }, n, { layer, head }) {
  const without = n > 1 ? slice(surprise_without, layer, head) : [];
  const words = Array.from(without, (after, i) => ({ before: surprise.values[i], after }));
  return { words, top: Math.max(0.5, largest(words.map(({ before, after }) => after - before))) };
}
