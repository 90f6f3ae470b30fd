// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import * as removal from "../../../pages/n1_forward_pass/heads/removal_rows.js";
import { percent, signed } from "../../../ui/kit/format.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { golden, near } from "../golden.js";

/** @import { Answer } from "../../../pages/n1_forward_pass/heads/removal_words.js" */

const { changeInPoints, lossChange, lostOf, nextTokens, surprises } = removal;
const LISTED = 7;
let cutOff = 0; // how often the first guess is not among the likeliest

for (const { model, text, packed, guess, changes } of golden.cases) {
  const { header, arrays } = /** @type {Answer} */ (
    /** @type {unknown} */ (unpack(new Uint8Array(Buffer.from(packed, "base64"))))
  );
  const heads = lostOf({ header, arrays });

  test(`${model}, ${text}: the whole model’s first guess is listed whatever is removed`, () => {
    for (const at of heads) {
      const found = nextTokens(at);
      assert.equal(found.guess.piece, guess);
      assert.equal(found.listed.filter((row) => row === found.guess).length, 1);
      assert.equal(found.listed.length, Math.min(LISTED, at.next.length));
      const tops = found.listed.map(({ before, after }) => Math.max(before, after));
      const likeliest = tops.toSorted((a, b) => b - a);
      assert.deepEqual(tops, likeliest);
      const all = at.next.map(({ before, after }) => Math.max(before, after));
      const guessed = Math.max(found.guess.before, found.guess.after);
      if (all.filter((each) => each > guessed).length >= LISTED) cutOff++;
    }
  });

  test(`${model}, ${text}: points are the difference of the shares beside them, or nearly`, () => {
    const shown = (/** @type {number} */ share) => Number(/[\d.]+/.exec(percent(share))?.[0]);
    for (const row of heads.flatMap((at) => nextTokens(at).listed)) {
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
      heads.map((at) => lossChange(at, header.loss)),
      changes,
      1.001e-3,
    ); // as printed, to three digits
    for (const at of heads) {
      const { words } = surprises(arrays.surprise, at);
      const mean = words.reduce((total, { before, after }) => total + after - before, 0) / (words.length || 1);
      assert.ok(Math.abs(mean - lossChange(at, header.loss)) < 5e-3, "surprise was sent with 16 bits");
    }
  });
}

test("there are heads without which the first guess is none of the likeliest", () => {
  assert.ok(cutOff > 0);
});
