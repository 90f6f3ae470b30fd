// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { cut } from "../../../pages/n1_forward_pass/tokenize/merge_replay.js";
import { mergeOf, read, tokensAfter } from "../../../pages/n1_forward_pass/tokenize/text_reading.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { golden } from "../golden.js";

/** @import { TokenizeHeader } from "../../../pages/n1_forward_pass/tokenize/merge_replay.js" */
/** @import { TokenizeArrays } from "../../../pages/n1_forward_pass/tokenize/text_reading.js" */
/** @import { Packed } from "../../../ui/kit/tensors.js" */

/** @type {{packed: string, shown: string, cuts: [number, string[], number[]][]}[]} */
const texts = golden.texts;
/** @type {[string, string, number][]} */
const learnt = golden.learnt;

for (const { packed, shown, cuts } of texts) {
  const message = unpack(new Uint8Array(Buffer.from(packed, "base64")));
  const reading = read(/** @type {Packed<TokenizeHeader, TokenizeArrays>} */ (message));
  const name = shown.slice(0, 30);

  test(`the text and its bytes: ${name}`, () => {
    assert.equal(reading.text, shown);
    assert.equal(reading.length, Buffer.byteLength(shown));
  });

  for (const [merges, bytes, ids] of cuts)
    test(`${merges} merges: ${name}`, () => {
      const tokens = cut(reading.header, merges);
      assert.deepEqual([tokens.map((token) => token.bytes), tokens.map((token) => token.id)], [bytes, ids]);
      assert.equal(tokensAfter(reading, merges), ids.length);
    });

  test(`merges and their counts: ${name}`, () => {
    assert.equal(reading.counted, learnt.length > 0);
    const told = learnt.map((_, i) => mergeOf(reading, i + 1));
    assert.deepEqual(
      told.map(({ parts, times }) => [...parts, times]),
      learnt,
    );
  });
}
