// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { readRow, severalTokens, whichHead } from "../../../pages/n1_forward_pass/mask/four_words_said.js";
import { may, paintedMask } from "../../../pages/n1_forward_pass/mask/mask_choice.js";
import { fine, perplexity } from "../../../pages/n1_forward_pass/mask/mask_pass.js";
import { cellOf } from "../../../pages/n1_forward_pass/mask/mask_view.js";
import { labelled } from "../../../pages/n1_forward_pass/mask/row_labels.js";
import { number } from "../../../ui/kit/format.js";

test("painted cells by hand: bits 1001, filled up to a byte, are 0x90, in base64 kA", () => {
  const mask = paintedMask([true, false, false, true], 2);
  assert.equal(mask.address, "painted.2.kA");
  assert.deepEqual(
    [0, 1, 2, 3].map((at) => may(mask, cellOf(at, 2).row, cellOf(at, 2).column)),
    [true, false, false, true],
  );
});

test("a perplexity is e to the loss as it is printed, or says that it is rounded", () => {
  for (let loss = 0; loss < 12; loss += 0.0137) {
    const { sign, shown } = perplexity(loss);
    const made = Math.exp(Number(fine(loss)));
    if (sign === "=") assert.equal(number(made), shown);
    else assert.ok(Math.abs(Number(shown.replaceAll(",", "")) / made - 1) < 0.005);
    assert.equal(sign === "=", made < 100);
  }
});

test("labels: all where there is room, else every so many-th and the one pointed at, free of its neighbours", () => {
  assert.deepEqual(labelled(4, 20), [0, 1, 2, 3]);
  assert.deepEqual(labelled(10, 5), [0, 3, 6, 9]);
  assert.deepEqual(labelled(10, 5, 4), [0, 4, 9]);
  assert.deepEqual(labelled(10, 5, 6), [0, 3, 6, 9]);
});

test("a row of four words is read so that its sum comes out", () => {
  const name = {
    words: ["Michael", "Learns", "to", "Rock"],
    tokens: [["Michael"], [" Lear", "ns"], [" to"], [" Rock"]],
    weights: [
      [1, 0, 0, 0],
      [0.25, 0.75, 0, 0],
      [1 / 3, 1 / 3, 1 / 3, 0],
      [0.1, 0.2, 0.3, 0.4],
    ],
    layer: 0,
    head: 1,
  };
  assert.match(readRow(name, 0), /“Michael” may look only at itself/);
  assert.equal(readRow(name, 1), "“Learns” may look at “Michael” and itself: 0.25 + 0.75 = 1.");
  assert.equal(readRow(name, 2), "“to” may look at “Michael”, “Learns” and itself: 0.33 + 0.33 + 0.33 ≈ 1.");
  assert.match(readRow(name, 3), /“Rock” may look at “Michael”, “Learns”, “to” and itself: .* = 1\.$/);
  assert.match(whichHead(name), /layer 1, head 2, which divides/);
  assert.match(severalTokens(name), /“Learns” is “Lear” “ns”\. A word’s column/);
  assert.equal(severalTokens({ ...name, tokens: name.tokens.map(() => ["a"]) }), "");
});
