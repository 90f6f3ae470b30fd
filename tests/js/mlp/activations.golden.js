// @ts-check
import { test } from "node:test";
import { activated, slope } from "../../../pages/n1_forward_pass/mlp/neurons.js";
import { ACTIVATIONS } from "../../../ui/kit/arithmetic.js";
import { golden, near } from "../golden.js";

/** @typedef {import("../../../pages/n1_forward_pass/mlp/neurons.js").Activation} Activation */

const pre = Float32Array.from(golden.pre);
const up = Float32Array.from(golden.up);

for (const [name, values] of Object.entries(golden.plain)) {
  test(name, () => near(activated(/** @type {Activation} */ (name), pre), values));
}
test("a gate", () => near(activated("swiglu", pre, up), golden.gated));
for (const [name, slopes] of Object.entries(golden.slopes)) {
  const f = ACTIVATIONS[/** @type {Activation} */ (name)];
  test(`the slope of ${name}`, () =>
    near(
      golden.x.map((/** @type {number} */ x) => slope(f, x)),
      slopes,
    ));
}
