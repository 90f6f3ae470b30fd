// @ts-check
// What stands in the worked example gives, as printed, the result as printed, or has "≈".
import assert from "node:assert/strict";
import { test } from "node:test";
import { mixStep, productStep, softmaxSteps } from "../../../pages/n1_forward_pass/attend/worked_steps.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { number } from "../../../ui/kit/format.js";
import { evaluated } from "../printed_formula.js";

const whole = Math.SQRT2;
const weights = [1, 0, 0, ...shares([0, 1]), 0, ...shares([2, 1, 1])];
const tensor = (/** @type {number[]} */ shape, /** @type {number[]} */ values) => ({
  shape,
  values: Float32Array.from(values),
});
const two = (/** @type {number[]} */ ...values) => tensor([3, 2], values);
const v = [0, 4, 4, 0, -4, 4];
const mixed = range(3).flatMap((i) =>
  range(2).map((t) => range(3).reduce((all, j) => all + weights[3 * i + j] * v[2 * j + t], 0)),
);
/** @type {import("../../../pages/n1_forward_pass/attend/worked_steps.js").Worked} */
const worked = {
  header: { tokens: ["a", "b", "c"] },
  arrays: {
    ...{ x: two(1, 0, 0, 1, 1, -1), q: two(1, 2, 0, 1, 1, 1), k: two(2, 0, 0, 1, 2, -1), v: two(...v) },
    scores: tensor([3, 3], [2, 2, 0, 0, 1, -1, 2, 1, 1]),
    weights: tensor([3, 3], weights),
    ...{ mixed: two(...mixed), output: two(0, 0, 0, 0, 0, 0), x_after: two(0, 0, 0, 0, 0, 0) },
    maps: tensor([4, 2, 2], range(16)),
  },
};

/** @param {number[]} scores */
function shares(scores) {
  const powers = scores.map((score) => Math.exp(score / whole));
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
}

/**
 * @param {import("../../../pages/n1_forward_pass/attend/worked_steps.js").Step} step
 * @param {string} formula
 */
function computes({ sign, result }, formula) {
  const digits = result.includes(".") ? 2 : 0;
  assert.equal(sign === "=", number(evaluated(formula), 2) === number(Number(result.replace("−", "-")), 2), formula);
  assert.ok(digits >= 0);
}

test("each step of each query computes as it is printed", () => {
  for (const i of range(3)) {
    for (const j of range(3)) {
      const step = productStep(worked, i, j);
      assert.equal(evaluated(step.formula), evaluated(step.result));
    }
    for (const { divided, power, weight } of softmaxSteps(worked, i).rows) {
      computes(divided, divided.formula);
      computes(power, power.formula.replace(/^e\^(.+)$/, `${Math.E}^($1)`));
      computes(weight, weight.formula);
    }
  }
});

test("the mixture of the third token is (0, 3)", () => {
  assert.equal(mixStep(worked, 2).result, "(0.0, 3.0)");
  assert.equal(mixStep(worked, 2).sign, "=");
  assert.equal(mixStep(worked, 1).result, "(2.7, 1.3)");
});
