// @ts-check
import { test } from "node:test";
import { lifetimes } from "../../../pages/n4_scale/scaling/lifetimes.js";
import { best, budget, cheapest, loss, tokensFor } from "../../../pages/n4_scale/scaling/scaling_laws.js";
import { golden, near } from "../golden.js";

const EVERYWHERE = /** @type {const} */ ([1, 1e18]);

for (const { name, law, points, budgets } of golden.laws) {
  test(`${name}: the loss of a point, and the tokens for it`, () => {
    for (const { n, d, budget: c, loss: wanted } of points) {
      near([loss(law, n, d) / wanted, budget(n, d) / c, tokensFor(law, n, wanted) / d], [1, 1, 1]);
    }
  });
  test(`${name}: the best point of a budget`, () => {
    for (const { flops, n, d } of budgets) {
      const found = best(law, flops);
      near([found.n / n, found.d / d], [1, 1]);
    }
  });
  test(`${name}: the cheapest life`, () => {
    for (const { loss: target, lives } of points) {
      for (const { served, n, d, total } of lives) {
        const found = cheapest(law, target, served, EVERYWHERE);
        near([found.n / n, found.d / d], [1, 1]);
        if (n > 1e6) near([lifetimes(law, target, served).used.total / total], [1]);
      }
    }
  });
}
