// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { guessed, known, lit } from "../../../pages/n1_forward_pass/at_a_glance/known.js";
import { FRESH_MS } from "../../../pages/n1_forward_pass/at_a_glance/playback.js";
import { INDEX, OVERVIEW, STAGES } from "../../../pages/n1_forward_pass/at_a_glance/stages.js";

/** @import { Look } from "../../../pages/n1_forward_pass/at_a_glance/state.js" */

const LAYERS = 30;

/** @param {Partial<Look>} look */
const moment = (look) => /** @type {Look} */ ({ stage: OVERVIEW, share: 1, reached: 0, fresh: 0, ...look });

test("of a pass played from the first layer on, nothing exists before the pass has come to it", () => {
  for (const { id, index } of STAGES.slice(0, INDEX.layers)) {
    const { maps, guesses } = known(moment({ stage: index, share: 0.5 }), LAYERS);
    assert.equal(maps, index > INDEX.softmax ? 1 : 0, id);
    assert.equal(guesses, 0, id);
    assert.equal(guessed(moment({ stage: index })), 0, id);
  }
  assert.deepEqual(known(moment({ stage: INDEX.add2 }), LAYERS), { maps: 1, guesses: 1 });
});

test("layer by layer the band fills, and from then on it is whole", () => {
  const sweep = moment({ stage: INDEX.layers, share: 0.5, reached: 14 });
  assert.deepEqual(known(sweep, LAYERS), { maps: 15, guesses: 15 });
  assert.equal(guessed(sweep), 0);
  for (const stage of [INDEX.unembed, INDEX.sample, OVERVIEW]) {
    assert.deepEqual(known(moment({ stage, share: 0.1 }), LAYERS), { maps: LAYERS, guesses: LAYERS });
  }
  assert.equal(guessed(moment({ stage: INDEX.unembed, share: 0.4 })), 0.4);
  assert.equal(guessed(moment({})), 1);
});

test("a new token's lane lights up in 1.2 seconds while the others step back; guesses come at 1.3", () => {
  const after = (/** @type {number} */ ms) => lit(ms / FRESH_MS);
  assert.deepEqual(lit(0), { come: 1, faded: 0 });
  assert.deepEqual(after(600), { come: 0.5, faded: 1 });
  assert.equal(after(1200).come, 1);
  assert.ok(after(1190).come < 1);
  assert.equal(after(3700).faded, 1);
  assert.ok(after(4100).faded < 0.5);
  const fresh = (/** @type {number} */ ms) => known(moment({ fresh: ms / FRESH_MS }), LAYERS);
  assert.deepEqual(
    [fresh(600), fresh(1200)],
    [
      { maps: LAYERS, guesses: 15 },
      { maps: LAYERS, guesses: LAYERS },
    ],
  );
  const guess = (/** @type {number} */ ms) => guessed(moment({ fresh: ms / FRESH_MS }));
  assert.deepEqual([guess(10), guess(1290), guess(1310)], [0, 0, 1]);
});
