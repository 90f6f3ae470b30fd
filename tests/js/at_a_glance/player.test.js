// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { restingAt } from "../../../pages/n1_forward_pass/at_a_glance/playback.js";
import { Player, telling } from "../../../pages/n1_forward_pass/at_a_glance/player.js";
import { INDEX, OVERVIEW } from "../../../pages/n1_forward_pass/at_a_glance/stages.js";

/** @import { Asking } from "../../../pages/n1_forward_pass/at_a_glance/asking.js" */
/** @import { State } from "../../../pages/n1_forward_pass/at_a_glance/state.js" */
/** @import { Trace } from "../../../pages/n1_forward_pass/at_a_glance/trace.js" */

const LAYERS = 6;
/** One layer's attention, [head][query]; the second head's last query reads token 2. */
const WEIGHTS = [
  [[1], [0.9, 0.1], [0.9, 0, 0.1], [0.9, 0, 0, 0.1], [0.4, 0.3, 0.1, 0.1, 0.1]],
  [[1], [0.5, 0.5], [0.3, 0.3, 0.4], [0.3, 0.3, 0.2, 0.2], [0.1, 0.1, 0.7, 0.1, 0]],
];

const TRACE = /** @type {Trace} */ (
  /** @type {unknown} */ ({
    n: 5,
    model: { n_layers: LAYERS, n_heads: 2 },
    weights: (/** @type {number} */ i, /** @type {number} */ _, /** @type {number} */ h) => WEIGHTS[h][i],
    strongest: (/** @type {number} */ i, /** @type {number} */ _, /** @type {number} */ h) =>
      WEIGHTS[h][i].indexOf(Math.max(...WEIGHTS[h][i])),
  })
);

/** @type {((now: number) => void)[]} */
let frames = [];
let now = 0;

/** @param {number} ms */
function pass(ms) {
  for (const end = now + ms; now < end; now += 20) for (const frame of frames.splice(0)) frame(now);
}

beforeEach(() => {
  frames = [];
  const page = {
    matchMedia: () => ({ matches: false }),
    requestAnimationFrame: (/** @type {(now: number) => void} */ frame) => frames.push(frame),
  };
  Object.assign(globalThis, page);
});

/** @param {(layer: number) => boolean} has whether the server has it */
function played(has) {
  /** @type {number[]} */
  const asked = [];
  const state = /** @type {State} */ ({ layer: 3, head: 0, own: null, token: 4, time: restingAt(OVERVIEW), speed: 1 });
  const asking = /** @type {Asking} */ (
    /** @type {unknown} */ ({
      layer: async (/** @type {number} */ layer) => {
        asked.push(layer);
        return has(layer);
      },
    })
  );
  const shown = { trace: TRACE, asking, state };
  const player = new Player(
    {
      shown: () => shown,
      take: (/** @type {State} */ next) => {
        shown.state = next;
      },
      settle: () => {},
      remember: () => {},
      during: (answer) => answer,
    },
    new AbortController().signal,
  );
  return { shown, asked, steps: player.steps() };
}

const settled = () => new Promise((done) => setTimeout(done));

test("play begins in layer 1, with the head that tells most there, and gives back one's own", async () => {
  const { shown, asked, steps } = played(() => true);
  steps.toggle();
  assert.equal(shown.state.time.stage, OVERVIEW);
  await settled();
  assert.deepEqual([shown.state.layer, shown.state.head, shown.state.time.stage], [0, 1, 0]);
  assert.deepEqual(shown.state.own, { layer: 3, head: 0 });
  assert.deepEqual([...new Set(asked)], [0, 1, 2, 3, 4, 5]);
  pass(60_000);
  assert.deepEqual([shown.state.layer, shown.state.head, shown.state.own], [3, 0, null]);
  assert.ok(!shown.state.time.playing);
});

test("on leaving, the reader's own layer and head are back at once", async () => {
  const { shown, steps } = played(() => true);
  steps.toggle();
  await settled();
  pass(2000);
  steps.leave();
  assert.deepEqual([shown.state.layer, shown.state.head, shown.state.time.stage], [3, 0, OVERVIEW]);
});

test("where layer 1 does not come, the layer that is there is played", async () => {
  const { shown, steps } = played(() => false);
  steps.toggle();
  await settled();
  assert.deepEqual([shown.state.layer, shown.state.own, shown.state.time.playing], [3, null, true]);
});

test("a reader who goes on meanwhile is not called back", async () => {
  const { shown, steps } = played(() => true);
  steps.toggle();
  steps.go(INDEX.mask);
  await settled();
  assert.deepEqual([shown.state.time.stage, shown.state.layer], [INDEX.mask, 3]);
});

test("what has been acted out once is quick the second time", async () => {
  const { shown, steps } = played(() => true);
  steps.go(INDEX.qkv);
  steps.step(1);
  pass(3900);
  assert.ok(shown.state.time.stepping);
  pass(200);
  assert.ok(!shown.state.time.stepping);
  steps.step(-1);
  steps.step(1);
  pass(1100);
  assert.ok(!shown.state.time.stepping);
});

test("a telling head reads a token far off, not the first", () => {
  assert.equal(telling(TRACE, 0), 1);
});
