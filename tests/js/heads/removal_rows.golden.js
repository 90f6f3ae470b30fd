// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { everyHead } from "../../../pages/n1_forward_pass/heads/head_rows.js";
import * as removal from "../../../pages/n1_forward_pass/heads/removal_rows.js";
import { percent, signed } from "../../../ui/kit/format.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { golden, near } from "../golden.js";

/** @import { Answer } from "../../../pages/n1_forward_pass/heads/removal_words.js" */

const { changeInPoints, lossChange, nextTokens, surprises } = removal;
const LISTED = 7;
let cutOff = 0; // how often the first guess is not among the likeliest

for (const { model, text, packed, guess, changes } of golden.cases) {
  const { header, arrays } = /** @type {Answer} */ (
    /** @type {unknown} */ (unpack(new Uint8Array(Buffer.from(packed, "base64"))))
  );
  const heads = everyHead(header.view);

  test(`${model}, ${text}: the whole model’s first guess is listed whatever is removed`, () => {
    for (const at of heads) {
      const found = nextTokens(arrays, header.next, at);
      assert.equal(found.guess.piece, guess);
      assert.equal(found.listed.filter((row) => row === found.guess).length, 1);
      assert.equal(found.listed.length, Math.min(LISTED, header.next.length));
      const tops = found.listed.map(({ before, after }) => Math.max(before, after));
      const likeliest = tops.toSorted((a, b) => b - a);
      assert.deepEqual(tops, likeliest);
      const without = slice(arrays.chances_without, at.layer, at.head);
      const all = Array.from(arrays.chances.values, (before, i) => Math.max(before, without[i]));
      const guessed = Math.max(found.guess.before, found.guess.after);
      if (all.filter((each) => each > guessed).length >= LISTED) cutOff++;
    }
  });

  test(`${model}, ${text}: points are the difference of the shares beside them, or nearly`, () => {
    const shown = (/** @type {number} */ share) => Number(/[\d.]+/.exec(percent(share))?.[0]);
    for (const row of heads.flatMap((at) => nextTokens(arrays, header.next, at).listed)) {
      const [text, difference] = [changeInPoints(row), shown(row.after) - shown(row.before)];
      if (text === "=") assert.equal(difference, 0);
      else {
        const points = text.replace("≈ ", "");
        const change = 100 * (row.after - row.before);
        const digits = Math.abs(change) < 0.05 ? 2 : 1;
        assert.equal(points, signed(change, digits));
        assert.equal(text.startsWith("≈"), signed(difference, digits) !== points, JSON.stringify(row));
      }
    }
  });

  test(`${model}, ${text}: the change of the loss`, () => {
    near(
      heads.map((at) => lossChange(arrays, header.loss, at)),
      changes,
      1.001e-3,
    ); // as printed, to three digits
    for (const at of heads) {
      const { words } = surprises(arrays, header.view.pieces.length, at);
      const mean = words.reduce((total, { before, after }) => total + after - before, 0) / (words.length || 1);
      assert.ok(Math.abs(mean - lossChange(arrays, header.loss, at)) < 5e-3, "surprise was sent with 16 bits");
    }
  });
}

test("there are heads without which the first guess is none of the likeliest", () => {
  assert.ok(cutOff > 0);
});
