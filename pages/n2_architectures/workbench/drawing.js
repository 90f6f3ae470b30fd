// @ts-check
// Both configurations drawn from bottom of the stack to its top, part beside part; what differs is marked.

import { find, make } from "../../../ui/kit/elements.js";
import { count } from "../../../ui/kit/format.js";
import { expertLayers, headWidth, isDecoder, isLatent, matrices, windowedLayers } from "./blueprint.js";
import { attentionPicture, depthPicture, mlpPicture, scaleOf } from "./drawing_parts.js";
import { NAMES } from "./fields.js";
import { titleOf } from "./workbench_text.js";

/** @typedef {import("./blueprint.js").Blueprint} Blueprint */
/** @typedef {import("./workbench_board.js").Side} Side */
/**
 * One part of a drawing; `inside` is whether it belongs to the block.
 * @typedef {{key: string, title: string, lines: string[], role: string, inside: boolean, picture?: Node | null,
 *   adds?: boolean}} Part
 */

// biome-ignore format: a list
const ORDER = ["name", "embedding", "encoder", "block", "norm-1", "attention", "norm-2", "cross", "norm-3", "mlp",
  "norm-4", "end", "final", "unembedding"];
const AROUND = 94; // px beside a picture
const LEAST = 12; // px that a width is drawn high, so that both are drawn to one scale

/**
 * Pixels for the picture of one side.
 * @param {HTMLElement} root
 */
export function roomFor(root) {
  const width = find(root, ".drawings").clientWidth || 800;
  return Math.max(200, width / (root.clientWidth > 760 ? 2 : 1) - AROUND);
}

/**
 * @param {HTMLElement} root
 * @param {readonly Side[]} sides
 * @param {number} room
 */
export function drawPlans(root, sides, room) {
  const box = find(root, ".drawings");
  const plans = sides.map(({ plan }) => plan);
  const own = plans.map((plan) => scaleOf(plan, room));
  const shared = Math.min(...own);
  const fits = plans.every((plan) => plan.d_model * shared >= LEAST);
  const scales = fits ? [shared, shared] : own;
  const parts = sides.map((side, i) => partsOf(side, scales[i], room));
  const keys = ORDER.filter((key) => parts.some((some) => some.some((part) => part.key === key)));
  box.replaceChildren(
    ...parts.flatMap((some, i) => keys.map((key, j) => cell(key, some, parts[1 - i], { column: i + 1, row: j + 1 }))),
  );
  const ratio = own[0] / own[1];
  const names = sides.map(titleOf);
  const [large, small] = ratio > 1 ? names : names.reverse();
  const times = count(Math.max(ratio, 1 / ratio));
  const larger = `The scale of ${large} is ${times} times that of ${small}.`;
  find(root, ".scale").textContent =
    `Areas of matrices are to scale. ${fits ? "Both sides have the same scale." : larger}`;
}

/**
 * @param {string} key
 * @param {readonly Part[]} own
 * @param {readonly Part[]} others
 * @param {{column: number, row: number}} place
 */
function cell(key, own, others, { column, row }) {
  const part = own.find((each) => each.key === key);
  const other = others.find((each) => each.key === key);
  const style = `grid-column:${column};grid-row:${row}`;
  const inside = ORDER.indexOf(key) > ORDER.indexOf("block") && ORDER.indexOf(key) <= ORDER.indexOf("end");
  const kind = `${inside || key === "block" ? "inside" : "outside"} part-${key}`;
  if (!part) return make("div", { class: `part empty ${kind}`, style });
  const says = (/** @type {string} */ text) =>
    make("div", { class: "line" }, other?.lines.includes(text) ? text : make("mark", {}, text));
  const title = part.title === other?.title || key === "name" ? part.title : make("mark", {}, part.title);
  return make(
    "div",
    { class: `part ${part.role} ${kind}`, style },
    part.adds && make("span", { class: "adds", "aria-hidden": "true" }, "+"),
    make("div", { class: "inner" }, make("b", { class: "part-name" }, title), ...part.lines.map(says), part.picture),
  );
}

/**
 * @param {Side} side
 * @param {number} scale
 * @param {number} room
 * @returns {Part[]}
 */
