// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { paintedMask } from "../../../pages/n1_forward_pass/mask/mask_choice.js";
import { golden } from "../golden.js";

for (const { n, cells, address } of golden.painted) {
  test(`${n} tokens`, () => assert.equal(paintedMask(cells, n).address, address));
}
