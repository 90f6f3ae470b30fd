// @ts-check
// One token's lane: embedding, norm, Q K V, two additions, MLP, way out.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { lanesApart, rowY } from "./layout.js";
import { ease, reach } from "./stages.js";
import { drawPlace, drawStrip, paint } from "./strip.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Geometry } from "./layout.js" */
/** @import { StageId } from "./stages.js" */
/** @import { Look } from "./state.js" */
/** @import { Trace } from "./trace.js" */

/**
 * All that the picture depends on; `aside`: whether what rests on the first token is set aside; `scroll`:
 * how far its rows are scrolled.
 * @typedef {{trace: Trace, look: Look, geometry: Geometry, palette: Palette, aside: boolean, scroll: number}} Scene
 */

/**
 * A row of a scene: where it is, and whether it is the one looked at.
 * @typedef {{i: number, y: number, chosen: boolean}} Row
 */

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} i
 */
export function drawLane(pen, scene, i) {
  const { look, geometry: g } = scene;
  const row = { i, y: rowY(g, i), chosen: i === look.row };
  const most = row.chosen ? 1 : 0.62;
  const seen = (/** @type {StageId} */ id) => most * clamp(reach(look, id), 0, 1);
  drawStream(pen, scene, row);
  drawEmbedding(pen, scene, row, seen("embed"));
  drawNode(pen, scene, row, { x: g.normX, role: "residual", strength: seen("norm"), small: true });
  drawHeads(pen, scene, row, seen("qkv"));
  drawMlp(pen, scene, row, reach(look, "mlp"), seen("mlp"));
  drawNode(pen, scene, row, { x: g.add1, role: "attention", strength: seen("add"), small: false });
  drawNode(pen, scene, row, { x: g.add2, role: "feed_forward", strength: seen("add2"), small: false });
  const out = reach(look, "unembed");
  if (row.chosen && out > 0 && !g.narrow) drawWayOut(pen, scene, row.y, out);
  pen.globalAlpha = 1;
}

/**
 * The residual stream: thick where it runs alone, thin behind the attention dots.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Row} row
 */
