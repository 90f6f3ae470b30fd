// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { lifetimes } from "../../../pages/n4_scale/scaling/lifetimes.js";
import { onPlane, SIZES, TEXTS } from "../../../pages/n4_scale/scaling/plane_frame.js";
import {
  best,
  budget,
  leastLoss,
  loss,
  shareFor,
  tokensFor,
  tokensWithin,
} from "../../../pages/n4_scale/scaling/scaling_laws.js";
import { LAWS } from "./laws.js";

const BUDGETS = [1e14, 1e19, 5.76e23, 1e28];

test("no size beside the one of least loss has less", () => {
  for (const law of Object.values(LAWS)) {
    for (const c of BUDGETS) {
      const { n, d } = leastLoss(law, c);
      assert.ok(Math.abs(budget(n, d) / c - 1) < 1e-12);
      for (const times of [0.5, 0.99, 1.01, 2]) {
        assert.ok(loss(law, n * times, tokensWithin(c, n * times)) > loss(law, n, d));
      }
    }
  }
});

test("the share of a budget that its best model would have needed", () => {
  const law = LAWS.chinchilla;
  const top = best(law, 1e21);
  assert.ok(shareFor(law, 1e21, loss(law, top.n, top.d)) > 0.999);
  const half = best(law, 5e20);
  assert.ok(Math.abs(shareFor(law, 1e21, loss(law, half.n, half.d)) - 0.5) < 1e-6);
});

test("a loss that no amount of text reaches", () => {
  assert.equal(tokensFor(LAWS.chinchilla, 1e9, LAWS.chinchilla.e), Infinity);
  assert.equal(tokensFor(LAWS.kaplan, 1e9, 0.1), Infinity);
});

test("from every corner of the plane there are lives to draw, the cheapest among them", () => {
  for (const law of Object.values(LAWS)) {
    for (const n of [...SIZES, 1e9]) {
      for (const d of [...TEXTS, 1e11]) {
        for (const served of [1e9, 1e13, 1e15]) {
          const { used, unused, near } = lifetimes(law, loss(law, n, d), served);
          assert.ok(near.length > 0, `${law.title} ${n} ${d} ${served}`);
          assert.ok(used.total <= Math.min(...near.map(({ total }) => total)) * (1 + 1e-9));
          assert.ok(used.total <= unused.total * (1 + 1e-9));
        }
      }
    }
  }
});

test("a point stays on the plane", () => {
  assert.deepEqual(onPlane({ n: 1, d: 1e20 }), { n: SIZES[0], d: TEXTS[1] });
  assert.deepEqual(onPlane({ n: 1e9, d: 1e9 }), { n: 1e9, d: 1e9 });
});
