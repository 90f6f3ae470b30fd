// @ts-check
// The attention of a head in a long text: a square map in which each field keeps its largest value, and
// the tokens that the chosen row reads most as bars beside it.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { dotProduct } from "./acts.js";
import { strongest } from "./lanes_shown.js";
import { penOf } from "./nodes.js";
import { INDEX, reach } from "./stages.js";
import { paint } from "./strip.js";

/** @import { Scene } from "./lanes.js" */
/** @import { Box, Geometry } from "./layout.js" */
/** @import { Trace } from "./trace.js" */

const LEAST = 2; // pixels of a field
const BAR = 16;
const WORD = 74;

/**
 * The square of the map, within the attention column; it stays in sight when the lanes scroll.
 * @param {Geometry} g
 * @param {number} scroll
 * @returns {Box}
 */
export function mapBox(g, scroll) {
  const side = Math.max(60, Math.min(g.rowsHeight - 8, (g.dotsEnd - g.dots) * 0.55));
  return { left: g.dots, top: scroll + 4, width: side, height: side };
}

/**
 * The query and key at a place of the map; null outside, and where the mask hides.
 * @param {Geometry} g
 * @param {number} scroll
 * @param {number} n tokens
 * @param {{x: number, y: number}} place
 */
export function mapAt(g, scroll, n, { x, y }) {
  const { left, top, width } = mapBox(g, scroll);
  const key = Math.floor(((x - left) / width) * n);
  const row = Math.floor(((y - top) / width) * n);
  return row >= 0 && row < n && key >= 0 && key <= row ? { row, key } : null;
}

/**
 * Which field of so many each token belongs to.
 * @param {number} n
 * @param {number} fields
 */
export const fieldsOf = (n, fields) => range(n).map((i) => Math.floor((i * fields) / n));

/**
 * The largest value, by magnitude, in each field of [query, key].
 * @param {number} n
 * @param {number} fields
 * @param {(i: number) => ArrayLike<number>} row
 */
export function pooled(n, fields, row) {
  const of = fieldsOf(n, fields);
  const out = new Float32Array(fields * fields);
  for (let i = 0; i < n; i++) {
    const values = row(i);
    for (let j = 0; j < values.length; j++) {
      const at = of[i] * fields + of[j];
      if (Math.abs(values[j]) > Math.abs(out[at])) out[at] = values[j];
    }
  }
  return out;
}

/** @type {WeakMap<Trace, {key: string, picture: HTMLCanvasElement}>} */
const known = new WeakMap();

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 */
export function drawHeatMap(pen, scene) {
  const { look, geometry: g, palette, scroll, trace } = scene;
  const box = mapBox(g, scroll);
  pen.globalAlpha = 1;
  pen.fillStyle = paint(palette.rgb("page"));
  pen.fillRect(g.dots - 6, scroll, g.dotsEnd - g.dots + 8, g.rowsHeight);
  pen.strokeStyle = paint(palette.rgb("line"));
  pen.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
  if (reach(look, "scores") <= 0) return;
  pen.imageSmoothingEnabled = false;
  const acted = look.stage === INDEX.scores && look.acts;
  pen.globalAlpha = acted ? dotProduct(look.share).rows : clamp(reach(look, "scores") * 1.5, 0, 1);
  pen.drawImage(pictureOf(scene, box.width), box.left, box.top, box.width, box.height);
  drawRow(pen, scene, box);
  if (reach(look, "softmax") >= 1) drawBars(pen, scene, box);
  pen.globalAlpha = 1;
  if (look.keyMarked) drawKey(pen, scene, box, trace.n);
}

/**
 * The map a field a pixel: signed scores until they are shares.
 * @param {Scene} scene
 * @param {number} side
 */
