// @ts-check
import { test } from "node:test";
import { ACTIVATIONS, entropy, softmax } from "../../ui/kit/arithmetic.js";
import { golden, near } from "./golden.js";

test("softmax and entropy", () => {
  near(
    golden.scores.flatMap((/** @type {number[]} */ row) => softmax(row)),
    golden.softmax.flat(),
  );
  near(golden.softmax.map(entropy), golden.entropy);
});

for (const [name, f] of Object.entries(ACTIVATIONS)) {
  test(name, () => near(golden.x.map(f), golden.activations[name]));
}
