// @ts-check
// The angle between two turned arrows depends on their distance alone, and gives the pair's part of the score.
import assert from "node:assert/strict";
import { test } from "node:test";
import { angleLine, arrowsOf, openingPair, partLine } from "../../../pages/n1_forward_pass/positions/rope_arrows.js";
import { pairsAt } from "../../../pages/n1_forward_pass/positions/rope_choice.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { number } from "../../../ui/kit/format.js";
import { lots } from "../../../ui/kit/sampling.js";
import { evaluated } from "../printed_formula.js";

const D = 8;
const draw = lots(3);
const vectors = () => ({ shape: [1, 6, D], values: Float32Array.from(range(6 * D), () => 4 * draw() - 2) });
const rope = {
  ...{ model: "", pieces: [], labels: [], same: true, layers: [0], n_layers: 1, n_heads: 1, d_head: D, length: 90 },
  ...{ numbers: "", sentence: {}, frequencies: Float32Array.of(1, 0.3, 0.1, 0.01) },
  vectors: new Map([[0, { q: vectors(), k: vectors() }]]),
};
const choice = (/** @type {number} */ query, /** @type {number} */ key) => ({
  ...{ layer: 0, head: 0, query: 4, key: 1, stand: { query, key }, tied: true },
});

test("the part is the dot product of the turned pairs, by complex numbers", () => {
  for (const [query, key] of [
    [4, 1],
    [40, 37],
    [3, 50],
  ]) {
    const [q, k] = [pairsAt(rope, choice(query, key), "query", query), pairsAt(rope, choice(query, key), "key", key)];
    for (const i of range(D / 2)) {
      const [[a, b], [c, d]] = [q[i], k[i]];
      const { between, part } = arrowsOf(rope, choice(query, key), i);
      assert.ok(Math.abs(part - (a * c + b * d) / Math.sqrt(D)) < 1e-6);
      const turned = Math.atan2(b * c - a * d, a * c + b * d); // of q times the conjugate of k
      assert.ok(Math.hypot(Math.cos(between) - Math.cos(turned), Math.sin(between) - Math.sin(turned)) < 1e-6);
    }
  }
});

test("moved together, the angle stays to the last digit; moved apart, it grows by θ for each position", () => {
  for (const i of range(D / 2)) {
    const near = arrowsOf(rope, choice(4, 1), i);
    assert.equal(arrowsOf(rope, choice(74, 71), i).between, near.between);
    const far = arrowsOf(rope, choice(9, 1), i);
    assert.ok(Math.abs(far.between - near.between - 5 * rope.frequencies[i]) < 1e-6);
  }
});

test("the lines beside the arrows compute as printed, or have ≈", () => {
  const kinds = range(60).flatMap((query) =>
    range(D / 2).flatMap((i) => {
      const arrows = arrowsOf(rope, choice(query, 1), i);
      const [, left, equals, right] = /^(.*) ([=≈]) (\S+) rad$/.exec(angleLine(arrows)) ?? assert.fail();
      assert.equal(equals === "=", number(evaluated(left), 3) === right, angleLine(arrows));
      assert.match(partLine(arrows), / [=≈] /);
      return [equals];
    }),
  );
  assert.ok(kinds.includes("="));
});

test("the pair to begin with turns visibly", () => {
  assert.ok(rope.frequencies[openingPair(rope, choice(4, 1))] >= 0.1 - 1e-6);
});
