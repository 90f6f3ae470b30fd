// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictOf } from "../../../pages/n1_forward_pass/embed/analogy_verdict.js";
import {
  analogy,
  cosines,
  meanCosine,
  nearest,
  placeOf,
  rowOf,
  spaceOf,
} from "../../../pages/n1_forward_pass/embed/embedding_space.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { golden, near } from "../golden.js";

/** @import { TableArrays } from "../../../pages/n1_forward_pass/embed/embedding_space.js" */
/** @import { Packed } from "../../../ui/kit/tensors.js" */

const message = unpack(new Uint8Array(Buffer.from(golden.packed, "base64")));
const { header, arrays } = /** @type {Packed<{pieces: string[]}, TableArrays>} */ (message);
const space = spaceOf(arrays);

test("a row for each token", () => assert.deepEqual([space.n, header.pieces.length], [4096, 4096]));

for (const { id, cosines: wanted, centred, nearest: ids, place } of golden.looked_at)
  test(`cosines, nearest and place of ${id}`, () => {
    const row = rowOf(space, id);
    near(cosines(space, row), wanted);
    near(cosines(space, row, true), centred);
    assert.deepEqual(nearest(cosines(space, row), 8, [id]), ids);
    near(placeOf(space, row), place);
  });

test("the mean cosine of two rows", () => near([meanCosine(space)], [golden.mean_cosine]));

test("a − b + c", () => {
  const [a, b, c] = golden.sum.ids;
  near(cosines(space, analogy(space, a, b, c)), golden.sum.cosines);
});

test("each example comes out, or does not, as in the core", () => {
  for (const { ids, verdict } of golden.examples) assert.deepEqual(verdictOf(space, ids), verdict, String(ids));
});
