// @ts-check
// The arithmetic of one pass: how much of it compares tokens, and how each part comes about.

import { sum } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, memory, percent } from "../../../ui/kit/format.js";
import { allowedPairs, costLines, PARTS, passCosts, scoreBytes } from "./costs.js";

/** @typedef {import("./costs.js").ShapeCosts} ShapeCosts */

const NAMES = { linear: "matrices", attention: "scores, mixing", unembedding: "unembedding" };

/**
 * @param {HTMLElement} root
 * @param {ShapeCosts} shape
 * @param {number} n
 * @param {"your text" | "a text"} text
 * @param {boolean} own whether the shape is the model that runs here
 */
export function drawArithmetic(root, shape, n, text, own) {
  const costs = passCosts(shape, n);
  const share = costs.attention / (costs.attention + costs.linear);
  const strong = (/** @type {string} */ said) => make("b", { class: "attention" }, said);
  const beyond = own && shape.crossover > shape.context_length;
  find(root, ".flops-card .finding").replaceChildren(
    `At ${count(n)} ${n === 1 ? "token" : "tokens"}, ${text} spends `,
    strong(percent(share)),
    " of the blocks’ arithmetic on scores and mixing. ",
    strong(`From ${count(shape.crossover)} tokens on it is more than half`),
    beyond ? `, which is more than the ${count(shape.context_length)} tokens that this model can read.` : ".",
  );
  find(root, ".note").textContent = shape.note;
  drawShares(find(root, ".share"), costs);
  find(root, ".lines").replaceChildren(...lines(shape, n));
}

/**
 * @param {HTMLElement} bar
 * @param {ReturnType<typeof passCosts>} costs
 */
function drawShares(bar, costs) {
  const total = sum(Object.values(costs));
  const said = PARTS.map((part) => ({ part, share: costs[part] / total }));
  const piece = (/** @type {typeof said[0]} */ { part, share }) =>
    make("i", {
      class: `part-${part}`,
      style: `width:${100 * share}%`,
      title: `${NAMES[part]}: ${percent(share)}`,
    });
  bar.replaceChildren(...said.map(piece));
  bar.setAttribute("aria-label", said.map(({ part, share }) => `${NAMES[part]} ${percent(share)}`).join(", "));
}

/**
 * @param {ShapeCosts} shape
 * @param {number} n
 */
function lines(shape, n) {
  /** @type {(kind: string, name: string, formula: string, result: string) => HTMLElement} */
  const line = (kind, name, formula, result) =>
    make(
      "div",
      { class: "line" },
      make("i", { class: kind }),
      make("span", {}, name),
      make("span", { class: "mono" }, formula),
      make("b", {}, result),
    );
  const how = costLines(shape, n);
  const scores = `per layer, if written out: ${shape.n_heads} heads × n² × 4 bytes`;
  const pairs = `per head and layer, with a causal mask: ${count(n)} × ${count(n + 1)} ÷ 2`;
  return [
    ...PARTS.map((part) => line(`part-${part}`, NAMES[part], how[part].formula, how[part].result)),
    line("memory", "allowed pairs", pairs, count(allowedPairs(n))),
    line("memory", "score matrices", scores, memory(scoreBytes(shape, n))),
  ];
}
