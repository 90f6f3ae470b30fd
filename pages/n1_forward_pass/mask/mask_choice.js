// @ts-check
// Which mask the reader has chosen: its cells, and its name in the address as mask_choice.py reads it.

import { range } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";

/** @typedef {import("../../../ui/kit/tensors.js").Tensor<Uint8Array>} Bits */
/** @typedef {{title: string, least: number, most: number, first: number}} MaskSetting */
/**
 * @typedef {{name: string, title: string, used: string, note: string, source: string, start: number,
 *   ahead: boolean, settings: MaskSetting[]}} MaskPattern
 */
/** @typedef {{kind: string, values: number[], causal: boolean}} ChosenMask */
/**
 * `cells`: n rows of n, whether a query may look at a key; `copyOf`: of a painted mask nobody has painted
 * on yet, what the pattern that it was copied from is called.
 * @typedef {{choice: ChosenMask, n: number, cells: readonly boolean[], address: string, copyOf?: string}} Mask
 */

export const PAINTED = "painted";

/**
 * Whether a cell shows the future: its key stands behind its query.
 * @param {number} at
 * @param {number} n
 */
export const isAhead = (at, n) => at % n > Math.floor(at / n);

/**
 * @param {Mask} mask
 * @param {number} query
 * @param {number} key
 */
export const may = ({ cells, n }, query, key) => cells[query * n + key];

/** @param {MaskPattern} kind */
export const firstValues = (kind) => kind.settings.map(({ first }) => first);

/**
 * The core's own cells of a kind and its values, from what came with the sentence.
 * @param {Bits} gallery
 * @param {MaskPattern} kind
 * @param {readonly number[]} values
 * @param {number} n
 */
export function patternCells(gallery, kind, values, n) {
  const at = kind.settings.reduce((index, { least, most }, k) => index * (most - least + 1) + values[k] - least, 0);
  const bits = slice(gallery, kind.start + at);
  return range(n * n).map((i) => ((bits[i >> 3] >> (7 - (i & 7))) & 1) === 1);
}

/**
 * A pattern of the menu, with the future hidden or not.
 * @param {Bits} gallery
 * @param {MaskPattern} kind
 * @param {{values: number[], causal: boolean}} choice
 * @param {number} n
 * @returns {Mask}
 */
export function patternMask(gallery, kind, { values, causal }, n) {
  const open = patternCells(gallery, kind, values, n);
  const cells = causal ? open.map((allowed, at) => allowed && !isAhead(at, n)) : open;
  const address = [kind.name, ...values].join(".") + (causal ? "+causal" : "");
  return { choice: { kind: kind.name, values, causal }, n, cells, address };
}

/**
 * @param {readonly boolean[]} cells
 * @param {number} n
 * @param {string} [copyOf]
 * @returns {Mask}
 */
export function paintedMask(cells, n, copyOf) {
  const address = [PAINTED, n, encoded(cells)].join(".");
  return { choice: { kind: PAINTED, values: [n], causal: false }, n, cells, address, copyOf };
}

/**
 * Cells as bits in URL-safe base64.
 * @param {readonly boolean[]} cells
 */
function encoded(cells) {
  const bytes = new Uint8Array(Math.ceil(cells.length / 8));
  cells.forEach((allowed, i) => {
    if (allowed) bytes[i >> 3] |= 128 >> (i & 7);
  });
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}
