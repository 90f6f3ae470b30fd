// @ts-check
// Where everything stands, in CSS pixels of the figure: the size and the number of tokens in,
// places out.

import { clamp } from "../../../ui/kit/arithmetic.js";

/** @import { Lanes } from "./lanes_shown.js" */
/** @import { Column } from "./stages.js" */
/** @typedef {{left: number, top: number, width: number, height: number}} Box */
/** The notes stand under the picture; its columns are as small as on a phone; as large as on a projector. */
/** What is said besides leaves the picture its room: `low`. */
/** @typedef {{stacked: boolean, narrow: boolean, large: boolean, low: boolean}} Kind */

const STACKED = 1080; // below so many pixels
const NARROW = 760;
const LARGE = 1640;
const LOW = 640; // of the screen's height
const LEAST_HEIGHT = 560;
const MOST_HEIGHT = 980;

/**
 * @param {number} width of the whole screen
 * @param {number} height
 * @returns {Kind}
 */
export const kindOf = (width, height) => ({
  stacked: width < STACKED,
  narrow: width < NARROW,
  large: width >= LARGE,
  low: height < LOW && width >= STACKED,
});

/**
 * The height of the whole screen, where the window leaves so much below its top.
 * @param {number} left
 */
export const heightIn = (left) => clamp(left - 18, LEAST_HEIGHT, MOST_HEIGHT);

/**
 * Above and below the rows; below them stand the columns' tokens, where each has a column.
 * @param {boolean} labelled
 */
function margins(labelled) {
  const labels = labelled ? 38 : 0;
  return { headings: 42, labels, top: 50, bottom: 8 + labels };
}

/**
 * The height of the figure where it is stacked.
 * @param {number} n tokens
 * @param {Kind} kind
 */
export function stackedHeight(n, { narrow }) {
  const { top, bottom } = margins(!narrow);
  return clamp(n * 34, 150, 420) + top + bottom;
}

/**
 * What lies inside the frame, which is `inner` wide.
 * @param {boolean} narrow
 * @param {number} inner
 */
const widths = (narrow, inner) =>
  narrow
    ? { pad: 9, gap: 9, mlp: 26, strip: 32, beforeQkv: 10, beforeDots: 10, afterDots: 14 }
    : {
        pad: 20,
        gap: 18,
        mlp: inner * 0.13,
        strip: inner * 0.155,
        beforeQkv: inner * 0.05,
        beforeDots: inner * 0.045,
        afterDots: inner * 0.1,
      };

/**
 * From left to right: chips, embedding, the frame with norm, Q K V, dots, +, MLP, +; then the way to
 * the prediction.
 * @typedef {ReturnType<typeof layout>} Geometry
 */

/**
 * @param {{width: number, height: number}} size of the figure
 * @param {Lanes} lanes
 * @param {Kind} kind
 */
export function layout({ width, height }, lanes, kind) {
  const { narrow, large, low } = kind;
  const n = lanes.order.length;
  const margin = margins(!narrow && !lanes.long);
  const space = height - margin.top - margin.bottom;
  const rowHeight = clamp(space / n, large ? 18 : low ? 13 : 15, large ? 60 : 52);
  const full = rowHeight * n;
  const rowsHeight = Math.min(full, space);
  return { ...kind, ...margin, ...across(width, lanes, rowHeight, kind), width, lanes, rowHeight, rowsHeight, full };
}

/**
 * @param {number} width
 * @param {Lanes} lanes
 * @param {number} rowHeight
 * @param {Kind} kind
 */
function across(width, { slots, long }, rowHeight, kind) {
  const { narrow, large } = kind;
  const chip = narrow ? 58 : large ? 116 : 88;
  const embed = narrow ? 20 : large ? 72 : 54;
  const predict = narrow ? 8 : large ? 96 : 78;
  const left = chip + (narrow ? 6 : 14);
  const frameLeft = left + embed + (narrow ? 6 : 18);
  const frameRight = width - predict;
  const { pad, gap, mlp, strip, beforeQkv, beforeDots, afterDots } = widths(narrow, frameRight - frameLeft);
  const normX = frameLeft + pad;
  const qkv = normX + beforeQkv;
  const add2 = frameRight - pad;
  const mlpX = add2 - gap - mlp;
  const add1 = mlpX - gap;
  const dots = qkv + strip + beforeDots;
  const room = (add1 - afterDots - dots) / slots.length;
  const pitch = long ? room : Math.min(room, rowHeight);
  const dotsEnd = dots + pitch * slots.length;
  return {
    chip,
    embed,
    predict,
    left,
    frameLeft,
    frameRight,
    normX,
    qkv,
    strip,
    dots,
    pitch,
    dotsEnd,
    add1,
    mlpX,
    mlp,
    add2,
  };
}

