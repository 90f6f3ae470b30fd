// @ts-check
// What the laws say in words and printed formulas: each formula gives, worked out with its printed
// numbers, the printed result, or says "≈".

import { count, number, percent, printed, relation, scientific, threeDigits } from "../../../ui/kit/format.js";
import { best, budget, loss, shareFor } from "./scaling_laws.js";

/** @typedef {import("./scaling_laws.js").Law} Law */
/**
 * `from` is where its bar begins.
 * @typedef {{kind: string, name: string, value: number, from: number, text: string}} Term
 */

const DIGITS = 3; // of a loss
const ENDLESS = 1e40;

/** @param {number} x */
export const nats = (x) => number(x, DIGITS);

const shown = (/** @type {number} */ exponent) => String(Number(exponent.toFixed(4)));

/**
 * Tokens per parameter.
 * @param {number} ratio
 */
export const perParameter = (ratio) => (ratio >= 10 ? count(ratio) : number(ratio, ratio < 1 ? 2 : 1));

/**
 * The budget of n parameters and d tokens, both as `short` writes them.
 * @param {number} n
 * @param {number} d
 */
export function budgetLine(n, d) {
  const c = scientific(budget(n, d));
  const sign = scientific(budget(threeDigits(n), threeDigits(d))) === c ? "=" : "≈";
  return `C = 6 N D ${sign} ${c} FLOP`;
}

/**
 * What the loss is made of; of Kaplan's law, which is no sum, what each limit alone would leave.
 * @param {Law} law
 * @param {number} n
 * @param {number} d
 * @returns {Term[]}
 */
export function terms(law, n, d) {
  const total = loss(law, n, d);
  if (law.kind === "kaplan") {
    const [size, data] = [loss(law, n, ENDLESS), loss(law, ENDLESS, d)];
    return [
      { kind: "size", name: "this N, endless text", value: size, from: 0, text: nats(size) },
      { kind: "data", name: "this D, endless size", value: data, from: 0, text: nats(data) },
      { kind: "total", name: "this N and D", value: total, from: 0, text: nats(total) },
    ];
  }
  const [size, data] = [law.a / n ** law.alpha, law.b / d ** law.beta];
  const sum = [law.e, size, data].map((x) => printed(x, DIGITS)).reduce((a, b) => a + b);
  const sign = relation(sum, total, DIGITS) === "=" ? "" : "≈ ";
  return [
    { kind: "floor", name: "floor of the text", value: law.e, from: 0, text: nats(law.e) },
    { kind: "size", name: "limited size", value: size, from: law.e, text: nats(size) },
    { kind: "data", name: "limited text", value: data, from: law.e + size, text: nats(data) },
    { kind: "total", name: "loss, in nats", value: total, from: 0, text: sign + nats(total) },
  ];
}

/**
 * The law with its constants; the numbers of its terms are the reader's.
 * @param {Law} law
 * @param {number} n
 * @param {number} d
 */
export function formula(law, n, d) {
  if (law.kind === "kaplan") {
    const size = `(${number(law.n_c)}/N)^(${shown(law.alpha_n)}/${shown(law.alpha_d)})`;
    return `L = (${size} + ${number(law.d_c)}/D)^${shown(law.alpha_d)}`;
  }
  const [size, data] = [law.a / n ** law.alpha, law.b / d ** law.beta];
  const constants = `${number(law.a, 1)}/N^${shown(law.alpha)} + ${number(law.b, 1)}/D^${shown(law.beta)}`;
  return `${nats(law.e)} + ${constants} ≈ ${nats(law.e)} + ${nats(size)} + ${nats(data)}`;
}

/**
 * What the point gives away to the best one of its budget.
 * @param {Law} law
 * @param {number} n
 * @param {number} d
 */
export function waste(law, n, d) {
  if (law.kind === "kaplan")
    return (
      "Kaplan et al. read their best size from learning curves of runs that stop early, not from this formula. " +
      "So the formula’s lowest loss on the budget line lies elsewhere."
    );
  const c = budget(n, d);
  const here = loss(law, n, d);
  const top = best(law, c);
  const there = loss(law, top.n, top.d);
  const less = shareFor(law, c, here);
  if (less > 0.995) return "You are at the best point of this budget, or close to it.";
  const saved = printed(here, DIGITS) - printed(there, DIGITS);
  return (
    `The best point of this budget has a loss of ${nats(there)} nats, ${nats(saved)} less. ` +
    `Your loss of ${nats(here)} nats could be reached with ${percent(1 - less)} less compute.`
  );
}
