// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { odds } from "../../../pages/n1_forward_pass/at_a_glance/odds.js";
import { newRow, restingAt } from "../../../pages/n1_forward_pass/at_a_glance/playback.js";
import { INDEX, LAST, OVERVIEW } from "../../../pages/n1_forward_pass/at_a_glance/stages.js";
import { asAddress, at, chosen, firstState, look, received } from "../../../pages/n1_forward_pass/at_a_glance/state.js";

/** @import { State } from "../../../pages/n1_forward_pass/at_a_glance/state.js" */
/** @import { Trace } from "../../../pages/n1_forward_pass/at_a_glance/trace.js" */

const MODEL = { name: "a", n_layers: 6, n_heads: 4 };
const VIEW = { layer: 3, head: 2, token: 5, step: "mask", temperature: 0.7, top_p: 0.9 };

/**
 * As much of a pass as the state asks for.
 * @param {number[]} ids
 * @param {object} [model]
 * @param {number} [computed]
 */
const pass = (ids, model = MODEL, computed = ids.length) =>
  /** @type {Trace} */ (
    /** @type {unknown} */ ({
      ...{ ids, n: ids.length, model, header: { computed, layer: 2, telling: [1, 0] } },
      strongest: () => 1,
      hasLayer: () => true,
      continues: (/** @type {any} */ other) => other.model === model && String(ids).startsWith(String(other.ids)),
    })
  );

const SIX = pass([1, 2, 3, 4, 5, 6]);
/** @type {State} */
const STATE = { ...firstState(SIX, VIEW), open: "mlp" };

test("a view is shown as it is told, within what there is", () => {
  assert.deepEqual([STATE.layer, STATE.head, STATE.token, STATE.time], [2, 1, 4, restingAt(INDEX.mask)]);
  assert.deepEqual(STATE.sampling, { temperature: 0.7, topP: 0.9 });
  const odd = firstState(SIX, { ...VIEW, layer: 99, head: -4, token: 1000, step: "<b>" });
  assert.deepEqual([odd.layer, odd.head, odd.token, odd.time.stage], [5, 0, 5, OVERVIEW]);
});

test("the address says what a state is, and nothing of what is as usual", () => {
  const told = asAddress(STATE);
  assert.deepEqual(told, { layer: 3, head: 2, token: 5, step: "mask", temperature: 0.7, top_p: 0.9 });
  const usual = asAddress({ ...STATE, time: restingAt(OVERVIEW), sampling: { temperature: 1, topP: 1 } });
  assert.deepEqual([usual.step, usual.temperature, usual.top_p], ["", "", ""]);
});

test("another text is looked at from its last token, in the same layer and head", () => {
  const now = received(STATE, SIX, pass([9, 9, 9]));
  assert.deepEqual([now.layer, now.head, now.token, now.open], [2, 1, 2, null]);
  assert.equal(now.time.stage, INDEX.mask);
  const other = received(STATE, SIX, pass([1, 2], { ...MODEL, name: "b", n_layers: 2, n_heads: 1 }));
  assert.deepEqual([other.layer, other.head], [1, 0]); // of another model, what tells most there
  const playing = received({ ...STATE, time: { ...restingAt(3), playing: true } }, SIX, pass([9]));
  assert.deepEqual(playing.time, restingAt(OVERVIEW));
});

test("one more token shows how its row is made; several, or an edit that keeps the length, do not", () => {
  assert.deepEqual(received(STATE, SIX, pass([1, 2, 3, 4, 5, 6, 7], MODEL, 1)).time, newRow());
  assert.equal(received(STATE, SIX, pass([1, 2, 3, 4, 5, 6, 7], MODEL, 7)).time.fresh, 0);
  assert.equal(received(STATE, SIX, pass([1, 2, 3, 4, 5, 6, 7, 8], MODEL, 2)).time.fresh, 0);
  assert.equal(received(STATE, SIX, pass([1, 2, 3, 4, 5, 7], MODEL, 1)).time.fresh, 0);
});

