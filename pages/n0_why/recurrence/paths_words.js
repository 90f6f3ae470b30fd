// @ts-check
// The ways between two words, said and tabled.

import { make } from "../../../ui/kit/elements.js";
import { count, percent, short } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { KERNEL, LAYER_KINDS } from "./path_length.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { KindName } from "./path_length.js" */
/** @import { Way } from "./lanes.js" */

export const FAR = 1000; // tokens, for comparison
/** @type {Record<KindName, string>} */
const NAMES = {
  RNN: "RNN, LSTM",
  convolution: "convolutions (ConvS2S)",
  "dilated convolution": "dilated convolutions (ByteNet)",
  "self-attention": "self-attention",
};

/** @param {number} n */
const steps = (n) => `${count(n)} ${n === 1 ? "step" : "steps"}`;

/** The headline as plain text. @param {Way} way */
export function counted({ words, source, target }) {
  if (words.length < 2) return "One token has no way to another";
  const ends = `From ${quote(words[source])} to ${quote(words[target])}`;
  const far = target - source;
  if (far === 1) return `${ends}, recurrence and attention both need 1 step, as they are neighbours`;
  return `${ends}, information passes ${steps(far)} in an RNN or LSTM, and 1 step in a Transformer layer`;
}

/**
 * @param {Way} way
 * @returns {Segment[]}
 */
export function finding(way) {
  if (way.words.length < 2) return ["Your text is one token. Type a longer one to see a way between two words"];
  const far = way.target - way.source;
  if (far === 1) return [counted(way)];
  return [
    `From ${quote(way.words[way.source])} to ${quote(way.words[way.target])}, information passes `,
    ["negative", steps(far)],
    " in an RNN or LSTM, and ",
    ["attention", "1 step"],
    " in a Transformer layer",
  ];
}

/**
 * Who uses the one step.
 * @param {Way} way
 * @param {{title: string, layer: number, head: number, weight: number}} used
 */
export function usedBy({ words, source, target }, { title, layer, head, weight }) {
  const ends = `${quote(words[target])} gives ${quote(words[source])} an attention weight of ${percent(weight)}`;
  return `In ${title}, layer ${layer + 1}, head ${head + 1} uses this one step most: ${ends}.`;
}

/**
 * @param {Way} way
 * @param {number} d width of the model
 */
export function table({ words, source, target }, d) {
  const n = words.length;
  const far = target - source;
  const heads = [
    "layer",
    "steps between these words",
    "first to last word",
    `first to last of ${count(FAR)} words`,
    `steps in a row for ${n} tokens`,
    "multiplications",
  ];
  return [
    make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head))),
    ...LAYER_KINDS.map(({ name, path, sequential, multiplications }) => {
      const cells = [path(far), path(Math.max(n - 1, 1)), path(FAR - 1), sequential(n)].map(count);
      return make(
        "tr",
        { class: name === "self-attention" ? "ours" : "" },
        make("th", { scope: "row" }, NAMES[name]),
        ...[...cells, short(multiplications(n, d))].map((cell) => make("td", {}, cell)),
      );
    }),
  ];
}

/** @param {number} n @param {number} d */
export function below(n, d) {
  const cheaper = n < d ? "Here n is smaller than d, so attention multiplies least." : "Here n is not smaller than d.";
  return (
    "Through convolutions, a step between two words is a layer. Steps in a row are those of one layer that have to " +
    "wait for one another. Multiplications are those of one layer, counted as in table 1 of Vaswani et al. (2017), " +
    `for n = ${n} tokens of d = ${count(d)} numbers: n·d² for recurrence, ${KERNEL}·n·d² for convolutions that ` +
    `read ${KERNEL} tokens, n²·d for attention. ${cheaper} As there, the matrices that make queries, keys and values ` +
    "(n·d² each) are left out."
  );
}
