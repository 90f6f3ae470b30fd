// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  advanced,
  duration,
  ended,
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

const PACE = { speed: 1, layers: 6, still: false, seen: /** @type {ReadonlySet<number>} */ (new Set()) };
const AGAIN = { ...PACE, seen: new Set(STAGES.map(({ index }) => index)) };
const STILL = { ...PACE, still: true };
const { scores: SCORES, layers: LAYERS } = INDEX;

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
  const begun = toggled(restingAt(OVERVIEW), PACE);
  assert.deepEqual([begun.stage, begun.share, begun.playing], [0, 0, true]);
  assert.equal(after(begun, 1490).stage, 0); // 0.8 s, and 0.7 s of rest
  assert.equal(after(begun, 1520).stage, 1);
  const end = after(begun, 1e6);
  assert.deepEqual(end, restingAt(LAST));
  assert.deepEqual([toggled(end, PACE).stage, toggled(end, PACE).share], [0, 0]);
});

test("what is acted out takes 4 seconds the first time and 1 later; an easy step 0.8", () => {
  assert.deepEqual([duration(SCORES, true, 6), duration(SCORES, false, 6)], [4000, 1000]);
  assert.deepEqual([duration(INDEX.mask, true, 6), duration(INDEX.mask, false, 6)], [800, 800]);
  const before = { ...restingAt(SCORES - 1), playing: true, share: 5 };
  assert.deepEqual([advanced(before, 10, PACE).acts, advanced(before, 10, AGAIN).acts], [true, false]);
  const stepping = [PACE, AGAIN].map((pace) => stepped(restingAt(SCORES - 1), 1, pace));
  assert.deepEqual(
    stepping.map(({ acts }) => acts),
    [true, false],
  );
  assert.equal(after(stepping[0], 3980).stepping, true);
  assert.equal(after(stepping[1], 1020, AGAIN).stepping, false);
});

test("speed, depth and stillness decide how long a step takes; the rest is as long after a long one", () => {
  const begun = { ...restingAt(0), share: 0, playing: true };
  assert.equal(after(begun, 760, { speed: 2 }).stage, 1);
  const deep = { ...begun, stage: LAYERS };
  assert.equal(after(deep, 130 * 30 + 690, { layers: 30 }).stage, LAYERS);
  assert.equal(after(deep, 130 * 30 + 720, { layers: 30 }).stage, LAYERS + 1);
  assert.equal(after(begun, 10, STILL).share, 1);
  assert.deepEqual([0.5, 1, 2, 4].map(nextSpeed), [1, 2, 4, 0.5]);
});

test("pause keeps the moment, and play goes on from it", () => {
  const half = after(toggled(restingAt(OVERVIEW), PACE), 400);
  const paused = toggled(half, PACE);
  assert.ok(!moves(paused));
  assert.equal(paused.share, half.share);
  assert.equal(toggled(paused, PACE).share, half.share);
  const read = stopped({ ...half, share: 1.2 });
  assert.deepEqual([toggled(read, PACE).stage, toggled(read, PACE).share], [1, 0]);
});

test("steps go round through the overview", () => {
  assert.equal(stepped(restingAt(OVERVIEW), -1, PACE).stage, LAST);
  assert.deepEqual(stepped(restingAt(LAST), 1, PACE), restingAt(OVERVIEW));
  const on = stepped(restingAt(3), 1, PACE);
  assert.deepEqual([on.stage, on.share, on.stepping], [4, 0, true]);
  assert.deepEqual(after(on, 1e4), restingAt(4));
  assert.deepEqual(stepped(restingAt(3), 1, STILL), restingAt(4));
  assert.deepEqual(stepped({ ...restingAt(3), playing: true }, -1, PACE), restingAt(2));
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

test("a pass has ended in the overview and at the last step's end, once nothing moves", () => {
  assert.ok(ended(restingAt(OVERVIEW)) && ended(restingAt(LAST)));
  assert.ok(!ended({ ...restingAt(LAST), playing: true }));
  assert.ok(!ended(restingAt(LAST - 1)) && !ended({ ...restingAt(LAST), share: 0.5 }));
});
