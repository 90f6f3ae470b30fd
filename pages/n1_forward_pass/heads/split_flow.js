// @ts-check
// One layer for one word, as strips of real numbers: the width is cut into bands, one per head, and
// put together again.

import { largest, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { number, percent } from "../../../ui/kit/format.js";
import { bars } from "../../../ui/kit/pictures.js";
import { causalRow, slice, times } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { favourite } from "./head_rows.js";

/** @import { HeadsView, Place } from "./head_place.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/**
 * `every`: of each vector every such number was sent.
 * @typedef {{
 *   view: HeadsView, layer: number, every: number, d_model: number, d_head: number, n_kv_heads: number,
 * }} SplitHeader
 */
/**
 * Of one layer, [token, …]: what it reads; by head, queries, keys, mixed values; what it writes; the
 * largest weight of each row and the length of each head's summand. weights: in 255ths.
 * @typedef {{
 *   x: Tensor, q: Tensor, k: Tensor, mixed: Tensor, output: Tensor,
 *   weights: Tensor<Uint8Array>, most: Tensor, written: Tensor,
 * }} SplitArrays
 */
/** @typedef {Packed<SplitHeader, SplitArrays>} Answer */
/** @typedef {{answer: Answer, place: Place, palette: Palette, choose: (head: number) => void}} Scene */

/**
 * How many query heads share one key and one value.
 * @param {SplitHeader} header
 */
export const sharing = ({ view, n_kv_heads }) => view.n_heads / n_kv_heads;

/** @param {Scene} scene */
export function flow(scene) {
  const { header } = scene.answer;
  const { view, d_model: D, d_head: d, n_kv_heads: G } = header;
  const H = view.n_heads;
  const n = view.pieces.length;
  const keys = `[${G}, ${n}, ${d}]. Drawn below is the key of this token itself`;
  const against = sharing(header) === 1 ? "the keys of the same head" : `keys that ${sharing(header)} heads share`;
  return [
    ...[what("x: the layer’s input", `[${n}, ${D}]`, "residual"), strip(scene, "x")],
    step(`↓ times W_Q [${D}, ${D}], then cut into ${H} bands of ${d}`),
    ...[what("q: its queries", `[${H}, ${n}, ${d}]`, "query"), queries(scene)],
    step(`↓ dot products with ${against} ${keys}`),
    ...[what("k: its keys", `[${G}, ${n}, ${d}]`, "key"), keyBands(scene)],
    step("↓ softmax: one row of attention weights for each head"),
    ...[what("attention weights", `[${H}, ${n}, ${n}]`, "attention"), weights(scene)],
    step("↓ times the values, which have the shape of the keys: each head’s mixture"),
    ...[what("mixed values", `[${H}, ${n}, ${d}]`, "value"), mixtures(scene)],
    step(
      `↓ side by side again: ${H} × ${d} = ${H * d} numbers, times W_O [${D}, ${D}]. Each head’s band meets its ` +
        `own ${d} rows of W_O. So the product is a sum with one vector for each head, of these lengths`,
    ),
    ...[what("what each head adds", `${H} × [${n}, ${D}]`), summands(scene)],
    ...[what("output", `[${n}, ${D}]`, "residual"), strip(scene, "output")],
  ];
}

/**
 * A stage's name and shape.
 * @param {string} title
 * @param {string} shape
 * @param {string} [role]
 */
const what = (title, shape, role) =>
  make("div", { class: "what" }, make("b", { class: role }, title), make("span", { class: "mono" }, shape));

const step = (/** @type {string} */ text) => make("div", { class: "step" }, text);

/**
 * The numbers of the chosen layer and word; with a head, of its band.
 * @param {Scene} scene
 * @param {Exclude<keyof SplitArrays, "weights">} name
 * @param {number[]} head
 */
const numbers = ({ answer, place }, name, ...head) => slice(answer.arrays[name], place.token, ...head);

/**
 * A vector in its full width.
 * @param {Scene} scene
 * @param {"x" | "output"} name
 */
function strip(scene, name) {
  const values = numbers(scene, name);
  return make("div", { class: "band" }, bars(values, largest(values), "residual", 34));
}

/**
 * @param {number} n
 * @param {(i: number) => HTMLElement} band
 */
const bands = (n, band) => make("div", { class: "bands", style: `--bands:${n}` }, range(n).map(band));

/**
 * A head's band; a click chooses the head.
 * @param {Scene} scene
 * @param {number} head
 * @param {string} said beside the head's name
 * @param {readonly Child[]} content
 */
function headBand({ place, choose }, head, said, content) {
  const here = head === place.head;
  const label = `layer ${place.layer + 1} head ${head + 1}${said}`;
  return make(
    "button",
    {
      ...{ type: "button", class: here ? "band here" : "band", "aria-label": label, "aria-pressed": String(here) },
      onclick: () => choose(head),
    },
    ...content,
  );
}

/**
 * @param {string} name
 * @param {string} [extra]
 */
const label = (name, extra = "") =>
  make("span", { class: "label" }, make("b", {}, name), " ", make("span", { class: "extra" }, extra));

/**
 * @param {Scene} scene
 * @param {number} head
 */
const shortName = ({ answer }, head) => (answer.header.view.n_heads > 8 ? String(head + 1) : `head ${head + 1}`);

/** @param {Scene} scene */
function queries(scene) {
  const top = largest(numbers(scene, "q"));
  return bands(scene.answer.header.view.n_heads, (head) =>
    headBand(scene, head, "", [label(shortName(scene, head)), bars(numbers(scene, "q", head), top, "query", 26)]),
  );
}

/** @param {Scene} scene */
function keyBands(scene) {
  const { header } = scene.answer;
  const top = largest(numbers(scene, "k"));
  const group = sharing(header);
  return bands(header.n_kv_heads, (i) => {
    const named = group > 1 && label(`for heads ${i * group + 1} to ${(i + 1) * group}`);
    return make("div", { class: "band" }, named, bars(numbers(scene, "k", i), top, "key", 26));
  });
}

/**
 * As the only layer of an array of layers.
 * @param {Tensor<Uint8Array>} weights
 */
const layerOf = ({ shape, values }) => ({ shape: [1, ...shape], values });

/** @param {Scene} scene */
function weights(scene) {
  const { answer, place, palette } = scene;
  const { pieces, n_heads } = answer.header.view;
  const most = numbers(scene, "most");
  return bands(n_heads, (head) => {
    const row = causalRow(layerOf(answer.arrays.weights), 0, head, place.token);
    const cells = Array.from(times(row, 1 / 255), (share) =>
      make("i", { style: `background:rgb(${palette.magnitude(share).join()})` }),
    );
    const [word, share] = [visible(pieces[favourite(row)]), percent(most[head])];
    return headBand(scene, head, `: ${word} ${share}`, [make("span", { class: "cells" }, cells), label(word, share)]);
  });
}

/** @param {Scene} scene */
function mixtures(scene) {
  const top = largest(numbers(scene, "mixed"));
  return bands(scene.answer.header.view.n_heads, (head) =>
    headBand(scene, head, "", [bars(numbers(scene, "mixed", head), top, "value", 26)]),
  );
}

/** @param {Scene} scene */
function summands(scene) {
  const written = numbers(scene, "written");
  const top = largest(written);
  return bands(written.length, (head) => {
    const amount = make("div", { class: "amount", style: `width:${(100 * written[head]) / top}%` });
    const length = number(written[head]);
    return headBand(scene, head, ` ${length}`, [amount, label(shortName(scene, head), length)]);
  });
}
