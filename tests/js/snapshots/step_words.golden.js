// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  composed,
  fallLine,
  lossChart,
  runName,
  scoreChart,
  secondCopy,
  opening as told,
} from "../../../pages/n3_learning/snapshots/birth_words.js";
import {
  distanceChart,
  lossLine,
  nearestLine,
  oneBack,
  opening,
  strongestBack,
} from "../../../pages/n3_learning/snapshots/step_words.js";
import { slice } from "../../../ui/kit/tensors.js";
import { golden, near } from "../golden.js";

/** @param {{header: any, arrays: Record<string, {shape: number[], values: number[]}>}} sent */
const packed = ({ header, arrays }) => ({
  header,
  arrays: /** @type {any} */ (
    Object.fromEntries(
      Object.entries(arrays).map(([name, { shape, values }]) => [name, { shape, values: Float32Array.from(values) }]),
    )
  ),
});

const flat = (/** @type {readonly (string | readonly [string, string])[]} */ segments) =>
  segments.map((each) => (typeof each === "string" ? each : each[1])).join("");

test("the weight on the token before, head by head", () => {
  const steps = packed(golden.steps);
  const n = steps.header.pieces.length;
  const { shape } = steps.arrays.weights;
  for (let at = 0; at < shape[0]; at++) {
    const found = [];
    for (let layer = 0; layer < shape[1]; layer++)
      for (let head = 0; head < shape[2]; head++) found.push(oneBack(slice(steps.arrays.weights, at, layer, head), n));
    near(found, golden.back[at].flat(), 1e-3);
    const strongest = golden.back[at].flat().indexOf(Math.max(...golden.back[at].flat()));
    assert.equal(strongestBack(steps, at).head, strongest);
  }
});

test("a step in sentences", () => {
  const steps = packed(golden.steps);
  assert.match(flat(opening(steps, 0)), /^Before training, the most probable token after “the” is/);
  assert.match(flat(opening(steps, 2)), /^After 40 training steps/);
  assert.match(flat(opening(steps, 7)), /^At the end, after 1,343 steps/);
  assert.match(flat(nearestLine(steps, 0)), /equal probabilities/);
  assert.match(flat(nearestLine(steps, 2)), /single tokens: 0\.\d\d nats away\.$/);
  assert.match(flat(nearestLine(steps, 7)), /pairs: 1\.\d\d nats away\. They were closer at step \d+\./);
  assert.match(lossLine(steps, 7), /^Loss of your sentence: 2\.\d\d nats a token \(unigram 5/);
  assert.equal(distanceChart(steps, 2, 600).curves.length, 3);
});

test("a single token has neither loss nor token before", () => {
  const one = packed(golden.one);
  assert.match(lossLine(one, 3), /nothing stands before it/);
  assert.match(strongestBack(one, 3).said, /there is none before it/);
  assert.ok(!flat(nearestLine(one, 7)).includes("NaN"));
});

test("the second copy's loss, run by run", () => {
  const birth = packed(golden.birth);
  golden.second.forEach((/** @type {number[]} */ runs, /** @type {number} */ at) => {
    near(
      runs.map((_, run) => secondCopy(birth, at, run)),
      runs,
      1e-4,
    );
  });
});

test("the circuit in sentences", () => {
  const birth = packed(golden.birth);
  const last = birth.header.steps.length - 1;
  const names = birth.header.ablated.map((/** @type {unknown} */ _, /** @type {number} */ run) => runName(birth, run));
  assert.deepEqual(names.slice(0, 4), ["none", "1.1", "1.2 (previous token)", "1.3"]);
  assert.equal(names[names.length - 1], "2.1 and 2.2");
  assert.match(flat(told(birth, 0, 0)), /cannot|not copy yet/);
  assert.match(flat(told(birth, last, 0)), /gives 9\d % of its attention to what followed before\./);
  assert.match(flat(told(birth, last, 2)), /^Without head 1\.2 at step 1,200.* instead of 9\d %\.$/);
  assert.match(
    flat(told(birth, last, names.indexOf("2.2 (induction)"))),
    /its output is 0\. Head 2\.1 can copy, too\./,
  );
  assert.match(composed(birth, last), /only the keys of 2\.2 .* is \d\.\d %\. If only its queries are, it is 9\d %/);
  assert.match(
    fallLine(birth),
    /^Between steps 300 and 400 the loss of the second copy falls from 4\.\d\d to 0\.\d\d nats/,
  );
  assert.equal(lossChart(birth, last, 500).at, 1200);
  assert.equal(scoreChart(birth, last, 500).y[1], 1);
});
