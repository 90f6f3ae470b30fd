// @ts-check
// What stands in a formula gives, as printed, the result as printed, or has "≈".
import assert from "node:assert/strict";
import { test } from "node:test";
import { penaltyFormula, slopeName } from "../../../pages/n1_forward_pass/positions/alibi.js";
import { dialSumOf } from "../../../pages/n1_forward_pass/positions/rope_dials.js";
import { sinusoid, sinusoidLines } from "../../../pages/n1_forward_pass/positions/sinusoid.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { number, signed } from "../../../ui/kit/format.js";
import { lots } from "../../../ui/kit/sampling.js";
import { evaluated } from "../printed_formula.js";

test("a number of the sinusoidal table, with its speed and its angle", () => {
  const kinds = range(64).flatMap((position) =>
    range(192).flatMap((column) => {
      const [formula, worked] = sinusoidLines(position, column, 192);
      const [, first, speed, second, angle] = /^([=≈]) (.*) ([=≈]) (.*)$/.exec(worked) ?? assert.fail(worked);
      const exact = sinusoid(position, column, 192);
      assert.ok(Math.abs(evaluated(formula) - exact) < 1e-12);
      assert.equal(first === "=", number(evaluated(speed), 3) === number(exact, 3), worked);
      assert.equal(second === "=", number(evaluated(angle), 3) === number(evaluated(speed), 3), worked);
      return [first, second];
    }),
  );
  assert.deepEqual([...new Set(kinds)].sort(), ["=", "≈"]);
});

test("ALiBi's penalty, for slopes that are fractions and for those that are not", () => {
  assert.deepEqual([1 / 4, 1 / 256, 0.5 ** 0.5].map(slopeName), ["1/4", "1/256", "0.707"]);
  const kinds = [1 / 4, 1 / 256, 0.5 ** 0.5, 0.5 ** 1.5].flatMap((slope) =>
    range(64).map((distance) => {
      const { formula, bias } = penaltyFormula(slope, distance);
      const [, left, equals] = /^(.*) ([=≈]) $/.exec(formula) ?? assert.fail(formula);
      assert.equal(equals === "=", number(evaluated(left), 3) === bias, `${formula}${bias}`);
      return equals;
    }),
  );
  assert.deepEqual([...new Set(kinds)].sort(), ["=", "≈"]);
  assert.deepEqual(penaltyFormula(1 / 4, 7), { formula: "−1/4 × 7 = ", bias: "−1.750" });
  assert.deepEqual(penaltyFormula(1 / 4, 0), { formula: "−1/4 × 0 = ", bias: "0.000" });
});

test("the numbers below RoPE's dials add up to the score", () => {
  const draw = lots(5);
  const kinds = range(300).map((i) => {
    const parts = range(4).map(() => (i % 3 ? Math.round(400 * (draw() - 0.5)) / 100 : draw() - 0.5));
    const { equals, total } = dialSumOf(parts);
    const sum = evaluated(parts.map((part) => `(${signed(part)})`).join("+"));
    assert.equal(equals === "=", number(sum, 3) === total, parts.join());
    return equals;
  });
  assert.deepEqual([...new Set(kinds)].sort(), ["=", "≈"]);
});
