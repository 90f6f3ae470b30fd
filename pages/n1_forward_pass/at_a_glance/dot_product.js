// @ts-check
// One dot product, acted out: a query leaves its row, lies over the key that it matches best, their
// numbers multiply, the products are stacked, and the sum drops into its cell.

import { clamp } from "../../../ui/kit/arithmetic.js";

import { quote } from "../../../ui/kit/words.js";
import { dotProduct, extent, inTurn, products, stacked } from "./acts.js";
import { between, drawPanel, drawVeil, inside, panel, write } from "./close_up.js";
import { score } from "./formulas.js";
import { hasRow, keyX, lanesApart, rowY } from "./layout.js";
import { ease, INDEX } from "./stages.js";
import { drawStrip, paint } from "./strip.js";

/** @import { Box } from "./layout.js" */
/** @import { Scene } from "./lanes.js" */
/** @typedef {ReturnType<typeof dotProduct>} Parts */
/** @typedef {ReturnType<typeof chartOf>} Chart */

const STRIP = 18; // pixels of height, in the panel
const LABEL = 19;
const NUMBER = 88; // of width, for the sum
const LEAST_CELL = 26; // that has room for a number

/**
 * The key that is compared: the one with the largest score, later ones included.
 * @param {Scene} scene
 */
export function compared({ trace, look: { row, layer, head } }) {
  const scores = trace.scores(row, layer, head);
  return scores.indexOf(Math.max(...scores));
}

/**
 * The panel of this step, where it is acted out.
 * @param {Scene} scene
 */
export function comparing(scene) {
  const { look, geometry: g, scroll } = scene;
  const acted = look.stage === INDEX.scores && look.acts && look.share > 0 && look.share < 1;
  if (!acted || g.lanes.long || !hasRow(g, look.row)) return null;
  return panel(g, scroll);
}

/**
 * @param {CanvasRenderingContext2D} below of the picture
 * @param {CanvasRenderingContext2D} pen of what is over it
 * @param {Scene} scene
 */
export function drawDotProduct(below, pen, scene) {
  const { trace, look, geometry: g } = scene;
  const box = comparing(scene);
  if (!box) return;
  const { row, layer, head } = look;
  const key = compared(scene);
  const at = dotProduct(look.share);
  const shown = 1 - ease(at.drop * 2);
  const of = products(trace.q(row, layer, head), trace.k(key, layer, head));
  const chart = chartOf(of, at.stack, bars(box));
  if (at.drop < 1) {
    drawVeil(below, scene, 0.72 * ease(at.lift) * (1 - ease(at.drop)));
    const from = { x: g.qkv + g.strip, y: rowY(g, key) };
    drawPanel(pen, scene, box, { strength: ease(at.open) * shown, from });
    drawPair(pen, scene, { key, box, at, shown });
    if (at.multiply > 0) drawProducts(pen, scene, { parts: of.parts, chart, at, shown });
  }
  if (at.stack > 0) drawSum(pen, scene, { key, chart, at });
}

/**
 * The room of the products, below both strips.
 * @param {Box} box
 * @returns {Box}
 */
function bars(box) {
  const { left, top, width, height } = inside(box);
  const above = 2 * (STRIP + LABEL) + 12;
  return { left, top: top + above, width: width - NUMBER, height: height - above };
}

/**
 * Where products stand while they are stacked: always as large as fits.
 * @param {ReturnType<typeof products>} of
 * @param {number} stack how far they are
 * @param {Box} box
 */
function chartOf(of, stack, box) {
  const { bases, sum } = stacked(of, stack);
  const { low, high } = extent([...bases, ...bases.map((base, k) => base + of.parts[k])]);
  const scale = box.height / Math.max(high - low, 1e-9);
  return { box, bases, scale, zero: box.top + high * scale, sum };
}

/**
 * Query and key: from their lanes into the panel.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{key: number, box: Box, at: Parts, shown: number}} act
 */
