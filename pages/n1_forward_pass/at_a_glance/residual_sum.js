// @ts-check
// One addition to the residual stream, acted out: two vectors slide together and are added number by
// number.

import { range } from "../../../ui/kit/arithmetic.js";
import { quote } from "../../../ui/kit/words.js";
import { extent, inTurn, residualSum } from "./acts.js";
import { drawPanel, drawVeil, inside, panelBeside, write } from "./close_up.js";
import { hasRow, rowY } from "./layout.js";
import { ease, INDEX } from "./stages.js";
import { paint } from "./strip.js";

/** @import { Box } from "./layout.js" */
/** @import { Scene } from "./lanes.js" */
/** @import { LayerVector } from "./trace.js" */

const LABEL = 20;

/** @type {Record<number, {stream: LayerVector, added: LayerVector, sum: LayerVector, role: string, name: string}>} */
const SUMS = {
  [INDEX.add]: {
    ...{ stream: "resid_pre", added: "attention_output", sum: "resid_mid" },
    ...{ role: "attention", name: "attention" },
  },
  [INDEX.add2]: {
    ...{ stream: "resid_mid", added: "feed_forward_output", sum: "resid_post" },
    ...{ role: "feed_forward", name: "MLP" },
  },
};

/**
 * @param {CanvasRenderingContext2D} below of the picture
 * @param {CanvasRenderingContext2D} pen of what is over it
 * @param {Scene} scene
 */
export function drawResidualSum(below, pen, scene) {
  const { look, geometry: g, scroll } = scene;
  const added = SUMS[look.stage];
  if (!added || look.share <= 0 || look.share >= 1 || !hasRow(g, look.row)) return;
  const box = panelBeside(g, scroll, look.row);
  const at = residualSum(look.share);
  const shown = ease(at.come) * (1 - ease(at.back));
  drawVeil(below, scene, 0.6 * shown);
  const from = { x: look.stage === INDEX.add ? g.add1 : g.add2, y: rowY(g, look.row) };
  drawPanel(pen, scene, box, { strength: shown, from });
  drawSum(pen, scene, { box: inside(box), at, shown, ...added });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{box: Box, at: ReturnType<typeof residualSum>, shown: number} & (typeof SUMS)[number]} act
 */
function drawSum(pen, scene, { box, at, shown, stream, added, sum, role, name }) {
  const { trace, look } = scene;
  const [x, delta, after] = [stream, added, sum].map((each) => trace.vector(each, look.row, look.layer));
  const n = x.length;
  const slide = ease(at.slide);
  // One scale for all three: what is added is drawn as large as it is.
  const all = [...x, ...delta, ...after];
  const { low, high } = extent(all);
  const room = (box.height - 2 * LABEL) / 2;
  const scale = (room * (1 + slide)) / (high - low);
  const [first, second] = [box.top + LABEL, box.top + LABEL + room + LABEL];
  const zero = first + high * scale;
  const below = second + (high * room) / (high - low);
  const slot = box.width / n;
  const bar = (/** @type {number} */ k, /** @type {Bar} */ of) =>
    drawBar(pen, scene, { left: box.left + k * slot, width: Math.max(slot - 1, 1), scale, shown, ...of });
  drawZero(pen, scene, box, zero, shown);
  for (const k of range(n)) {
    const done = inTurn(at.add, k, n, 0.6);
    const value = x[k] + (after[k] - x[k]) * done;
    bar(k, { from: zero, value, role: "residual" });
    const from = below + (zero - value * scale - below) * slide;
    if (done < 1) bar(k, { from, value: delta[k] * (1 - done), role });
  }
  const word = quote(trace.word(look.row));
  const most = trace.model.d_model;
  const y = box.top + 7;
  const title = at.add >= 1 ? `x of ${word}, after the addition` : `x of ${word}, the first ${n} of ${most} numbers`;
  write(pen, scene, title, { x: box.left, y, role: "residual", strength: shown, widest: box.width });
  const label = { x: box.left, y: second - LABEL / 2 - 2, role, strength: shown * (1 - ease(slide * 2.5)), bold: true };
  write(pen, scene, `+ what ${name} adds`, label);
}

/** @typedef {{from: number, value: number, role: string}} Bar */

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Bar & {left: number, width: number, scale: number, shown: number}} bar
 */
function drawBar(pen, { palette }, { from, value, role, left, width, scale, shown }) {
  const tall = Math.max(Math.abs(value * scale), 0.6);
  pen.globalAlpha = shown * (value < 0 ? 0.55 : 0.95);
  pen.fillStyle = paint(palette.rgb(role));
  pen.fillRect(left, value < 0 ? from : from - tall, width, tall);
  pen.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Box} box
 * @param {number} y
 * @param {number} strength
 */
function drawZero(pen, { palette }, { left, width }, y, strength) {
  pen.globalAlpha = 0.6 * strength;
  pen.fillStyle = paint(palette.rgb("muted"));
  pen.fillRect(left, y - 0.5, width, 1);
  pen.globalAlpha = 1;
}
