// @ts-check
// The induction circuit in sentences: for one token of a repeating text, and with heads switched off.

import { mean, range } from "../../../ui/kit/arithmetic.js";
import { percent, signed } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote, visible } from "../../../ui/kit/words.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/**
 * `previous`: the heads that feed `induction`, best first; `others`: as many of the same layers.
 * @typedef {{
 *   pass_id: string, pieces: string[], induction: [number, number], previous: [number, number][],
 *   others: [number, number][],
 * }} InductionHeader
 */
/**
 * Of each query: the token after the earlier copy or −1; [previous, query]; [pass, query]; [query].
 * @typedef {{
 *   key: Tensor<Int32Array>, before: Tensor, found: Tensor, probability: Tensor, raised: Tensor,
 * }} InductionArrays
 */
/** @typedef {Packed<InductionHeader, InductionArrays>} Induction */

/** @param {readonly [number, number]} head */
export const named = ([layer, head]) => `${layer + 1}.${head + 1}`;

/** @param {readonly (readonly [number, number])[]} heads */
const listed = (heads) => {
  const names = heads.map(named);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
};

/**
 * The tokens that have an earlier copy with something behind it.
 * @param {Induction} induction
 */
export const queries = ({ header, arrays }) => range(header.pieces.length).filter((i) => arrays.key.values[i] >= 0);

/**
 * The query at which the model is surest of the copy.
 * @param {Induction} induction
 */
export const clearest = (induction) =>
  queries(induction).reduce((a, b) => (chance(induction, 0, b) > chance(induction, 0, a) ? b : a));

const chance = (/** @type {Induction} */ { arrays }, /** @type {number} */ pass, /** @type {number} */ i) =>
  slice(arrays.probability, pass)[i];

/**
 * @param {Induction} induction
 * @param {number} i
 * @returns {Segment[]}
 */
export function headline({ header, arrays }, i) {
  const key = arrays.key.values[i];
  return [
    `Head ${named(header.induction)} looks up what followed `,
    ["query", quote(visible(header.pieces[i]))],
    " before and finds ",
    ["key", quote(visible(header.pieces[key]))],
  ];
}

/**
 * Four steps, each a title, sentences and the number that was measured.
 * @param {Induction} induction
 * @param {number} i
 * @returns {{title: string, said: string, number: string}[]}
 */
export function steps(induction, i) {
  const { header, arrays } = induction;
  const key = arrays.key.values[i];
  const [token, next] = [i, key].map((at) => quote(visible(header.pieces[at])));
  const [first] = header.previous;
  return [
    {
      title: "1. A token repeats",
      said: `${token} stands at position ${i + 1}. It stood at position ${key} before, and ${next} followed it there.`,
      number: `positions ${key} and ${i + 1}`,
    },
    {
      title: "2. A head notes what came before",
      said:
        `Head ${named(first)} attends from ${next} to the token before it. ` +
        `It can write into the vector of ${next}: I come after ${token}.`,
      number: `attention weight ${percent(slice(arrays.before, 0)[i])}`,
    },
    {
      title: "3. A later head looks for that note",
      said:
        `Head ${named(header.induction)} attends from the second ${token} to ${next}. ` +
        `Its query asks: which token comes after ${token}?`,
      number: `attention weight ${percent(slice(arrays.found, 0)[i])}`,
    },
    {
      title: "4. It copies what it found",
      said: `W_V and W_O of this head change the logit of ${next} by this much, compared with the mean of all tokens.`,
      number: `${signed(arrays.raised.values[i])} logits`,
    },
  ];
}

/**
 * The four passes: which heads are off, the weight on the copy here and on average, and its probability.
 * @param {Induction} induction
 * @param {number} i
 */
export function passes(induction, i) {
  const { header, arrays } = induction;
  const all = queries(induction);
  const names = [
    "all heads",
    `without ${named(header.previous[0])}`,
    `without ${listed(header.previous)}`,
    `without ${listed(header.others)}, for comparison`,
  ];
  return names.map((name, pass) => {
    const weights = slice(arrays.found, pass);
    return { name, weight: weights[i], mean: mean(all.map((at) => weights[at])), chance: chance(induction, pass, i) };
  });
}

/**
 * @param {Induction} induction
 */
export function proof(induction) {
  const { header } = induction;
  const means = passes(induction, queries(induction)[0]).map((pass) => pass.mean);
  const [whole, , fed, other] = means.map((weight) => percent(weight));
  const n = header.previous.length;
  return (
    `If step 3 reads the note of step 2, it must fail without it. Heads ${listed(header.previous)} attend most to ` +
    `the token before. With ${n === 1 ? "it" : "them"} switched off (ablated), the mean attention weight of head ` +
    `${named(header.induction)} on the copy goes from ${whole} to ${fed}. With ${header.others.length} other heads ` +
    `of the same layers switched off instead, it is ${other}. ${verdict(means)}`
  );
}

/**
 * What the mean weights of the four passes show, and what they do not.
 * @param {readonly number[]} means
 */
export function verdict([whole, , fed, other]) {
  const [lost, compared] = [whole - fed, Math.max(0, whole - other)];
  if (lost <= 2 * compared) {
    return "The difference between the two is too small to show that step 3 needs these heads.";
  }
  if (fed > whole / 2) {
    return (
      "So the heads matter, but most of the weight remains without them. In this model they are only one route to " +
      "the copy."
    );
  }
  return "So step 3 needs these heads.";
}
