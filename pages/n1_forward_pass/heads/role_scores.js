// @ts-check
// How well each head plays each known role: measured beforehand, and on the reader's own text.

import { range } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @import { HeadAt } from "./head_rows.js" */
/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * weights: of the layers sent, [layer, head, rows one after another]; maps: every head's in small;
 * favourites: [layer, head, word], the word attended to most; inducing: [layer, head], 1 for heads with both halves of
 * induction; copies: 1 for those that raise the copied logit on this text; confidence: of the model's guess after
 * each word;
 * targets: [role, query, key], where such a head looks; live, measured: [role, layer, head].
 * @typedef {{
 *   weights: Tensor, maps: Tensor<Uint8Array>, favourites: Tensor<Uint8Array>, confidence: Tensor,
 *   targets: Tensor<Uint8Array>, live: Tensor, measured?: Tensor,
 *   copies: Tensor<Uint8Array>, inducing?: Tensor<Uint8Array>,
 * }} WallArrays
 */

/**
 * @param {Tensor} scores
 * @param {number} role
 * @param {HeadAt} at
 */
export const score = (scores, role, { layer, head }) => slice(scores, role, layer)[head];

/**
 * What heads are compared by: the record, if there is one.
 * @param {WallArrays} arrays
 * @param {number} role
 * @param {HeadAt} at
 */
export const strength = ({ measured, live }, role, at) => score(measured ?? live, role, at);

/**
 * @param {WallArrays} arrays
 * @param {number} role
 * @param {readonly HeadAt[]} heads
 */
export const strongest = (arrays, role, heads) =>
  heads.reduce((a, b) => (strength(arrays, role, b) > strength(arrays, role, a) ? b : a));

/**
 * The keys at which a head of the role looks from word i.
 * @param {WallArrays} arrays
 * @param {number} role
 * @param {number} i
 */
export function targetsOf({ targets }, role, i) {
  const row = slice(targets, role, i);
  return range(row.length).filter((j) => row[j]);
}

/**
 * Whether the text gives the role anything to look at.
 * @param {WallArrays} arrays
 * @param {number} role
 */
export const isPlayable = ({ targets }, role) => slice(targets, role).some(Boolean);

/**
 * Whether the text shows a head in a role: it gives it something to find, the head attends to that with at least half
 * of the weight that was measured and, for induction, raises the logit of what it finds.
 * @param {WallArrays} arrays
 * @param {{name: string}} facts
 * @param {number} role
 * @param {HeadAt} at
 */
export function isShown(arrays, { name }, role, at) {
  const { measured, live, copies } = arrays;
  if (!isPlayable(arrays, role) || (name === "induction" && !slice(copies, at.layer)[at.head])) return false;
  return !measured || score(live, role, at) >= score(measured, role, at) / 2;
}

/**
 * The two roles that a head was measured to play most.
 * @param {Tensor} measured
 * @param {HeadAt} at
 */
export const bestRoles = (measured, at) =>
  range(measured.shape[0])
    .sort((a, b) => score(measured, b, at) - score(measured, a, at))
    .slice(0, 2);
