// @ts-check
// One dot product, acted out: a query leaves its row, lies over the key that it matches best, their
// numbers multiply, the products are stacked, and the sum drops into its cell.

import { clamp } from "../../../ui/kit/arithmetic.js";

import { quote } from "../../../ui/kit/words.js";
import { dotProduct, extent, inTurn, products } from "./acts.js";
import { between, drawPanel, drawVeil, inside, panel, write } from "./close_up.js";
import { score } from "./formulas.js";
import { hasRow, keyX, lanesApart, rowY } from "./layout.js";
import { ease, INDEX } from "./stages.js";
import { drawStrip, paint } from "./strip.js";

/** @import { Box } from "./layout.js" */
/** @import { Scene } from "./lanes.js" */
/** @typedef {ReturnType<typeof dotProduct>} Parts */

const STRIP = 13; // pixels of height, in the panel
const LABEL = 19;

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
  return panel(g, scroll, look.row);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 */
export function drawDotProduct(pen, scene) {
  const { trace, look, geometry: g } = scene;
  const box = comparing(scene);
  if (!box) return;
  const at = dotProduct(look.share);
  const key = compared(scene);
  const total = trace.scores(look.row, look.layer, look.head)[key];
  if (at.drop < 1) {
    const shown = 1 - ease(at.drop * 2);
    drawVeil(pen, scene, 0.72 * ease(at.lift) * (1 - ease(at.drop)));
    const from = { x: g.qkv + g.strip, y: rowY(g, key) };
    drawPanel(pen, scene, box, { strength: ease(at.open) * shown, from });
    drawPair(pen, scene, { key, box, at, shown });
    if (at.multiply > 0) drawProducts(pen, scene, { key, box: bars(box), at, shown });
  }
  drawSum(pen, scene, { total, key, box: bars(box), at });
}

/**
 * The room of the products, below both strips.
 * @param {Box} box
 * @returns {Box}
 */
function bars(box) {
  const { left, top, width, height } = inside(box);
  const above = 2 * (STRIP + LABEL) + 4;
  return { left, top: top + above, width: width - 74, height: height - above };
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
  const wide = { left: room.left, width: room.width, height: STRIP };
  const [open, glide, lift] = [ease(at.open), ease(at.glide), ease(at.lift) - ease(at.glide)];
  const above = between(lane(rowY(g, row) - gap - 9 * lift), lane(rowY(g, key) - gap), glide);
  const queryBox = between(above, { ...wide, top: room.top + LABEL }, open);
  const keyBox = between(lane(rowY(g, key)), { ...wide, top: room.top + LABEL + STRIP + 3 }, open);
  const strip = (/** @type {"q" | "k"} */ name, /** @type {number} */ i, /** @type {string} */ role) => {
    const outer = name === "q" ? head : trace.kvHead(head);
    return { vector: trace.vector(name, i, layer, outer), peak: trace.peak(name, layer, outer), role, strength: shown };
  };
  if (at.glide > 0.6 || open > 0) drawStrip(pen, palette, strip("k", key, "key"), keyBox);
  drawStrip(pen, palette, strip("q", row, "query"), queryBox);
  const said = shown * open;
  const x = room.left;
  write(pen, scene, `q of ${quote(trace.word(row))}`, { x, y: room.top + 7, role: "query-text", strength: said });
  const low = room.top + LABEL + 2 * STRIP + 14;
  write(pen, scene, `k of ${quote(trace.word(key))}`, { x, y: low, role: "key-text", strength: said });
}

/**
 * A bar for each product; then each begins where the one before it ends.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{key: number, box: Box, at: Parts, shown: number}} act
 */
function drawProducts(pen, scene, { key, box, at, shown }) {
  const { trace, look, palette } = scene;
  const { parts, sums } = products(trace.q(look.row, look.layer, look.head), trace.k(key, look.layer, look.head));
  const n = parts.length;
  const stacked = ease(at.stack);
  const [apart, together] = [axis(extent(parts), box), axis(extent(sums), box)];
  const scale = apart.scale + (together.scale - apart.scale) * stacked;
  const zero = apart.zero + (together.zero - apart.zero) * stacked;
  const slot = box.width / n;
  const [positive, negative] = [paint(palette.rgb("query")), paint(palette.rgb("negative"))];
  pen.globalAlpha = shown * 0.6;
  pen.fillStyle = paint(palette.rgb("muted"));
  pen.fillRect(box.left, zero - 0.5, box.width, 1);
  parts.forEach((part, k) => {
    const size = part * scale * inTurn(at.multiply, k, n);
    const base = zero - sums[k] * scale * inTurn(at.stack, k, n);
    pen.globalAlpha = shown;
    pen.fillStyle = part < 0 ? negative : positive;
    const tall = Math.max(Math.abs(size), at.multiply * 0.75);
    pen.fillRect(box.left + k * slot, part < 0 ? base : base - tall, Math.max(slot - 0.8, 1), tall);
  });
  pen.globalAlpha = 1;
  const words = at.stack > 0 ? "added up" : `${n} products`;
  const y = box.top - LABEL / 2 - 1;
  write(pen, scene, words, { x: box.left + box.width + 74, y, role: "muted", align: "right", strength: shown });
}

/**
 * What is drawn so tall, and where nothing is.
 * @param {{low: number, high: number}} values
 * @param {Box} box
 */
function axis({ low, high }, { top, height }) {
  const scale = height / Math.max(high - low, 1e-9);
  return { scale, zero: top + high * scale };
}

/**
 * The sum so far, at the end of the stack; then it drops into its cell.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{total: number, key: number, box: Box, at: Parts}} act
 */
function drawSum(pen, scene, { total, key, box, at }) {
  if (at.stack <= 0) return;
  const { trace, look, geometry: g } = scene;
  const { parts, sums } = products(trace.q(look.row, look.layer, look.head), trace.k(key, look.layer, look.head));
  const { scale, zero } = axis(extent(sums), box);
  const arrived = clamp(Math.floor(at.stack * 1.1 * parts.length), 0, parts.length);
  const cell = Math.min(g.pitch, g.rowHeight);
  const start = { left: box.left + box.width + 8, top: zero - sums[arrived] * scale, width: 22, height: 0 };
  const goal = { left: keyX(g, key), top: rowY(g, look.row), width: clamp(cell * 0.3, 9, 13), height: 0 };
  const way = ease(at.drop);
  const { left, top, width: size } = between(start, goal, way);
  if (way === 1 && cell < 26) return;
  const light = way === 1 && Math.abs(total) > 0.4 * trace.scorePeak(look.layer, look.head, false);
  const role = light ? "page" : total < 0 ? "negative" : "query-text";
  const text = score(at.stack < 1 ? sums[arrived] : total);
  const align = way > 0.5 ? "center" : "left";
  write(pen, scene, text, { x: left, y: clamp(top, box.top + 8, Infinity), role, size, bold: true, align });
}
