// @ts-check
// A vector as cells on a canvas: the colour of its role where positive, of negative values where not.

/** @import { Colour, Palette } from "../../../ui/kit/palette.js" */
/** @import { Box } from "./layout.js" */

/**
 * @param {Colour} colour
 * @param {number} [opacity]
 */
export const paint = (colour, opacity = 1) => `rgba(${colour.join()},${opacity})`;

/**
 * How strong a number's colour is, from 0 to 1.
 * @param {number} x
 * @param {number} peak the magnitude of a full colour
 */
export const depth = (x, peak) => Math.min(1, Math.abs(x) / peak) ** 0.65;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Palette} palette
 * @param {{vector: Float32Array, peak: number, role: string, strength: number}} strip
 * @param {Box} box
 */
export function drawStrip(pen, palette, { vector, peak, role, strength }, { left, top, width, height }) {
  if (strength <= 0.01 || width < 2) return;
  const cells = Math.min(vector.length, Math.floor(width / 2.6));
  const cell = width / cells;
  const [positive, negative] = [paint(palette.rgb(role)), paint(palette.rgb("negative"))];
  pen.globalAlpha = strength;
  pen.fillStyle = paint(palette.rgb("page"));
  pen.fillRect(left, top, width, height);
  for (const below of [false, true]) {
    pen.fillStyle = below ? negative : positive; // once for a sign: to set a colour takes longer than a cell
    for (let k = 0; k < cells; k++) {
      if (vector[k] < 0 !== below) continue;
      pen.globalAlpha = strength * (0.05 + 0.95 * depth(vector[k], peak));
      pen.fillRect(left + k * cell, top, cell - (cell > 3 ? 0.5 : 0), height);
    }
  }
  pen.globalAlpha = strength * 0.35;
  pen.strokeStyle = positive;
  pen.lineWidth = 0.75;
  pen.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
  pen.globalAlpha = 1;
}

/**
 * Where a strip will be.
 * @param {CanvasRenderingContext2D} pen
 * @param {Palette} palette
 * @param {Box} box
 */
export function drawPlace(pen, palette, { left, top, width, height }) {
  pen.globalAlpha = 1;
  pen.strokeStyle = paint(palette.rgb("line"));
  pen.lineWidth = 1;
  pen.setLineDash([3, 3]);
  pen.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  pen.setLineDash([]);
}
