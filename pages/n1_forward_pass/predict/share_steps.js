// @ts-check
// The arithmetic of one token in five steps, from the final norm to its probability.

import { largest } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { bracketed, count, number, percent } from "../../../ui/kit/format.js";
import { bars } from "../../../ui/kit/pictures.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { cuts, share, tokens } from "./prediction.js";
import { distanceLine, normLine, powerLine, reason, shareLine } from "./share_formulas.js";

/** @typedef {import("../../../ui/kit/elements.js").Child} Child */
/** @typedef {import("./prediction.js").View} View */

const term = (/** @type {Child[]} */ ...inside) => make("div", { class: "term" }, inside);

/**
 * @param {number} no
 * @param {string} title
 * @param {string} result
 * @param {readonly Child[]} content
 */
const step = (no, title, result, content) =>
  make(
    "li",
    { class: no === 5 && "last" },
    make("span", { class: "no" }, no),
    make("div", { class: "what" }, make("b", {}, title), content),
    make("span", { class: `result ${result === percent(0) ? "no-chance" : ""}` }, result),
  );

/**
 * @param {HTMLElement} root
 * @param {View} view
 * @param {number} rank
 */
export function drawSteps(root, view, rank) {
  const { word, z } = view.listed[rank];
  const steps = [
    finalNorm(view),
    dotProduct(view, rank),
    division(view, rank),
    exponential(view, rank),
    normalised(view, rank),
  ];
  const sums = find(root, ".sums");
  sums.replaceChildren(...steps);
  const said = `${word}: logit ${number(z)}, probability ${percent(share(view, rank))}`;
  sums.setAttribute("aria-label", `${said} of ${count(view.sent.header.vocab)} tokens`);
}

/** @param {View} view */
function finalNorm(view) {
  const { header, arrays } = view.sent;
  const before = strip("layer", "residual", slice(arrays.before, view.at));
  if (header.norm === "none")
    return step(1, "No final norm", "", [before, "In this model the last layer ends with a norm of its own."]);
  const how =
    header.norm === "layer_norm"
      ? "minus the mean, ÷ the standard deviation, times a learnt gain, plus a learnt bias"
      : "÷ the root mean square, times a learnt gain";
  const { formula, result } = normLine(view);
  return step(1, "Final norm", result, [` of the last vector: each number ${how}`, before, term(formula)]);
}

/**
 * @param {View} view
 * @param {number} rank
 */
function dotProduct({ sent: { header, arrays }, at, listed }, rank) {
  const { row, word, z } = listed[rank];
  const x = slice(arrays.x, at);
  const w = slice(arrays.rows, row);
  const width = ` ${header.d_model} numbers each${header.d_model > w.length ? `, of which ${w.length} are drawn` : ""}`;
  const first = `${number(x[0])} · ${bracketed(w[0])} + ${bracketed(x[1])} · ${bracketed(w[1])}`;
  const source = !header.tied && "The row is of a second matrix, apart from the embedding.";
  return step(2, `Dot product with the row of ${quote(word)}`, number(z, 3), [
    width,
    strip("normed", "residual", x),
    strip("row", "row", w),
    strip(
      "product",
      "product",
      x.map((a, i) => a * w[i]),
    ),
    term(`${first} + … ${header.d_model} terms`),
    source,
  ]);
}

/**
 * @param {string} name
 * @param {string} role
 * @param {Float32Array} values
 */
const strip = (name, role, values) =>
  make("div", { class: "strip" }, make("span", { class: `b ${role}` }, name), bars(values, largest(values), role, 26));

/**
 * @param {View} view
 * @param {number} rank
 */
function division(view, rank) {
  const { formula, result } = distanceLine(view, rank);
  return step(3, "Divide by the temperature", result, [term(formula)]);
}

/**
 * @param {View} view
 * @param {number} rank
 */
function exponential(view, rank) {
  const { exponent, equals, result } = powerLine(view, rank);
  const verdicts = cuts(view).map((cut, i) => {
    const before = view.left.steps[i];
    if (rank >= before.n) return null; // an earlier filter has cut it
    const verdict = rank < cut.n ? ", kept" : make("b", { class: "negative" }, ", cut");
    return term(reason(view, cut, before, rank), verdict);
  });
  const formula = term("e", make("sup", {}, exponent), ` ${equals}`);
  return step(4, "Exponential, then the filters", result, [formula, verdicts]);
}

/**
 * @param {View} view
 * @param {number} rank
 */
function normalised(view, rank) {
  const { formula, result } = shareLine(view, rank);
  const { n } = view.left;
  const sum =
    n === 1 ? "Σ has one term: one token is left" : `Σ: the sum over the ${count(tokens(view, n))} tokens left`;
  return step(5, "Divide by the sum", result, [term(formula), sum]);
}
