// @ts-check
// One attention layer in words: what a cell says, and where the three vectors come from.

import { make } from "../../../ui/kit/elements.js";
import { number, percent } from "../../../ui/kit/format.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { sharing } from "./attention_head.js";

/** @import { Cell, Choice, Scene } from "./attention_scene.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

/** @param {Choice} choice */
export const headName = ({ layer, head }) => `${layer + 1}.${head + 1}`;

/**
 * The headline.
 * @param {Scene} scene
 * @param {Cell} cell
 * @returns {Segment[]}
 */
export function finding({ words, choice, weights }, { i, j }) {
  /** @type {Segment} */
  const from = ["query", quote(words[i])];
  /** @type {Segment} */
  const to = ["key", j === i ? "itself" : quote(words[j])];
  const name = headName(choice);
  if (j > i) return [to, " comes after ", from, ", so the mask hides it"];
  if (i === 0) return ["The first token can attend only to itself, so its attention weight is 100 %"];
  const attends = choice.divide ? " attends to " : " would attend, without the division, to ";
  return [`In head ${name}, `, from, attends, to, " with a weight of ", ["attention", percent(weights[i][j])]];
}

/**
 * A cell for those who hear it.
 * @param {Scene} scene
 * @param {Cell} cell
 */
export function told({ header, choice, head, divisor, weights }, { i, j }) {
  const [query, key] = [visible(header.pieces[i]), visible(header.pieces[j])];
  const score = head.scores[i][j];
  const pair = `Head ${headName(choice)}: query ${query}, key ${key}: q·k ${number(score)}, `;
  if (j > i) return `${pair}hidden by the mask, because the key comes later.`;
  return `${pair}divided ${number(score / divisor)}, weight ${number(weights[i][j])}.`;
}

/**
 * Where the chosen head's queries, keys and values come from.
 * @param {Scene} scene
 * @returns {(string | Node)[]}
 */
export function source({ header, arrays, choice }) {
  const { d_model, d_head, bias, normed, rotary } = header;
  const { layer, head } = choice;
  const made = (/** @type {string} */ role, /** @type {string} */ name, /** @type {string} */ matrix) => {
    const product = [make("b", { class: role }, name), " = x W", make("sub", {}, matrix)];
    return bias ? [...product, " + b", make("sub", {}, matrix)] : product;
  };
  const group = sharing(arrays);
  const first = head - (head % group) + 1;
  return [
    `A layer holds several heads, each with queries, keys and values of its own. Head ${headName(choice)} `,
    `(layer ${layer + 1}, head ${head + 1}) makes three vectors from each token’s vector x `,
    `(${d_model} numbers${normed ? ", rescaled by a norm" : ""}). Three learnt matrices do this: query `,
    ...[...made("query", "q", "Q"), ", key ", ...made("key", "k", "K"), ", value ", ...made("value", "v", "V")],
    `. Each has d = ${d_head} numbers.`,
    group > 1 ? ` Heads ${first} to ${first + group - 1} share one k and one v.` : "",
    rotary
      ? " Then q and k are rotated by an angle that depends on their position (RoPE, see the lesson Positions)."
      : "",
  ];
}
