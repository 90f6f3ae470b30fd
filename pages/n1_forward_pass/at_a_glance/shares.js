// @ts-check
// Shares in words: what a head gives, what a guess is worth.

import { percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";

/** @import { Facts } from "./facts.js" */
/** @import { Odds } from "./odds.js" */
/** @import { RoleHere } from "./pass_message.js" */

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
    `The most probable next token is ${quote(trace.piece(guess.id))}, with ${percent(guess.share)}.`
  );
}

const ROLES = /** @type {Record<string, [name: string, to: string]>} */ ({
  induction: ["an induction head", "the token that followed an earlier copy of the current one"],
  previous: ["a previous-token head", "the token just before"],
  first: ["a first-token head", "the first token"],
  self: ["a current-token head", "the token itself"],
  duplicate: ["a duplicate-token head", "an earlier copy of the same token"],
  punctuation: ["a punctuation head", "punctuation marks"],
});

/**
 * A head with the role that was measured for it, and how much of it this text shows.
 * @param {(RoleHere | null)[][]} roles
 * @param {number} layer
 * @param {number} head
 */
export function headName(roles, layer, head) {
  const role = roles[layer]?.[head];
  const name = `Head ${layer + 1}.${head + 1}`;
  return role ? `${name}: ${roleSaid(role)}` : name;
}

/**
 * A role in sentences: its name, what was measured, and what this text shows of it.
 * @param {RoleHere} role
 */
function roleSaid({ name, measured, here, shown }) {
  const [title, to] = ROLES[name];
  const test =
    name === "induction" || name === "duplicate" || name === "previous" ? "repeated random tokens" : "other text";
  const recorded = `${title}. On ${test}, it gave ${percent(measured)} of its attention to ${to} (measured).`;
  if (here === null) return `${recorded} Your text has nothing of this kind, so it does not show the role.`;
  return `${recorded} On your text it is ${percent(here)}${shown ? "." : ", too little to show the role."}`;
}
