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
    title: `Neuron ${count(neurons[0].index + 1)} answers ${word} most strongly (${number(neurons[0].value)})`,
    text: [
      `Each token by itself is widened to ${count(model.d_ff)} numbers, passed through a bend ` +
        `(${gated ? "SwiGLU" : "GELU"}) and narrowed again. The MLP's ${gated ? "three" : "two"} matrices, in all ` +
        `${model.n_layers} layers together, hold ${held} of this model's weights.`,
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
    title: `The stream of ${word} goes on at length ${number(sizes[4])}`,
    text: [
      "The MLP's result is added too, and the block is done. What leaves it has the same shape as what entered, so " +
        `blocks can be stacked. ${lengths(sizes[2], sizes[4])}`,
    ],
    formula: BLOCK,
    shapes: streamShape(f, "x"),
    numbers: sizeLines("MLP", sizes.subarray(2, 5)),
    costs: [
      ["O(n·d)", "one addition a number"],
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
    title: `${deep} blocks in turn bring ${word} to its prediction`,
    text: [
      `Layers are serial: each reads what the one before has written. Heads are parallel: all ${model.n_heads} of a ` +
        "layer work at once. Below, the prediction if the model stopped early: final norm and unembedding applied " +
        "after each layer (the logit lens).",
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
    title: `${quote(trace.piece(guesses[0].id))} fits best after ${word}: ${percent(guesses[0].share)}`,
    text: [
      "The last vector is normed once more and compared with every entry of the vocabulary" +
        `${tied ? ", by the same table that embedded the tokens" : ""}. ${count(model.vocab_size)} scores ` +
        `(logits) go ` +
        `through one softmax; ${number(logSum)} is the logarithm of the sum of all e^logit.`,
    ],
    formula: ["softmax( norm(x) ", tied ? "E" : "W", tied ? sup("⊤") : sub("U"), " )"],
    shapes: `logits  [batch 1 · position ${n} · vocabulary ${count(model.vocab_size)}]`,
    numbers: guesses.slice(0, 3).map((guess) => guessLine(trace, guess, logSum)),
    costs: [
      ["O(n·d·V)", `${flops(n * cost)}: every position learns`],
      ["O(d·V)", `${flops(cost)}: the last row only`],
    ],
    levers: LEVERS.unembed,
  };
}

/** @type {Writer} */
export function sample({ trace, row, sampling }) {
  const shaped = isShaped(trace, row, sampling);
  return {
    title: "Chance picks one token, and the next pass begins",
    text: [
      "Temperature and top-p shape the odds, then one token is drawn and joins the sentence. With the KV cache only " +
        "its own row is computed; all others are read, not made again.",
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
      ["no sampling", "the true next token is given"],
      ["O(V)", "then one more pass for one row"],
    ],
    levers: LEVERS.sample,
    takeaway:
      "Embed, then attend and MLP with residual and norm, layer upon layer, then predict. As a system it wins by " +
      "managing n², by caching, and by the choice of positions, depth and sparsity.",
  };
}

/** @type {Writer} */
export function fresh({ trace, model, n }) {
  const cached = 2 * model.n_layers * model.n_kv_heads * model.d_head;
  return {
    title: `Only the row of ${quote(trace.word(n - 1))} was computed`,
    text: [
      `The keys and values of the ${n - 1} tokens before it (faded) were read from the KV cache. Nothing that came ` +
        "earlier can change, because no token looks ahead.",
    ],
    numbers: [
      ["rows computed  ", em("1")],
      [`rows from the cache  ${n - 1}`],
      [`cache  ${count(cached)} numbers a token`],
    ],
    costs: [
      ["no cache", "all rows at once, known text"],
      ["1 row", `instead of ${n}`],
    ],
    levers: LEVERS.mix,
  };
}
