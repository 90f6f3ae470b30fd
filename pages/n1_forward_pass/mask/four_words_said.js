// @ts-check
// What a row of four words says, read aloud.

import { number, printed, relation } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";

/** @import { FourWords } from "./four_words.js" */

/**
 * “to” may look at “Michael”, “Learns” and itself: 0.18 + 0.67 + 0.15 = 1.
 * @param {FourWords} name
 * @param {number} i
 */
export function readRow({ words, weights }, i) {
  if (i === 0) return `${quote(words[0])} may look only at itself, so its whole attention weight of 1 goes there.`;
  const before = words.slice(0, i).map(quote).join(", ");
  const open = weights[i].slice(0, i + 1);
  const sum = open.reduce((so, weight) => so + printed(weight, 2, 0), 0);
  const shown = open.map((weight) => number(weight, 2, 0)).join(" + ");
  return `${quote(words[i])} may look at ${before} and itself: ${shown} ${relation(sum, 1)} 1.`;
}

/**
 * Where the weights come from.
 * @param {FourWords} name
 */
export const whichHead = ({ layer, head }) =>
  "The causal mask hides the six cells above the diagonal, so their weights are exactly 0. Shown is layer " +
  `${layer + 1}, head ${head + 1}, which divides its attention most evenly.`;

/**
 * How words of several tokens are counted; empty where there are none.
 * @param {FourWords} name
 */
export function severalTokens({ words, tokens }) {
  const cut = words.flatMap((word, i) => (tokens[i].length > 1 ? `${quote(word)} is ${pieces(tokens[i])}` : []));
  if (!cut.length) return "";
  return `To this model ${cut.join(", ")}. A word’s column is the sum over its tokens, its row their mean.`;
}

/** @param {readonly string[]} tokens */
const pieces = (tokens) => tokens.map((token) => quote(visible(token))).join(" ");
