// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { restingAt } from "../../../pages/n1_forward_pass/at_a_glance/playback.js";
import { INDEX, OVERVIEW } from "../../../pages/n1_forward_pass/at_a_glance/stages.js";
import { cardBeside, cardWidth, lit, shadePath } from "../../../pages/n1_forward_pass/at_a_glance/tour_places.js";
import {
  askedStop,
  choices,
  otherHead,
  readMost,
  STOPS,
  walkFrom,
} from "../../../pages/n1_forward_pass/at_a_glance/tour_stops.js";

/** @import { Scene } from "../../../pages/n1_forward_pass/at_a_glance/tour_stops.js" */

const N = 5;
const [LAYERS, HEADS] = [4, 2];
// The last token's shares in each head, the first token's first.
const ROWS = [
  [0.5, 0.3, 0.1, 0.05, 0.05],
  [0.2, 0.1, 0.1, 0.1, 0.5],
  [0.6, 0.1, 0.1, 0.1, 0.1],
  [0.1, 0.1, 0.6, 0.1, 0.1],
];
const row = (/** @type {number} */ l, /** @type {number} */ h) => (h === 0 ? ROWS[l] : ROWS[0]);
const maps = new Uint8Array(LAYERS * HEADS * 15);
for (let l = 0; l < LAYERS; l++)
  for (let h = 0; h < HEADS; h++)
    row(l, h).forEach((share, j) => {
      maps[(l * HEADS + h) * 15 + 10 + j] = Math.round(255 * Math.sqrt(share));
    });

const TRACE = /** @type {any} */ ({
  n: N,
  ids: [0, 1, 2, 3, 4],
  model: { n_layers: LAYERS, n_heads: HEADS, name: "a" },
  header: { bins: [0, 1, 2, 3, 4, 5], telling: [0, 0], exact: 2, group: 1 },
  arrays: {
    maps: { shape: [LAYERS, HEADS, 15], values: maps },
    last_logits: { values: new Float32Array([2, 0]) },
  },
  weights: (/** @type {number} */ i, /** @type {number} */ l, /** @type {number} */ h) => {
    assert.equal(i, N - 1);
    return Float32Array.from(row(l, h));
  },
  word: (/** @type {number} */ i) => `word${i}`,
  piece: (/** @type {number} */ id) => `guess${id}`,
  guesses: () => [
    { id: 0, logit: 2, share: Math.exp(2) / (1 + Math.exp(2)) },
    { id: 1, logit: 0, share: 1 / (1 + Math.exp(2)) },
  ],
  lens: () => [3, 2, 1, 0].map((id) => ({ id, share: 0.4 })),
  continues: () => false,
});
const STATE = {
  ...{ layer: 0, head: 0, token: N - 1, aside: true, speed: 1, open: null },
  hover: { row: null, key: null },
  sampling: { temperature: 1, topP: 1 },
  time: restingAt(OVERVIEW),
};

/**
 * @param {object} state
 * @param {object} [more]
 * @returns {Scene}
 */
const scene = (state, more) => {
  const begun = { trace: TRACE, state: /** @type {any} */ (STATE) };
  return { trace: TRACE, state: /** @type {any} */ ({ ...STATE, ...state }), begun, guess: null, ...more };
};

/** Of each stop, what has not been done and what has. */
const DONE = [
  [scene({ token: 0 }), scene({})],
  [scene({ hover: { row: N - 1, key: 2 } }), scene({ hover: { row: N - 1, key: 1 } })],
  [scene({}), scene({ head: 1 })],
  [scene({}, { guess: null }), scene({ time: restingAt(INDEX.softmax) }, { guess: 3 })],
  [scene({ time: restingAt(INDEX.mix) }), scene({ time: restingAt(INDEX.add) })],
  [scene({}), scene({ layer: 1 })],
  [scene({ sampling: { temperature: 1.9, topP: 1 } }), scene({ sampling: { temperature: 2, topP: 1 } })],
  [scene({}), scene({}, { trace: { ...TRACE } })],
];

