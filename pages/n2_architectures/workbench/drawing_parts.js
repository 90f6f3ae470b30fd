// @ts-check
// The pictures inside a drawing: heads and who shares keys, matrices by their area, experts, layers.

import { range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { expertLayers, headWidth, isLatent, matrices, queryWidth } from "./blueprint.js";

/** @typedef {import("./blueprint.js").Blueprint} Blueprint */
/** @typedef {{name: string, rows: number, columns: number, role: string}} Matrix */

const HIGHEST = 64; // px of the model's width
const MOST_HEADS = 128;
const MOST_EXPERTS = 512;
const MOST_LAYERS = 200;
const GAP = 4;
const CELL = 8; // px of a head, with the gap after it
const SHARED = 5; // px that a key and a value are drawn high
const EXPERT = 10;
const LAYER = 4;
const NAMED = 18; // px from which on a matrix has room for its name

/**
 * Pixels of one number along an edge, so that each matrix fits into the room and an MLP's lie in a row.
 * @param {Blueprint} plan
 * @param {number} room
 */
export function scaleOf(plan, room) {
  const widest = Math.max(...attentionShapes(plan).map(({ columns }) => columns));
  const mlp = mlpShapes(plan).reduce((all, { columns }) => all + columns, 0);
  return Math.min(HIGHEST / plan.d_model, room / widest, (room - 3 * GAP) / mlp);
}

/**
 * @param {Blueprint} plan
 * @returns {Matrix[]}
 */
function attentionShapes(plan) {
  const { d_model: d, n_heads: heads } = plan;
  const query = heads * queryWidth(plan);
  if (!isLatent(plan)) {
    const kv = plan.n_kv_heads * headWidth(plan);
    return [
      { name: "Q", rows: d, columns: query, role: "query" },
      { name: "K", rows: d, columns: kv, role: "key" },
      { name: "V", rows: d, columns: kv, role: "value" },
      { name: "O", rows: d, columns: query, role: "attention" },
    ];
  }
  const queries = plan.q_rank
    ? [
        { name: "Q down", rows: d, columns: plan.q_rank, role: "query" },
        { name: "Q up", rows: plan.q_rank, columns: query, role: "query" },
      ]
    : [{ name: "Q", rows: d, columns: query, role: "query" }];
  const values = heads * plan.value_width;
  return [
    ...queries,
    { name: "KV down", rows: d, columns: plan.kv_rank + plan.rope_width, role: "key" },
    { name: "KV up", rows: plan.kv_rank, columns: heads * (headWidth(plan) + plan.value_width), role: "value" },
    { name: "O", rows: d, columns: values, role: "attention" },
  ];
}

/**
 * Of the MLP, or of one expert.
 * @param {Blueprint} plan
 * @returns {Matrix[]}
 */
function mlpShapes(plan) {
  const width = expertLayers(plan) ? plan.d_expert : plan.d_ff;
  const names = matrices(plan) === 3 ? ["gate", "up", "down"] : ["up", "down"];
  return names.map((name) => ({ name, rows: plan.d_model, columns: width, role: "feed-forward" }));
}

/**
 * @param {Matrix} matrix
 * @param {number} scale
 */
function drawn({ name, rows, columns, role }, scale) {
  const [width, height] = [Math.max(2, columns * scale), Math.max(2, rows * scale)];
  const room = width >= 9 * name.length + 4 && height >= NAMED;
  const title = `${name}: ${count(rows)} × ${count(columns)} = ${count(rows * columns)}`;
  const style = `width:${width.toFixed(1)}px;height:${height.toFixed(1)}px`;
  return make("i", { class: `matrix ${role}`, style, title }, room && name);
}

/**
 * @param {readonly Matrix[]} shapes
 * @param {number} scale
 */
function matrixRow(shapes, scale) {
  const said = shapes.map(({ name, rows, columns }) => `${name} ${count(rows)} × ${count(columns)}`).join(", ");
  return make(
    "div",
    { class: "matrices", role: "img", "aria-label": said },
    ...shapes.map((each) => drawn(each, scale)),
  );
}

/**
 * @param {Blueprint} plan
 * @param {number} scale
 * @param {number} room
 */
export const attentionPicture = (plan, scale, room) =>
  make("div", { class: "pictured" }, headsPicture(plan, room), matrixRow(attentionShapes(plan), scale));

/**
 * Squares of one kind as one path.
 * @param {string} role
 * @param {readonly (readonly [x: number, y: number, width: number, height: number])[]} boxes
 */
const squares = (role, boxes) =>
  make("path", { class: role, d: boxes.map(([x, y, w, h]) => `M${x} ${y}h${w}v${h}h${-w}z`).join("") });

/**
 * A group for each key-value head: its query heads above, what they share below.
 * @param {Blueprint} plan
 * @param {number} room
 */
function headsPicture(plan, room) {
  if (plan.n_heads > MOST_HEADS) return null;
  const groups = isLatent(plan) ? 1 : plan.n_kv_heads;
  const each = plan.n_heads / groups;
  const across = Math.min(each, Math.floor(room / CELL));
  const [width, height] = [across * CELL - 1, Math.ceil(each / across) * CELL + SHARED];
  const inRow = Math.max(1, Math.floor((room + GAP) / (width + GAP)));
  const places = range(groups).map((g) => [(g % inRow) * (width + GAP), Math.floor(g / inRow) * (height + GAP)]);
  const query = (/** @type {number} */ i) => [(i % across) * CELL, Math.floor(i / across) * CELL];
  const queries = places.flatMap(([x, y]) =>
    range(each).map((i) => /** @type {const} */ ([x + query(i)[0], y + query(i)[1], CELL - 1, CELL - 1])),
  );
  const half = width / 2;
  const shared = (/** @type {0 | 1} */ side) =>
    places.map(([x, y]) => /** @type {const} */ ([x + side * half, y + height - SHARED, half, SHARED]));
  const whole = { width: room, height: Math.ceil(groups / inRow) * (height + GAP) - GAP, "aria-hidden": "true" };
  return make("svg", whole, squares("query", queries), squares("key", shared(0)), squares("value", shared(1)));
}

/**
 * @param {Blueprint} plan
 * @param {number} scale
 * @param {number} room
 */
export function mlpPicture(plan, scale, room) {
  if (!expertLayers(plan)) return make("div", { class: "pictured" }, matrixRow(mlpShapes(plan), scale));
  return make(
    "div",
    { class: "pictured" },
    expertsPicture(plan, room),
    make("div", { class: "line one" }, "one expert:"),
    matrixRow(mlpShapes(plan), scale),
  );
}

/**
 * A square for each expert: those always active, those chosen for a token, the others.
 * @param {Blueprint} plan
 * @param {number} room
 */
function expertsPicture({ n_experts: experts, n_active: active, n_shared: shared }, room) {
  const all = experts + shared;
  if (all > MOST_EXPERTS) return null;
  const across = Math.floor(room / EXPERT);
  const boxes = range(all).map(
    (i) => /** @type {const} */ ([(i % across) * EXPERT, Math.floor(i / across) * EXPERT, EXPERT - 2, EXPERT - 2]),
  );
  return make(
    "svg",
    { class: "experts", width: room, height: Math.ceil(all / across) * EXPERT - 2, "aria-hidden": "true" },
    squares("always", boxes.slice(0, shared)),
    squares("on", boxes.slice(shared, shared + active)),
    squares("off", boxes.slice(shared + active)),
  );
}

/**
 * A line for each layer.
 * @param {number} layers
 * @param {number} room
 */
export function depthPicture(layers, room) {
  if (layers > MOST_LAYERS) return null;
  const across = Math.floor(room / LAYER);
  const boxes = range(layers).map(
    (i) => /** @type {const} */ ([(i % across) * LAYER, Math.floor(i / across) * 11, LAYER - 2, 9]),
  );
  const height = Math.ceil(layers / across) * 11;
  return make("svg", { class: "depth", width: room, height, "aria-hidden": "true" }, squares("residual", boxes));
}
