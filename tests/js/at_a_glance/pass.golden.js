// @ts-check
// A message from Python, read; what is worked out of it, against the core.

import assert from "node:assert/strict";
import { test } from "node:test";
import { facts, sharpest } from "../../../pages/n1_forward_pass/at_a_glance/facts.js";
import { odds } from "../../../pages/n1_forward_pass/at_a_glance/odds.js";
import { Trace } from "../../../pages/n1_forward_pass/at_a_glance/trace.js";
import { norm, softmax } from "../../../ui/kit/arithmetic.js";
import { slice } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { golden, near } from "../golden.js";

const NO_CHANGE = { temperature: 1, topP: 1 };
const bytesOf = (/** @type {string} */ packed) => new Uint8Array(Buffer.from(packed, "base64"));
const look = (/** @type {number} */ row, /** @type {number} */ layer, /** @type {number} */ head) => ({
  ...{ row, key: 0, layer, reached: layer, head, stage: -1, share: 1, acts: true, fresh: 0, keyMarked: true },
});

for (const wanted of golden.passes) {
  const trace = new Trace(bytesOf(wanted.packed));
  for (const layer of wanted.layers) trace.addLayer(bytesOf(layer));
  for (const lens of wanted.lenses) trace.addLens(bytesOf(lens));

  test(`${trace.n} tokens: words and the head that tells most`, () => {
    assert.deepEqual(
      trace.header.bytes.map((_, i) => trace.word(i)),
      wanted.words.map(visible),
    );
    assert.deepEqual(trace.header.telling, wanted.telling);
  });

  test(`${trace.n} tokens: scores, softmax, mixing and lengths of every head`, () => {
    for (const { layer, head, scores, weights, exact, slack, mixed, lengths } of wanted.heads) {
      for (let i = 0; i < trace.n; i++) {
        const f = facts(trace, look(i, layer, head), NO_CHANGE);
        near(trace.scores(i, layer, head), scores[i]);
        const shares = Array.from(f.scores.subarray(0, i + 1), (score) => Math.exp(score - f.top) / f.total);
        near(shares, weights[i].slice(0, i + 1));
        near(softmax(f.scores.subarray(0, i + 1)), weights[i].slice(0, i + 1));
        near([sharpest(f, 1)], [Math.max(...weights[i])]);
        near(shares, exact[i].slice(0, i + 1), slack);
        near(trace.weights(i, layer, head), exact[i].slice(0, i + 1), 1 / 65535);
        assert.equal(exact[i][trace.strongest(i, layer, head)], Math.max(...exact[i]));
        near(trace.mixed(i, layer, head), mixed[i]);
        const own = [trace.q(i, layer, head), trace.k(i, layer, head), trace.v(i, layer, head)];
        near(
          own.map(norm),
          lengths.map((/** @type {number[]} */ each) => each[i]),
        );
      }
    }
  });

  test(`${trace.n} tokens: 8-bit vectors within half a step of their scale`, () => {
    for (const [layer, rows] of wanted.hidden.entries()) {
      for (const [i, row] of rows.entries()) {
        const step = wanted.hidden_scale[layer][i];
        const off = trace.vector("hidden", i, layer).map((x, k) => Math.abs(x - row[k]));
        assert.ok(Math.max(...off) <= 0.501 * step);
      }
    }
  });

  test(`${trace.n} tokens: what each layer would have guessed`, () => {
    wanted.lens.forEach((/** @type {[number, number][]} */ each, /** @type {number} */ i) => {
      const lens = trace.lens(i) ?? [];
      assert.deepEqual(
        lens.map(({ id }) => id),
        each.map(([id]) => id),
      );
      near(
        lens.map(({ share }) => share),
        each.map(([, share]) => share),
      );
    });
  });

  test(`${trace.n} tokens: small maps keep the largest share of each field`, () => {
    const { bins } = trace.header;
    for (const { layer, head, exact } of wanted.heads) {
      const map = slice(trace.arrays.maps, layer, head);
      let k = 0;
      for (let a = 0; a + 1 < bins.length; a++) {
        for (let b = 0; b <= a; b++, k++) {
          const field = exact
            .slice(bins[a], bins[a + 1])
            .flatMap((/** @type {number[]} */ row) => row.slice(bins[b], bins[b + 1]));
          near([map[k] / 255], [Math.sqrt(Math.max(...field))], 0.51 / 255 + 1e-3);
        }
      }
    }
  });

  test(`${trace.n} tokens: guesses, and their odds after temperature and top-p`, () => {
    wanted.guesses.forEach((/** @type {number[]} */ shares, /** @type {number} */ i) => {
      near(
        trace.guesses(i).map(({ share }) => share),
        shares,
      );
    });
    for (const { odds: shares, ...sampling } of wanted.draws) {
      near(
        odds(trace, trace.n - 1, sampling).map((each) => each.odds),
        shares,
      );
      near(
        odds(trace, trace.n - 1, sampling).map((each) => each.own),
        wanted.guesses.at(-1),
      );
    }
    const before = odds(trace, 0, { temperature: 2, topP: 0.1 });
    if (trace.n > 1)
      near(
        before.map((each) => each.odds),
        wanted.guesses[0],
      );
  });
}

test("an answer cut short, or of something else, is no pass", () => {
  const whole = bytesOf(golden.passes[0].packed);
  for (const end of [0, 7, 8, 100, whole.length / 2, whole.length - 1]) {
    assert.throws(() => new Trace(whole.slice(0, end)));
  }
  assert.throws(() => new Trace(new TextEncoder().encode("<!doctype html><title>Sign in</title>")));
  const garbled = whole.slice();
  garbled.fill(32, 8, 400);
  assert.throws(() => new Trace(garbled));
});

test("a longer text continues a shorter one of its words, in the same model", () => {
  const [longer, other] = golden.passes.map((/** @type {any} */ each) => new Trace(bytesOf(each.packed)));
  assert.ok(longer.continues(longer));
  assert.ok(!longer.continues(other));
  assert.ok(!other.continues(longer));
});
