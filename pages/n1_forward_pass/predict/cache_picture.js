// @ts-check
// The KV cache: keys and values, layer by layer, position by position; this step's columns are lit.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, memory, plural } from "../../../ui/kit/format.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { cacheAt } from "./generation.js";

/** @typedef {import("../../../ui/kit/palette.js").Palette} Palette */
/** @typedef {import("./generation.js").GenerationData} GenerationData */

const MARGIN = 54; // pixels beside the picture, where the layers are named
const WIDEST = 48; // pixels of a column
const LOW = 4; // pixels of a row in a deep model
const FEW = 12; // layers up to which each has its number
const KEPT = 0.38; // of a colour: computed in an earlier step

/**
 * @param {HTMLElement} root
 * @param {GenerationData} data
 * @param {number} at the step
 * @param {Palette} palette
 */
export function drawCache(root, data, at, palette) {
  const without = find(root, ".without", HTMLInputElement).checked;
  const now = cacheAt(data, at, without);
  const rows = 2 * data.n_layers;
  const columns = data.prompt.length + Math.max(data.steps.length - 1, 0);
  const width = Math.min(find(root, ".memory").clientWidth - MARGIN, WIDEST * columns);
  const canvas = find(root, "canvas", HTMLCanvasElement);
  nameSides(root, data, columns, width / columns);
  heatmap(canvas, {
    ...{ rows, columns, width, height: rows * clamp(170 / rows, LOW, 18), hidden: palette.colour("line") },
    colour: (row, column) =>
      column < now.filled && palette.magnitude(column >= now.fresh ? 1 : KEPT, row % 2 ? "value" : "key"),
  });
  const computed = plural(now.computed, "position");
  canvas.setAttribute(
    "aria-label",
    `Keys and values of ${data.n_layers} layers, ${plural(now.filled, "position")}: ${memory(now.bytes)}; ` +
      `computed in this step: ${computed}.`,
  );
  find(root, ".memory h4").textContent = without
    ? `Without a cache, step ${at + 1} computes ${computed} again`
    : `Step ${at + 1} computes ${computed}; the cache holds ${memory(now.bytes)}`;
  find(root, ".memory .caption").replaceChildren(...caption(data, now, without));
}

/**
 * The layers at the left, the two parts of the text below.
 * @param {HTMLElement} root
 * @param {GenerationData} data
 * @param {number} columns
 * @param {number} width of a column
 */
function nameSides(root, { n_layers, prompt }, columns, width) {
  const part = (/** @type {string} */ name, /** @type {string} */ kind, /** @type {number} */ n) =>
    make("span", { class: kind, style: `width:${width * n - 2}px` }, name);
  const written = columns - prompt.length;
  const named = (/** @type {number} */ layer) => n_layers <= FEW || layer % 5 === 0;
  const layers = range(n_layers).map((i) => make("span", {}, i ? named(i + 1) && i + 1 : "layer 1"));
  find(root, ".depth").replaceChildren(...layers);
  const parts = [part("your text", "", prompt.length), ...(written ? [part("written", "new", written)] : [])];
  find(root, ".spans").replaceChildren(...parts);
}

/**
 * @param {GenerationData} data
 * @param {ReturnType<typeof cacheAt>} now
 * @param {boolean} without
 */
function caption(data, { filled, bytes }, without) {
  const heads = `${plural(data.n_layers, "layer")} · ${plural(data.n_kv_heads, "key-value head")}`;
  const position =
    `2 · ${heads} · ${data.d_head} numbers · 4 bytes = ` + `${count(data.bytes_per_position)} bytes a position`;
  return [
    ...["Each layer has a row of ", make("b", { class: "key" }, "keys"), " above a row of "],
    ...[make("b", { class: "value" }, "values"), ". Each column is a position. Full colour: computed in this step. "],
    `${position}. For ${count(filled)} positions: ${memory(bytes)}. `,
    without
      ? "All these positions were computed before and thrown away."
      : "The last token has no column yet: the next step computes it.",
  ];
}