function drawPair(pen, scene, { key, box, at, shown }) {
  const { trace, look, geometry: g, palette } = scene;
  const { row, layer, head } = look;
  const gap = lanesApart(g);
  const height = Math.max(gap - 2.5, 4);
  const lane = (/** @type {number} */ y) => ({ left: g.qkv, top: y - height / 2, width: g.strip, height });
  const room = inside(box);
  const wide = { left: room.left, width: room.width - NUMBER, height: STRIP };
  const [open, glide, lift] = [ease(at.open), ease(at.glide), ease(at.lift) - ease(at.glide)];
  const above = between(lane(rowY(g, row) - gap - 9 * lift), lane(rowY(g, key) - gap), glide);
  const queryBox = between(above, { ...wide, top: room.top + LABEL }, open);
  const keyBox = between(lane(rowY(g, key)), { ...wide, top: room.top + LABEL + STRIP + 4 }, open);
  const strip = (/** @type {"q" | "k"} */ name, /** @type {number} */ i, /** @type {string} */ role) => {
    const outer = name === "q" ? head : trace.kvHead(head);
    return { vector: trace.vector(name, i, layer, outer), peak: trace.peak(name, layer, outer), role, strength: shown };
  };
  if (at.glide > 0.6 || open > 0) drawStrip(pen, palette, strip("k", key, "key"), keyBox);
  drawStrip(pen, palette, strip("q", row, "query"), queryBox);
  const said = shown * open;
  const x = room.left;
  write(pen, scene, `q of ${quote(trace.word(row))}`, { x, y: room.top + 7, role: "query-text", strength: said });
  const low = room.top + LABEL + 2 * STRIP + 15;
  write(pen, scene, `k of ${quote(trace.word(key))}`, { x, y: low, role: "key-text", strength: said });
}

/**
 * A bar for each product; then each begins where the one before it ends.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{parts: number[], chart: Chart, at: Parts, shown: number}} act
 */
function drawProducts(pen, scene, { parts, chart, at, shown }) {
  const { palette } = scene;
  const { box, bases, scale, zero } = chart;
  const n = parts.length;
  const slot = box.width / n;
  const [positive, negative] = [paint(palette.rgb("query")), paint(palette.rgb("negative"))];
  pen.globalAlpha = shown * 0.6;
  pen.fillStyle = paint(palette.rgb("muted"));
  pen.fillRect(box.left, zero - 0.5, box.width, 1);
  parts.forEach((part, k) => {
    const tall = Math.abs(part) * scale * inTurn(at.multiply, k, n, 4);
    const base = zero - bases[k] * scale;
    pen.globalAlpha = shown;
    pen.fillStyle = part < 0 ? negative : positive;
    pen.fillRect(box.left + k * slot, part < 0 ? base : base - tall, Math.max(slot - 0.8, 1), tall);
  });
  if (at.multiply < 1) drawFront(pen, scene, { box, slot, k: Math.floor(at.multiply * n) });
  const words = at.stack > 0 ? "added up" : `${n} products`;
  const y = box.top - LABEL - STRIP / 2 - 10;
  write(pen, scene, words, { x: box.left + box.width + 9, y, role: "muted", strength: shown });
}

/**
 * The pair of numbers that is being multiplied.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{box: Box, slot: number, k: number}} at
 */
function drawFront(pen, { palette }, { box, slot, k }) {
  const above = 2 * STRIP + LABEL + 14;
  pen.globalAlpha = 0.85;
  pen.strokeStyle = paint(palette.rgb("ink"));
  pen.lineWidth = 1.2;
  pen.strokeRect(box.left + k * slot - 1, box.top - above, slot + 2, above + box.height);
  pen.globalAlpha = 1;
}

/**
 * The sum so far, beside the end of the stack; then it drops into its cell.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{key: number, chart: Chart, at: Parts}} act
 */
function drawSum(pen, scene, { key, chart: { box, zero, scale, sum }, at }) {
  const { trace, look, geometry: g } = scene;
  const total = trace.scores(look.row, look.layer, look.head)[key];
  const cell = Math.min(g.pitch, g.rowHeight);
  const way = ease(at.drop);
  if (way === 1 && cell < LEAST_CELL) return;
  const start = { left: box.left + box.width + 8, top: zero - sum * scale, width: 22, height: 0 };
  const goal = { left: keyX(g, key), top: rowY(g, look.row), width: clamp(cell * 0.3, 9, 13), height: 0 };
  const { left, top, width: size } = between(start, goal, way);
  const light = way === 1 && Math.abs(total) > 0.4 * trace.scorePeak(look.layer, look.head, false);
  const role = light ? "page" : total < 0 ? "negative" : "query-text";
  const align = way > 0.5 ? "center" : "left";
  const y = clamp(top, box.top + 8, Infinity);
  write(pen, scene, score(at.stack < 1 ? sum : total), { x: left, y, role, size, bold: true, align });
}
