// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { atOtherSize } from "../../../pages/n2_architectures/patches/patch_answer.js";
import * as patches from "../../../pages/n2_architectures/patches/patches.js";
import * as pen from "../../../pages/n2_architectures/patches/pen.js";
import { golden, near } from "../golden.js";

test("patches are the core's, in its order", () => {
  for (const { shape, values, size, rows } of golden.cut) {
    const picture = { shape, values: Uint8Array.from(values) };
    assert.deepEqual(patches.cutting(shape, size), {
      ...{ rows: shape[0] / size, columns: shape[1] / size },
      ...{ n: rows.length, width: rows[0].length },
    });
    for (const [i, row] of rows.entries()) assert.deepEqual(Array.from(patches.patchRow(picture, size, i)), row);
  }
});

test("a pen inks as the training's pens do", () => {
  for (const { line, ink, digits, grey } of golden.drawn) {
    const found = new Float32Array(ink.length);
    pen.inkLine(found, Math.sqrt(ink.length), line[0], line[1]);
    near(Array.from(found), ink, 1e-4);
    assert.equal(pen.digits(found), digits);
    assert.deepEqual(Array.from(pen.grey(found)), grey);
  }
});

test("the patch of another size lies around the same place", () => {
  const shape = [28, 28, 3];
  assert.equal(atOtherSize(shape, 4, 24, 4), 24);
  assert.equal(atOtherSize(shape, 4, 0, 14), 0);
  assert.equal(atOtherSize(shape, 14, 3, 4), 40);
  assert.equal(atOtherSize(shape, 2, 195, 4), 48);
});

test("tokens of published models", () => {
  assert.equal(patches.videoTokens({ frames: 1, side: 224, size: 16, depth: 1 }), 196);
  assert.equal(patches.videoTokens({ frames: 32, side: 224, size: 16, depth: 2 }), 3136);
  assert.equal(patches.soundFrames(30, 16_000, 160), 3000);
});
