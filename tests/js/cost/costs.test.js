// @ts-check
// What stands in a formula gives, as printed, the result as printed, or has "≈".
import assert from "node:assert/strict";
import { test } from "node:test";
import { allowedPairs, conversations, costLines, headCounts, passCosts } from "../../../pages/n4_scale/cost/costs.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { flops } from "../../../ui/kit/format.js";
import { computes, read } from "../reading.js";

const D = 256;
const LAYERS = 6;
const shape = {
  ...{ title: "", source: "", note: "", crossover: 1536, score_bytes: 32, cache_numbers_per_head: 384 },
  ...{ n_layers: LAYERS, d_model: D, n_heads: 8, n_kv_heads: 2, context_length: 256, parameters: 1e9 },
  flops: {
    ...{ qkv: 6 * D * D * LAYERS, scores: 2 * D * LAYERS, mixing: 2 * D * LAYERS, out_proj: 2 * D * D * LAYERS },
    ...{ feed_forward: 16 * D * D * LAYERS, unembedding: 2 * D * 4096 },
  },
};
const LENGTHS = range(300).map((i) => Math.round(1.047 ** i));
const UNITS = { FLOP: 1, kFLOP: 1e3, MFLOP: 1e6, GFLOP: 1e9, TFLOP: 1e12, PFLOP: 1e15 };

/** @param {string} text "24.6 MFLOP" */
function inFlop(text) {
  const [number, unit] = text.split(" ");
  return read(number) * UNITS[/** @type {keyof typeof UNITS} */ (unit)];
}

test("each token's matrices", () => {
  const exact = LENGTHS.flatMap((n) =>
    /** @type {const} */ (["linear", "unembedding"]).map((part) => {
      const { formula, result } = costLines(shape, n)[part];
      const [one, times] = formula.split(" × ");
      return computes(result, flops(inFlop(one) * read(times)), formula);
    }),
  );
  assert.ok(exact.includes(true) && exact.includes(false));
});

test("a causal mask allows each query the keys up to its own", () => {
  for (const n of [1, 2, 9, 100])
    assert.equal(
      allowedPairs(n),
      range(n)
        .map((i) => i + 1)
        .reduce((a, b) => a + b),
    );
});

test("scores and mixing", () => {
  for (const n of LENGTHS) {
    const { formula, result } = costLines(shape, n).attention;
    const found = /^6 layers × 2 × 2·d·n² = (\d+) × 4·(\d+)·([\d,]+)²$/.exec(formula) ?? assert.fail(formula);
    const [layers, d, length] = found.slice(1).map(read);
    assert.ok(computes(result, flops(layers * 4 * d * length ** 2), formula));
    assert.equal(layers * 4 * d * length ** 2, passCosts(shape, n).attention);
  }
});

test("heads for keys and values", () => {
  assert.deepEqual(headCounts(shape), { MHA: 8, GQA: 2, MQA: 1 });
  assert.deepEqual(headCounts({ ...shape, n_kv_heads: 8 }), { MHA: 8, GQA: 2, MQA: 1 });
  assert.deepEqual(headCounts({ ...shape, n_heads: 32, n_kv_heads: 32 }), { MHA: 32, GQA: 8, MQA: 1 });
  assert.deepEqual(headCounts({ ...shape, n_heads: 1, n_kv_heads: 1 }), { MHA: 1, GQA: 1, MQA: 1 });
});

test("conversations beside the weights", () => {
  assert.equal(conversations(shape, 4e9, 1e9), 2);
  assert.equal(conversations(shape, 2.5e9, 1e9), 0);
  assert.equal(conversations(shape, 1e9, 1), null);
});
