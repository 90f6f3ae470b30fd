// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { STOPS, tally } from "../../../pages/n1_forward_pass/predict/draws.js";
import { filterSteps } from "../../../ui/kit/sampling.js";

const OFF = { temperature: 1, top_k: 0, top_p: 1, min_p: 0 };
const Z = Float64Array.from([6, 3, 1], Math.log); // shares 0.6, 0.3, 0.1
const left = filterSteps(Z, { exact: 3, group: 1 }, OFF);

test("so many draws, about as often as likely", () => {
  for (const draws of STOPS) {
    const { times } = tally(left, draws, 7);
    assert.equal(
      times.reduce((a, b) => a + b, 0),
      draws,
    );
  }
  const { times } = tally(left, 10_000, 7);
  for (const [i, share] of [0.6, 0.3, 0.1].entries()) assert.ok(Math.abs(times[i] / 10_000 - share) < 0.02);
});

test("the gap after each stop is the largest of its own draws", () => {
  const { gaps } = tally(left, 10, 3);
  assert.equal(gaps.length, STOPS.length);
  for (const [i, draws] of STOPS.entries()) {
    const { times } = tally(left, draws, 3);
    const own = Math.max(...[0.6, 0.3, 0.1].map((share, j) => Math.abs(times[j] / draws - share)));
    assert.ok(Math.abs(gaps[i] - own) < 1e-12);
  }
  assert.ok(gaps[STOPS.length - 1] < 0.02);
});

test("the same seed, the same draws; what is cut is never drawn", () => {
  assert.deepEqual(tally(left, 100, 1), tally(left, 100, 1));
  assert.notDeepEqual(tally(left, 100, 1).times, tally(left, 100, 2).times);
  const two = filterSteps(Z, { exact: 3, group: 1 }, { ...OFF, top_k: 2 });
  assert.equal(tally(two, 10_000, 1).times.length, 2);
});
