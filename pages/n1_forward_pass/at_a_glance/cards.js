// @ts-check
// What an opened part holds, as data: vectors as lines of cells, tables, shapes.

import { largest, norm, range, sum } from "../../../ui/kit/arithmetic.js";
import { count, number, percent, printed, relation, signed } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { readings } from "./facts.js";
import { score } from "./formulas.js";

/** @import { Facts } from "./facts.js" */
/** @import { Column } from "./stages.js" */
/** @typedef {"query" | "key" | "value" | "attention" | "feed_forward" | "residual"} Role */

/** `peak`: the magnitude of a full colour. */
/** @typedef {{kind: "line", label: string, vector: Float32Array, role: Role, text: string, peak: number}} Line */
/** `shares` are drawn as bars behind the last column. */
/** @typedef {{kind: "table", head: string[], rows: string[][], chosen: number, shares?: ArrayLike<number>}} Table */
/** @typedef {{kind: "shapes", text: string}} Shapes */
/** @typedef {Line | Table | Shapes} Part */

/**
 * @param {string} label
 * @param {Float32Array} vector
 * @param {Role} role
 * @param {string} [text]
 * @param {number} [peak]
 * @returns {Line}
 */
const line = (label, vector, role, text = "", peak = largest(vector) || 1e-9) => ({
  kind: "line",
  ...{ label, vector, role, text, peak },
});

/**
 * @param {string[]} head
 * @param {string[][]} rows
 * @param {number} chosen
 * @param {ArrayLike<number>} [shares]
 * @returns {Table}
 */
const table = (head, rows, chosen, shares) => ({ kind: "table", head, rows, chosen, shares });

/**
 * @param {string} text
 * @returns {Shapes}
 */
const shapes = (text) => ({ kind: "shapes", text });

/** @param {number} length */
const long = (length) => `|${number(length)}|`;

/** @param {Facts} f */
function tokens({ trace, model, row, n }) {
  const hexadecimal = (/** @type {number[]} */ bytes) => bytes.map((b) => b.toString(16).padStart(2, "0")).join(" ");
  const rows = trace.header.bytes.map((bytes, i) => [
    trace.word(i),
    String(i + 1),
    String(trace.ids[i]),
    hexadecimal(bytes),
  ]);
  return [
    table(["token", "position", "id", "bytes"], rows, row),
    shapes(`token_ids  [batch 1 · position ${n}], ids 0 to ${count(model.vocab_size - 1)}`),
  ];
}

/** @param {Facts} f */
function embed({ trace, model, row }) {
  const place = trace.whole("position_added", row);
  const x = trace.whole("embedded", row);
  const lengths = Array.from(trace.whole("embedding_size", row), long); // of all numbers, not of those shown
  const added = [line("+ position", place, "attention", lengths[1]), line("= x", x, "residual", lengths[2])];
  const all = x.length < model.d_model ? `the first ${x.length} of` : "all";
  return [
    line("token row", trace.whole("token_embedded", row), "residual", lengths[0]),
    ...(norm(place) > 1e-6 ? added : []),
    shapes(`${all} ${count(model.d_model)} numbers of each vector`),
    shapes(`E  [vocabulary ${count(model.vocab_size)} · d_model ${model.d_model}]`),
  ];
}

/** @param {Facts} f */
function qkv({ trace, model, row, layer, head, sizes }) {
  const normed = trace.vector("attention_norm", row, layer);
  const before = trace.vector("resid_pre", row, layer);
  const [q, k, v] = [trace.q(row, layer, head), trace.k(row, layer, head), trace.v(row, layer, head)];
  return [
    line("x", before, "residual", `|x| ${number(sizes[0])}`),
    line("norm(x)", normed, "residual"),
    line("query", q, "query", `|q| ${number(norm(q))}`),
    line("key", k, "key", `|k| ${number(norm(k))}`),
    line("value", v, "value", `|v| ${number(norm(v))}`),
    shapes(`x: first ${normed.length} of d_model ${model.d_model}; q, k, v: all of d_head ${model.d_head}`),
    shapes(`W_Q  [d_model ${model.d_model} · heads ${model.n_heads} × d_head ${model.d_head}]`),
    shapes(`W_K, W_V  [d_model ${model.d_model} · kv heads ${model.n_kv_heads} × d_head ${model.d_head}]`),
  ];
}

