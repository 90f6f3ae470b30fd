// @ts-check
// The picture on the canvas: a function of the trace, the look at it, the layout and the colours.

import { drawCells, drawCross, drawFlow, drawKeys } from "./cells.js";
import { drawHeatMap } from "./heat_map.js";
import { drawLane } from "./lanes.js";
import { hasRow, inSight } from "./layout.js";
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
  for (const i of inSight(geometry, scroll)) if (i !== look.row) drawLane(pen, scene, i);
  if (hasRow(geometry, look.row)) drawLane(pen, scene, look.row);
  if (reach(look, "mix") > 0 && hasRow(geometry, look.row)) drawFlow(pen, scene);
  if (geometry.lanes.long) {
    drawHeatMap(pen, scene);
    return;
  }
  drawCells(pen, scene);
  drawKeys(pen, scene);
  if (look.keyMarked && reach(look, "scores") > 0) drawCross(pen, scene);
}
