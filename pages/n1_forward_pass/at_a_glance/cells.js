// @ts-check
// Attention on the canvas: scores and shares as cells, what flows from the keys that are read.

import { percent } from "../../../ui/kit/format.js";
import { arrivals, melted } from "./acts.js";
import { compared, comparing } from "./dot_product.js";
import { hasRow, keyX, lanesApart, rowY } from "./layout.js";
import { sharing } from "./softmax_row.js";
import { ease, reach } from "./stages.js";
import { paint } from "./strip.js";

/** @import { Scene } from "./lanes.js" */

const RESTING = 0.35; // how strongly what rests on the first token is drawn, when that is set aside

/**
 * Signed squares while they are scores, circles once they are shares.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {readonly number[]} rows
 */
export function drawCells(pen, scene, rows) {
  const { look, trace } = scene;
  const scored = reach(look, "scores");
  const chosen = { row: look.row, key: scored > 0 ? compared(scene) : 0, n: trace.n };
  const arrived = arrivals(chosen, scored, comparing(scene) !== null);
  const acts = sharing(scene) !== null;
  for (const i of rows) {
    const { scores, shares } = melted(i === look.row, reach(look, "softmax"), acts);
    if (scored < 1) drawPlaces(pen, scene, i);
    if (scored > 0 && scores > 0) drawScores(pen, scene, i, (j) => arrived(i, j) * scores);
    if (scored > 0 && shares > 0) drawShares(pen, scene, i, shares);
  }
  pen.globalAlpha = 1;
}

/**
 * Where a row's shares will be.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} i
 */
function drawPlaces(pen, { geometry: g, palette }, i) {
  pen.globalAlpha = 1;
  pen.strokeStyle = paint(palette.rgb("line"));
  pen.lineWidth = 1;
  for (let j = 0; j <= i; j++) {
    pen.beginPath();
    pen.arc(keyX(g, j), rowY(g, i), Math.max(Math.min(g.pitch, g.rowHeight) * 0.16, 1), 0, 7);
    pen.stroke();
  }
}

/**
 * @param {Scene} scene
 * @param {number} i
 */
const rowStrength = ({ look }, i) => (i === look.row ? 1 : 0.75);

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} i
 * @param {(j: number) => number} come how much of each cell there is
 */
