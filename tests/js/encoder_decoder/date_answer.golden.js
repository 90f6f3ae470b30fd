// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as answers from "../../../pages/n2_architectures/encoder_decoder/date_answer.js";
import * as words from "../../../pages/n2_architectures/encoder_decoder/date_words.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { golden, near } from "../golden.js";

const CHOICE = { layer: 0, head: 0, at: 0, text: 0, place: 0, digit: 0 };
const said = (/** @type {any[]} */ segments) => segments.map((part) => (Array.isArray(part) ? part[1] : part)).join("");

/** @param {any} each */
const read = (each) => /** @type {answers.Answer} */ (unpack(new Uint8Array(Buffer.from(each.packed, "base64"))));

test("what is read most is what the core's weights say", () => {
  for (const each of golden.texts) {
    const answer = read(each);
    for (const { layer, head, at, key } of each.most)
      assert.equal(answers.most(answers.weightsOf(answer, { ...CHOICE, layer, head, at })), key);
  }
});

test("losses and errors of a change are the core's", () => {
  for (const each of golden.texts) {
    const answer = read(each);
    for (const { place, digit, nats, errors, free } of each.changes) {
      const found = answers.changed(answer, { ...CHOICE, place, digit });
      near([answers.meanNats(found.chances)], [nats], 1e-4);
      assert.equal(words.written(found.free), free);
      assert.equal(answers.differences(found.free, found.target, found.at).length, errors);
    }
  }
});

test("a mask's squares are the core's", () => {
  for (const each of golden.texts) {
    const answer = read(each);
    for (const name of /** @type {const} */ (["encoder", "decoder", "cross"])) {
      const cell = answers.maskCell(answer, name, 0);
      const found = each.masks[name].map((/** @type {boolean[]} */ row, /** @type {number} */ i) =>
        row.map((_, j) => cell(i, j) === "may look"),
      );
      assert.deepEqual(found, each.masks[name]);
    }
  }
});

test("the board says what was written, and whether it is right", () => {
  const [date, other] = golden.texts.map(read);
  assert.match(said(words.result(date)), /as “1987-03-03”, and this is right\.$/);
  assert.doesNotMatch(said(words.result(other)), /right|wrong/);
  const wrong = { ...date, header: { ...date.header, target: [..."1987-03-04", "end"] } };
  assert.match(said(words.result(wrong)), /This is wrong: the date is “1987-03-03”\.$/);
  assert.match(words.pairSays("decoder", "1", "9", "not written yet"), /“1” may not look at “9”/);
  const same = { ...CHOICE, place: 0, digit: 1 };
  assert.match(words.compared(date, same), /^Nothing is changed/);
});
