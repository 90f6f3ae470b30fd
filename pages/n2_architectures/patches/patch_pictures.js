// @ts-check
// The pictures of the board: pixels under a grid, the table of patches, maps over places.

import { range } from "../../../ui/kit/arithmetic.js";
import { radio } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { best, weightsOf } from "./patch_answer.js";
import { cutting, patchRow } from "./patches.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Answer, Choice } from "./patch_answer.js" */
/** @import { Picture } from "./patches.js" */

const NUMBERED = 26; // px from which on a patch has room for its number
const [SMALL, NARROW] = [56, 46]; // px of a small map, and on a phone
const CELL = 12; // px of a number in a strip, at most

/**
 * @param {Picture} picture
 * @param {number} i of a pixel
 */
const rgb = ({ values, shape }, i) => values.subarray(i * shape[2], i * shape[2] + 3);

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {number} side in px
 */
export function paintPicture(canvas, picture, side) {
  const [rows, columns] = picture.shape;
  const colour = (/** @type {number} */ row, /** @type {number} */ column) => rgb(picture, row * columns + column);
  heatmap(canvas, { rows, columns, width: side, height: side, tiles: false, colour });
}

/**
 * The picture under its grid, patches numbered in raster order.
 * @param {HTMLCanvasElement} canvas
 * @param {Palette} palette
 * @param {Answer} answer
 * @param {Choice} choice
 * @param {number} side
 */
export function paintCut(canvas, palette, { arrays: { picture } }, { size, at }, side) {
  paintPicture(canvas, picture, side);
  const { columns, n } = cutting(picture.shape, size);
  const step = side / columns;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.strokeStyle = palette.colour("muted", 0.75);
  pen.lineWidth = 1;
  for (const i of range(n)) pen.strokeRect(...square(i, columns, step));
  marked(pen, palette, square(at, columns, step));
  if (step >= NUMBERED) for (const i of range(n)) numberOf(pen, palette, square(i, columns, step), i);
}

/** @typedef {[x: number, y: number, width: number, height: number]} Box */

/**
 * Where a patch lies on a canvas.
 * @param {number} i
 * @param {number} columns
 * @param {number} step
 * @returns {Box}
 */
const square = (i, columns, step) => [(i % columns) * step, Math.floor(i / columns) * step, step, step];

/**
 * The frame of what is chosen, seen on light and dark.
 * @param {CanvasRenderingContext2D} pen
 * @param {Palette} palette
 * @param {Box} box
 */
function marked(pen, palette, box) {
  for (const [role, width] of /** @type {const} */ ([
    ["page", 5],
    ["attention", 3],
  ])) {
    pen.strokeStyle = palette.colour(role);
    pen.lineWidth = width;
    pen.strokeRect(...box);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Palette} palette
 * @param {Box} box
 * @param {number} i
 */
function numberOf(pen, palette, [left, top], i) {
  const at = /** @type {const} */ ([String(i + 1), left + 4, top + 14]);
  pen.font = "600 12px Inter, sans-serif";
  pen.lineWidth = 3;
  pen.strokeStyle = palette.colour("page", 0.85);
  pen.strokeText(...at);
  pen.fillStyle = palette.colour("ink");
  pen.fillText(...at);
}

/**
 * All patches as rows: the pixels of each one after the other, three numbers a pixel.
 * @param {HTMLCanvasElement} canvas
 * @param {Palette} palette
 * @param {Answer} answer
 * @param {Choice} choice
 * @param {number} width
 * @param {number} height
 */
export function paintTable(canvas, palette, { arrays: { picture } }, { size, at }, width, height) {
  const { n } = cutting(picture.shape, size);
  const rows = range(n).map((i) => patchRow(picture, size, i));
  const colour = (/** @type {number} */ row, /** @type {number} */ pixel) =>
    rows[row].subarray(3 * pixel, 3 * pixel + 3);
  heatmap(canvas, { rows: n, columns: size * size, width, height, tiles: false, colour });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const step = height / n;
  marked(pen, palette, [1, at * step, width - 2, step]);
}

/**
 * From the chosen patch to its token: numbers, projection, position added.
 * @param {HTMLElement} root
 * @param {Palette} palette
 * @param {Answer} answer
 * @param {Choice} choice
 */
export function paintStrips(root, palette, { header, arrays }, { size, at, patch }) {
  const row = patchRow(arrays.picture, size, at);
  const box = find(root, ".strips");
  const width = Math.max(160, Math.min(760, box.clientWidth - (box.clientWidth > 640 ? 300 : 0)));
  const raw = make("canvas", { role: "img", "aria-label": `${row.length} numbers of the patch` });
  const cell = (/** @type {number} */ _, /** @type {number} */ i) => row.subarray(3 * i, 3 * i + 3);
  const wide = Math.min(width, row.length * CELL);
  heatmap(raw, { rows: 1, columns: size * size, width: wide, height: 22, tiles: false, colour: cell });
  const first = Array.from(row.subarray(0, 6)).join(", ");
  const strips = [make("span", {}, `Its ${row.length} numbers: ${first} …`), raw];
  if (size === header.patch_size)
    for (const [said, array] of /** @type {const} */ ([
      ["× the trained matrix", arrays.projected],
      ["+ the place’s position", arrays.tokens],
    ])) {
      const d = array.shape[1];
      const values = array.values.subarray(patch * d, (patch + 1) * d);
      strips.push(
        make("span", {}, `${said} = ${d} numbers`),
        signedStrip(palette, values, Math.min(width, d * CELL), said),
      );
    }
  else
    strips.push(
      make("span", {}, "The trained model cuts with P = 4"),
      make("span", {}, "Choose 4 to see the patch projected."),
    );
  box.replaceChildren(...strips);
}

/**
 * @param {Palette} palette
 * @param {Float32Array} values
 * @param {number} width
 * @param {string} said
 */
function signedStrip(palette, values, width, said) {
  const canvas = make("canvas", { role: "img", "aria-label": `${values.length} numbers, ${said}` });
  const top = values.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-9);
  const colour = (/** @type {number} */ _, /** @type {number} */ i) => palette.sign(values[i] / top);
  heatmap(canvas, { rows: 1, columns: values.length, width, height: 22, tiles: false, colour });
  return canvas;
}

