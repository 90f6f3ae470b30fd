// @ts-check
import { test } from "node:test";
import { score, turned } from "../../../pages/n1_forward_pass/positions/rotation.js";
import { golden, near } from "../golden.js";

test("each pair turns by its position's angle", () => {
  for (const { vector, frequencies, rotated } of golden.rotations) {
    const half = vector.length / 2;
    for (const [position, wanted] of rotated.entries()) {
      const pairs = turned(vector, position, frequencies);
      near(
        pairs.map(([x]) => x),
        wanted.slice(0, half),
      );
      near(
        pairs.map(([, y]) => y),
        wanted.slice(half),
      );
    }
  }
});

test("a score depends on the distance only, as the core has it", () => {
  for (const { q, k, frequencies, curve } of golden.distances) {
    for (const start of [0, 17]) {
      const scores = curve.map((/** @type {number} */ _, /** @type {number} */ distance) =>
        score(turned(q, start + distance, frequencies), turned(k, start, frequencies)),
      );
      near(scores, curve);
    }
  }
});
