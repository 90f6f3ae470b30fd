// @ts-check
// What stands in a formula gives, as printed, the result as printed, or has "≈"; and what is said is true.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cut, mostTelling, nothing, rowSteps, step } from "../../../pages/n4_scale/flash_attention/online_softmax.js";
import { correction, highest, small, summed } from "../../../pages/n4_scale/flash_attention/row_formulas.js";
import { placeOf, sceneOf } from "../../../pages/n4_scale/flash_attention/tile_scene.js";
import { finding, moved } from "../../../pages/n4_scale/flash_attention/tile_words.js";
import { sizesFor } from "../../../pages/n4_scale/flash_attention/traffic.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { number } from "../../../ui/kit/format.js";
import { lots } from "../../../ui/kit/sampling.js";
import { evaluated } from "../printed_formula.js";

const N = 13;
const D = 4;
const draw = lots(5);
const tensor = (/** @type {number[]} */ shape, /** @type {number} */ size) => ({
  shape,
  values: Float32Array.from({ length: shape[0] * shape[1] }, () => (draw() - 0.5) * size),
});
const head = { scores: tensor([N, N], 12), v: tensor([N, D], 2), mixed: tensor([N, D], 1) };

/**
 * @param {import("../../../pages/n4_scale/flash_attention/row_formulas.js").Written} written
 */
function computes({ formula, sign, result }) {
  if (!sign) return;
  if (formula.startsWith("max")) return assert.ok(formula.includes(result));
  const made = evaluated(formula.replace(/^e\^\((.+)\)$/, `${Math.E}**($1)`));
  const digits = Math.abs(made) < 0.005 ? small(made) : number(made);
  assert.equal(sign === "=", digits === result, `${formula} ${sign} ${result}`);
}

test("each formula of each row computes as it is printed", () => {
  for (const size of [1, 2, 4, 8]) {
    for (const i of range(N)) {
      for (const each of rowSteps(head, i, size))
        for (const write of [highest, correction, summed]) computes(write(each));
    }
  }
});

test("the question's row, by hand", () => {
  const first = step(nothing(1), { from: 0, to: 2 }, [0, 0], [[4], [6]]);
  assert.deepEqual(first.after, { m: 0, l: 2, o: [10] });
  const second = step(first.after, { from: 2, to: 3 }, [Math.log(4)], [[2]]);
  assert.ok(Math.abs(second.correction - 0.25) < 1e-12);
  assert.ok(Math.abs(second.after.o[0] / second.after.l - 3) < 1e-12);
});

test("the lit tile holds the chosen row, whatever is chosen", () => {
  /** @type {any} */
  const header = { d_head: D };
  const words = range(N).map(String);
  for (const size of sizesFor(N)) {
    for (const row of range(N)) {
      const telling = mostTelling(rowSteps(head, row, size));
      const { tiles } = sceneOf(header, words, head, { layer: 0, head: 0, row, size, at: 0 });
      const at = placeOf(tiles, row, size, telling);
      const scene = sceneOf(header, words, head, { layer: 0, head: 0, row, size, at });
      assert.equal(scene.choice.row, row);
      assert.equal(scene.steps.length, telling + 1);
      const said = finding(scene).flat().join(" ");
      assert.equal(said.includes("multiplied"), scene.step.correction < 1 && telling > 0);
    }
    const { choice, tile } = sceneOf(header, words, head, { layer: 0, head: 0, row: 0, size, at: 999 });
    assert.ok(choice.row >= tile.rows.from && choice.row < tile.rows.to);
  }
});

test("tile sizes go up to the first that holds the text", () => {
  assert.deepEqual(sizesFor(1), [2]);
  assert.deepEqual(sizesFor(4), [2, 4]);
  assert.deepEqual(sizesFor(5), [2, 4, 8]);
  assert.deepEqual(sizesFor(64), [2, 4, 8, 16, 32, 64]);
  assert.deepEqual(cut(5, 2), [
    { from: 0, to: 2 },
    { from: 2, to: 4 },
    { from: 4, to: 5 },
  ]);
});

test("the finding about bytes takes the right side", () => {
  assert.match(moved(12, 16, 100, 200).flat().join(" "), /never reach/);
  assert.match(moved(12, 4, 300, 200).flat().join(" "), /up to 3 times/);
});
