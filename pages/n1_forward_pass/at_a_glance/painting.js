// @ts-check
// The picture on the canvas: a function of the trace, the look at it, the layout and the colours.

import { drawCells, drawCross, drawFlow, drawKeys } from "./cells.js";
import { drawLane } from "./lanes.js";
import { inSight } from "./layout.js";
import { reach } from "./stages.js";

/** @import { Scene } from "./lanes.js" */

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} ratio pixels of the screen to one of CSS
 */
export function paintPicture(pen, scene, ratio) {
  const { look, geometry, scroll } = scene;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, pen.canvas.width, pen.canvas.height);
  // Rows out of sight are not drawn: with 250 tokens they are nine of ten.
  const { first, last } = inSight(geometry, scroll);
  for (let i = first; i <= last; i++) if (i !== look.row) drawLane(pen, scene, i);
  drawLane(pen, scene, look.row);
  if (reach(look, "mix") > 0) drawFlow(pen, scene);
  drawCells(pen, scene);
  drawKeys(pen, scene);
  if (look.keyMarked && reach(look, "scores") > 0) drawCross(pen, scene);
}
