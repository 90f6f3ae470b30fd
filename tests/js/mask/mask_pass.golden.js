// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { maskPass, sees, weightRow } from "../../../pages/n1_forward_pass/mask/mask_pass.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { golden, near } from "../golden.js";

const HALF = 1e-3; // weights travel as 16-bit floats

for (const wanted of golden.cases) {
  const pass = maskPass(new Uint8Array(Buffer.from(wanted.packed, "base64")));
  const { n, header } = pass;
  test(header.address, () => {
    wanted.weights.forEach((/** @type {number[][][][]} */ layers, /** @type {number} */ which) => {
      for (const [layer, heads] of layers.entries()) {
        for (const [head, rows] of heads.entries()) {
          for (const [i, row] of rows.entries()) near(weightRow(pass, which, { layer, head }, i), row, HALF);
        }
      }
    });
    near(pass.means, wanted.means);
    near(pass.means.map(Math.exp), wanted.perplexities);
    assert.deepEqual(
      range(n * n).map((at) => sees(pass, Math.floor(at / n), at % n)),
      wanted.sees,
    );
    assert.deepEqual([...pass.blind], wanted.blind);
    assert.deepEqual(pass.inSight, wanted.inSight);
    assert.equal(pass.isTrained, wanted.isTrained);
  });
}
