// @ts-check
// Shares in words: what a head gives, what a guess is worth.

import { percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";

/** @import { Facts } from "./facts.js" */
/** @import { Odds } from "./odds.js" */

/**
 * The odds of a guess in the draw.
 * @param {Odds} guess
 */
export const written = ({ odds, fate }) => (fate === "cut" ? "cut" : percent(odds));

/**
 * The picture in one sentence, for those who do not see it.
 * @param {Facts} f
 */
export function summary({ trace, row, layer, head, share, word, keyWord }) {
  const [guess] = trace.guesses(row);
  return (
    `Layer ${layer + 1}, head ${head + 1}: ${word} gives ${percent(share)} of its attention to ${keyWord}. ` +
    `Likeliest next token: ${quote(trace.piece(guess.id))}, ${percent(guess.share)}.`
  );
}

const READS = /** @type {Record<string, string>} */ ({
  induction: "what followed an earlier copy of the same token",
  previous: "the token just before",
  first: "the first token",
  self: "the token itself",
  duplicate: "an earlier copy of the same token",
  punctuation: "punctuation marks",
});

/**
 * A head with the role that was measured for it.
 * @param {(string | null)[][]} roles
 * @param {number} layer
 * @param {number} head
 */
export function headName(roles, layer, head) {
  const role = roles[layer]?.[head];
  const name = `Head ${layer + 1}.${head + 1}`;
  if (!role) return name;
  const reads = READS[role] ? `, reads ${READS[role]}` : "";
  return `${name}: ${role}${reads} (measured on test sequences)`;
}
