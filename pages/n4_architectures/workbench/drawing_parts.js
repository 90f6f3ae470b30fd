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
 */
export const attentionPicture = (plan, scale) =>
  make("div", { class: "pictured" }, headsPicture(plan), matrixRow(attentionShapes(plan), scale));

/**
 * A group for each key-value head: its query heads above, what they share below.
 * @param {Blueprint} plan
 */
function headsPicture(plan) {
  if (plan.n_heads > MOST_HEADS) return null;
  const groups = isLatent(plan) ? 1 : plan.n_kv_heads;
  const each = plan.n_heads / groups;
  const group = () =>
    make(
      "span",
      { class: "group" },
      make("span", { class: "queries" }, ...range(each).map(() => make("i", { class: "query" }))),
      make("span", { class: isLatent(plan) ? "shared latent" : "shared" }),
    );
  return make("div", { class: "heads-drawn", "aria-hidden": "true" }, ...range(groups).map(group));
}

/**
 * @param {Blueprint} plan
 * @param {number} scale
 */
export function mlpPicture(plan, scale) {
  if (!expertLayers(plan)) return make("div", { class: "pictured" }, matrixRow(mlpShapes(plan), scale));
  const { n_experts: experts, n_active: active, n_shared: shared } = plan;
  const cell = (/** @type {string} */ kind) => make("i", { class: kind });
  const cells =
    experts + shared <= MOST_EXPERTS
      ? [...range(shared).map(() => cell("always")), ...range(experts).map((i) => cell(i < active ? "on" : "off"))]
      : [];
  return make(
    "div",
    { class: "pictured" },
    make("div", { class: "experts", "aria-hidden": "true" }, ...cells),
    make("div", { class: "line one" }, "one expert:"),
    matrixRow(mlpShapes(plan), scale),
  );
}

/**
 * A line for each layer.
 * @param {number} layers
 */
export const depthPicture = (layers) =>
  layers <= MOST_LAYERS
    ? make("div", { class: "depth", "aria-hidden": "true" }, ...range(layers).map(() => make("i")))
    : null;
