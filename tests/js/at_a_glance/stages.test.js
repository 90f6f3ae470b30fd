// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CHAPTERS,
  ease,
  explained,
  INDEX,
  marksKey,
  OVERVIEW,
  reach,
  STAGES,
} from "../../../pages/n1_forward_pass/at_a_glance/stages.js";
import { placeAt } from "../../../pages/n1_forward_pass/at_a_glance/timeline.js";

test("what is behind has happened, what is ahead has not", () => {
  const moment = { stage: INDEX.softmax, share: 0.4 };
  const come = STAGES.map(({ id }) => reach(moment, id));
  assert.deepEqual(come.slice(0, INDEX.softmax), Array(INDEX.softmax).fill(1));
  assert.equal(come[INDEX.softmax], 0.4);
  assert.ok(come.slice(INDEX.softmax + 1).every((share) => share === 0));
  assert.ok(STAGES.every(({ id }) => reach({ stage: OVERVIEW, share: 1 }, id) === 1));
});

test("easing starts at 0, ends at 1 and is even about the middle", () => {
  assert.deepEqual([-1, 0, 0.5, 1, 2].map(ease), [0, 0, 0.5, 1, 1]);
  assert.ok(Math.abs(ease(0.2) + ease(0.8) - 1) < 1e-12);
});

test("an opened part explains the step looked at if it is its own, else its main one", () => {
  assert.equal(explained("attention", INDEX.mask), "mask");
  assert.equal(explained("attention", OVERVIEW), "softmax");
  assert.equal(explained("attention", INDEX.mlp), "softmax");
  assert.equal(explained("predict", INDEX.sample), "sample");
});

test("a key is marked from the scores to the mix, and in the overview", () => {
  const marked = STAGES.filter(({ index }) => marksKey(index)).map(({ id }) => id);
  assert.deepEqual(marked, ["scores", "scale", "mask", "softmax", "mix"]);
  assert.ok(marksKey(OVERVIEW));
});

test("seven chapters hold all steps, in their order", () => {
  const held = CHAPTERS.map((chapter) => STAGES.filter((stage) => stage.chapter === chapter).map(({ id }) => id));
  assert.deepEqual(
    held.flat(),
    STAGES.map(({ id }) => id),
  );
  assert.deepEqual(
    CHAPTERS.map((chapter, k) => `${chapter} ${held[k].length}`),
    ["Read 2", "Ask 2", "Compare 4", "Gather 2", "Transform 2", "Repeat 1", "Predict 2"],
  );
});

test("a place on the timeline belongs to the step under it, a gap to the step before it", () => {
  const spans = [
    { left: 10, width: 20 },
    { left: 40, width: 50 },
  ];
  const places = [0, 10, 20, 35, 40, 65, 1000].map((x) => placeAt(spans, x));
  assert.deepEqual(
    places.map((place) => Number(place.toFixed(2))),
    [0, 0, 0.5, 1, 1, 1.5, 2],
  );
  assert.deepEqual(places.map(Math.floor), [0, 0, 0, 0, 1, 1, 1]);
});