/** @param {Facts} f */
function attention(f) {
  const { trace, model, row, key, layer, head, weights, sizes } = f;
  const mixed = trace.mixed(row, layer, head);
  const peak = largest(mixed) || 1e-9;
  const whole = model.n_heads * model.d_head;
  const after = trace.vector("resid_mid", row, layer);
  const read = readings(f).map(({ key: j, share }) => {
    const scaled = trace.v(j, layer, head).map((x) => x * share);
    return line(`${number(share, 2, 0)} · v`, scaled, "value", quote(trace.word(j)), peak);
  });
  return [
    table(["key", "q·k", `÷ √${model.d_head}`, "e^(s − max)", "weight"], shareRows(f), key, weights),
    shapes(`sum of e^(s − max) ${sumRelation(f)} ${number(f.total, 3, 0)}; unrounded, the weights add up to 100 %`),
    ...read,
    line("sum of all", mixed, "value", long(norm(mixed)), peak),
    line("all heads · W_O", trace.vector("attention_output", row, layer), "attention", long(sizes[1])),
    line("x + that", after, "residual", long(sizes[2])),
    shapes(
      `concat [heads ${model.n_heads} × d_head ${model.d_head}] · W_O [${whole} · d_model ${model.d_model}]; ` +
        `the last two: first ${after.length} numbers`,
    ),
  ];
}

/**
 * From q · k to the share of each key.
 * @param {Facts} f
 */
function shareRows({ trace, row, layer, head, scores, top, weights }) {
  const dots = trace.scores(row, layer, head);
  return range(row + 1).map((j) => [
    trace.word(j),
    score(dots[j]),
    score(scores[j]),
    number(Math.exp(scores[j] - top), 3, 0),
    percent(weights[j]),
  ]);
}

/**
 * Whether the powers of the table, as they are printed, have the sum that is printed below.
 * @param {Facts} f
 */
function sumRelation({ row, scores, top, total }) {
  const powers = range(row + 1).map((j) => printed(Math.exp(scores[j] - top), 3, 0));
  return relation(sum(powers), total, 3, 0);
}

/** @param {Facts} f */
function mlp({ trace, model, row, layer, sizes }) {
  const normed = trace.vector("feed_forward_norm", row, layer);
  const hidden = trace.vector("hidden", row, layer);
  const strongest = trace
    .neurons(row, layer)
    .map(({ index, value }) => [`neuron ${count(index + 1)}`, signed(value, 3)]);
  return [
    line("norm(x)", normed, "residual"),
    line("hidden", hidden, "feed_forward"),
    line("MLP output", trace.vector("feed_forward_output", row, layer), "feed_forward", long(sizes[3])),
    line("x after", trace.vector("resid_post", row, layer), "residual", long(sizes[4])),
    shapes(`first ${normed.length} of d_model ${model.d_model}; first ${hidden.length} of d_ff ${model.d_ff}`),
    table(["strongest neurons", "activation"], strongest, -1),
  ];
}

/** @param {Facts} f */
function predict({ trace, model, row }) {
  const guesses = trace.guesses(row);
  const words = trace.distinct(guesses.map(({ id }) => id));
  const listed = guesses.map(({ id, logit, share }, k) => [words[k], String(id), score(logit), percent(share)]);
  const lens = (trace.lens(row) ?? []).map(({ id, share }, l) => [
    `after layer ${l + 1}`,
    trace.piece(id),
    percent(share),
  ]);
  const shares = guesses.map(({ share }) => share);
  const logSum = number(trace.arrays.log_sum.values[row]);
  return [
    line("norm(x)", trace.whole("final_norm", row), "residual"),
    table(["token", "id", "logit", "probability"], listed, 0, shares),
    shapes(`logarithm of the sum of e^logit over all ${count(model.vocab_size)} tokens: ${logSum}`),
    table(["logit lens", "most probable", "probability"], lens, model.n_layers - 1),
  ];
}

/** @type {Record<Column, (f: Facts) => Part[]>} */
export const CARDS = { tokens, embed, qkv, attention, mlp, predict };

/** @type {Record<Column, (f: Facts) => string>} */
export const TITLES = {
  tokens: ({ n }) => `${n} tokens and their ids`,
  embed: ({ word, row }) => `The vector of ${word}, position ${row + 1}`,
  qkv: ({ word, layer, head }) => `Query, key and value of ${word} in layer ${layer + 1}, head ${head + 1}`,
  attention: ({ word, layer, head }) => `What ${word} attends to in layer ${layer + 1}, head ${head + 1}`,
  mlp: ({ word, layer }) => `What the MLP of layer ${layer + 1} does with ${word}`,
  predict: ({ word }) => `From vector to prediction, after ${word}`,
};
