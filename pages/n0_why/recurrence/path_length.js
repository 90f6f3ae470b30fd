// @ts-check
// Steps between two words, as transformer_core/laws/path_length.py counts them; the tests hold both equal.

export const KERNEL = 3; // tokens that a convolution reads

/** @typedef {"RNN" | "convolution" | "dilated convolution" | "self-attention"} KindName */
/**
 * `path(distance)`: steps to a token so much later; `sequential(n)`: steps that wait for one another;
 * `multiplications(n, d)`: of a layer.
 * @typedef {{name: KindName, path: (distance: number) => number, sequential: (n: number) => number,
 *   multiplications: (n: number, d: number) => number}} LayerKind
 */

/** @param {number} distance */
export const convolutionPath = (distance) => Math.ceil(distance / (KERNEL - 1));

/** @param {number} distance */
export function dilatedPath(distance) {
  let layers = 1;
  while (KERNEL ** layers - 1 < distance) layers++;
  return layers;
}

/**
 * Rounds of a parallel scan, up and down its tree.
 * @param {number} n
 */
export const scanRounds = (n) => Math.max(1, 2 * Math.ceil(Math.log2(n)));

/** @type {LayerKind[]} */
export const LAYER_KINDS = [
  { name: "RNN", path: (k) => k, sequential: (n) => n, multiplications: (n, d) => n * d * d },
  {
    ...{ name: "convolution", path: convolutionPath, sequential: () => 1 },
    multiplications: (n, d) => KERNEL * n * d * d,
  },
  {
    ...{ name: "dilated convolution", path: dilatedPath, sequential: () => 1 },
    multiplications: (n, d) => KERNEL * n * d * d,
  },
  { name: "self-attention", path: () => 1, sequential: () => 1, multiplications: (n, d) => n * n * d },
];