function pictureOf({ trace, look, palette, aside }, side) {
  const { layer, head } = look;
  const fields = Math.min(trace.n, Math.floor(side / LEAST));
  const shares = reach(look, "softmax") > 0.5;
  const masked = reach(look, "mask") > 0.5;
  const key = [layer, head, fields, shares, masked, aside, palette.rgb("attention")].join();
  const before = known.get(trace);
  if (before?.key === key) return before.picture;
  const scores = (/** @type {number} */ i) => trace.scores(i, layer, head).subarray(0, masked ? i + 1 : trace.n);
  const values = pooled(trace.n, fields, shares ? (i) => trace.weights(i, layer, head) : scores);
  const peak = shares ? 1 : trace.scorePeak(layer, head, masked);
  const image = new ImageData(fields, fields);
  values.forEach((value, at) => {
    const rests = shares && aside && at % fields === 0;
    const role = rests ? "muted" : shares ? "attention" : value < 0 ? "negative" : "query";
    const strength = Math.sqrt(Math.abs(value) / peak) * (rests ? 0.4 : 1);
    image.data.set([...palette.rgb(role), 255 * strength], 4 * at);
  });
  const picture = make("canvas", { width: fields, height: fields });
  penOf(picture).putImageData(image, 0, 0);
  known.set(trace, { key, picture });
  return picture;
}

/**
 * The row that reads.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Box} box
 */
function drawRow(pen, { trace, look, palette }, box) {
  const height = Math.max(box.height / trace.n, 3);
  const y = box.top + ((look.row + 0.5) / trace.n) * box.height - height / 2;
  pen.strokeStyle = paint(palette.rgb("ink"));
  pen.lineWidth = 1.2;
  pen.strokeRect(box.left - 2, y - 1, box.width + 4, height + 2);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Box} box
 * @param {number} n
 */
function drawKey(pen, { look, palette }, box, n) {
  const x = box.left + ((look.key + 0.5) / n) * box.width;
  const y = box.top + ((look.row + 0.5) / n) * box.height;
  pen.strokeStyle = paint(palette.rgb("key"));
  pen.setLineDash([2, 3]);
  pen.beginPath();
  pen.moveTo(x, box.top + ((look.key + 0.5) / n) * box.height);
  pen.lineTo(x, y);
  pen.stroke();
  pen.setLineDash([]);
}

/**
 * The tokens that the row reads most, with their shares.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Box} box
 */
function drawBars(pen, { trace, look, geometry: g, palette, aside }, box) {
  const weights = trace.weights(look.row, look.layer, look.head);
  const left = box.left + box.width + 16;
  const room = g.dotsEnd - left - WORD - 4;
  if (room < 30) return;
  const rests = aside && look.row > 0;
  const pitch = Math.min(26, (g.rowsHeight - 8) / (rests ? 9 : 8));
  pen.font = "14px Inter, system-ui, sans-serif";
  if (rests) {
    pen.fillStyle = paint(palette.rgb("muted"));
    pen.fillText(`rests on the first token: ${percent(weights[0])}`, left, box.top + 0.5 * pitch + 4);
  }
  strongest(weights, aside).forEach((j, k) => {
    const y = box.top + (k + (rests ? 1.5 : 0.5)) * pitch;
    const word = trace.word(j);
    pen.globalAlpha = 1;
    pen.fillStyle = paint(palette.rgb(j === look.key && look.keyMarked ? "key" : "ink"));
    pen.fillText(word.length > 9 ? `${word.slice(0, 8)}…` : word, left, y + 4, WORD - 6);
    pen.fillStyle = paint(palette.rgb("attention"));
    pen.fillRect(
      left + WORD,
      y - Math.min(BAR, pitch - 6) / 2,
      Math.max(1.5, room * 0.62 * weights[j]),
      Math.min(BAR, pitch - 6),
    );
    pen.fillStyle = paint(palette.rgb("muted"));
    pen.fillText(percent(weights[j]), left + WORD + Math.max(1.5, room * 0.62 * weights[j]) + 5, y + 4);
  });
}
