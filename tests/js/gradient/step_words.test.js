// @ts-check
// What is said of a step and of a logit is true of the numbers, also where they are none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byHand, dearest, logitsAt } from "../../../pages/n3_learning/gradient/pull_words.js";
import {
  bestRate,
  forecast,
  isAlive,
  lossAfter,
  mostHelped,
  move,
} from "../../../pages/n3_learning/gradient/step_scene.js";
import { finding, moved, told } from "../../../pages/n3_learning/gradient/step_words.js";

/** @import { Place } from "../../../pages/n3_learning/gradient/step_scene.js" */
/** @import { Pulls } from "../../../pages/n3_learning/gradient/pull_words.js" */

const tensor = (/** @type {number[]} */ shape, /** @type {number[]} */ values) => ({
  shape,
  values: new Float32Array(values),
});

/**
 * Two predictions; losses before, then after steps at the rates 0.1, 1 and 10.
 * @param {number[][]} losses
 * @param {number[]} path
 * @returns {Place}
 */
function place(losses, path) {
  const alive = Number.isFinite(path[path.length - 1]);
  const matrix = (/** @type {string} */ name, /** @type {number} */ gradient) => ({
    name,
    layer: 0,
    shape: /** @type {[number, number]} */ ([2, 2]),
    weight: 4,
    gradient: alive ? gradient : -1,
  });
  return {
    header: {
      ...{ numbers: "", text: "", note: "", most: 3, rate: -1 },
      place: {
        ...{ pieces: ["a", " b", " c"], rates: [0.1, 1, 10], taken: path.slice(1).map(() => 0), candidates: [] },
        ...{ matrices: [matrix("q_proj", 1), matrix("v_proj", 2)], others: [1, 1], vocab: 4096, n_weights: 8 },
        gradient: alive ? 3 : -1,
      },
    },
    arrays: {
      losses: tensor([losses.length, 2], losses.flat()),
      probabilities: tensor([0], []),
      right: { shape: [0], values: new Int32Array() },
      cells: tensor([0], []),
      path: tensor([path.length], path),
    },
  };
}

const said = (/** @type {any[]} */ segments) => segments.flat().join(" ");
const LOSSES = [
  [4, 2],
  [3, 1.5],
  [2, 4],
  [30, 50],
];

test("the finding says which way the loss goes, and the first rate is the lowest before a rise", () => {
  const start = place(LOSSES, [3]);
  assert.match(said(finding(start, { rate: 0, token: 1 })), /lowers .*from 3\.00 to 2\.25/);
  assert.match(said(finding(start, { rate: 2, token: 1 })), /raises .*from 3\.00 to 40\.00/);
  assert.equal(bestRate(start), 0);
  assert.equal(mostHelped(start, 1), 1);
  assert.equal(lossAfter(start, -1), 3);
  assert.ok(Math.abs(forecast(start, 0.1) - 2.1) < 1e-12);
});

test("an explosion is told, and so is the end of all numbers", () => {
  assert.match(told(place([[30, 30], ...LOSSES.slice(1)], [3, 30]), 24), /exploded/);
  assert.match(told(place([[5, 5], ...LOSSES.slice(1)], [3, 5]), 24), /higher than at the start/);
  const dead = place([[Number.NaN, Number.NaN], ...LOSSES.slice(1)], [3, Number.NaN]);
  assert.equal(isAlive(dead), false);
  assert.match(said(finding(dead, { rate: 0, token: 1 })), /not a number/);
  assert.match(told(dead, 24), /outgrown/);
  assert.match(said(moved(dead, { rate: 0, token: 1 })), /no longer numbers/);
});

test("how far a matrix moves is the rate times its gradient over its length", () => {
  const start = place(LOSSES, [3]);
  assert.equal(move(start.header.place.matrices[1], 0.1), 0.05);
  assert.match(said(moved(start, { rate: 0, token: 1 })), /W_V of layer 1 .*5\.0 %/);
});

test("a logit by hand", () => {
  /** @type {Pulls} */
  const pulls = {
    header: { model: "m", pieces: ["a", " b"], candidates: [[" x", " b"], []], token: -1, vocab: 2, gap: 0, n: 2 },
    arrays: {
      nats: tensor([1], [-Math.log(0.25)]),
      p: tensor([2, 2], [0.75, 0.25, 0, 0]),
      autograd: tensor([2, 2], [0.75, -0.75, 0, 0]),
      right: { shape: [2], values: new Int32Array([1, -1]) },
    },
  };
  assert.equal(dearest(pulls), 1);
  const logits = logitsAt(pulls, 1);
  assert.deepEqual(
    logits.map(({ gradient }) => gradient),
    [0.75, -0.75],
  );
  assert.match(byHand(logits)[0], /0\.250 − 1 = −0\.750/);
  assert.match(byHand(logits)[1], /0\.750/);
});
