// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { patternMask } from "../../../pages/n1_forward_pass/mask/mask_choice.js";
import { golden } from "../golden.js";

for (const { n, kinds, gallery, masks } of golden.texts) {
  const bits = { shape: gallery.shape, values: Uint8Array.from(gallery.values) };
  test(`${masks.length} masks of ${n} tokens`, () => {
    for (const { kind, values, causal, address, cells } of masks) {
      const entry = kinds.find((/** @type {{name: string}} */ { name }) => name === kind);
      const mask = patternMask(bits, entry, { values, causal }, n);
      assert.deepEqual(mask, { choice: { kind, values, causal }, n, cells, address });
    }
  });
}
