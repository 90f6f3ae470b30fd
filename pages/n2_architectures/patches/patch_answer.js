// @ts-check
// What the server says of a picture, and what is looked at.

/** @import { Tensor } from "../../../ui/kit/tensors.js" */

/**
 * @typedef {{name: string, shape: string, said: string, refused: boolean, kinds: string[], patch_size: number,
 *   near: number[], told: Record<string, string>, numbers: string}} PatchHeader
 */

/**
 * @typedef {{picture: Tensor<Uint8Array>, examples: Tensor<Uint8Array>, projected: Tensor, tokens: Tensor,
 *   attention: Tensor, chances: Tensor, likeness: Tensor}} PatchArrays
 */

/** @typedef {{header: PatchHeader, arrays: PatchArrays}} Answer */

/**
 * `size`: of the patches that the picture is cut into; `at`: the one looked at, from 0; `patch`: the model's patch
 * there; `byClass`: whether the class token is the query, and not that patch.
 * @typedef {{size: number, at: number, patch: number, layer: number, head: number, byClass: boolean}} Choice
 */

export const SIZES = [2, 4, 7, 14]; // divisors of 28

/**
 * The query's place among the tokens.
 * @param {Choice} choice
 */
export const queryOf = ({ byClass, patch }) => (byClass ? 0 : 1 + patch);

/**
 * Attention weights of the chosen query, layer and head: the class token's and the patches'.
 * @param {Answer} answer
 * @param {Choice} choice
 * @param {number} [layer]
 * @param {number} [head]
 */
export function weightsOf({ arrays: { attention } }, choice, layer = choice.layer, head = choice.head) {
  const [, heads, n] = attention.shape;
  const start = ((layer * heads + head) * n + queryOf(choice)) * n;
  const row = attention.values.subarray(start, start + n);
  return { toClass: row[0], toPatches: row.subarray(1) };
}

/**
 * Where the largest of some weights stands; the first of equals.
 * @param {ArrayLike<number>} weights
 */
export function best(weights) {
  let at = 0;
  for (let i = 1; i < weights.length; i++) if (weights[i] > weights[at]) at = i;
  return at;
}

/**
 * The model's patch at the place of a patch of another size: the one in its middle.
 * @param {readonly number[]} shape
 * @param {number} from size of the patches
 * @param {number} i
 * @param {number} to
 */
export function atOtherSize([, width], from, i, to) {
  const [rows, columns] = [Math.floor(i / (width / from)), i % (width / from)];
  const inside = (/** @type {number} */ k) => Math.floor(((k + 0.5) * from) / to);
  return inside(rows) * (width / to) + inside(columns);
}
