// @ts-check
// What stands in a formula gives, as printed, the result as printed, or has "≈".
import assert from "node:assert/strict";
import { test } from "node:test";
import { normLines } from "../../../pages/n1_forward_pass/residual/norm_lines.js";
import { normSteps } from "../../../pages/n1_forward_pass/residual/norm_steps.js";
import { number } from "../../../ui/kit/format.js";
import { lots } from "../../../ui/kit/sampling.js";
import { evaluated } from "../printed_formula.js";

const N = 24;

/**
 * Numbers from −1 to 1, in any of these sizes.
 * @param {number} seed
 * @param {number} size
 */
function vector(seed, size) {
  const draw = lots(seed);
  return Array.from({ length: N }, () => (2 * draw() - 1) * size);
}

/** @type {Record<string, {centres: boolean, bias?: number[]}>} */
const NORMS = {
  LayerNorm: { centres: true, bias: vector(1, 0.5) },
  "LayerNorm without a bias": { centres: true },
  RMSNorm: { centres: false },
};

/**
 * @param {string} line formula, "=" or "≈", result
 * @param {number} digits
 */
function computes(line, digits) {
  const [, formula, equals, result] = /^(.*) ([=≈]) (\S+)$/.exec(line) ?? assert.fail(line);
  const exact = number(evaluated(formula), digits) === result;
  assert.equal(exact, equals === "=", line);
  return exact;
}

for (const [name, kind] of Object.entries(NORMS)) {
  test(`${name}: root and place`, () => {
    const norm = { ...kind, eps: 1e-5, gain: vector(2, 1.5) };
    const found = [1e-3, 0.05, 1, 20, 3000].flatMap((size, seed) => {
      const steps = normSteps(norm, vector(seed + 3, size));
      return Array.from({ length: N }, (_, i) => {
        const lines = normLines(norm, steps, i);
        assert.equal(lines.length, kind.centres ? 3 : 2);
        const root = lines[lines.length - 2].split(";  ")[1];
        const place = lines[lines.length - 1].replace(`no. ${i + 1}: `, "");
        return [computes(root, 3), computes(place, 2)];
      });
    });
    assert.deepEqual([...new Set(found.flat())].sort(), [false, true]);
  });
}

test("a line by hand", () => {
  const norm = { centres: true, eps: 1e-5, gain: [2, -3], bias: [0.5, 1] };
  assert.deepEqual(normLines(norm, normSteps(norm, [5, 1]), 1), [
    "mean = Σ x ÷ 2 = 3.000",
    "variance = Σ (x − mean)² ÷ 2 = 4.00;  √(4.00 + 0.00001) = 2.000",
    "no. 2: (1.00 − 3.000) ÷ 2.000 × (−3.000) + 1.000 = 4.00",
  ]);
});
