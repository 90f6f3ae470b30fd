// @ts-check
import { test } from "node:test";
import { penalties, sharesOf } from "../../../pages/n1_forward_pass/positions/alibi.js";
import { meanLikeness } from "../../../pages/n1_forward_pass/positions/likeness.js";
import { sinusoid } from "../../../pages/n1_forward_pass/positions/sinusoid.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { golden, near } from "../golden.js";

test("the sinusoidal table", () => {
  for (const [position, row] of golden.sinusoidal.entries()) {
    near(
      range(row.length).map((column) => sinusoid(position, column, row.length)),
      row,
    );
  }
});

test("ALiBi's bias, and the shares that it alone would give", () => {
  const { slopes, bias, shares } = golden.alibi;
  for (const [head, slope] of slopes.entries()) {
    for (const query of range(bias[head].length)) {
      near(penalties(slope, query), bias[head][query].slice(0, query + 1));
      near(sharesOf(slope, query), shares[head][query].slice(0, query + 1));
    }
  }
});

test("the mean cosine of rows by their distance", () => {
  const { alike, curve } = golden.likeness;
  const table = { shape: [alike.length, alike.length], values: Float32Array.from(alike.flat()) };
  near(
    range(curve.length).map((distance) => meanLikeness(table, distance)),
    curve,
  );
});
