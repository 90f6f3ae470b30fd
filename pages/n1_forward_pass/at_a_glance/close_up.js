// @ts-check
// Where something is acted out large, beside what has been drawn: a panel, boxes on their way to it,
// words in it.

import { rowY } from "./layout.js";
import { paint } from "./strip.js";

/** @import { Box, Geometry } from "./layout.js" */
/** @import { Scene } from "./lanes.js" */

const WIDEST = 440;
const TALL = 232;
const INSIDE = 14;
const ABOVE = 60; // pixels that a panel may stand above the rows, so that it does not hide what it enlarges

/**
 * The height of the rows in sight and of what stands below them.
 * @param {Geometry} g
 */
const seen = ({ rowsHeight, labels }) => rowsHeight + labels;

/**
 * What close-ups are drawn on: the rows in sight, and so much above them as a panel may need.
 * @param {Geometry} g
 * @returns {Box} its top is counted from the rows'
 */
export function closeUpBox(g) {
  const top = Math.min(0, seen(g) - TALL - 6) - ABOVE;
  return { left: 0, top, width: g.width, height: seen(g) - top };
}

/**
 * The panel: right of the cells.
 * @param {Geometry} g
 * @param {number} scroll
 * @returns {Box}
 */
export function panel(g, scroll) {
  const left = g.narrow ? g.left : g.dotsEnd + 26;
  const room = seen(g) - TALL;
  const top = scroll + (room >= 4 ? room / 2 : room - 3);
  return { left, top, width: Math.min(g.width - left - 4, WIDEST), height: TALL };
}

/**
 * The same, moved up or down so that a row is in sight below or above it, where there is room for that.
 * @param {Geometry} g
 * @param {number} scroll
 * @param {number} row
 */
export function panelBeside(g, scroll, row) {
  const whole = panel(g, scroll);
  const half = g.rowHeight / 2 + 8;
  const above = rowY(g, row) - half - TALL;
  if (above >= scroll + closeUpBox(g).top + 2) return { ...whole, top: above };
  const below = rowY(g, row) + half;
  return below + TALL <= scroll + seen(g) ? { ...whole, top: below } : whole;
}

/**
 * The room inside the panel.
 * @param {Box} box
 * @returns {Box}
 */
export const inside = ({ left, top, width, height }) => ({
  left: left + INSIDE,
  top: top + INSIDE,
  width: width - 2 * INSIDE,
  height: height - 2 * INSIDE,
});

/**
 * On the way from one box to another.
 * @param {Box} from
 * @param {Box} to
 * @param {number} way
 * @returns {Box}
 */
export function between(from, to, way) {
  const mixed = (/** @type {keyof Box} */ side) => from[side] + (to[side] - from[side]) * way;
  return { left: mixed("left"), top: mixed("top"), width: mixed("width"), height: mixed("height") };
}

/**
 * Everything else steps back.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} strength
 */
export function drawVeil(pen, { geometry: g, palette, scroll }, strength) {
  if (strength <= 0) return;
  pen.globalAlpha = strength;
  pen.fillStyle = paint(palette.rgb("page"));
  pen.fillRect(0, scroll, g.width, g.rowsHeight + g.labels);
  pen.globalAlpha = 1;
}

/**
 * The panel, and the place that it enlarges.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Box} box
 * @param {{strength: number, from: {x: number, y: number}}} shown
 */
export function drawPanel(pen, { palette }, box, { strength, from }) {
  if (strength <= 0) return;
  const { left, top, width, height } = box;
  const below = from.y > top + height / 2;
  const edge = below ? top + height : top;
  pen.globalAlpha = 0.08 * strength;
  pen.fillStyle = paint(palette.rgb("muted"));
  pen.beginPath();
  pen.moveTo(from.x, from.y);
  pen.lineTo(left + 4, edge);
  pen.lineTo(left + width - 4, edge);
  pen.fill();
  pen.globalAlpha = strength;
  pen.fillStyle = paint(palette.rgb("page"));
  pen.strokeStyle = paint(palette.rgb("line"));
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.roundRect(left, top, width, height, 12);
  pen.fill();
  pen.stroke();
  pen.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {string} text
 * @param {{
 *   x: number, y: number, role?: string, size?: number, bold?: boolean, align?: CanvasTextAlign,
 *   strength?: number, widest?: number,
 * }} style
 */
export function write(pen, { palette }, text, style) {
  const { x, y, role = "ink", size = 14, bold = false, align = "left", strength = 1, widest } = style;
  pen.save();
  pen.globalAlpha = strength;
  pen.fillStyle = paint(palette.rgb(role));
  pen.font = `${bold ? 650 : 500} ${size}px Inter, system-ui, sans-serif`;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillText(text, x, y, widest);
  pen.restore();
}
