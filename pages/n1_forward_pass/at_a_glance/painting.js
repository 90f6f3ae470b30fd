// @ts-check
// The picture on the canvas: a function of the trace, the look at it, the layout and the colours.

import { drawCells, drawCross, drawFlow, drawKeys } from "./cells.js";
import { closeUpBox, drawVeil } from "./close_up.js";
import { drawDotProduct } from "./dot_product.js";
import { drawHeatMap } from "./heat_map.js";
import { lit } from "./known.js";
import { drawLane } from "./lanes.js";
import { hasRow, inSight, rowY } from "./layout.js";
import { drawResidualSum } from "./residual_sum.js";
import { drawSoftmaxRow } from "./softmax_row.js";
import { reach } from "./stages.js";
import { paint } from "./strip.js";

/** @import { Scene } from "./lanes.js" */

const CACHED = 0.3; // how strong rows from the cache are while a new one is computed

/**
 * @param {{pen: CanvasRenderingContext2D, over: CanvasRenderingContext2D}} pens of the rows, of what is over them
 * @param {Scene} scene
 * @param {number} ratio pixels of the screen to one of CSS
 */
export function paintPicture({ pen, over }, scene, ratio) {
  const { trace, look, geometry, scroll } = scene;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
  const newest = look.fresh > 0 ? trace.n - 1 : -1;
  // Rows out of sight are not drawn: with 250 tokens they are nine of ten.
  const rows = inSight(geometry, scroll).filter((i) => i !== newest);
  paintRows(pen, scene, rows, look.row !== newest);
  if (newest >= 0 && hasRow(geometry, newest)) paintNewest(pen, scene, newest);
  if (geometry.lanes.long) drawHeatMap(pen, scene);
  else drawKeys(pen, scene);
  over.setTransform(1, 0, 0, 1, 0, 0);
  over.clearRect(0, 0, over.canvas.width, over.canvas.height);
  over.setTransform(ratio, 0, 0, ratio, 0, -ratio * (scroll + closeUpBox(geometry).top));
  for (const draw of [drawDotProduct, drawSoftmaxRow, drawResidualSum]) draw(pen, over, scene);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {readonly number[]} rows
 * @param {boolean} chosen the one looked at is among them
 */
function paintRows(pen, scene, rows, chosen) {
  const { look, geometry } = scene;
  const shown = chosen && hasRow(geometry, look.row);
  for (const i of rows) if (i !== look.row) drawLane(pen, scene, i);
  if (shown) drawLane(pen, scene, look.row);
  if (shown && reach(look, "mix") > 0) drawFlow(pen, scene);
  if (geometry.lanes.long) return;
  drawCells(pen, scene, rows);
  if (shown && look.keyMarked && reach(look, "scores") > 0) drawCross(pen, scene);
}

/**
 * The row of a new token lights up from left to right, the others step back.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} newest
 */
function paintNewest(pen, scene, newest) {
  const { look, geometry: g, palette, scroll } = scene;
  const { come, faded } = lit(look.fresh);
  drawVeil(pen, scene, (1 - CACHED) * faded);
  const front = come * g.width;
  pen.save();
  pen.beginPath();
  pen.rect(0, scroll, front, g.rowsHeight + g.labels);
  pen.clip();
  paintRows(pen, scene, [newest], look.row === newest);
  pen.restore();
  if (come >= 1) return;
  pen.fillStyle = paint(palette.rgb("attention"), 0.8);
  pen.fillRect(front - 2, rowY(g, newest) - g.rowHeight / 2, 2, g.rowHeight);
}
