// @ts-check
// A training's lines read, and what is said of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  headBytes,
  newRun,
  secondsLeft,
  strongest,
  take,
  typedNumber,
} from "../../../pages/n3_learning/train/run_lines.js";
import { explanation, finding, status } from "../../../pages/n3_learning/train/run_words.js";

const order = { task: "sorting", n_layers: 1, n_heads: 2, d_model: 16, learning_rate: 1, steps: 600 };
const beginning = { kind: "beginning", order, symbols: 11, uniform: Math.log(11), parameters: 9, example: ["1", "2"] };
const task = { key: "sorting", name: "", says: "", unit: "digit", first: order };

/**
 * @param {number} step
 * @param {number | null} loss
 * @param {number} accuracy
 */
const record = (step, loss, accuracy) => {
  const weights = btoa(String.fromCharCode(255, 0, 51, 204, 255, 0, 255, 0));
  const rest = { shape: [1, 2, 2, 2], weights, samples: [], seconds: step / 60, gradient: 1 };
  return JSON.stringify({ kind: "record", step, loss, held_out_loss: loss, accuracy, ...rest });
};

/** @param {string[]} lines */
function run(...lines) {
  const made = newRun();
  take(made, [JSON.stringify(beginning), ...lines]);
  return made;
}
/** @param {readonly import("../../../ui/kit/elements.js").Segment[]} segments */
const words = (segments) => segments.map((part) => (typeof part === "string" ? part : part[1])).join("");
/** @param {import("../../../pages/n3_learning/train/run_lines.js").Run} of @param {number} i */
const said = (of, i) => words(finding(of, of.records[i], task));
const ending = (/** @type {string} */ how, says = "") => JSON.stringify({ kind: "ending", how, says });

test("lines are taken in as they come", () => {
  const made = run(record(0, 2.4, 0.1));
  assert.equal(made.lines, 2);
  take(made, [record(10, 2, 0.3), ending("done")]);
  assert.equal(made.records.length, 2);
  assert.equal(made.ending?.how, "done");
});

test("a head's weights are its own part of the bytes", () => {
  const [first] = run(record(0, 2.4, 0.1)).records;
  assert.deepEqual([...headBytes(first, 0, 0)], [255, 0, 51, 204]);
  assert.deepEqual([...headBytes(first, 0, 1)], [255, 0, 255, 0]);
  assert.deepEqual(strongest(headBytes(first, 0, 0), 2, 1), { key: 1, weight: 0.8 });
});

test("the finding says what came of it", () => {
  const made = run(record(0, 2.4, 0.1), record(600, 0.01, 0.9999));
  assert.match(said(made, 0), /^Before training, the model gets 10 % of the held-out digits right/);
  assert.match(said(made, 1), /After 600 steps .* more than 99.9 % of .* from 2.40 to 0.010 nats; .* ln 11 = 2.40\.$/);
});

test("an explosion is told with its rate, also where the loss is no number", () => {
  const made = run(record(0, 2.4, 0.1), record(2, null, 0.1), ending("exploded"));
  assert.match(said(made, 1), /At step 2 the loss is no number, while .* learning rate of 1 is too high/);
  assert.match(explanation(made), /AdamW/);
});

test("learning by heart is told", () => {
  const made = run(record(0, 3, 0.1), record(10, 2.4, 0.3), record(600, 3.9, 0.3), ending("done"));
  assert.match(explanation(made), /lowest at step 10, with 2.40 nats.*overfitting/);
  assert.equal(explanation(run(record(0, 3, 0.1), record(600, 0.1, 0.9), ending("done"))), "");
});

test("how it stands", () => {
  const made = run(record(0, 2.4, 0.1), record(300, 1, 0.5));
  assert.match(status("waiting", 2, newRun(), undefined), /number 2 in the queue/);
  assert.match(status("running", 0, newRun(), undefined), /is starting/);
  assert.equal(status("running", 0, made, 12.4), "Step 300 of 600, about 12 s left");
  assert.match(status("paused", 0, made, undefined), /paused/);
  take(made, [ending("failed", "It was killed.")]);
  assert.equal(status("ended", 0, made, undefined), "It was killed.");
  assert.equal(secondsLeft({ step: 0, at: 1 }, { step: 300, at: 4 }, 600), 3);
  assert.equal(secondsLeft({ step: 0, at: 1 }, { step: 0, at: 4 }, 600), undefined);
});

test("numbers as they are typed", () => {
  assert.deepEqual(["0.001", " 1e-3", "0,5", "1e9"].map(typedNumber), [0.001, 0.001, 0.5, 1e9]);
  assert.deepEqual(["", "-1", "0", "abc", "1e999", "0x10", "1 2"].map(typedNumber), Array(7).fill(undefined));
});
