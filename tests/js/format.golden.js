// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { count, number, percent, scientific, short, signed } from "../../ui/kit/format.js";
import { golden } from "./golden.js";

/** @type {Record<string, (x: number) => string>} */
const WRITERS = {
  percent,
  number: (x) => number(x),
  three: (x) => number(x, 3, 0),
  signed: (x) => signed(x, 1),
  count,
  scientific,
  short,
};

for (const [name, write] of Object.entries(WRITERS)) {
  test(name, () => {
    const other = golden[name].filter((/** @type {[number, string]} */ [x, text]) => write(x) !== text);
    assert.deepEqual(
      other.map((/** @type {[number, string]} */ [x, text]) => [x, text, write(x)]),
      [],
    );
  });
}
