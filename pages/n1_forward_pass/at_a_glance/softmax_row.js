// @ts-check
// One row of the softmax, acted out: its cells become a bar of a fixed width, in which each pushes
// the others, and come back as shares.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { pushed, softmaxRow } from "./acts.js";
import { between, drawPanel, drawVeil, inside, panel, write } from "./close_up.js";
import { cellOf } from "./dot_product.js";
import { hasRow } from "./layout.js";
import { ease, INDEX } from "./stages.js";
import { paint } from "./strip.js";

/** @import { Box } from "./layout.js" */
/** @import { Scene } from "./lanes.js" */

const LETTERS = 14; // pixels
const LETTER = 8; // pixels of width, at most

/**
 * The panel of this step, where it is acted out.
 * @param {Scene} scene
 */
export function sharing(scene) {
  const { look, geometry: g, scroll } = scene;
  const acted = look.stage === INDEX.softmax && look.share > 0 && look.share < 1;
  if (!acted || !hasRow(g, look.row) || look.row === 0) return null;
  return panel(g, scroll);
}

/**
 * @param {CanvasRenderingContext2D} below of the picture
 * @param {CanvasRenderingContext2D} pen of what is over it
 * @param {Scene} scene
 */
export function drawSoftmaxRow(below, pen, scene) {
  const { trace, look } = scene;
  const box = sharing(scene);
  const at = softmaxRow(look.share);
  if (!box || at.back >= 1) return;
  const shown = ease(at.collect) * (1 - ease(at.back));
  drawVeil(below, scene, 0.6 * shown);
  drawPanel(pen, scene, box, { strength: shown, from: cellOf(scene, look.row) });
  const room = inside(box);
  const tall = clamp(room.height * 0.44, 30, 90);
  const bar = { ...room, top: room.top + (room.height - tall) / 2, height: tall };
  const root = Math.sqrt(trace.model.d_head);
  const scores = trace.scores(look.row, look.layer, look.head).subarray(0, look.row + 1);
  const shares = pushed(
    Array.from(scores, (x) => x / root),
    ease(at.push),
  );
  drawShares(pen, scene, { bar, shares, at });
  const y = bar.top - 18;
  const title = `attention weights of ${quote(trace.word(look.row))}: 100 % in all`;
  write(pen, scene, title, { x: bar.left, y, strength: shown, widest: bar.width, size: LETTERS });
  drawWhole(pen, scene, bar, shown);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{bar: Box, shares: number[], at: ReturnType<typeof softmaxRow>}} act
 */
function drawShares(pen, scene, { bar, shares, at }) {
  const { palette, aside } = scene;
  let x = bar.left;
  shares.forEach((share, j) => {
    const width = share * bar.width;
    const part = { ...bar, left: x, width: Math.max(width - 1.5, 0.8) };
    const { x: middle, y, size } = cellOf(scene, j);
    const side = at.back > 0 ? Math.max(size * 0.94 * Math.sqrt(share), 1.6) : size * 0.84;
    const cell = { left: middle - side / 2, top: y - side / 2, width: side, height: side };
    const way = at.back > 0 ? 1 - ease(at.back) : ease(at.collect);
    const { left, top, width: wide, height } = between(cell, part, way);
    x += width;
    pen.globalAlpha = aside && j === 0 ? 0.45 : 0.35 + 0.65 * Math.sqrt(share);
    pen.fillStyle = palette.between("query", aside && j === 0 ? "muted" : "attention", at.collect);
    pen.beginPath();
    pen.roundRect(left, top, wide, height, at.back > 0 ? (wide / 2) * at.back : Math.min(4, wide / 3));
    pen.fill();
    if (way === 1) drawWord(pen, scene, { j, share, part });
  });
  pen.globalAlpha = 1;
}

/**
 * A key's word, and below it its share, where they fit.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {{j: number, share: number, part: Box}} of
 */
function drawWord(pen, scene, { j, share, part }) {
  const word = scene.trace.word(j);
  const x = part.left + part.width / 2;
  const role = share > 0.12 && !(scene.aside && j === 0) ? "page" : "ink";
  if (part.width > word.length * LETTER + 6)
    write(pen, scene, word, { x, y: part.top + part.height / 2, role, align: "center", bold: true, size: LETTERS });
  if (part.width > 40)
    write(pen, scene, percent(share), {
      x,
      y: part.top + part.height + 14,
      align: "center",
      role: "muted",
      size: LETTERS,
    });
}

/**
 * The width that is shared: it stays what it is.
 * @param {CanvasRenderingContext2D} pen
 * @param {Scene} scene
 * @param {Box} bar
 * @param {number} strength
 */
function drawWhole(pen, { palette }, { left, top, width, height }, strength) {
  pen.globalAlpha = strength;
  pen.strokeStyle = paint(palette.rgb("muted"));
  pen.lineWidth = 1.2;
  pen.strokeRect(left - 2.5, top - 2.5, width + 4, height + 5);
  pen.globalAlpha = 1;
}
