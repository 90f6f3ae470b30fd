// @ts-check
// The made-up problems: their gradients, who may race, and what is said of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { singularValues, times, turned } from "../../../pages/n3_learning/gradient/optimizers.js";
import {
  bestRate,
  ending,
  inputs,
  matching,
  RACERS,
  run,
  STEPS,
  TARGET,
  valley,
} from "../../../pages/n3_learning/gradient/problems.js";
import { evenness, matrixFinding, valleyFinding } from "../../../pages/n3_learning/gradient/race_words.js";
import { smoothed } from "../../../pages/n3_learning/gradient/schedule.js";

/** @import { Problem } from "../../../pages/n3_learning/gradient/problems.js" */
/** @typedef {keyof typeof RACERS} Kind */

/**
 * @param {ArrayLike<number>} found
 * @param {ArrayLike<number>} wanted
 * @param {number} bound
 */
function near(found, wanted, bound) {
  assert.equal(found.length, wanted.length);
  for (const [i, x] of Array.from(found).entries())
    assert.ok(Math.abs(x - wanted[i]) <= bound, `${x}, not ${wanted[i]}`);
}

/** @param {Problem} problem @param {number[]} values */
function slopes({ loss, gradient, start }, values) {
  const w = { ...start, values };
  const nudge = 1e-5;
  const measured = values.map((_, i) => {
    const at = (/** @type {number} */ by) => loss({ ...w, values: values.map((x, j) => (i === j ? x + by : x)) });
    return (at(nudge) - at(-nudge)) / (2 * nudge);
  });
  near(gradient(w).values, measured, 1e-6);
}

test("gradients are slopes", () => {
  for (const angle of [0, 20, 45]) slopes(valley(30, angle, [1, 1]), [0.7, -0.4]);
  for (const spread of [1, 100])
    slopes(
      matching(spread),
      Array.from({ length: 36 }, (_, i) => Math.cos(i)),
    );
});

test("the target is orthogonal; the inputs' directions are as frequent as is said", () => {
  const identity = Array.from({ length: 36 }, (_, i) => Number(i % 7 === 0));
  near(times(TARGET, turned(TARGET)).values, identity, 1e-12);
  const found = singularValues(inputs(100));
  near([found[0], found[5]], [1, 0.01], 1e-9);
});

/** @param {Problem} problem @param {Kind[]} kinds @param {boolean} falls */
const race = (problem, kinds, falls) =>
  kinds.map((kind) => ({ ...run(problem, RACERS[kind], bestRate(problem, RACERS[kind], falls), falls), kind }));

test("at its best rate no racer rises above its start", () => {
  for (const problem of [valley(30, 30, [-1.9, 0.75]), matching(100)]) {
    for (const { losses } of race(problem, ["sgd", "momentum", "adamw"], false)) {
      assert.equal(losses.length, STEPS + 1);
      assert.ok(losses.every((loss) => loss <= losses[0]));
    }
  }
});

test("AdamW depends on the axes, SGD in a round bowl needs one step, a rate too high diverges", () => {
  const [straight, turnedBy45] = [0, 45].map((angle) => race(valley(100, angle, [-1.9, 0.75]), ["adamw"], false)[0]);
  assert.ok(ending(turnedBy45) > 10 * ending(straight));
  const [sgd] = race(valley(1, 0, [1, 1]), ["sgd"], false);
  assert.ok(sgd.losses[1] < 1e-12);
  assert.equal(ending(run(valley(30, 0, [1, 1]), RACERS.sgd, 4, false)), Number.POSITIVE_INFINITY);
});

test("Muon's steps are even, and what is said names the lowest", () => {
  const kinds = /** @type {Kind[]} */ (["sgd", "momentum", "adamw", "muon"]);
  const racers = race(matching(100), kinds, true);
  const least = racers.map(({ path }) => evenness(path[0], path[1])[5]);
  assert.ok(least[3] > 0.5 && least[0] < 0.1);
  const said = matrixFinding(racers, 100).flat().join(" ");
  assert.match(said, /100 times as rare as the commonest, .*Muon\s+ends lowest/);
  const gone = kinds.slice(0, 1).map((kind) => ({ ...run(valley(3, 0, [1, 1]), RACERS[kind], 9, false), kind }));
  assert.match(valleyFinding(gone, 3, 0).flat().join(" "), /every optimizer diverges/);
});

test("a mean of what came before", () => {
  assert.deepEqual(smoothed([2, 4, 6, 8], 2), [2, 3, 5, 7]);
});