test("each of eight stops is done by its act alone, and says it in 25 words at most", () => {
  assert.equal(STOPS.length, 8);
  STOPS.forEach((stop, k) => {
    const [before, after] = DONE[k];
    assert.deepEqual([stop.done(before), stop.done(after)], [false, true], `stop ${k + 1}`);
    for (const text of [stop.ask(before), stop.told(after)]) {
      assert.ok(text.split(/\s+/).length <= 25, text);
      assert.ok(!/undefined|NaN/.test(text), text);
    }
  });
});

test("what is read most leaves the first token out where it is set aside", () => {
  assert.equal(readMost(TRACE, { layer: 0, head: 0, aside: true }), 1);
  assert.equal(readMost(TRACE, { layer: 0, head: 0, aside: false }), 0);
});

test("the prediction is asked of a head that reads another token, and offers the right one once", () => {
  const { layer, head } = otherHead(scene({}));
  assert.deepEqual([layer, head], [3, 0]);
  const offered = choices(scene({ layer, head }));
  assert.deepEqual(offered, [1, 2, 3, 4]);
  const long = { ...TRACE, n: 40, weights: () => Float32Array.from({ length: 40 }, (_, j) => (j === 17 ? 1 : 0)) };
  const some = choices(scene({}, { trace: long }));
  assert.ok(some.includes(17) && some.length <= 7 && new Set(some).size === some.length);
});

test("the walk begins two layers before the answer", () => {
  assert.equal(walkFrom(TRACE), 1);
  assert.equal(walkFrom(/** @type {any} */ ({ ...TRACE, lens: () => null })), 0);
});

test("an address asks for one of the stops or for none", () => {
  const asked = ["?tour=1", "?tour=8", "?tour=0", "?tour=9", "?tour=2.5", "?tour=<b>", "", "?tour="].map(askedStop);
  assert.deepEqual(asked, [0, 7, null, null, null, null, null, null]);
});

test("the card stands in the window, beside its subject where there is room", () => {
  const card = { width: 340, height: 200 };
  for (const room of [
    { width: 1440, height: 900 },
    { width: 1280, height: 720 },
  ]) {
    const subjects = [
      { left: 30, top: 180, width: 870, height: 300 },
      { left: room.width - 370, top: 180, width: 340, height: 300 },
      { left: 30, top: 60, width: room.width - 60, height: 50 },
      { left: 30, top: room.height - 60, width: room.width - 60, height: 50 },
    ];
    for (const subject of subjects) {
      const { left, top } = cardBeside(subject, card, room);
      assert.ok(left >= 0 && top >= 0 && left + card.width <= room.width && top + card.height <= room.height);
      const apart =
        left >= subject.left + subject.width ||
        left + card.width <= subject.left ||
        top >= subject.top + subject.height ||
        top + card.height <= subject.top;
      assert.ok(apart, JSON.stringify(subject));
    }
  }
});

test("on a phone it takes the width, at the edge farther from its subject", () => {
  const room = { width: 390, height: 844 };
  const card = { width: cardWidth(room), height: 190 };
  assert.equal(card.width, 366);
  assert.ok(cardBeside({ left: 10, top: 100, width: 370, height: 200 }, card, room).top > 600);
  assert.ok(cardBeside({ left: 10, top: 600, width: 370, height: 200 }, card, room).top < 50);
});

test("the veil leaves its subjects out, however they lie in the window", () => {
  const room = { width: 400, height: 300 };
  assert.deepEqual(lit({ left: -50, top: 10, width: 600, height: 20 }, room), {
    left: 2,
    top: 4,
    width: 396,
    height: 32,
  });
  assert.equal(shadePath([{ left: 1, top: 2, width: 3, height: 4 }], room), "M0 0h400v300h-400ZM1 2h3v4h-3Z");
});
