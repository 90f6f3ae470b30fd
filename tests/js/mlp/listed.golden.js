// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hasVectors,
  mlpPass,
  neuronSteps,
  overTokens,
  strongest,
} from "../../../pages/n1_forward_pass/mlp/mlp_pass.js";
import { golden, near } from "../golden.js";

const pass = mlpPass(new Uint8Array(Buffer.from(golden.packed, "base64")));
const [layer] = pass.header.layers;
const [token] = pass.header.tokens;

test("the vectors of one token in one layer are here", () => {
  assert.ok(hasVectors(pass, layer, token));
  assert.ok(!hasVectors(pass, layer, token - 1));
  assert.ok(!hasVectors(pass, layer + 1, token));
});

test("a neuron with a portrait is known at every token", () => {
  for (const neuron of strongest(pass, layer, null)) {
    const wanted = golden.hidden.map((/** @type {number[]} */ row) => row[neuron]);
    near(overTokens(pass, layer, neuron), wanted, 1e-4);
  }
});

test("any neuron is known at the token that is looked at, no other elsewhere", () => {
  const listed = new Set(strongest(pass, layer, null));
  const other = golden.hidden[0].findIndex((/** @type {number} */ _, /** @type {number} */ i) => !listed.has(i));
  near([neuronSteps(pass, layer, token, other).hidden], [golden.hidden[token][other]], 1e-4);
  assert.throws(() => neuronSteps(pass, layer, token - 1, other));
  near(pass.arrays.x_size.values, golden.sizes, 1e-4);
});
