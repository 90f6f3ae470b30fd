// @ts-check
// The notes on attention, from scores to the stream.

import { count, flops, number, percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { bestMatch, readings, sharpest } from "./facts.js";
import { divides, MIX, ROOT_OF_WIDTH, SOFTMAX, score, shareLines } from "./formulas.js";
import { LEVERS } from "./levers.js";
import { key, query, sub, value } from "./marks.js";
import { headShape, lengths, pairShape, plural, sizeLines, streamShape } from "./note.js";

/** @import { Writer } from "./note.js" */

/** @type {Writer} */
export function scores(f) {
  const { trace, model, row, n, word } = f;
  const best = bestMatch(f);
  const found = best === row ? "itself" : quote(trace.word(best));
  const raw = trace.scores(row, f.layer, f.head)[best];
  return {
    title: `${word} matches ${found} best: q · k = ${score(raw)}`,
    text: [
      "Every query is compared with every key by a dot product: multiply number by number, add up. Blue squares are " +
        "positive scores, red negative. No token is hidden yet, not even later ones.",
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
    title: `Dividing by √${model.d_head} = ${number(root)} brings ${score(dot)} to ${near}${score(f.score)}`,
    text: [
      `A sum of ${model.d_head} independent products of size 1 is typically √${model.d_head} large. Dividing by that ` +
        "keeps the softmax away from all or nothing. In this row the largest share is " +
        `${percent(sharpest(f, 1))}; undivided it would be ${percent(sharpest(f, root))}.`,
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
    row === n - 1 ? `all ${n} tokens` : `${row + 1} token${plural(row + 1)}, not at the ${n - row - 1} after it`;
  return {
    title: `${word} may look at ${seen}`,
    text: [
      "The causal mask removes every score from the future. In training all positions learn at once from one pass; " +
        "without the mask each could copy the answer from the next column.",
    ],
    formula: ["score", sub("ij"), " = −∞  where  j > i"],
    shapes: `mask  [query ${n} · key ${n}], ${count((n * (n + 1)) / 2)} of ${count(n * n)} pairs stay`,
    costs: [
      ["O(n²)", "a fused kernel can skip almost half"],
      ["free", "the newest token sees all"],
    ],
    levers: LEVERS.mask,
  };
}

/** @type {Writer} */
export function softmax(f) {
  return {
    title: `${f.word} gives ${percent(f.share)} of its attention to ${f.keyWord}`,
    text: [
      "Softmax turns a row of scores s into shares that add up to 1: e to the power s, divided by the sum over the " +
        `row. The row's largest score (${score(f.top)}) is taken off first, which changes no share. Each row is the ` +
        "reader, each column is what is read; the larger the dot, the larger the share.",
    ],
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
    title: `${word} collects the values that it reads`,
    text: [
      `Each value is multiplied by its share, and the sum is what this head found for ${word}. The green streams are ` +
        "as wide as the shares. This is the only place where tokens exchange information.",
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
    title: `All ${model.n_heads} heads together move ${word} by ${percent(sizes[1] / sizes[0])} of its length`,
    text: [
      "The heads' results are set side by side, mapped back by one matrix and added to the stream. Nothing is " +
        "overwritten: what was there runs on, and so does the gradient on the way back. " +
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
