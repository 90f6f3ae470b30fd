// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { idOf, isLacking, known, loss, origin } from "../../../pages/n1_forward_pass/tokenize/lacking_bytes.js";
import { cut, replay } from "../../../pages/n1_forward_pass/tokenize/merge_replay.js";
import { latest, read, tokensAfter } from "../../../pages/n1_forward_pass/tokenize/text_reading.js";
import { grow } from "../../../pages/n1_forward_pass/tokenize/word_growth.js";

/** @import { TokenizeHeader, TokenizeWord } from "../../../pages/n1_forward_pass/tokenize/merge_replay.js" */

// "abcd": merge 5 joins b and c, merge 2 the outcome with d, merge 9 all of it.
/** @type {TokenizeWord} */
const word = {
  bytes: "abcd",
  joins: [
    [1, 5, 305],
    [1, 2, 302],
    [0, 9, 309],
  ],
  spellings: [],
};
const ids = Array.from({ length: 256 }, (_, byte) => byte);
/** @type {TokenizeHeader} */
const header = {
  key: "",
  size: 400,
  merges: 9,
  n_merges: 9,
  token: 0,
  byte_ids: ids,
  unknown: null,
  words: [word, { bytes: "x", joins: [], spellings: [] }],
  order: [0, 1, 0],
};
const none = { pairs: { shape: [0, 3], values: new Int32Array() } };

test("a join waits for the one before it, though its own merge is known", () => {
  const parts = (/** @type {number} */ k) => replay(word, ids, k).map((part) => part.bytes);
  assert.deepEqual([0, 2, 4].map(parts), Array(3).fill(["a", "b", "c", "d"]));
  assert.deepEqual(parts(5), ["a", "bcd"]);
  assert.deepEqual(replay(word, ids, 9), [{ bytes: "abcd", id: 309, merge: 9 }]);
});

test("tokens know their first byte and their word", () => {
  const places = cut(header, 5).map(({ bytes, at, place }) => [bytes, at, place]);
  assert.deepEqual(places, [
    ["a", 0, 0],
    ["bcd", 1, 0],
    ["x", 4, 1],
    ["a", 5, 2],
    ["bcd", 6, 2],
  ]);
});

test("the text shrinks when all that a join waits for is learnt", () => {
  const reading = read({ header, arrays: none });
  assert.deepEqual(reading.events, [
    { k: 5, tokens: 5 },
    { k: 9, tokens: 3 },
  ]);
  assert.deepEqual(
    [0, 4, 5, 8, 9].map((k) => tokensAfter(reading, k)),
    [9, 9, 5, 5, 3],
  );
  assert.equal(latest(reading, 4), undefined);
  assert.deepEqual([...reading.here].sort(), [2, 5, 9]);
  assert.equal(reading.text, "abcdxabcd");
});

test("merges come with their counts where pairs are told, else from the text alone", () => {
  const pairs = { shape: [2, 3], values: Int32Array.of(98, 99, 40, 97, 256, 7) };
  const { merges, counted } = read({ header, arrays: { pairs } });
  assert.ok(counted);
  assert.deepEqual(
    [...merges],
    [
      [1, { parts: ["b", "c"], times: 40 }],
      [2, { parts: ["a", "bc"], times: 7 }],
    ],
  );
  const alone = read({ header, arrays: none });
  assert.ok(!alone.counted);
  assert.deepEqual(alone.merges.get(2), { parts: ["bc", "d"], times: 0 });
});

test("a word's tree: bytes first, tops last, dashed from the first join that is not learnt", () => {
  const { nodes, tops, levels } = grow(word, 5);
  assert.deepEqual(nodes.map(({ bytes, x, depth, later }) => [bytes, x, depth, later]).slice(3), [
    ["d", 3.5, 0, false],
    ["bc", 2, 1, false],
    ["bcd", 2.75, 2, false],
    ["abcd", 1.625, 3, true],
  ]);
  assert.deepEqual([tops.length, levels], [1, 3]);
  assert.ok(
    grow(word, 4)
      .nodes.slice(4)
      .every((node) => node.later),
  );
});

test("a byte that the vocabulary lacks becomes the unknown token, and that is said", () => {
  const byte_ids = ids.map((id) => (id === 120 ? null : id)); // no x
  for (const [unknown, id, said] of /** @type {const} */ ([
    [[0, "<unk>"], "0", "it becomes the unknown token “<unk>”"],
    [null, "none", "it is left out"],
  ])) {
    const lost = /** @type {TokenizeHeader} */ ({ ...header, byte_ids, unknown });
    const [, , x] = cut(lost, 5);
    assert.deepEqual([x.bytes, isLacking(x), idOf(x, lost)], ["x", true, id]);
    assert.ok(origin(x, lost).endsWith(said));
    assert.ok(loss([x], lost).startsWith(`1 byte of this text (78) has no token in this vocabulary, so ${said}.`));
    assert.equal(known(cut(lost, 0)[0], lost), ": 255 of the 256 bytes are in the list from the start");
  }
  assert.equal(known(cut(header, 0)[0], header), ": all 256 bytes are in the list from the start");
});