function drawScores(pen, scene, i, come) {
  const { trace, look, geometry: g, palette } = scene;
  const mask = reach(look, "mask");
  // Masked, the colours spread over the scores that are left.
  const peak = trace.scorePeak(look.layer, look.head, mask > 0);
  const shrink = mask > 0 ? 1 : 1 + (1 / Math.sqrt(trace.model.d_head) - 1) * ease(reach(look, "scale"));
  const size = Math.min(g.pitch, g.rowHeight) * 0.84;
  const [positive, negative] = [paint(palette.rgb("query")), paint(palette.rgb("negative"))];
  trace.scores(i, look.layer, look.head).forEach((score, j) => {
    const kept = j > i ? 1 - ease(mask * 2.2 - (j - i) / trace.n) : 1;
    const value = (score / peak) * shrink;
    const strength = (0.08 + 0.92 * Math.abs(value) ** 0.8) * (0.5 + 0.5 * rowStrength(scene, i));
    const alpha = come(j) * kept * strength;
    if (alpha <= 0) return;
    pen.globalAlpha = alpha;
    pen.fillStyle = value < 0 ? negative : positive;
    pen.beginPath();
    pen.roundRect(keyX(g, j) - size / 2, rowY(g, i) - size / 2, size, size, Math.min(3, size / 4));
    pen.fill();
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} i
 * @param {number} come how much of the shares there is
 */
function drawShares(pen, scene, i, come) {
  const { layer, head } = scene.look;
  const strength = come * rowStrength(scene, i);
  scene.trace.weights(i, layer, head).forEach((share, j) => {
    const role = scene.aside && j === 0 && i > 0 ? "muted" : "attention";
    drawDot(pen, scene, { i, j, share, role, strength: role === "muted" ? strength * RESTING : strength });
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{i: number, j: number, share: number, role: string, strength: number}} dot
 */
function drawDot(pen, { geometry: g, palette }, { i, j, share, role, strength }) {
  const root = Math.sqrt(share);
  const r = Math.max(Math.min(g.pitch, g.rowHeight) * 0.47 * root, 0.8);
  pen.globalAlpha = strength * (0.3 + 0.7 * root);
  pen.fillStyle = paint(palette.rgb(role));
  pen.beginPath();
  pen.arc(keyX(g, j), rowY(g, i), r, 0, 7);
  pen.fill();
}

/**
 * Values flow from the keys that are read to the row looked at.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 */
export function drawFlow(pen, scene) {
  const { trace, look, geometry: g, palette } = scene;
  const share = ease(reach(look, "mix"));
  const room = g.add1 - g.dotsEnd - 11;
  if (room < 6) return;
  pen.strokeStyle = paint(palette.rgb("value"));
  pen.lineCap = "round";
  trace.weights(look.row, look.layer, look.head).forEach((weight, j) => {
    if (weight < 0.004 || !hasRow(g, j)) return;
    if (scene.aside && j === 0 && look.row > 0) {
      drawStub(pen, scene, weight, share);
      return;
    }
    pen.globalAlpha = (0.2 + 0.5 * weight) * Math.min(1, share * 2);
    drawReach(pen, scene, j);
    pen.lineWidth = Math.max(weight * 13, 0.8);
    drawStreamlet(pen, scene, j, room, share);
  });
  pen.globalAlpha = 1;
  pen.lineCap = "butt";
}

/**
 * What rests on the first token: it is said, and does not flow.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} weight
 * @param {number} share
 */
function drawStub(pen, { geometry: g, palette }, weight, share) {
  const [x, y] = [g.dotsEnd + 4, rowY(g, 0)];
  pen.save();
  pen.globalAlpha = Math.min(1, share * 2);
  pen.strokeStyle = paint(palette.rgb("line"));
  pen.lineWidth = Math.max(weight * 13, 0.8);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + 14, y);
  pen.stroke();
  pen.fillStyle = paint(palette.rgb("muted"));
  pen.font = `${g.large ? 16 : 14}px Inter, system-ui, sans-serif`;
  const above = y > 22; // else there is no room but beside it
  if (!g.narrow) pen.fillText(`first token ${percent(weight)}`, above ? x : x + 20, above ? y - 9 : y + 5);
  pen.restore();
}

/**
 * From a value's strip, below the dots, to where the streams meet.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} j
 */
function drawReach(pen, { geometry: g }, j) {
  const meeting = g.dotsEnd + 4;
  const y = rowY(g, j);
  const low = y + lanesApart(g);
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(g.qkv + g.strip + 2, low);
  pen.lineTo(meeting - 16, low);
  pen.quadraticCurveTo(meeting - 6, low, meeting, y);
  pen.stroke();
}

/**
 * From there to the addition of the row looked at.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {number} j
 * @param {number} room
 * @param {number} share
 */
function drawStreamlet(pen, { look, geometry: g }, j, room, share) {
  const x = g.dotsEnd + 4;
  const [y, goal] = [rowY(g, j), rowY(g, look.row)];
  const [run, end] = [room * share, y + (goal - y) * share];
  pen.beginPath();
  pen.moveTo(x, y);
  pen.bezierCurveTo(x + run * 0.7, y, x + run * 0.35, end, x + run, end);
  pen.stroke();
}

/**
 * Below the columns, the tokens that they stand for: as many as there is room for, always the one
 * read and the reader itself.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 */
export function drawKeys(pen, { trace, look, geometry: g, palette }) {
  if (!g.labels || reach(look, "scores") <= 0) return;
  pen.font = `${g.large ? 16 : 14}px Inter, system-ui, sans-serif`;
  for (const j of labelled(trace.n, look, Math.ceil((g.large ? 28 : 25) / g.pitch))) {
    const word = trace.word(j);
    pen.fillStyle = paint(palette.rgb(j === look.key && look.keyMarked ? "key" : "muted"));
    pen.globalAlpha = j > look.row ? 0.45 : 1;
    pen.save();
    pen.translate(keyX(g, j) - 3, g.full + 9);
    pen.rotate(0.62);
    pen.fillText(word.length > 8 ? `${word.slice(0, 7)}…` : word, 0, 4);
    pen.restore();
  }
  pen.globalAlpha = 1;
}

/**
 * The columns that carry their token.
 * @param {number} n
 * @param {import("./state.js").Look} look
 * @param {number} apart how many columns lie between two of them, at least
 */
function labelled(n, { key, row, keyMarked }, apart) {
  const always = keyMarked ? [key, ...(Math.abs(row - key) >= apart ? [row] : [])] : [row];
  const free = (/** @type {number} */ j) => j % apart === 0 && always.every((other) => Math.abs(other - j) >= apart);
  return Array.from({ length: n }, (_, j) => j).filter((j) => always.includes(j) || free(j));
}

/**
 * The row that reads, and the line to the key that is read.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 */
export function drawCross(pen, { look, geometry: g, palette }) {
  const half = Math.min(g.rowHeight * 0.46, 18);
  const x = keyX(g, look.key);
  const [from, to] = [rowY(g, look.key), rowY(g, look.row)];
  pen.strokeStyle = paint(palette.rgb("attention"));
  pen.lineWidth = 1.4;
  pen.globalAlpha = 0.9;
  pen.beginPath();
  pen.roundRect(g.dots - 5, to - half, g.dotsEnd - g.dots + 10, 2 * half, half);
  pen.stroke();
  pen.strokeStyle = paint(palette.rgb("key"));
  pen.setLineDash([2, 3]);
  pen.beginPath();
  pen.moveTo(x, Math.min(from, to));
  pen.lineTo(x, Math.max(from, to) - Math.min(g.pitch, g.rowHeight) / 2);
  pen.stroke();
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}