test("the same pass again changes nothing that was chosen", () => {
  const now = received({ ...STATE, time: newRow() }, SIX, pass([1, 2, 3, 4, 5, 6]));
  assert.deepEqual(now, { ...STATE, time: { ...newRow(), fresh: 0 } });
});

test("the pointer comes before the choice, and through the layers all are shown in turn", () => {
  const resting = { ...STATE, time: restingAt(OVERVIEW) };
  assert.deepEqual([look(SIX, resting).row, look(SIX, resting).key], [4, 1]);
  const pointed = look(SIX, { ...resting, hover: { row: 3, key: 0 } });
  assert.deepEqual([pointed.row, pointed.key], [3, 0]);
  const through = [0, 0.4, 0.99, 1].map((share) => ({ ...restingAt(INDEX.layers), share }));
  assert.deepEqual(
    through.map((time) => look(SIX, { ...STATE, time }).layer),
    [0, 2, 5, 2],
  );
  const some = { ...SIX, hasLayer: (/** @type {number} */ l) => l === 2 };
  const first = /** @type {Trace} */ (/** @type {unknown} */ (some));
  const waiting = look(first, { ...STATE, time: through[1] });
  assert.deepEqual([waiting.layer, waiting.reached], [2, 2]);
  const early = look(first, { ...STATE, time: through[0] });
  assert.deepEqual([early.layer, early.reached], [2, 0]); // until a layer's numbers are here, the chosen one's
  assert.ok(!look(SIX, { ...STATE, time: restingAt(INDEX.mlp) }).keyMarked);
});

test("greedy: the likeliest token for certain, the others never", () => {
  const guesses = [0.5, 0.3, 0.2].map((share, id) => ({ id, share, logit: Math.log(share) }));
  const last_logits = { values: Float32Array.from(guesses, ({ logit }) => logit) };
  const told = { n: 1, guesses: () => guesses, arrays: { last_logits }, header: { exact: 3, group: 1 } };
  const trace = /** @type {Trace} */ (/** @type {unknown} */ (told));
  const drawn = odds(trace, 0, { temperature: 0, topP: 1 });
  assert.deepEqual(
    drawn.map(({ odds: share, fate }) => [share, fate]),
    [
      [1, "kept"],
      [0, "never"],
      [0, "never"],
    ],
  );
  const cut = odds(trace, 0, { temperature: 1, topP: 0.6 });
  assert.deepEqual(
    cut.map(({ fate }) => fate),
    ["kept", "kept", "cut"],
  );
  assert.ok(Math.abs(cut[0].odds - 0.625) < 1e-6);
});

test("while the first layer is played the reader's own is kept, for the address and for the end", () => {
  /** @type {State} */
  const played = { ...STATE, own: { layer: 4, head: 3 }, layer: 0, head: 1, time: { ...restingAt(3), playing: true } };
  assert.deepEqual(chosen(played), { layer: 4, head: 3 });
  assert.deepEqual([asAddress(played).layer, asAddress(played).head], [5, 4]);
  assert.deepEqual(at(played, restingAt(INDEX.mlp)), { ...played, time: restingAt(INDEX.mlp) });
  for (const stage of [OVERVIEW, LAST]) {
    const back = at(played, restingAt(stage));
    assert.deepEqual([back.layer, back.head, back.own], [4, 3, null]);
  }
  assert.equal(received(played, SIX, pass([9, 9])).head, 3);
});

test("a pass that is played comes to its last layer; layers on their way are not waited for", () => {
  const own = { layer: 4, head: 3 };
  const through = { ...STATE, layer: 0, own, time: { ...restingAt(INDEX.layers), share: 0.7 } };
  const speaking = { ...through, time: restingAt(INDEX.unembed) };
  assert.deepEqual([look(SIX, through).reached, look(SIX, through).layer], [4, 4]);
  assert.deepEqual([look(SIX, speaking).reached, look(SIX, speaking).layer], [5, 5]);
  const few = pass([1, 2, 3, 4, 5, 6]);
  few.hasLayer = (l) => l === 0 || l === 3;
  assert.deepEqual([look(few, through).reached, look(few, through).layer], [4, 3]);
  assert.equal(look(SIX, { ...speaking, own: null }).layer, 0);
});
