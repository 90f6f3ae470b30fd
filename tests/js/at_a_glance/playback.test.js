// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  advanced,
  moves,
  newRow,
  nextSpeed,
  restingAt,
  scrubbedTo,
  stepped,
  stopped,
  toggled,
} from "../../../pages/n1_forward_pass/at_a_glance/playback.js";
import { INDEX, LAST, OVERVIEW, STAGES } from "../../../pages/n1_forward_pass/at_a_glance/stages.js";

/** @import { Time } from "../../../pages/n1_forward_pass/at_a_glance/playback.js" */

const PACE = { speed: 1, layers: 6, still: false };

/**
 * @param {Time} time
 * @param {number} ms
 * @param {Partial<typeof PACE>} [pace]
 */
function after(time, ms, pace = {}) {
  let now = time;
  for (let passed = 0; passed < ms && moves(now); passed += 10) now = advanced(now, 10, { ...PACE, ...pace });
  return now;
}

test("play goes through all steps and ends at the last one's end", () => {
  const begun = toggled(restingAt(OVERVIEW));
  assert.deepEqual([begun.stage, begun.share, begun.playing], [0, 0, true]);
  assert.equal(after(begun, 2390).stage, 0); // 1.5 s, and 0.9 s of rest
  assert.equal(after(begun, 2420).stage, 1);
  const end = after(begun, 1e6);
  assert.deepEqual(end, { ...restingAt(LAST), fresh: 0 });
  assert.deepEqual([toggled(end).stage, toggled(end).share], [0, 0]);
});

test("speed, depth and stillness decide how long a step takes", () => {
  const begun = { ...restingAt(0), share: 0, playing: true };
  assert.equal(after(begun, 1250, { speed: 2 }).stage, 1);
  const deep = { ...begun, stage: INDEX.layers };
  assert.equal(after(deep, 4300).stage, INDEX.layers);
  assert.equal(after(deep, 4340).stage, INDEX.layers + 1);
  assert.equal(after(begun, 10, { still: true }).share, 1);
  assert.deepEqual([0.5, 1, 2, 4].map(nextSpeed), [1, 2, 4, 0.5]);
});

test("pause keeps the moment, and play goes on from it", () => {
  const half = after(toggled(restingAt(OVERVIEW)), 750);
  const paused = toggled(half);
  assert.ok(!moves(paused));
  assert.equal(paused.share, half.share);
  assert.equal(toggled(paused).share, half.share);
  const read = stopped({ ...half, share: 1.2 });
  assert.deepEqual([toggled(read).stage, toggled(read).share], [1, 0]);
});

test("steps go round through the overview", () => {
  assert.equal(stepped(restingAt(OVERVIEW), -1, false).stage, LAST);
  assert.deepEqual(stepped(restingAt(LAST), 1, false), restingAt(OVERVIEW));
  const on = stepped(restingAt(3), 1, false);
  assert.deepEqual([on.stage, on.share, on.stepping], [4, 0, true]);
  assert.deepEqual(after(on, 1e4), restingAt(4));
  assert.deepEqual(stepped(restingAt(3), 1, true), restingAt(4));
  assert.deepEqual(stepped({ ...restingAt(3), playing: true }, -1, false), restingAt(2));
});

test("a hand on the timeline shows the share under it, or the step's end", () => {
  assert.deepEqual(scrubbedTo(7.25 / STAGES.length, true), restingAt(7));
  assert.ok(Math.abs(scrubbedTo(7.25 / STAGES.length, false).share - 0.25) < 1e-9);
  assert.equal(scrubbedTo(-1, true).stage, 0);
  assert.equal(scrubbedTo(2, true).stage, LAST);
});

test("a new row is drawn once, in 4.2 seconds, or at once where nothing is to move", () => {
  assert.ok(after(newRow(), 4100).fresh > 0.9);
  assert.deepEqual(after(newRow(), 4300), restingAt(OVERVIEW));
  assert.deepEqual(after(newRow(), 10, { still: true }), restingAt(OVERVIEW));
});
