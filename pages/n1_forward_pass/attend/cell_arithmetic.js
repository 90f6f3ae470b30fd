// @ts-check
// Under each map: how the cell pointed at got its number.

import { largest } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { bars } from "../../../ui/kit/pictures.js";
import { quote } from "../../../ui/kit/words.js";
import { lookedAt } from "./attention_scene.js";
import { divisionStep, productStep, shareStep } from "./cell_steps.js";

/** @import { Cell, Scene } from "./attention_scene.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */

const line = (/** @type {Child[]} */ ...content) => make("div", { class: "line" }, ...content);
const result = (/** @type {string} */ text) => make("div", { class: "result" }, text);

/**
 * @param {readonly HTMLElement[]} boxes one under each map
 * @param {Scene} scene
 */
export function writeArithmetic([product, division, mask, share], scene) {
  const cell = lookedAt(scene.choice);
  const first = productStep(scene, cell);
  product.replaceChildren(...strips(scene, cell), line(first.formula), result(first.result));
  const second = divisionStep(scene, cell);
  division.replaceChildren(line(second.formula), result(second.result));
  mask.replaceChildren(...masked(scene, cell));
  share.replaceChildren(...shared(scene, cell));
}

/**
 * The query, the key and their products as bars.
 * @param {Scene} scene
 * @param {Cell} cell
 */
function strips({ head }, { i, j }) {
  const [q, k] = [head.q[i], head.k[j]];
  const products = q.map((x, t) => x * k[t]);
  const top = Math.max(largest(q), largest(k));
  const strip = (
    /** @type {string} */ name,
    /** @type {string} */ role,
    /** @type {Float32Array} */ values,
    /** @type {number} */ most,
  ) => make("div", { class: "strip" }, make("b", { class: role }, name), bars(values, most, role, 20));
  return [strip("q", "query", q, top), strip("k", "key", k, top), strip("×", "product", products, largest(products))];
}

/**
 * @param {Scene} scene
 * @param {Cell} cell
 */
function masked({ head, divisor, words }, { i, j }) {
  const to = make("b", { class: "key" }, i === j ? "itself" : quote(words[j]));
  if (j > i) {
    const from = make("b", { class: "query" }, quote(words[i]));
    return [line(to, " comes after ", from, ": + (−∞)"), result("−∞")];
  }
  const may = i === j ? " may be seen: + 0" : " comes earlier: + 0";
  return [line(to, may), result(number(head.scores[i][j] / divisor))];
}

/**
 * @param {Scene} scene
 * @param {Cell} cell
 */
function shared(scene, cell) {
  const raised = (/** @type {string} */ exponent) => ["e", make("sup", {}, exponent)];
  if (cell.j > cell.i) return [line(raised("−∞"), " = 0: weight 0"), result("0")];
  const step = shareStep(scene, cell);
  const formula = [raised(step.exponent), " ÷ the row’s sum of ", raised("score")];
  return [line(formula, ` ${step.equals} ${step.quotient}`), result(step.result)];
}
