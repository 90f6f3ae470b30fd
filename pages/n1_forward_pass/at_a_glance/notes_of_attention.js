// @ts-check
// The notes on attention, from scores to the stream.

import { count, flops, number, percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { bestMatch, readings, sharpest } from "./facts.js";
import { divides, MIX, ROOT_OF_WIDTH, SOFTMAX, score, shareLines } from "./formulas.js";
import { LEVERS } from "./levers.js";
import { key, query, sub, value } from "./marks.js";
import { headShape, lengths, pairShape, plural, sizeLines, streamShape } from "./note.js";
import { headName } from "./shares.js";

/** @import { Facts } from "./facts.js" */
/** @import { Writer } from "./note.js" */

/** @type {Writer} */
export function scores(f) {
  const { trace, model, row, n, word } = f;
  const best = bestMatch(f);
  const found = best === row ? "itself" : quote(trace.word(best));
  const raw = trace.scores(row, f.layer, f.head)[best];
  return {
    title: `The query of ${word} has its largest score with the key of ${found}: q · k = ${score(raw)}`,
    text: [
      "Self-attention compares the tokens of one text with each other. The score of a query and a key is their dot " +
        "product: multiply number by number and add up. Blue squares are positive scores, red ones negative. No " +
        "token " +
        "is hidden yet, not even later ones.",
    ],
    formula: ["score", sub("ij"), " = ", query("q"), sub("i"), " · ", key("k"), sub("j")],
    shapes: pairShape(f, "scores"),
    numbers: shareLines(f).slice(0, 1),
    costs: [
      ["O(n²·d)", `${flops(2 * n * n * model.d_model)} a layer`],
      ["O(n·d)", `${flops(2 * n * model.d_model)} a layer: one query, ${n} cached keys`],
    ],
    levers: LEVERS.scores,
  };
}

/** @type {Writer} */
export function scale(f) {
  const { model, root, dot } = f;
  const near = divides(f) === "=" ? "" : "about ";
  return {
    title: `Dividing by √${model.d_head} = ${number(root)} turns the score ${score(dot)} into ${near}${score(f.score)}`,
    text: [
      `Take ${model.d_head} independent products, each with mean 0 and variance 1. Their sum has a standard ` +
        `deviation ` +
        `of √${model.d_head}. The division brings it back to 1, so the softmax does not give nearly everything ` +
        `to one ` +
        `token. In this row the largest attention weight is ${percent(sharpest(f, 1))}. Without the division it ` +
        `would ` +
        `be ${percent(sharpest(f, root))}.`,
    ],
    formula: [query("q"), " · ", key("k"), ...ROOT_OF_WIDTH],
    shapes: pairShape(f, "scores"),
    numbers: shareLines(f).slice(0, 2),
    costs: [
      ["O(n²)", "one division a pair"],
      ["O(n)", "one row"],
    ],
    levers: LEVERS.scale,
  };
}

/** @type {Writer} */
export function mask({ row, n, word }) {
  const seen =
    row === n - 1
      ? `all ${n} token${plural(n)}`
      : `${row + 1} token${plural(row + 1)}, but not at the ${n - row - 1} after it`;
  return {
    title: `${word} may look at ${seen}`,
    text: [
      "The causal mask M adds −∞ to every score of a later token, so its attention weight becomes 0. In " +
        "training, one " +
        "pass predicts the next token at every position at once. Without the mask, each position could copy its " +
        "answer " +
        "from the next one. A model that predicts each token from those before it is called autoregressive.",
    ],
    formula: ["M", sub("ij"), " = −∞ where j > i, else 0"],
    shapes: `mask  [query ${n} · key ${n}], ${count((n * (n + 1)) / 2)} of ${count(n * n)} pairs stay`,
    costs: [
      ["O(n²)", "a fused kernel can skip almost half"],
      ["free", "the newest token sees all"],
    ],
    levers: LEVERS.mask,
  };
}

/** @param {Facts} f */
function roleOf({ trace, layer, head }) {
  const { roles } = trace.header;
  const role = roles[layer]?.[head];
  return role ? { said: headName(roles, layer, head), shown: role.shown } : null;
}

/** @type {Writer} */
export function softmax(f) {
  return {
    title: `${f.word} gives ${f.keyWord} an attention weight of ${percent(f.share)}`,
    text: [
      "The softmax turns a row of scores s into attention weights that add up to 1. Each weight is e to the power s, " +
        `divided by the sum over the row. The row's largest score (${score(f.top)}) is subtracted first, which ` +
        `changes ` +
        "no weight. A row belongs to the token that reads, a column to the token that is read. A larger dot is a " +
        "larger weight.",
    ],
    role: roleOf(f),
    formula: SOFTMAX,
    shapes: pairShape(f, "weights"),
    numbers: shareLines(f).slice(0, 3),
    costs: [
      ["O(n²)", "every row at once"],
      ["O(n)", "one row"],
    ],
    levers: LEVERS.softmax,
  };
}

/** @type {Writer} */
export function mix(f) {
  const { trace, model, n, word } = f;
  return {
    title: `${word} receives a weighted sum of values`,
    text: [
      `Each value is multiplied by its attention weight. Their sum is what this head passes on to ${word}. The green ` +
        "streams are as wide as the weights. Only here does information move from one token to another.",
    ],
    formula: MIX,
    shapes: headShape(f, "mixed_values"),
    numbers: readings(f).map((read) => [
      `${number(read.share, 2, 0)} · `,
      value("v"),
      sub(quote(trace.word(read.key))),
    ]),
    costs: [
      ["O(n²·d)", `${flops(2 * n * n * model.d_model)} a layer`],
      ["O(n·d)", "reads all cached values"],
    ],
    levers: LEVERS.mix,
  };
}

/** @type {Writer} */
export function add(f) {
  const { model, sizes, n, word } = f;
  return {
    title: `The ${model.n_heads} heads add a vector that is ${percent(sizes[1] / sizes[0])} as long as that of ${word}`,
    text: [
      "The results of the heads are joined, multiplied by one matrix and added to the stream. Nothing is " +
        "overwritten: " +
        "the vector x itself goes on. On the way back, the gradient has the same direct path. " +
        lengths(sizes[0], sizes[2]),
    ],
    formula: ["x + concat(heads) W", sub("O"), ...(model.bias ? [" + b", sub("O")] : [])],
    shapes: streamShape(f, "x"),
    numbers: sizeLines("attention", sizes.subarray(0, 3)),
    costs: [
      ["O(n·d²)", `${flops(2 * n * model.d_model ** 2)} a layer`],
      ["O(d²)", `${flops(2 * model.d_model ** 2)} a layer`],
    ],
    levers: LEVERS.add,
  };
}
