// @ts-check
// The band of all layers and heads: where columns and cells stand, what exists at a moment, and what is
// found.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  at,
  cell,
  cellsHeight,
  columns,
  grid,
  neighbour,
  wordPlaces,
} from "../../../pages/n1_forward_pass/at_a_glance/band_layout.js";
import { finding, settled } from "../../../pages/n1_forward_pass/at_a_glance/findings.js";
import { known } from "../../../pages/n1_forward_pass/at_a_glance/known.js";
import { INDEX, OVERVIEW } from "../../../pages/n1_forward_pass/at_a_glance/stages.js";
import { range } from "../../../ui/kit/arithmetic.js";

const SHAPES = [
  [30, 9],
  [6, 6],
  [12, 12],
  [1, 1],
  [24, 16],
];
const ROOMS = [
  { width: 970, height: 204, left: 58 },
  { width: 1330, height: 204, left: 58 },
  { width: 326, height: 180, left: 0 },
];

for (const [layers, heads] of SHAPES) {
  for (const room of ROOMS) {
    test(`${layers} × ${heads} in ${room.width} px: cells lie in their columns, apart, within the height`, () => {
      const g = grid(room, layers, heads);
      assert.equal(g.per * g.rows, heads);
      assert.ok(g.cell === 6 || cellsHeight(g) <= room.height + 1);
      for (const wide of [null, 0, layers - 1]) {
        const spans = columns(g, wide, 0.6);
        assert.ok(Math.abs(spans[layers - 1].left + spans[layers - 1].width - room.width) < 1e-6);
        spans.forEach((span, layer) => {
          inside(g, spans, span, layer);
        });
      }
    });
  }
}

/**
 * @param {import("../../../pages/n1_forward_pass/at_a_glance/band_layout.js").Grid} g
 * @param {import("../../../pages/n1_forward_pass/at_a_glance/band_layout.js").Span[]} spans
 * @param {import("../../../pages/n1_forward_pass/at_a_glance/band_layout.js").Span} span
 * @param {number} layer
 */
function inside(g, spans, span, layer) {
  for (const head of range(g.heads)) {
    const { left, top, width, height } = cell(g, span, head);
    assert.ok(left >= span.left - 1e-6);
    assert.ok(left + width <= span.left + span.width + 1e-6);
    assert.deepEqual(at(g, spans, left + width / 2, top + height / 2), { layer, head });
  }
}

test("arrows walk along the layers and among the heads, and stop at the edges", () => {
  const deep = grid(ROOMS[0], 30, 9);
  assert.deepEqual(neighbour(deep, { layer: 3, head: 4 }, "ArrowRight"), { layer: 4, head: 4 });
  assert.deepEqual(neighbour(deep, { layer: 3, head: 4 }, "ArrowUp"), { layer: 3, head: 3 });
  assert.equal(neighbour(deep, { layer: 29, head: 4 }, "ArrowRight"), null);
  assert.equal(neighbour(deep, { layer: 0, head: 0 }, "ArrowLeft"), null);
  assert.equal(neighbour(deep, { layer: 0, head: 0 }, "Enter"), null);
  const broad = grid(ROOMS[0], 6, 6);
  assert.ok(broad.per > 1);
  let place = { layer: 0, head: 0 };
  for (let moves = 0; moves < 6 * broad.per - 1; moves++) {
    place = neighbour(broad, place, "ArrowRight") ?? place;
  }
  assert.deepEqual(place, { layer: 5, head: broad.per - 1 });
});

test("nothing of the band is there before the pass has come to it", () => {
  const at = (/** @type {number} */ stage, /** @type {number} */ share, reached = 4) =>
    known(/** @type {any} */ ({ stage, share, reached }), 30);
  assert.deepEqual(at(OVERVIEW, 1), { maps: 30, guesses: 30 });
  assert.deepEqual(at(INDEX.tokens, 1), { maps: 0, guesses: 0 });
  assert.deepEqual(at(INDEX.scores, 1), { maps: 4, guesses: 4 });
  assert.deepEqual(at(INDEX.softmax, 1), { maps: 5, guesses: 4 });
  assert.deepEqual(at(INDEX.add2, 1), { maps: 5, guesses: 5 });
  assert.deepEqual(at(INDEX.layers, 0.5, 15), { maps: 16, guesses: 16 });
  assert.deepEqual(at(INDEX.layers, 1), { maps: 30, guesses: 30 });
  assert.deepEqual(at(INDEX.sample, 0), { maps: 30, guesses: 30 });
});

/**
 * A pass whose layers guess these tokens after its last one.
 * @param {number[]} ids
 */
const guessing = (ids) =>
  /** @type {any} */ ({
    n: 2,
    guesses: () => [{ id: ids[ids.length - 1], share: 0.77 }],
    lens: () => ids.map((id) => ({ id, share: 0.5 })),
    piece: (/** @type {number} */ id) => ["the", "Paris", "a"][id],
    word: () => "is",
  });

test("the finding says when the answer comes, and nothing that is not so", () => {
  assert.equal(settled(guessing([0, 1, 0, 1, 1]).lens()), 3);
  const most = "The most probable next token is “Paris”, with 77 %";
  const shows = `${most}. The logit lens shows it`;
  assert.equal(finding(guessing([0, 0, 2, 1]), 1), `${shows} only after layer 4`);
  assert.equal(finding(guessing([0, 0, 1, 1]), 1), `${shows} from layer 3 of 4 on`);
  assert.equal(finding(guessing([0, 1, 0, 1, 1]), 1), `${shows} first after layer 2, and always from layer 4 on`);
  assert.equal(finding(guessing([1, 1]), 1), `${shows} after every layer`);
  assert.match(finding(guessing([0, 1]), 0), /^After “is”, the most probable next token is “Paris”/);
});

test("a word that repeats stands once, and a wide one takes what its neighbours leave", () => {
  const spans = range(5).map((l) => ({ left: 30 * l, width: 30 }));
  const words = ["a", "a", "capital", "the", "Paris"];
  const places = wordPlaces(words, spans, (word) => 8 * word.length);
  assert.deepEqual(places[0], places[1]);
  assert.deepEqual(places[0], { left: 0, width: 30 });
  assert.deepEqual(places[2], { left: 30, width: 56 });
  assert.deepEqual(places[3], { left: 86, width: 24 });
  assert.deepEqual(places[4], { left: 110, width: 40 });
  assert.equal(places[4].left + places[4].width, 150);
});

test("words that have not come yet stand each in its column", () => {
  const spans = range(3).map((l) => ({ left: 10 * l, width: 10 }));
  const places = wordPlaces(["", "", ""], spans, () => 0);
  assert.deepEqual(places, spans);
});

test("where the words are too wide for all columns, each stands in its own", () => {
  const spans = range(3).map((l) => ({ left: 10 * l, width: 10 }));
  assert.deepEqual(
    wordPlaces(["one", "two", "three"], spans, () => 20),
    spans,
  );
});
