// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { problem } from "../../../pages/n2_architectures/workbench/blueprint.js";
import {
  activeParameters,
  cacheNumbers,
  countParameters,
  passFlops,
  servingMemory,
  tokenFlops,
  totalParameters,
  trainingFlops,
  trainingMemory,
} from "../../../pages/n2_architectures/workbench/consequences.js";
import { edited } from "../../../pages/n2_architectures/workbench/edited.js";
import { golden, near } from "../golden.js";

const EXACT = 1e-12; // numbers above 2^53 are rounded

/**
 * @param {Record<string, number>} found
 * @param {Record<string, number>} wanted
 */
function same(found, wanted) {
  const names = Object.keys(wanted);
  assert.deepEqual(Object.keys(found).sort(), [...names].sort());
  near(
    names.map((name) => found[name]),
    names.map((name) => wanted[name]),
    EXACT,
  );
}

test("parameters, to the last digit", () => {
  for (const { plan, parameters, total, active } of golden.cases) {
    assert.deepEqual(countParameters(plan), parameters);
    assert.equal(totalParameters(plan), total);
    assert.equal(activeParameters(plan), active);
  }
});

test("arithmetic", () => {
  for (const { plan, n, pass, token, training } of golden.cases) {
    same(passFlops(plan, n), pass);
    same(tokenFlops(plan, n), token);
    near([trainingFlops(plan, n, 3e11)], [training], EXACT);
  }
});

test("memory", () => {
  for (const { plan, n, batch, cache, trained, served } of golden.cases) {
    assert.equal(cacheNumbers(plan, n), cache);
    for (const precision of /** @type {const} */ (["float32", "mixed"]))
      same(trainingMemory(plan, { n, batch, precision }), trained[precision]);
    for (const [bits, wanted] of Object.entries(served))
      same(servingMemory(plan, { n, batch, bits: Number(bits) }), wanted);
  }
});

test("why some cannot be built, in the same words", () => {
  for (const { plan, problem: wanted } of golden.impossible) assert.equal(problem(plan, golden.limits), wanted);
});

test("what is sent of the published ones is all of them, and all can be built", () => {
  const { presets, plain } = golden.data;
  for (const preset of presets.slice(1)) {
    assert.deepEqual({ ...plain, ...preset.plan }, golden.published[preset.name]);
    assert.equal(edited({ ...plain, ...preset.plan }, {}, golden.data).problem, "");
  }
});