/**
 * The middle of a token's row.
 * @param {Geometry} g
 * @param {number} i
 */
export const rowY = (g, i) => (g.lanes.slots[i] + 0.5) * g.rowHeight;

/**
 * Whether a token has a row.
 * @param {Geometry} g
 * @param {number} i
 */
export const hasRow = (g, i) => g.lanes.slots[i] >= 0;

/**
 * The middle of a dot's column.
 * @param {Geometry} g
 * @param {number} j
 */
export const keyX = (g, j) => g.dots + (j + 0.5) * g.pitch;

/**
 * How far query, key and value stand apart in their row.
 * @param {Geometry} g
 */
export const lanesApart = (g) => clamp(g.rowHeight * 0.29, 4, 14);

/**
 * The row and key at a place of the canvas; null where there is none.
 * @param {Geometry} g
 * @param {number} x
 * @param {number} y
 */
export function cellAt(g, x, y) {
  const row = g.lanes.order[Math.floor(y / g.rowHeight)];
  if (typeof row !== "number") return { row: null, key: null };
  const key = !g.lanes.long && x >= g.dots && x <= g.dotsEnd ? Math.floor((x - g.dots) / g.pitch) : null;
  return { row, key: key !== null && key <= row ? key : null };
}

/**
 * The part whose picture stands at a place.
 * @param {Geometry} g
 * @param {number} x
 * @returns {Column | null}
 */
export function columnAt(g, x) {
  if (x > g.left && x < g.left + g.embed) return "embed";
  if (x > g.normX - 8 && x < g.qkv + g.strip) return "qkv";
  if (x >= g.dots && x < g.add1) return "attention";
  return x > g.mlpX && x < g.mlpX + g.mlp ? "mlp" : null;
}

/**
 * The middle of each part.
 * @param {Geometry} g
 * @returns {Record<Column, number>}
 */
export const centres = (g) => ({
  tokens: g.chip / 2,
  embed: g.left + g.embed / 2,
  qkv: g.qkv + g.strip / 2,
  attention: (g.dots + g.dotsEnd) / 2,
  mlp: g.mlpX + g.mlp / 2,
  predict: g.width - g.predict / 2,
});

/**
 * The boxes of what is not drawn on the canvas.
 * @param {Geometry} g
 * @returns {Record<"frame" | "rows" | "canvas", Box>}
 */
export function boxes(g) {
  const { headings, top, frameLeft, frameRight, rowsHeight, labels, width } = g;
  const height = rowsHeight + labels;
  return {
    frame: {
      left: frameLeft - 4,
      top: headings,
      width: frameRight - frameLeft + 8,
      height: top - headings + height + 6,
    },
    rows: { left: 0, top, width, height },
    canvas: { left: 0, top: 0, width, height: g.full + labels },
  };
}

/**
 * A token's chip and the size of its letters.
 * @param {Geometry} g
 * @param {number} slot
 */
export function chip(g, slot) {
  const tall = Math.min(g.rowHeight - (g.rowHeight > 24 ? 8 : 2), 34);
  const most = g.large ? 16 : 14;
  return {
    box: { left: 0, top: (slot + 0.5) * g.rowHeight - tall / 2, width: g.chip, height: tall },
    letters: clamp(tall * 0.78, 9.5, most),
    corner: Math.min(8, tall / 3.5),
  };
}

/**
 * The tokens whose rows are in sight, where they are scrolled so far.
 * @param {Geometry} g
 * @param {number} scroll
 */
export function inSight(g, scroll) {
  const first = Math.max(0, Math.floor(scroll / g.rowHeight) - 1);
  const end = Math.ceil((scroll + g.rowsHeight + g.labels) / g.rowHeight) + 1;
  return g.lanes.order.slice(first, end).filter((each) => typeof each === "number");
}

/**
 * How far to scroll so that a row is in sight, from where it is scrolled to.
 * @param {Geometry} g
 * @param {number} i
 * @param {number} scroll
 */
export function scrolledTo(g, i, scroll) {
  const y = rowY(g, i);
  const half = g.rowHeight / 2;
  return clamp(scroll, y + half - g.rowsHeight, y - half);
}
