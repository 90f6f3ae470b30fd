// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as arithmetic from "../../../pages/n1_forward_pass/attend/attention_head.js";
import { entropy, range } from "../../../ui/kit/arithmetic.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { golden, near } from "../golden.js";

/** @import { AttentionArrays } from "../../../pages/n1_forward_pass/attend/attention_head.js" */

const { headOf, layerOf, mixture, sharpness, slope, table, weights } = arithmetic;
const HALF = 0.002; // what queries and keys of 16 bits leave of a weight

/** @param {{shape: number[], values: number[]}} tensor */
const tensor = ({ shape, values }) => ({ shape, values: Float32Array.from(values) });

/**
 * A row as Python has it: what the mask hides is 0.
 * @param {number[]} row
 * @param {number} n
 */
const whole = (row, n) => [...row, ...range(n - row.length).fill(0)];

for (const { model, arrays, layers, packed } of golden.cases) {
  const exact = { q: tensor(arrays.q), k: tensor(arrays.k), v: tensor(arrays.v) };
  const sent = /** @type {AttentionArrays} */ (
    /** @type {unknown} */ (unpack(new Uint8Array(Buffer.from(packed, "base64"))).arrays)
  );
  const d = exact.q.shape[3];
  const n = exact.q.shape[2];
  const each = (/** @type {(heads: Record<string, any>, layer: number, head: number) => void} */ compare) => {
    for (const [layer, heads] of layers.entries()) {
      for (const head of range(exact.q.shape[1])) compare(heads, layer, head);
    }
  };

  test(`${model}: scores, and softmax with and without the division by the root`, () => {
    each(({ scores, divided, undivided }, layer, head) => {
      const found = headOf(layerOf(exact, layer), head);
      for (const i of range(n)) {
        near(found.scores[i], scores[head][i]);
        near(whole(weights(found.scores, i, Math.sqrt(d)), n), divided[head][i]);
        near(whole(weights(found.scores, i, 1), n), undivided[head][i]);
      }
    });
  });

  test(`${model}: the mixture, and the parts it is made of`, () => {
    each(({ mixed }, layer, head) => {
      const { scores, v } = headOf(layerOf(exact, layer), head);
      for (const [i, row] of table(scores, Math.sqrt(d)).entries()) {
        near(mixture(row, v), mixed[head][i]);
        const [even, odd] = [0, 1].map((rest) => range(row.length).filter((j) => j % 2 === rest));
        const odds = mixture(row, v, odd);
        const sum = mixture(row, v, even).map((x, t) => x + odds[t]);
        near(sum, mixed[head][i]);
      }
    });
  });

  test(`${model}: entropy and slope of each row`, () => {
    each((expected, layer, head) => {
      const rows = table(headOf(layerOf(exact, layer), head).scores, Math.sqrt(d));
      near(rows.map(entropy), expected.entropy[head]);
      near(rows.map(slope), expected.slope[head]);
    });
  });

  test(`${model}: from divisor 1 to d, by way of the root`, () => {
    each(({ divided, undivided }, layer, head) => {
      const curve = sharpness(headOf(layerOf(exact, layer), head).scores, n - 1, d);
      near([curve[0].divisor, curve[30].divisor, curve[60].divisor], [1, Math.sqrt(d), d]);
      near(curve[0].row, undivided[head][n - 1]);
      near(curve[30].row, divided[head][n - 1]);
    });
  });

  test(`${model}: from the 16 bits that are sent`, () => {
    each(({ divided }, layer, head) => {
      for (const [i, row] of table(headOf(layerOf(sent, layer), head).scores, Math.sqrt(d)).entries()) {
        near(whole(row, n), divided[head][i], HALF);
      }
    });
  });
}

test("heads of a group share keys and values", () => {
  const shapes = golden.cases.map((/** @type {any} */ each) => [each.arrays.q.shape[1], each.arrays.k.shape[1]]);
  assert.deepEqual(shapes, [
    [6, 6],
    [6, 2],
  ]);
});
