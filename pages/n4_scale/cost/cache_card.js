// @ts-check
// The KV caches of known shapes, as published and with other numbers of key-value heads.

import { find, make } from "../../../ui/kit/elements.js";
import { count, memory } from "../../../ui/kit/format.js";
import { cacheBytes, conversations, headCounts } from "./costs.js";

/** @typedef {import("./costs.js").ShapeCosts} ShapeCosts */
/**
 * Tokens of each of so many conversations.
 * @typedef {{context: number, batch: number, precision: number, all: boolean}} Kept
 */

export const PRECISIONS = /** @type {const} */ ([
  { size: 4, name: "32-bit" },
  { size: 2, name: "16-bit" },
  { size: 1, name: "8-bit" },
]);
const GPUS = [24, 80]; // GB
const FIRST = new Set(["GPT-2 small", "Llama 2 70B", "Llama 3 8B"]); // shown at once, after this model
const COMPARED = "Llama 3 8B";
const WIDEST = 74; // percent of the room that the bar of all heads takes

/**
 * @param {HTMLElement} root
 * @param {readonly ShapeCosts[]} shapes the first is this model
 * @param {Kept} kept
 */
export function drawCaches(root, shapes, kept) {
  const { context, batch, precision, all } = kept;
  const { size, name } = PRECISIONS[precision];
  const more = find(root, ".more");
  more.textContent = all ? "show fewer" : "show all models";
  more.setAttribute("aria-expanded", String(all));
  const bytes = (/** @type {ShapeCosts} */ shape) => {
    const held = memory(cacheBytes(shape, shape.n_kv_heads, size, context * batch));
    return make("b", { class: "value" }, held);
  };
  const who = batch === 1 ? "one conversation" : `${batch} conversations`;
  const other = /** @type {ShapeCosts} */ (shapes.find(({ title }) => title === COMPARED));
  find(root, ".cached").replaceChildren(
    ...[`For ${who} of ${count(context)} tokens, the cache of ${COMPARED} takes `, bytes(other)],
    ...[`, and that of ${shapes[0].title} would take `, bytes(shapes[0])],
  );
  const shown = shapes.filter(({ title }, i) => all || i === 0 || FIRST.has(title));
  const caches = find(root, ".caches");
  caches.replaceChildren(head(name), ...shown.map((shape) => cache(shape, kept)));
  caches.setAttribute("aria-label", `Cache in ${name} numbers.`);
}

const head = (/** @type {string} */ precision) =>
  make(
    "div",
    { class: "cache head" },
    make("span", {}, "model"),
    make("span", {}, `${precision} keys and values`),
    make("span", { class: "fit" }, "conversations that fit on a GPU beside 16-bit weights"),
  );

/**
 * @param {ShapeCosts} shape
 * @param {Kept} kept
 */
function cache(shape, { context, batch, precision }) {
  const { size } = PRECISIONS[precision];
  const ends = context > shape.context_length && `; its longest text has ${count(shape.context_length)} tokens`;
  const one = memory(cacheBytes(shape, shape.n_kv_heads, size, 1));
  const each = cacheBytes(shape, shape.n_kv_heads, size, context);
  return make(
    "div",
    { class: "cache" },
    make("div", { class: "who" }, shape.title, make("small", {}, `${one} per token`, ends)),
    make(
      "div",
      {},
      Object.entries(headCounts(shape)).map(([name, heads]) =>
        variant(shape, name, heads, cacheBytes(shape, heads, size, context * batch)),
      ),
    ),
    make(
      "div",
      { class: "fit" },
      GPUS.map((gb) => make("div", {}, `${gb} GB: `, make("b", {}, fitting(shape, gb, each)))),
    ),
  );
}

/**
 * @param {ShapeCosts} shape
 * @param {string} name
 * @param {number} heads
 * @param {number} bytes
 */
const variant = ({ n_heads, n_kv_heads }, name, heads, bytes) =>
  make(
    "div",
    {
      class: heads === n_kv_heads ? "variant own" : "variant",
      title: `${name}: ${heads} key-value head${heads === 1 ? "" : "s"}`,
    },
    make("span", {}, name),
    make("span", { class: "track" }, make("i", { style: `width:${(WIDEST * heads) / n_heads}%` }), memory(bytes)),
  );

/**
 * @param {ShapeCosts} shape
 * @param {number} gb
 * @param {number} each
 */
function fitting(shape, gb, each) {
  const n = conversations(shape, gb * 1e9, each);
  if (n === null) return "weights too large";
  return n < 1 ? "none" : count(n);
}
