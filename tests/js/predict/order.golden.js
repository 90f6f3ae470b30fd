// @ts-check
// The filters first and the temperature last, as Hugging Face's own filters do it in llama.cpp's order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { matters } from "../../../pages/n1_forward_pass/predict/order_card.js";
import { share, temperatureLast, viewOf } from "../../../pages/n1_forward_pass/predict/prediction.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { golden, near } from "../golden.js";

const none = { shape: [1, 0], values: new Float32Array() };

for (const { settings, first, last } of golden.left) {
  test(`both orders, ${JSON.stringify(settings)}`, () => {
    const z = Float64Array.from(golden.logits);
    const arrays = { first: { shape: [1, z.length], values: Float32Array.from(z) } };
    const header = { group: 1, vocab: z.length };
    const sent = /** @type {any} */ ({ header, arrays: { ...arrays, rest: none } });
    const view = viewOf(sent, 0, { z, listed: [], came: null }, settings);
    for (const [left, wanted] of [
      [view.left, first],
      [temperatureLast(view), last],
    ]) {
      assert.equal(left.n, wanted.kept);
      near(
        range(wanted.shares.length).map((rank) => share({ left }, rank)),
        wanted.shares,
      );
    }
    if (!matters(settings)) assert.deepEqual(first, last);
  });
}
