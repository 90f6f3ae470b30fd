// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { hidden, mlpPass, strongest } from "../../../pages/n1_forward_pass/mlp/mlp_pass.js";
import { activation } from "../../../pages/n1_forward_pass/mlp/neuron_sentences.js";
import { loud, match, pushes } from "../../../pages/n1_forward_pass/mlp/neurons.js";
import { ACTIVATIONS } from "../../../ui/kit/arithmetic.js";
import { number } from "../../../ui/kit/format.js";
import { golden, near } from "../golden.js";

const HALF = 2e-3; // pre-activations travel as 16-bit floats; a gate multiplies two of them

const pass = mlpPass(new Uint8Array(Buffer.from(golden.packed, "base64")));
/** @type {[layer: number, token: number, wanted: number[]][]} */
const places = golden.hidden.flatMap((/** @type {number[][]} */ rows, /** @type {number} */ layer) =>
  rows.map((wanted, token) => [layer, token, wanted]),
);

test("activations and the strongest neuron of each token", () => {
  for (const [layer, token, wanted] of places) {
    near(hidden(pass, layer, token), wanted, HALF);
    const top = strongest(pass, layer, token)[0];
    near([Math.abs(wanted[top])], [Math.max(...wanted.map(Math.abs))], HALF);
  }
});

test("the strongest of the sentence has the largest activation at some token", () => {
  for (const [layer, rows] of golden.hidden.entries()) {
    const sizes = (/** @type {number} */ u) => Math.max(...rows.map((/** @type {number[]} */ row) => Math.abs(row[u])));
    const [first, second] = strongest(pass, layer, null).map(sizes);
    assert.ok(first * (1 + HALF) >= second);
    near([first], [Math.max(...rows.flat().map(Math.abs))], HALF);
  }
});

test("how many reach a tenth of the strongest", () => {
  const found = golden.hidden.map((/** @type {number[][]} */ rows) => rows.map((row) => loud(Float32Array.from(row))));
  assert.deepEqual(found, golden.loud);
});

test("what a neuron writes", () => {
  for (const { effects, activation: h, scale, logits } of golden.writing) near(pushes(effects, h, scale), logits);
});

test("how well a vector fits what a neuron reads", () => {
  for (const { cosine, ...product } of golden.reading) near([match(product)], [cosine]);
});

const read = (/** @type {string} */ text) => Number(text.replace("−", "-"));
const f =
  ACTIVATIONS[
    /** @type {import("../../../pages/n1_forward_pass/mlp/neurons.js").Activation} */ (pass.header.activation)
  ];
const X = "−?[\\d.]+";
const START = `(?:SiLU\\((?<gate>${X})\\) × ${X}|GELU\\((?<pre>${X})\\))`;
const FORMULA = new RegExp(`${START} (?<bends>[=≈]) (?<bent>${X})(?: × (?<up>${X}) (?<gives>[=≈]) (?<product>${X}))?$`);

/**
 * The steps of a printed formula: what it gives, the sign, what is shown. None with a power of ten.
 * @param {string} said
 * @returns {[made: number, sign: string, shown: string][]}
 */
function steps(said) {
  const part = FORMULA.exec(said)?.groups;
  if (!part) return [];
  const { gate, pre, bends, bent, up, gives, product } = part;
  /** @type {[number, string, string]} */
  const first = [f(read(gate ?? pre)), bends, bent];
  return up === undefined ? [first] : [first, [read(bent) * read(up), gives, product]];
}

test("a formula gives, as printed, what stands behind “=”", () => {
  const signs = { "=": 0, "≈": 0 };
  for (const [layer, token] of places) {
    const view = /** @type {any} */ ({ pass, layer });
    for (const neuron of strongest(pass, layer, token)) {
      const said = activation(view, token, neuron).map((part) => (typeof part === "string" ? part : part[1]));
      for (const [made, sign, shown] of steps(said.join(""))) {
        assert.equal(sign, number(made) === shown ? "=" : "≈", said.join(""));
        signs[/** @type {"=" | "≈"} */ (sign)]++;
      }
    }
  }
  assert.ok(signs["="] > 100 && signs["≈"] > 0, JSON.stringify(signs));
});
