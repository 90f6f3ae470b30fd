// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  largestGap,
  output,
  rowSteps,
  tilesOf,
  weightsSoFar,
} from "../../../pages/n4_scale/flash_attention/online_softmax.js";
import { keyTile } from "../../../pages/n4_scale/flash_attention/tile_scene.js";
import { dot, range, softmax, sum } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";
import { golden, near } from "../golden.js";

/** @import { HeadArrays } from "../../../pages/n4_scale/flash_attention/online_softmax.js" */

const EXACT = 1e-6;

/** @param {{shape: number[], values: number[]}} tensor */
const tensor = ({ shape, values }) => ({ shape, values: Float32Array.from(values) });

/**
 * Row i at once: the softmax over all that it sees, times their values.
 * @param {HeadArrays} head
 * @param {number} i
 */
function denseRow({ scores, v }, i) {
  const weights = softmax(slice(scores, i).subarray(0, i + 1));
  return range(v.shape[1]).map((t) =>
    dot(
      weights,
      weights.map((_, j) => slice(v, j)[t]),
    ),
  );
}

for (const { name, arrays, tiles } of golden.heads) {
  const head = /** @type {HeadArrays} */ ({
    scores: tensor(arrays.scores),
    v: tensor(arrays.v),
    mixed: tensor(arrays.mixed),
  });
  const n = head.scores.shape[0];

  for (const [written, expected] of Object.entries(tiles)) {
    const size = Number(written);
    test(`${name}: what each row keeps, tiles of ${size}`, () => {
      const found = tilesOf(n, size);
      assert.deepEqual(
        found.map(({ rows, keys }) => [rows.from, rows.to, keys.from, keys.to]),
        expected.map((/** @type {any} */ each) => [...each.rows, ...each.keys]),
      );
      for (const [at, tile] of found.entries()) {
        const wanted = expected[at];
        for (let i = tile.rows.from; i < tile.rows.to; i++) {
          const { after, correction } = rowSteps(head, i, size)[keyTile(tile, size)];
          const row = i - tile.rows.from;
          near([after.m, after.l, correction], [wanted.m[row], wanted.l[row], wanted.correction[row]], EXACT * 4);
          near(after.o, wanted.o[row], EXACT * 4);
          near(output(after), wanted.output[row], EXACT * 4);
        }
      }
    });

    test(`${name}: the output is the dense one, tiles of ${size}`, () => {
      for (let i = 0; i < n; i++) {
        const steps = rowSteps(head, i, size);
        near(output(steps[steps.length - 1].after), denseRow(head, i), 1e-12);
        near(output(steps[steps.length - 1].after), slice(head.mixed, i), EXACT * 4);
        near([sum(weightsSoFar(steps))], [1], 1e-12);
      }
      assert.ok(largestGap(head, size) < EXACT * Math.max(1, ...head.mixed.values.map(Math.abs)));
    });
  }
}
