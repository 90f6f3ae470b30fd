// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bracketed,
  count,
  duration,
  flops,
  memory,
  number,
  percent,
  printed,
  relation,
  scientific,
  short,
  signed,
  threeDigits,
} from "../../ui/kit/format.js";

/**
 * @template T
 * @param {(value: T) => string} write
 * @param {[T, string][]} cases
 */
function writes(write, cases) {
  assert.deepEqual(
    cases.map(([value]) => write(value)),
    cases.map(([, text]) => text),
  );
}

test("a share has two digits that matter, and is all or nothing only where it is", () => {
  writes(percent, [
    [0, "0 %"],
    [9e-7, "< 0.0001 %"],
    [1e-6, "0.00010 %"],
    [0.000074, "0.0074 %"],
    [0.004, "0.40 %"],
    [0.00995, "1.0 %"],
    [0.0349, "3.5 %"],
    [0.0995, "10 %"],
    [0.77, "77 %"],
    [0.9899, "99 %"],
    [0.99, "99.0 %"],
    [0.9962, "99.6 %"],
    [0.99949, "99.9 %"],
    [0.9995, "> 99.9 %"],
    [1 - 1e-12, "> 99.9 %"],
    [1, "100 %"],
    [2.345, "235 %"],
    [-0.03, "−3.0 %"],
    [NaN, "not a number"],
  ]);
});

test("in powers of ten, of whatever size", () => {
  writes(scientific, [
    [5.76e23, "5.76·10²³"],
    [9.996e23, "1.00·10²⁴"],
    [1, "1.00·10⁰"],
    [-0.00123, "−1.23·10⁻³"],
  ]);
});

test("a number has a true minus, and zero has none", () => {
  writes(number, [
    [-0.002, "0.00"],
    [-0, "0.00"],
    [-0.5, "−0.50"],
    [1.005, "1.01"],
    [150.26, "150.3"],
    [99999.96, "100000.0"],
    [1e5, "1.0·10⁵"],
    [9.99e-4, "1.0·10⁻³"],
    [-3.2e-5, "−3.2·10⁻⁵"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
    [NaN, "not a number"],
  ]);
  assert.equal(number(2e-4, 4, 0), "0.0002");
  assert.equal(number(151.5, 0), "152");
});

test("signs and brackets are those of what is written", () => {
  writes(signed, [
    [0.5, "+0.50"],
    [-0.5, "−0.50"],
    [0.002, "0.00"],
    [-0.002, "0.00"],
    [0, "0.00"],
  ]);
  writes(bracketed, [
    [-0.5, "(−0.50)"],
    [-0.002, "0.00"],
    [0.5, "0.50"],
  ]);
});

test("counts, and numbers with their unit, go into the next unit before they would be written as 1000", () => {
  writes(count, [
    [1234567.4, "1,234,567"],
    [-0.3, "0"],
    [999, "999"],
  ]);
  writes(short, [
    [0, "0"],
    [12, "12"],
    [999.5, "1.00 K"],
    [3_500_000, "3.50 M"],
    [617_600_000, "618 M"],
    [999_500_000, "1.00 B"],
  ]);
  writes(memory, [
    [1023, "1023 B"],
    [24576, "24.0 KiB"],
    [1023.5 * 1024, "1.00 MiB"],
  ]);
  writes(flops, [[4.2e12, "4.20 TFLOP"]]);
  writes(duration, [
    [5e-6, "5 µs"],
    [0.0123, "12.3 ms"],
    [0.15, "150 ms"],
    [0.9996, "1.00 s"],
  ]);
});

test("what is printed is read back", () => {
  for (const [value, read] of [
    [9.2103, 9.21],
    [1e-4, 1e-4],
    [-3.24e-5, -3.2e-5],
    [123456, 1.2e5],
    [1234.56, 1234.6],
    [-0.002, 0],
    [-Infinity, -Infinity],
  ]) {
    assert.equal(printed(value), read);
  }
});

test("a count of three digits is read back", () => {
  for (const [x, read] of [
    [5.8849e23, 5.88e23],
    [1234, 1230],
    [1_048_576, 1_050_000],
    [12, 12],
  ])
    assert.equal(threeDigits(x), read);
});

test("a formula is equal to its result only as both are printed", () => {
  assert.equal(relation(0.1 / 0.46, 0.2232, 3), "≈");
  assert.equal(relation(printed(0.1) / printed(0.46), 0.2174, 3), "=");
  assert.equal(relation(-Math.log(printed(1.04e-4)), 9.17), "≈");
  assert.equal(relation(printed(1.234) + printed(-1.236), -0.002), "≈");
  assert.equal(relation(printed(1.234) + printed(-1.232), 0.002), "=");
});
