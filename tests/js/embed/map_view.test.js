// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  FIRST,
  frameOf,
  nearestTo,
  pixelOf,
  pulled,
  turned,
  zoomed,
} from "../../../pages/n1_forward_pass/embed/map_view.js";

const places = [
  [0, 0, 7],
  [4, 2, 7],
];
const frame = frameOf(places, FIRST, 460, 300); // 400 and 250 within the margins

test("all places inside, the same scale both ways, up is up", () => {
  assert.deepEqual(frame, { width: 460, height: 300, scale: 100, middle: [2, 1] });
  assert.deepEqual(pixelOf(frame, FIRST, places[0]), [30, 250]);
  assert.deepEqual(pixelOf(frame, FIRST, places[1]), [430, 50]);
  assert.equal(frameOf(places, { ...FIRST, across: 2, up: 2 }, 460, 300).scale, 250); // one place only
});

test("an axis that is already the other one changes places with it", () => {
  assert.deepEqual(turned({ ...FIRST, zoom: 3 }, "across", 2), { ...FIRST, across: 2 });
  assert.deepEqual(turned(FIRST, "across", 1), { ...FIRST, across: 1, up: 0 });
  assert.deepEqual(turned(FIRST, "up", 0), { ...FIRST, across: 1, up: 0 });
});

test("zooming in from the whole map leads home, and out of it back to the whole", () => {
  const near = zoomed(frame, FIRST, 2, places[1]);
  assert.deepEqual(near, { ...FIRST, zoom: 2, x: 2, y: 1 });
  assert.deepEqual(pixelOf(frame, near, places[1]), [230, 150]);
  assert.deepEqual(zoomed(frame, near, 2, places[0]), { ...near, zoom: 4 });
  assert.equal(zoomed(frame, near, 100, places[0]).zoom, 24);
  assert.deepEqual(zoomed(frame, near, 0.1, places[0]), FIRST);
});

test("a place that is pulled moves with the hand", () => {
  const view = pulled(frame, { ...FIRST, zoom: 2 }, 30, -10);
  const [x, y] = pixelOf(frame, { ...FIRST, zoom: 2 }, places[0]);
  assert.deepEqual(pixelOf(frame, view, places[0]), [x + 30, y - 10]);
});

test("the nearest dot within reach", () => {
  const pixels = /** @type {const} */ ([
    [0, 0],
    [10, 0],
  ]);
  assert.equal(nearestTo(pixels, [6, 3], 14), 1);
  assert.equal(nearestTo(pixels, [4, 3], 14), 0);
  assert.equal(nearestTo(pixels, [5, 14], 14), null);
});
