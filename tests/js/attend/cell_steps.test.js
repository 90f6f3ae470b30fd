// @ts-check
// What stands in a formula gives, as printed, the result as printed, or has "≈".
import assert from "node:assert/strict";
import { test } from "node:test";
import { sceneOf } from "../../../pages/n1_forward_pass/attend/attention_scene.js";
import { divisionStep, productStep, shareStep } from "../../../pages/n1_forward_pass/attend/cell_steps.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { number } from "../../../ui/kit/format.js";
import { lots } from "../../../ui/kit/sampling.js";
import { evaluated } from "../printed_formula.js";

const N = 12;
const D = 32;
const draw = lots(3);
const tensor = (/** @type {number} */ size) => ({
  shape: [1, 1, N, D],
  values: Float32Array.from({ length: N * D }, () => (draw() - 0.5) * size),
});
const header = {
  ...{ pass_id: "", pieces: range(N).map(String), layer: 0, head: 0, token: 0, n_layers: 1, n_heads: 1 },
  ...{
    d_head: D,
    d_model: D,
    bias: false,
    normed: true,
    rotary: false,
    layers: [0],
    numbers: "",
    sentence: { model: "", text: "", more: "" },
  },
};
const scene = (/** @type {boolean} */ divide) =>
  sceneOf(
    { header, arrays: { q: tensor(4), k: tensor(4), v: tensor(1) } },
    { layer: 0, head: 0, kept: { i: 0, j: 0 }, pointed: null, divide, brighten: true },
  );
const cells = range(N).flatMap((i) => range(i + 1).map((j) => ({ i, j })));

/**
 * Whether the formula's printed numbers give the printed result; if not, it must say "≈".
 * @param {string} formula
 * @param {string} result
 * @param {number} digits
 */
function computes(formula, result, digits) {
  const exact = number(evaluated(formula), digits) === result.replace("≈ ", "");
  assert.equal(result.startsWith("≈"), !exact, `${formula} = ${result}`);
  return exact;
}

test("the division by the root", () => {
  const steps = cells.map((cell) => divisionStep(scene(true), cell));
  const exact = steps.filter(({ formula, result }) => {
    const [root, quotient] = formula.split(" = ");
    const [[score, under], [same, divisor]] = [root.split(" ÷ √"), quotient.split(" ÷ ")];
    assert.deepEqual([same, divisor], [score, number(Math.sqrt(Number(under)))]);
    return computes(quotient, result, 2);
  });
  assert.ok(exact.length > steps.length / 2);
  for (const cell of cells) {
    const undivided = scene(false);
    const { formula, result } = divisionStep(undivided, cell);
    assert.equal(formula, `${result}, not divided`);
    assert.equal(result, productStep(undivided, cell).result);
  }
});

test("e to the score, over the row's sum", () => {
  const kinds = cells.map((cell) => {
    const { exponent, equals, quotient, result } = shareStep(scene(true), cell);
    const power = quotient.split(" ÷ ")[0];
    assert.equal(
      equals === "=",
      number(Math.exp(evaluated(exponent)), 2, 0.1) === power,
      `e^${exponent} ${equals} ${power}`,
    );
    return computes(quotient, result, 3);
  });
  assert.ok(kinds.includes(true) && kinds.includes(false));
});
