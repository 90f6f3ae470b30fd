// @ts-check
// What the board shows: two passes, the mask chosen since, and where the reader looks.

/** @typedef {import("./mask_choice.js").Mask} Mask */
/** @typedef {import("./mask_pass.js").MaskPass} MaskPass */
/** @typedef {{row: number, column: number}} Cell */
/**
 * `token`: whose successor is predicted; `cursor`: the cell that keys move; `cell`: the edge of one in
 * pixels; `isBright`: whether each row is coloured by its own largest weight.
 * @typedef {{pass: MaskPass, mask: Mask, layer: number, head: number, token: number, cursor: number,
 *   hover: Cell | null, cell: number, isBright: boolean}} MaskView
 */

/**
 * Whether the numbers belong to another mask than the one chosen.
 * @param {MaskView} view
 */
export const isStale = ({ pass, mask }) => mask.address !== pass.header.address;

/**
 * The menu's entry of the mask chosen; none of painted cells.
 * @param {MaskView} view
 */
export const kindOf = ({ pass, mask }) => pass.header.kinds.find(({ name }) => name === mask.choice.kind);

/**
 * Cross-attention is only drawn: these models read no second text.
 * @param {MaskView} view
 */
export const isPicture = ({ mask }) => mask.choice.kind === "cross";

/**
 * The token looked at. What padding computes is thrown away, so the last real token stands for it.
 * @param {MaskView} view
 */
export const tokenOf = ({ mask, token }) =>
  mask.choice.kind === "padding" ? Math.min(token, mask.choice.values[0] - 1) : token;

/**
 * Whether a key is filling.
 * @param {MaskView} view
 * @param {number} key
 */
export const isPadding = ({ mask: { choice } }, key) =>
  (choice.kind === "padding" || choice.kind === "cross") && key >= choice.values[0];

/**
 * @param {number} at
 * @param {number} n
 * @returns {Cell}
 */
export const cellOf = (at, n) => ({ row: Math.floor(at / n), column: at % n });
