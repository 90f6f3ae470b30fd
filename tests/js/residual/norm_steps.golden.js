// @ts-check
import { test } from "node:test";
import { normSteps } from "../../../pages/n1_forward_pass/residual/norm_steps.js";
import { golden, near } from "../golden.js";

for (const { name, norm, vectors, mean, spread, standardised, output } of golden.cases) {
  test(`${name}, step by step`, () => {
    for (const [i, x] of vectors.entries()) {
      const steps = normSteps(norm, x);
      near([steps.mean, steps.spread], [mean[i], spread[i]]);
      near([steps.variance + norm.eps], [spread[i] ** 2]);
      near(steps.standard, standardised[i]);
      near(steps.output, output[i]);
    }
  });
}
