// @ts-check
// What a word's vectors in three sentences say in words.

import { slice } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { cosineText } from "./cosine_text.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { ContextArrays, ContextHeader } from "./context_board.js" */

/**
 * Why there is nothing to be drawn; empty where there is.
 * @param {string} word
 * @param {ContextHeader} header
 */
export function missing(word, { split, absent }) {
  if (!word) return "Write a word, and three sentences that hold it.";
  if (split) return `${quote(word)} is not a single token of this model. Choose another word.`;
  if (!absent.length) return "";
  const several = absent.length > 1;
  const which = several ? `Sentences ${absent.join(" and ")} do` : `Sentence ${absent[0]} does`;
  return `${which} not hold the token ${quote(word)}.`;
}

/**
 * The cosines after the last layer.
 * @param {ContextArrays} arrays
 */
function ends({ alike, others }) {
  const last = (/** @type {ArrayLike<number>} */ values) => cosineText(values[values.length - 1]);
  return { other: last(slice(alike, 0)), same: last(slice(alike, 1)), any: last(others.values) };
}

/**
 * @param {string} word
 * @param {ContextArrays} arrays
 * @param {number} n_layers
 * @returns {Segment[]}
 */
export function contextFinding(word, arrays, n_layers) {
  const { other } = ends(arrays);
  return [
    ["attention", quote(word)],
    ` starts from the same row in sentences 1 and 2. After layer ${n_layers} the cosine of its two vectors is `,
    ["attention", other],
  ];
}

/**
 * @param {ContextArrays} arrays
 * @param {number} n_layers
 * @returns {Segment[]}
 */
export function contextTold(arrays, n_layers) {
  const { same, any } = ends(arrays);
  return [
    "The row is a static embedding: one vector for all meanings of a token. The vectors after the layers are " +
      "contextual embeddings: attention has added information from the words before. For sentences 1 and 3 the " +
      `cosine after layer ${n_layers} is `,
    ["same", same],
    `. Two different tokens of sentences 1 and 2 have ${any} on average. Vectors inside such models often point in ` +
      "similar directions (Ethayarajh 2019), so compare the three lines with each other, not with 0. A small model " +
      "may separate two meanings only a little.",
  ];
}