function partsOf(side, scale, room) {
  const { plan } = side;
  const outside = { inside: false, role: "residual" };
  const name = NAMES[plan.norm];
  const halves = isDecoder(plan)
    ? []
    : [
        {
          key: "encoder",
          title: `Encoder × ${count(plan.n_layers)}`,
          lines: ["attention and MLP as below", "no causal mask"],
          ...outside,
        },
      ];
  const tied = plan.tied_embeddings ? "the embedding’s matrix again" : "a matrix of its own";
  return [
    { key: "name", title: titleOf(side), lines: [], ...outside },
    {
      key: "embedding",
      title: "Embedding",
      lines: [`${count(plan.vocab_size)} × ${count(plan.d_model)}`, ...places(plan)],
      ...outside,
    },
    ...halves,
    {
      ...{ key: "block", title: `${isDecoder(plan) ? "Block" : "Decoder block"} × ${count(plan.n_layers)}` },
      ...{ lines: [], inside: true, role: "plain", picture: depthPicture(plan.n_layers, room) },
    },
    ...sublayers(plan, scale, room),
    { key: "end", title: "", lines: [], inside: true, role: "plain" },
    ...(plan.block === "post_norm"
      ? []
      : [{ key: "final", title: `Final ${name}`, lines: [], ...outside, role: "norm" }]),
    {
      key: "unembedding",
      title: "Unembedding",
      lines: [`${count(plan.d_model)} × ${count(plan.vocab_size)}`, tied],
      ...outside,
    },
  ];
}

/** @param {Blueprint} plan */
function places(plan) {
  if (plan.position === "learned") return [`+ ${count(plan.context_length)} learned positions`];
  return plan.position === "sinusoidal" ? ["+ sinusoidal positions"] : [];
}

/**
 * @param {Blueprint} plan
 * @param {number} scale
 * @param {number} room
 * @returns {Part[]}
 */
function sublayers(plan, scale, room) {
  const before = plan.block !== "post_norm";
  const after = plan.block !== "pre_norm";
  const norm = (/** @type {string} */ key) => ({ key, title: NAMES[plan.norm], lines: [], inside: true, role: "norm" });
  const crossed = !isDecoder(plan);
  return [
    ...(before ? [norm("norm-1")] : []),
    {
      ...{ key: "attention", title: isLatent(plan) ? "Latent attention" : "Attention", lines: attentionLines(plan) },
      ...{ inside: true, role: "attention", adds: true, picture: attentionPicture(plan, scale, room) },
    },
    ...(after ? [norm("norm-2")] : []),
    ...(crossed
      ? [
          {
            key: "cross",
            title: "Cross-attention",
            lines: ["queries from here", "keys, values: encoder"],
            inside: true,
            role: "attention",
            adds: true,
          },
        ]
      : []),
    ...(before || crossed ? [norm("norm-3")] : []),
    {
      ...{ key: "mlp", title: expertLayers(plan) ? "Experts" : "MLP", lines: mlpLines(plan) },
      ...{ inside: true, role: "feed-forward", adds: true, picture: mlpPicture(plan, scale, room) },
    },
    ...(after ? [norm("norm-4")] : []),
  ];
}

/** @param {Blueprint} plan */
function attentionLines(plan) {
  const { n_heads: heads, n_kv_heads: kv, sliding_window: sight } = plan;
  const shared = kv === 1 ? "1 key-value head for all" : `${count(kv)} key-value heads`;
  const kept = isLatent(plan) ? `keeps ${count(plan.kv_rank)} + ${count(plan.rope_width)} numbers` : shared;
  const views = windowedLayers(plan) < plan.n_layers ? ` in ${count(windowedLayers(plan))} layers` : "";
  return [
    `${count(heads)} ${heads === 1 ? "head" : "heads"} of ${count(headWidth(plan))}`,
    kept,
    ...(plan.position === "rope" ? ["rotary positions"] : []),
    ...(plan.position === "alibi" ? ["ALiBi"] : []),
    ...(sight ? [`window of ${count(sight)}${views}`] : []),
    ...(plan.qk_norm ? ["queries, keys normalised"] : []),
    plan.attention_bias ? "with biases" : "no biases",
  ];
}

/** @param {Blueprint} plan */
function mlpLines(plan) {
  const kind = `${NAMES[plan.activation]}, ${matrices(plan)} matrices`;
  const bias = plan.feed_forward_bias ? "with biases" : "no biases";
  if (!expertLayers(plan)) return [kind, `width ${count(plan.d_ff)}`, bias];
  const dense = plan.n_dense_layers;
  return [
    kind,
    `${count(plan.n_experts)} of ${count(plan.d_expert)}, ${count(plan.n_active)} chosen`,
    ...(plan.n_shared ? [`${count(plan.n_shared)} always active`] : []),
    ...(dense ? [`first ${count(dense)} layers: MLP of ${count(plan.d_ff)}`] : []),
    bias,
  ];
}
