// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { grown } from "../../../pages/n1_forward_pass/at_a_glance/growing.js";
import {
  boxes,
  cellAt,
  chip,
  columnAt,
  inSight,
  keyX,
  kindOf,
  layout,
  rowY,
  scrolledTo,
  stackedHeight,
} from "../../../pages/n1_forward_pass/at_a_glance/layout.js";
import { range } from "../../../ui/kit/arithmetic.js";

const SIZES = /** @type {const} */ ([
  ["laptop", 1376, 950, 706],
  ["projector", 1856, 1330, 880],
  ["tablet", 960, 960, 900],
  ["phone", 326, 326, 800],
]);
const TOKENS = [1, 2, 8, 32, 256];

/** @param {number} n */
const short = (n) => ({ order: range(n), slots: range(n), long: false });

/**
 * @param {number} screen
 * @param {number} width
 * @param {number} height
 * @param {number} n
 */
const laid = (screen, width, height, n) => layout({ width, height }, short(n), kindOf(screen, 800));

for (const [name, screen, width, height] of SIZES) {
  test(`${name}: from left to right nothing overlaps and nothing leaves the figure`, () => {
    for (const n of TOKENS) {
      const g = laid(screen, width, height, n);
      const order = [
        ...[0, g.chip, g.left, g.left + g.embed, g.frameLeft, g.normX, g.qkv, g.qkv + g.strip],
        ...[g.dots, g.dotsEnd, g.add1, g.mlpX, g.mlpX + g.mlp, g.add2, g.frameRight, g.width - g.predict],
      ];
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
      );
      for (const { left, width: wide } of Object.values(boxes(g))) {
        assert.ok(left >= 0);
        assert.ok(left + wide <= width + 1);
      }
      assert.ok(g.top + g.rowsHeight + g.bottom <= height);
      assert.ok(chip(g, n - 1).box.top + chip(g, n - 1).box.height <= g.full + 1e-9);
    }
  });

  test(`${name}: what is under the pointer is the cell that is drawn there`, () => {
    const g = laid(screen, width, height, 8);
    for (const [row, key] of [
      [7, 0],
      [7, 7],
      [4, 2],
    ]) {
      assert.deepEqual(cellAt(g, keyX(g, key), rowY(g, row)), { row, key });
    }
    assert.deepEqual(cellAt(g, keyX(g, 5), rowY(g, 2)), { row: 2, key: null }); // the future
    assert.deepEqual(cellAt(g, keyX(g, 5), g.full + 1), { row: null, key: null });
    assert.equal(columnAt(g, g.left + 1), "embed");
    assert.equal(columnAt(g, keyX(g, 3)), "attention");
    assert.equal(columnAt(g, g.mlpX + 1), "mlp");
    assert.equal(columnAt(g, g.frameRight + 9), null);
  });

  test(`${name}: an opened part takes most of the figure, in order with all others`, () => {
    const g = laid(screen, width, height, 8);
    for (const column of /** @type {const} */ (["tokens", "embed", "qkv", "attention", "mlp", "predict"])) {
      assert.deepEqual(grown(g, column, 0), { geometry: g, place: null });
      for (const share of [0.3, 1]) {
        const { geometry: o, place } = grown(g, column, share);
        assert.ok(place);
        assert.ok(place.left >= -1e-9 && place.left + place.width <= width + 1e-9);
        const order = [0, o.chip, o.left, o.left + o.embed, o.frameLeft, o.normX, o.qkv, o.qkv + o.strip, o.dots];
        order.push(o.dotsEnd, o.add1, o.mlpX, o.mlpX + o.mlp, o.add2, o.frameRight, o.width);
        assert.deepEqual(
          order,
          order.toSorted((a, b) => a - b),
        );
        if (share === 1) assert.ok(place.width >= 0.6 * width - 1e-6);
      }
    }
    assert.equal(grown(g, null, 1).place, null);
  });
}

test("rows that do not fit are scrolled as little as shows them", () => {
  const g = laid(1376, 950, 706, 256);
  assert.ok(g.full > g.rowsHeight);
  assert.equal(scrolledTo(g, 0, 500), 0);
  const end = scrolledTo(g, 255, 0);
  assert.ok(Math.abs(end - (g.full - g.rowsHeight)) < 1e-9);
  assert.equal(scrolledTo(g, 250, end), end);
  const seen = inSight(g, end);
  assert.ok(seen[0] > 0);
  assert.equal(seen.at(-1), 255);
});

test("stacked, the figure grows with the text within limits", () => {
  const heights = TOKENS.map((n) => stackedHeight(n, kindOf(326, 800)));
  assert.deepEqual(
    heights,
    heights.toSorted((a, b) => a - b),
  );
  assert.equal(stackedHeight(256, kindOf(326, 800)), stackedHeight(512, kindOf(326, 800)));
});
