// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { causalRow, half, slice, times, unpack } from "../../ui/kit/tensors.js";
import { golden } from "./golden.js";

const sent = new Uint8Array(Buffer.from(golden.packed, "base64"));
const KINDS = {
  half: Float32Array,
  single: Float32Array,
  whole: Int32Array,
  byte: Uint8Array,
  small: Int8Array,
  share: Uint16Array,
  truth: Uint8Array,
};

/** @param {Uint8Array} bytes */
function arrives(bytes) {
  const { header, arrays } = unpack(bytes);
  assert.deepEqual(header, golden.header);
  assert.deepEqual(Object.keys(arrays).sort(), Object.keys(golden.arrays).sort());
  for (const [name, { shape, values }] of Object.entries(golden.arrays)) {
    assert.deepEqual(arrays[name].shape, shape);
    assert.deepEqual(Array.from(arrays[name].values, Math.fround), values.map(Math.fround), name);
  }
  return arrays;
}

test("every kind of number arrives as its own view", () => {
  const arrays = arrives(sent);
  for (const [name, kind] of Object.entries(KINDS)) assert.ok(arrays[name].values instanceof kind, name);
});

test("also from the middle of a buffer, where no view may begin", () => {
  const moved = new Uint8Array(sent.length + 3);
  moved.set(sent, 3);
  arrives(moved.subarray(3));
});

test("and in a browser that has no 16-bit floats", () => {
  const { Float16Array: known } = globalThis;
  Reflect.deleteProperty(globalThis, "Float16Array");
  try {
    arrives(sent);
  } finally {
    if (known) globalThis.Float16Array = known;
  }
  assert.deepEqual([0x3c00, 0xfbff, 1, 0xfc00].map(half), [1, -65504, 2 ** -24, -Infinity]);
  assert.ok(Number.isNaN(half(0x7e00)));
});

test("an answer cut short is an error", () => {
  assert.throws(() => unpack(sent.subarray(0, sent.length - 1)), /cut short/);
  assert.throws(() => unpack(sent.subarray(0, 100)));
});

test("slices and rows of a triangle", () => {
  const { cube } = unpack(sent).arrays;
  assert.deepEqual([...slice(cube, 1, 2)], [20, 21, 22, 23]);
  assert.deepEqual(slice(cube, 1).length, 12);
  const triangle = { shape: [1, 2, 6], values: Float32Array.from({ length: 12 }, (_, i) => i) };
  assert.deepEqual([...causalRow(triangle, 0, 1, 2)], [9, 10, 11]);
  assert.deepEqual([...times(Int8Array.of(-2, 4), 0.5)], [-1, 2]);
});
