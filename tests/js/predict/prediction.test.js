// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterFirst,
  cuts,
  held,
  numberOf,
  placeAt,
  share,
  tokens,
  viewOf,
} from "../../../pages/n1_forward_pass/predict/prediction.js";
import { OFF } from "../../../pages/n1_forward_pass/predict/sampling_settings.js";

// Two words of a vocabulary of 9 tokens: three logits one by one, then two groups of three.
const settings = { temperature: 1, ...OFF, draws: 10, draw_seed: 1, sample_seed: 1, sample_length: 8 };
const shares = [0.4, 0.2, 0.1, 0.05, 0.05];
const header = {
  ...{
    pass_key: "",
    pieces: ["a", "b"],
    token: 0,
    group: 3,
    vocab: 9,
    d_model: 1,
    norm: /** @type {const} */ ("none"),
    tied: true,
    settings,
  },
  listed: [
    [7, 5],
    [7, 2],
  ],
  mentioned: [2, 5, 7],
  mentioned_pieces: [" two", " five", " seven"],
  next_ids: [2],
  next_ranks: [4],
  next_logits: [-3],
};
const logits = Float32Array.from(shares, Math.log);
const twice = (/** @type {Float32Array} */ row) => new Float32Array([...row, ...row]);
const first = { shape: [2, 3], values: twice(logits.subarray(0, 3)) };
const rest = { shape: [2, 2], values: twice(logits.subarray(3)) };
const none = { shape: [2, 0], values: new Float32Array() };
const sent = { header, arrays: { first, rest, before: none, norm: none, x: none, rows: none } };
const view = (/** @type {Partial<typeof settings>} */ changes) =>
  viewOf(sent, 0, placeAt(sent, 0), { ...settings, ...changes });
const near = (/** @type {number} */ a, /** @type {number} */ b) => assert.ok(Math.abs(a - b) < 1e-6, `${a} ${b}`);

test("the likeliest by name, and what came though it is not listed", () => {
  const { listed, came } = placeAt(sent, 0);
  assert.deepEqual(
    listed.map(({ row, word, rank, said }) => [row, word, rank, said]),
    [
      [2, "seven", 0, false],
      [1, "five", 1, false],
    ],
  );
  assert.deepEqual(came, { row: 0, word: "two", z: -3, rank: 4, said: true });
  assert.equal(placeAt(sent, 1).came, null, "the text ends there");
});

test("what came and is listed is that entry", () => {
  const after = { header: { ...header, next_ids: [5] }, arrays: sent.arrays };
  const { listed, came } = placeAt(after, 0);
  assert.equal(came, listed[1]);
  assert.ok(came?.said);
});

test("a group stands for its tokens, the last for those that are left", () => {
  const now = view({});
  assert.deepEqual(
    [1, 3, 4, 5].map((n) => tokens(now, n)),
    [1, 3, 6, 9],
  );
  assert.deepEqual(
    [1, 3, 4, 6, 7, 9].map((rank) => numberOf(now, rank)),
    [0, 2, 3, 3, 4, 4],
  );
});

test("shares add up over groups, and to 1 after a cut", () => {
  const whole = view({});
  near(share(whole, 0), 0.4);
  near(afterFirst(whole, 3), 0.3);
  assert.deepEqual(
    Array.from(held(whole), (x) => Number(x.toFixed(6))),
    [0.4, 0.6, 0.7, 0.85, 1],
  );
  const two = view({ top_k: 2 });
  near(share(two, 0), 2 / 3);
  assert.equal(share(two, 2), 0);
  assert.equal(afterFirst(two, 2), 0);
  near(held(two)[1], 0.6); // as before the cuts
  assert.deepEqual(
    cuts(two).map(({ name, n }) => [name, n]),
    [["top_k", 2]],
  );
});