function drawStream(pen, { look, geometry: g, palette }, { y, chosen }) {
  const line = (/** @type {number} */ from, /** @type {number} */ to) => {
    pen.beginPath();
    pen.moveTo(from, y);
    pen.lineTo(to, y);
    pen.stroke();
  };
  pen.globalAlpha = 0.5;
  pen.strokeStyle = paint(palette.rgb("line"));
  pen.lineWidth = 1;
  line(g.chip, g.frameRight + 4);
  pen.strokeStyle = paint(palette.rgb(chosen ? "residual" : "line"));
  pen.globalAlpha = chosen ? 1 : 0.9;
  const start = g.left + g.embed;
  const [before, after] = [g.dots - 5, g.dotsEnd + 5];
  /** @type {[from: number, to: number, step: StageId, thick: number][]} */
  const parts = [
    [g.chip, start, "embed", 3],
    [start, before, "norm", 3],
    [before, after, "norm", 1],
    [after, g.add1, "norm", 3],
    [g.add1, g.add2, "mlp", 3],
    [g.add2, g.frameRight + 4, "add2", 3],
  ];
  for (const [from, to, step, thick] of parts) {
    pen.lineWidth = chosen ? thick : 1.4;
    line(from, from + (to - from) * clamp(reach(look, step), 0, 1));
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Row} row
 * @param {number} strength
 */
function drawEmbedding(pen, { trace, geometry: g, palette }, { i, y }, strength) {
  const height = clamp(g.rowHeight * 0.42, 5, 18);
  const strip = { vector: trace.whole("embedded", i), peak: trace.wholePeak("embedded"), role: "residual", strength };
  const box = { left: g.left, top: y - height / 2, width: g.embed, height };
  if (strength > 0) drawStrip(pen, palette, strip, box);
  else drawPlace(pen, palette, box);
}

/**
 * Query, key and value.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Row} row
 * @param {number} strength
 */
function drawHeads(pen, scene, row, strength) {
  const { trace, look, geometry: g, palette } = scene;
  const { layer, head } = look;
  const shown = reach(look, "qkv");
  const gap = lanesApart(g);
  const height = Math.max(gap - 2.5, 2.5);
  if (shown <= 0) {
    drawPlace(pen, palette, { left: g.qkv, top: row.y - gap - height / 2, width: g.strip, height: 2 * gap + height });
    return;
  }
  const kv = trace.kvHead(head);
  const three = /** @type {const} */ ([
    ["q", "query", head, -gap],
    ["k", "key", kv, 0],
    ["v", "value", kv, gap],
  ]);
  for (const [name, role, outer, dy] of three) {
    const vector = trace.vector(name, row.i, layer, outer);
    const box = { left: g.qkv, top: row.y + dy - height / 2, width: g.strip * shown, height };
    drawBranch(pen, scene, row, { role, dy, shown, strength });
    drawStrip(pen, palette, { vector, peak: trace.peak(name, layer, outer), role, strength }, box);
  }
  pen.globalAlpha = 1;
}

/**
 * From the norm to a strip.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Row} row
 * @param {{role: string, dy: number, shown: number, strength: number}} branch
 */
function drawBranch(pen, { geometry: g, palette }, { y, chosen }, { role, dy, shown, strength }) {
  pen.globalAlpha = (chosen ? 0.85 : 0.22) * strength;
  pen.strokeStyle = paint(palette.rgb(role));
  pen.lineWidth = chosen ? 2.2 : g.rowHeight > 24 ? 4 : 1.5;
  const from = g.normX + 5;
  const end = from + (g.qkv - from) * shown;
  const middle = (from + end) / 2;
  pen.beginPath();
  pen.moveTo(from, y);
  pen.bezierCurveTo(middle, y, middle, y + dy, end, y + dy);
  pen.stroke();
}

/**
 * A circle on the lane: the norm, small, or an addition.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Row} row
 * @param {{x: number, role: string, strength: number, small: boolean}} node
 */
function drawNode(pen, { geometry: g, palette }, { y, chosen }, { x, role, strength, small }) {
  const r = small ? clamp(g.rowHeight * 0.1, 2, 4) : clamp(g.rowHeight * 0.19, 3.5, 8);
  pen.globalAlpha = Math.max(strength, 0.25);
  pen.fillStyle = paint(palette.rgb("page"));
  pen.strokeStyle = paint(palette.rgb(chosen && strength > 0.1 ? role : "muted"));
  pen.lineWidth = chosen ? 1.8 : 1;
  pen.beginPath();
  pen.arc(x, y, r, 0, 7);
  pen.fill();
  pen.stroke();
  if (!small && r > 4) {
    pen.beginPath();
    pen.moveTo(x - r / 2, y);
    pen.lineTo(x + r / 2, y);
    pen.moveTo(x, y - r / 2);
    pen.lineTo(x, y + r / 2);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

/**
 * The MLP widens each token's vector to d_ff numbers and narrows it again.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Row} row
 * @param {number} share
 * @param {number} strength
 */
function drawMlp(pen, { trace, look, geometry: g, palette }, { i, y, chosen }, share, strength) {
  const most = clamp(g.rowHeight * 0.4, 4, 17);
  const tall = most * (share < 1 ? ease(share * 1.6) : 1);
  const [x, w] = [g.mlpX, g.mlp];
  if (share <= 0) {
    drawPlace(pen, palette, { left: x + w * 0.2, top: y - most * 0.675, width: w * 0.6, height: most * 1.35 });
    return;
  }
  pen.globalAlpha = strength * (chosen ? 0.24 : 0.13);
  pen.fillStyle = paint(palette.rgb("feed_forward"));
  pen.beginPath();
  pen.moveTo(x, y - 2);
  for (const [at, dy] of [
    [0.22, -tall],
    [0.78, -tall],
    [1, -2],
    [1, 2],
    [0.78, tall],
    [0.22, tall],
    [0, 2],
  ]) {
    pen.lineTo(x + w * at, y + dy);
  }
  pen.fill();
  const height = tall * 1.35;
  const vector = trace.vector("hidden", i, look.layer);
  const strip = { vector, peak: trace.peak("hidden", look.layer), role: "feed_forward", strength };
  drawStrip(pen, palette, strip, { left: x + w * 0.2, top: y - height / 2, width: w * 0.6, height });
}

/**
 * From the row looked at to the prediction.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} y
 * @param {number} share
 */
function drawWayOut(pen, { geometry: g, palette, scroll }, y, share) {
  const from = g.frameRight + 4;
  const [run, goal] = [g.predict - 14, scroll + 6];
  pen.strokeStyle = paint(palette.rgb("residual"));
  pen.lineWidth = 3;
  pen.globalAlpha = share;
  pen.beginPath();
  pen.moveTo(from, y);
  pen.bezierCurveTo(from + run * 0.9, y, from + run * 0.6, goal, from + run * share, y + (goal - y) * share);
  pen.stroke();
  pen.globalAlpha = 1;
}
