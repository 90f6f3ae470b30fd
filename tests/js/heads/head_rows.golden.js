// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { agreed, everyHead, favourite, received, rowsOf } from "../../../pages/n1_forward_pass/heads/head_rows.js";
import { sameBeginning } from "../../../pages/n1_forward_pass/heads/pair_rows.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { causalRow, slice } from "../../../ui/kit/tensors.js";
import { golden, near } from "../golden.js";

/** @import { Sentence } from "../../../pages/n1_forward_pass/heads/pair_rows.js" */

/**
 * @param {{pieces: string[], weights: {shape: number[], values: number[]}}} sent
 * @returns {Sentence}
 */
const sentence = ({ pieces, weights: { shape, values } }) => ({
  pieces,
  weights: { shape, values: Float32Array.from(values) },
});

for (const { model, first, second, expected } of golden.cases) {
  const pair = /** @type {const} */ ([sentence(first), sentence(second)]);
  const [{ pieces, weights }] = pair;
  const n = pieces.length;
  const [n_layers, n_heads] = weights.shape;
  const heads = everyHead({ n_layers, n_heads });

  test(`${model}: what all heads read most`, () => {
    for (const i of range(n)) {
      const found = agreed(heads.map(({ layer, head }) => favourite(causalRow(weights, layer, head, i))));
      assert.deepEqual(Object.fromEntries(found.map(({ word, count }) => [word, count])), expected.favourites[i]);
      assert.deepEqual(
        found,
        [...found].sort((a, b) => b.count - a.count),
      );
    }
  });

  test(`${model}: what each word is given`, () => {
    heads.forEach((at, index) => {
      const layer = { shape: [1, ...weights.shape.slice(1)], values: slice(weights, at.layer) };
      const rows = rowsOf(layer, at.head, n);
      near(
        range(n).map((j) => received(rows, j)),
        expected.received[index],
      );
    });
  });

  test(`${model}: how long two sentences are the same`, () => {
    assert.equal(sameBeginning(pair), expected.same);
  });
}