/**
 * Attention over the picture: dark where it does not look.
 * @param {HTMLCanvasElement} canvas
 * @param {Palette} palette
 * @param {Answer} answer
 * @param {Choice} choice
 * @param {number} side
 * @param {number} [layer]
 * @param {number} [head]
 */
export function paintAttention(canvas, palette, answer, choice, side, layer = choice.layer, head = choice.head) {
  const { picture } = answer.arrays;
  const { toPatches } = weightsOf(answer, choice, layer, head);
  const size = answer.header.patch_size;
  const { columns } = cutting(picture.shape, size);
  const top = Math.max(...toPatches);
  const colour = (/** @type {number} */ y, /** @type {number} */ x) => {
    const share = toPatches[Math.floor(y / size) * columns + Math.floor(x / size)] / top;
    return rgb(picture, y * picture.shape[1] + x).map((part) => part * (0.12 + 0.88 * share));
  };
  heatmap(canvas, {
    rows: picture.shape[0],
    columns: picture.shape[1],
    width: side,
    height: side,
    tiles: false,
    colour,
  });
  if (side <= SMALL || choice.byClass) return;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  marked(pen, palette, square(choice.patch, columns, side / columns));
}

/**
 * A small map for each head.
 * @param {HTMLElement} root
 * @param {Answer} answer
 * @param {(layer: number, head: number) => void} choose
 */
export function layWall(root, { arrays: { attention } }, choose) {
  const [layers, heads] = attention.shape;
  const rows = range(layers).map((layer) => [
    make("span", { class: "side" }, `Layer ${layer + 1}`),
    ...range(heads).map((head) =>
      radio(
        { group: "patch-head", label: `layer ${layer + 1}, head ${head + 1}`, choose: () => choose(layer, head) },
        make("canvas", { class: "small" }),
      ),
    ),
  ]);
  const over = [make("span"), ...range(heads).map((head) => make("span", { class: "over" }, `Head ${head + 1}`))];
  find(root, ".wall").replaceChildren(...over, ...rows.flat());
}

/**
 * @param {HTMLElement} root
 * @param {Palette} palette
 * @param {Answer} answer
 * @param {Choice} choice
 */
export function paintWall(root, palette, answer, choice) {
  const heads = answer.arrays.attention.shape[1];
  const side = root.clientWidth < 500 ? NARROW : SMALL;
  root.querySelectorAll(".small").forEach((canvas, i) => {
    paintAttention(
      /** @type {HTMLCanvasElement} */ (canvas),
      palette,
      answer,
      choice,
      side,
      Math.floor(i / heads),
      i % heads,
    );
  });
}

/**
 * @param {HTMLElement} root
 * @param {Answer} answer
 */
export function layChances(root, { header, arrays: { chances } }) {
  const most = best(chances.values);
  const rows = header.kinds.map((kind, i) => [
    make("span", { class: i === most ? "top-one" : "" }, kind),
    make("span", { class: "track" }, make("i", { style: `width:${100 * chances.values[i]}%` })),
    make("span", {}, percent(chances.values[i])),
  ]);
  find(root, ".chances").replaceChildren(...rows.flat());
}

/**
 * Cosines of one place's position with all places'.
 * @param {HTMLCanvasElement} canvas
 * @param {Palette} palette
 * @param {Answer} answer
 * @param {number} patch
 * @param {number} side
 */
export function paintNear(canvas, palette, { arrays: { likeness } }, patch, side) {
  const n = Math.sqrt(likeness.shape[0]);
  const colour = (/** @type {number} */ row, /** @type {number} */ column) =>
    palette.sign(likeness.values[patch * n * n + row * n + column]);
  heatmap(canvas, { rows: n, columns: n, width: side, height: side, colour });
}

/**
 * The same of all places, each map at its place.
 * @param {HTMLCanvasElement} canvas
 * @param {Palette} palette
 * @param {Answer} answer
 * @param {number} side
 */
export function paintAllNear(canvas, palette, { arrays: { likeness } }, side) {
  const n = Math.sqrt(likeness.shape[0]);
  const all = n * (n + 1) - 1; // a gap between maps
  const colour = (/** @type {number} */ row, /** @type {number} */ column) => {
    const [y, x] = [row % (n + 1), column % (n + 1)];
    if (y === n || x === n) return null;
    const patch = Math.floor(row / (n + 1)) * n + Math.floor(column / (n + 1));
    return palette.sign(likeness.values[patch * n * n + y * n + x]);
  };
  heatmap(canvas, { rows: all, columns: all, width: side, height: side, tiles: false, colour });
}
