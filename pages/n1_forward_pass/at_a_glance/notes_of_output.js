// @ts-check
// The notes from the MLP to the next token.

import { count, flops, number, percent, signed } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { BLOCK, feedForward, guessLine, isGated } from "./formulas.js";
import { LEVERS } from "./levers.js";
import { before, em, sub, sup } from "./marks.js";
import { lengths, sizeLines, streamShape } from "./note.js";
import { isShaped, odds } from "./odds.js";
import { written } from "./shares.js";

/** @import { Writer } from "./note.js" */

/** @type {Writer} */
export function mlp(f) {
  const { trace, model, row, layer, n, word } = f;
  const neurons = trace.neurons(row, layer);
  const gated = isGated(model);
  const matrices = gated ? 3 : 2;
  const weights = matrices * model.d_model * model.d_ff;
  const held = percent((weights * model.n_layers) / model.parameters);
  return {
    title:
      `Neuron ${count(neurons[0].index + 1)} has the strongest activation for ${word}: ` +
      `${number(neurons[0].value)}`,
    text: [
      `The MLP works on each token by itself. It turns the vector into ${count(model.d_ff)} numbers (its neurons), ` +
        `applies ${gated ? "a gate (SwiGLU)" : "a curve (GELU)"}, and goes back to ${count(model.d_model)} numbers. ` +
        `The ${gated ? "three" : "two"} matrices of the MLPs, over all ${model.n_layers} layers, hold ${held} ` +
        `of this ` +
        "model's parameters.",
    ],
    formula: feedForward(f),
    shapes: `hidden  [batch 1 · position ${n} · d_ff ${model.d_ff}]`,
    numbers: neurons.map(({ index, value }) => [`neuron ${count(index + 1).padStart(5)}  `, em(signed(value))]),
    costs: [
      ["O(n·d·d_ff)", `${flops(2 * weights * n)} a layer`],
      ["O(d·d_ff)", `${flops(2 * weights)} a layer`],
    ],
    levers: LEVERS.mlp,
  };
}

/** @type {Writer} */
export function add2(f) {
  const { sizes, word } = f;
  return {
    title: `The vector of ${word} leaves this layer with length ${number(sizes[4])}`,
    text: [
      "The MLP's result is added too, and the block is done. Its output has the same shape as its input, so blocks " +
        `can be stacked. ${lengths(sizes[2], sizes[4])}`,
    ],
    formula: BLOCK,
    shapes: streamShape(f, "x"),
    numbers: sizeLines("MLP", sizes.subarray(2, 5)),
    costs: [
      ["O(n·d)", "one addition per number"],
      ["O(d)", "one row"],
    ],
    levers: LEVERS.add2,
  };
}

/** @type {Writer} */
export function layers(f) {
  const { trace, model, row, layer, word } = f;
  const deep = model.n_layers;
  return {
    title: `The vector of ${word} passes through ${deep} blocks, one after the other`,
    text: [
      `Each layer reads what the layers before have written. The ${model.n_heads} heads of a layer work at the same ` +
        "time. The list shows the most probable token if the final norm and the unembedding are applied after each " +
        "layer: the logit lens (nostalgebraist 2020). The layers in between were not trained to be read like " +
        "this, so " +
        "take it as a rough view and not as what the model “thinks”.",
    ],
    shapes: streamShape(f, `${deep} blocks`),
    numbers: (trace.lens(row) ?? []).slice(0, f.passed).map(({ id, share }, l) => {
      const guess = quote(trace.piece(id));
      const start = `after layer ${String(l + 1).padStart(2)}  ${percent(share).padStart(7)}  `;
      return [start, l === layer ? em(guess) : guess];
    }),
    costs: [
      [`${deep} × a block`, "forward and backward, in order"],
      [`${deep} × a block`, "every weight read for each token"],
    ],
    levers: LEVERS.layers,
  };
}

/** @type {Writer} */
export function unembed(f) {
  const { trace, model, row, n, word } = f;
  const guesses = trace.guesses(row);
  const logSum = trace.arrays.log_sum.values[row];
  const tied = model.tied_embeddings;
  const cost = 2 * model.d_model * model.vocab_size;
  return {
    title:
      `${quote(trace.piece(guesses[0].id))} is the most probable token after ${word}: ` +
      `${percent(guesses[0].share)}`,
    text: [
      "The final norm is applied to the last vector. Its dot product with the row of each vocabulary entry is the " +
        `entry's logit. ${tied ? "The table is the one that embedded the tokens (weight tying). " : ""}A ` +
        `softmax over ` +
        `all ${count(model.vocab_size)} logits gives the probabilities. The logarithm of the sum of all e^logit is ` +
        `${number(logSum)}.`,
    ],
    formula: ["softmax( norm(x) ", tied ? "E" : "W", tied ? sup("⊤") : sub("U"), " )"],
    shapes: `logits  [batch 1 · position ${n} · vocabulary ${count(model.vocab_size)}]`,
    numbers: guesses.slice(0, 3).map((guess) => guessLine(trace, guess, logSum)),
    costs: [
      ["O(n·d·V)", `${flops(n * cost)}: all positions are trained`],
      ["O(d·V)", `${flops(cost)}: only the last row`],
    ],
    levers: LEVERS.unembed,
  };
}

/** @type {Writer} */
export function sample({ trace, row, sampling }) {
  const shaped = isShaped(trace, row, sampling);
  return {
    title: "One token is drawn at random, and the next pass begins",
    text: [
      "Temperature and top-p change the probabilities. Then one token is drawn and joins the sentence. With the " +
        "KV cache " +
        "only the row of the new token has to be computed. The keys and values of all others are read from memory.",
    ],
    formula: ["p", sub("i"), " ∝ e", sup("logit / T")],
    numbers: odds(trace, row, sampling)
      .slice(0, 4)
      .map((each) => [
        ...(shaped ? [before(`${percent(each.own).padStart(7)} → `)] : []),
        `${written(each).padStart(7)}  `,
        quote(trace.piece(each.id)),
      ]),
    costs: [
      ["no sampling", "the true next token is known"],
      ["O(V)", "then one more pass for one row"],
    ],
    levers: LEVERS.sample,
    takeaway:
      "In short: tokens become vectors. In each layer, attention and the MLP add to them. The last vector gives a " +
      "probability for every token of the vocabulary.",
  };
}

/** @type {Writer} */
export function fresh({ trace, model, n }) {
  const cached = 2 * model.n_layers * model.n_kv_heads * model.d_head;
  return {
    title: `Only the row of ${quote(trace.word(n - 1))} was computed anew`,
    text: [
      `The keys and values of the ${n - 1} tokens before it (faded) were read from the KV cache. They cannot change, ` +
        "because no token looks ahead.",
    ],
    numbers: [
      ["rows computed  ", em("1")],
      [`rows from the cache  ${n - 1}`],
      [`cache  ${count(cached)} numbers per token`],
    ],
    costs: [
      ["no cache", "all rows at once, known text"],
      ["1 row", `instead of ${n}`],
    ],
    levers: LEVERS.mix,
  };
}
