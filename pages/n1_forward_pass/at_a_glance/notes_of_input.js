// @ts-check
// The notes from the text to queries, keys and values.

import { norm as lengthOf, range } from "../../../ui/kit/arithmetic.js";
import { count, flops, number, percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { BLOCK, projections, sumLine } from "./formulas.js";
import { LEVERS } from "./levers.js";
import { em, key, query, sub, value } from "./marks.js";
import { headShape, plural, spelt, streamShape } from "./note.js";

/** @import { Facts } from "./facts.js" */
/** @import { Text } from "./marks.js" */
/** @import { Writer } from "./note.js" */

/** @type {Writer} */
export function overview(f) {
  const { trace, model, row, word } = f;
  const [{ id, share }] = trace.guesses(row);
  const guess = quote(trace.piece(id));
  return {
    title:
      share < 0.3
        ? `The most probable token after ${word} is ${guess}, with a probability of ${percent(share)}`
        : `After ${word} the model predicts ${guess} with a probability of ${percent(share)}`,
    text: [
      `One forward pass of a trained Transformer with ${number(model.parameters / 1e6, 1)} million parameters. ` +
        "Each row is a token: a word or a piece of one. It becomes a vector, passes through " +
        `${model.n_layers} layers of attention and MLP, and gives probabilities of the next token.${spelt(f)}`,
      "Type a sentence above, press play, or click a heading.",
    ],
    formula: BLOCK,
    levers: LEVERS.overview,
  };
}

/** @type {Writer} */
export function tokens(f) {
  const { trace, model, row, n, word } = f;
  const { sampled, bytes } = trace.header;
  const also = sampled ? `and ${sampled} sampled token${plural(sampled)} make` : "becomes";
  const long = bytes[row].length;
  const space = /^ \S/.test(trace.raw(trace.ids[row])) ? " with its space" : "";
  return {
    title: `Your sentence ${also} ${n} token${plural(n)}`,
    text: [
      "The text is cut into tokens. Common words are one token each, rare words are cut into pieces. Each token " +
        "is one " +
        `of the ${count(model.vocab_size)} entries of the vocabulary. The model knows it only by its number, the ` +
        `id.${spelt(f)}`,
    ],
    shapes: `token_ids  [batch 1 · position ${n}]`,
    numbers: [
      [`token ${row + 1} of ${n}: ${word}`],
      ["id ", em(String(trace.ids[row])), `, ${long} byte${plural(long)}${space}`],
    ],
    costs: [
      ["once", "the whole corpus is cut before training"],
      ["O(1)", "one id per step"],
    ],
    levers: LEVERS.tokens,
  };
}

/** @type {Writer} */
export function embed(f) {
  const { trace, model, row, word } = f;
  const learned = model.position === "learned";
  const added = learned
    ? `The vector of position ${row + 1} is added from a second table, so the same token differs by position. ` +
      `The sum ` +
      "is the start of the residual stream, the vector that runs through all layers to the prediction."
    : "This model adds nothing for the position here. It turns queries and keys instead (RoPE). The row is the " +
      "start of " +
      "the residual stream, the vector that runs through all layers to the prediction.";
  return {
    title: `${word} becomes row ${trace.ids[row]} of the embedding table`,
    text: [`The token's id says which row it is. Looking it up needs no arithmetic. ${added}`],
    formula: ["x = E", sub("token"), ...(learned ? [" + P", sub("position")] : [])],
    shapes: streamShape(f, "x"),
    numbers: learned ? sums(f) : [[`first numbers: ${firstFour(trace.whole("embedded", row)).join("  ")}`]],
    costs: [
      ["O(n·d)", "a look-up per token"],
      ["O(d)", "one row"],
    ],
    levers: LEVERS.embed,
  };
}

/**
 * The first three numbers of the embedding as sums.
 * @param {Facts} f
 */
function sums({ trace, row }) {
  const token = trace.whole("token_embedded", row);
  const place = trace.whole("position_added", row);
  const x = trace.whole("embedded", row);
  return range(3).map((k) => sumLine(token[k], place[k], x[k]));
}

/** @param {Float32Array} vector */
const firstFour = (vector) => Array.from(vector.subarray(0, 4), (x) => number(x, 2, 0));

/** @type {Writer} */
export function norm(f) {
  const { trace, model, row, layer, word } = f;
  const [mean, deviation, rms] = trace.vector("norm_input", row, layer, 0);
  const centred = model.norm === "layer_norm";
  const goal = centred ? "mean 0 and standard deviation 1" : "a root mean square of 1";
  const written = (/** @type {number} */ x) => number(x, 3, 0).padStart(7);
  return {
    title: `The norm brings the ${model.d_model} numbers of ${word} to ${goal}`,
    text: [
      "There is a norm before each sublayer (attention or MLP). It keeps the sublayer's input at one scale, however " +
        "large the stream has grown. Only the copy that the sublayer reads is changed. The stream itself stays " +
        "as it is.",
    ],
    formula: [centred ? "(x − μ) / σ · gain + bias" : "x / rms(x) · gain"],
    shapes: streamShape(f, "norm(x)"),
    numbers: centred
      ? [
          [`mean μ   ${written(mean)}  →  `, em("0")],
          [`dev. σ   ${written(deviation)}  →  `, em("1")],
          ["then times a learnt gain, plus a learnt bias"],
        ]
      : [[`rms  ${number(rms, 3)}  →  `, em("1")], ["then times a learnt gain"]],
    costs: [
      ["O(n·d)", "each token by itself"],
      ["O(d)", "the new token only"],
    ],
    levers: LEVERS.norm,
  };
}

/** @type {Writer} */
export function qkv(f) {
  const { trace, model, row, layer, head, n, word } = f;
  const made = 2 * model.d_model * (model.d_model + 2 * model.n_kv_heads * model.d_head);
  const served = model.n_heads / model.n_kv_heads;
  const shared =
    served > 1
      ? `Here ${served} heads share each key and value (grouped-query attention). This makes the cache ${served} ` +
        "times smaller."
      : `Each of the ${model.n_heads} heads has three maps of its own.`;
  return {
    title: `${word} gets a query, a key and a value`,
    text: [
      "Three learnt matrices turn each normed vector into a query (what am I looking for?), a key (what can I be " +
        `found by?) and a value (what do I pass on?). ${shared}`,
    ],
    formula: projections(f),
    shapes: headShape(f, "q"),
    numbers: [
      vectorLine("q", query, trace.q(row, layer, head)),
      vectorLine("k", key, trace.k(row, layer, head)),
      vectorLine("v", value, trace.v(row, layer, head)),
    ],
    costs: [
      ["O(n·d²)", `${flops(made * n)} a layer`],
      ["O(d²)", `${flops(made)} a layer; K and V are kept`],
    ],
    levers: LEVERS.qkv,
  };
}

/**
 * @param {string} name
 * @param {(text: string) => Text} coloured
 * @param {Float32Array} vector
 * @returns {Text[]}
 */
function vectorLine(name, coloured, vector) {
  const numbers = firstFour(vector).map((x) => x.padStart(5));
  return [coloured(name), ` ${numbers.join(" ")} …  |${name}| ${number(lengthOf(vector))}`];
}
