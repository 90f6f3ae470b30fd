// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  everyLayer,
  median,
  partName,
  rise,
  rises,
  unmeasured,
} from "../../../pages/n1_forward_pass/residual/removal.js";
import { pointed, worth } from "../../../pages/n1_forward_pass/residual/removal_prose.js";

/** @typedef {import("../../../pages/n1_forward_pass/residual/removal.js").Removal} Removal */

const intact = { loss: 2, surprises: [2], next: /** @type {[string, number][]} */ ([[" cat", 0.5]]) };
/** @type {Removal} */
const removal = {
  ...{ pieces: ["a", "b"], n_layers: 1, removed: [], intact, without: intact, candidates: [], n_parts: 7, parts: "" },
  sentence: { model: "m", text: "a b", more: "" },
  overview: Object.fromEntries(
    Object.entries({ a1: 2.25, as1: 5, an1: 3, m1: 1.5, ms1: null, mn1: 2, f: 9 }).map(([code, loss]) => [
      code,
      { loss, next: [" dog", 0.25] },
    ]),
  ),
};

test("parts by their codes", () => {
  assert.deepEqual(everyLayer("as", 2), ["as1", "as2"]);
  assert.equal(partName("as12"), "the skip connection around layer 12’s attention");
  assert.equal(partName("mn3"), "the norm before layer 3’s MLP");
  assert.equal(partName("m1"), "what layer 1’s MLP adds");
  assert.equal(partName("f"), "the final norm");
});

test("a rise is by how much the loss is larger, endless where it overflows, none where it was not measured", () => {
  assert.deepEqual(rises(removal, ["a1", "m1", "ms1"]), [0.25, -0.5, Infinity]);
  assert.equal(rise({ ...removal, overview: {} }, "a1"), null);
  assert.deepEqual(rises(removal, ["a2"]), []);
});

test("the median of an odd and of an even number", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([1, Infinity]), Infinity);
});

test("what is said of them", () => {
  assert.equal(
    worth(removal),
    "With one part switched off, the loss changes by ∞ (a skip connection), 0.50 (a norm) or " +
      "−0.13 (a sublayer’s output): medians",
  );
  const [all] = pointed(removal, null);
  assert.match(String(all), /The costliest part is the skip connection around layer 1’s MLP \(\+∞\)/);
  assert.match(
    String(all),
    /Of the sublayers’ outputs, it is what layer 1’s attention adds \(\+0\.25\)\. A number below 0/,
  );
  const one = pointed(removal, "ms1").flat().join("|");
  assert.match(one, /the loss is not a number \(it overflows\) instead of 2\.00 nats/);
  assert.match(one, /“dog”.*\(25 %\)/);
});

test("where not all parts are measured, how many of how many", () => {
  const none = { ...removal, overview: {}, candidates: ["a1", "m1"] };
  assert.equal(worth(none), "What does each part do for your text?");
  assert.match(
    String(pointed(none, null)),
    /These 2 of 7 parts are the sublayers whose additions change the logit of “cat” most/,
  );
  assert.match(pointed(none, "as1").flat().join(" "), /has not been switched off alone yet/);
  const some = { ...none, overview: { a1: removal.overview.a1 } };
  assert.deepEqual(unmeasured(some), ["m1"]);
  assert.equal(worth(some), "1 of 7 parts measured. The costliest is what layer 1’s attention adds (+0.25)");
});
