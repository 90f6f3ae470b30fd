// @ts-check
// What stands in a formula gives, as printed, the result as printed, or has "≈".
import assert from "node:assert/strict";
import { test } from "node:test";
import { placeAt, viewOf } from "../../../pages/n1_forward_pass/predict/prediction.js";
import { OFF } from "../../../pages/n1_forward_pass/predict/sampling_settings.js";
import {
  distanceLine,
  distanceTitle,
  normLine,
  powerLine,
  reason,
  shareLine,
} from "../../../pages/n1_forward_pass/predict/share_formulas.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { number, percent } from "../../../ui/kit/format.js";
import { lots } from "../../../ui/kit/sampling.js";
import { evaluated } from "../printed_formula.js";
import { computes, read } from "../reading.js";

const N = 40;
const LISTED = 14;
const draw = lots(5);
const logits = Float32Array.from({ length: N }, () => 12 * draw() - 4)
  .sort()
  .reverse();
const draws = { draws: 10, draw_seed: 1, sample_seed: 1, sample_length: 8 };
const none = { shape: [1, 0], values: new Float32Array() };
const first = { shape: [1, N], values: logits };
const header = {
  ...{
    pass_key: "",
    pieces: ["a"],
    token: 0,
    group: 1,
    vocab: N,
    d_model: 4,
    norm: /** @type {const} */ ("layer_norm"),
    tied: true,
  },
  ...{ listed: [range(LISTED)], mentioned: range(N), mentioned_pieces: range(N).map(String) },
  ...{ next_ids: [20], next_ranks: [20], next_logits: [logits[20]] },
};

/** @param {Partial<import("../../../ui/kit/sampling.js").Sampling>} changes */
function view(changes) {
  const settings = { temperature: 1, ...OFF, ...draws, ...changes };
  const sent = {
    header: { ...header, settings },
    arrays: { first, rest: none, before: none, norm: none, x: none, rows: none },
  };
  return viewOf(sent, 0, placeAt(sent, 0), settings);
}

const SETTINGS = [{}, { temperature: 0.35 }, { temperature: 2 }, { temperature: 0.8, top_k: 5 }, { top_p: 0.9 }];
const views = SETTINGS.map(view);

test("the distance to the first, over the temperature", () => {
  const exact = views.flatMap((each) =>
    range(LISTED).map((rank) => {
      const { formula, result } = distanceLine(each, rank);
      const [, z, top, t] = /^\((\S+) − \(?([^\s)]+)\)?\) ÷ (\S+)$/.exec(formula) ?? assert.fail(formula);
      return computes(result, number((read(z) - read(top)) / read(t), 3), formula);
    }),
  );
  assert.ok(exact.includes(true) && exact.includes(false));
});

test("the final norm of a vector's first number", () => {
  const [each] = views;
  /** @type {(numbers: number[], norm: "layer_norm" | "rms_norm") => {formula: string, result: string}} */
  const line = (numbers, norm) => {
    const arrays = { ...each.sent.arrays, norm: { shape: [1, 5], values: Float32Array.from(numbers) } };
    return normLine({ ...each, sent: { header: { ...each.sent.header, norm }, arrays } });
  };
  assert.deepEqual(line([3, 1, 4, 0.5, 0.25], "layer_norm"), {
    formula: "(3.00 − 1.00) ÷ 4.00 · 0.50 + 0.25",
    result: "0.50",
  });
  assert.deepEqual(line([-3, 0, 4, 2, 0], "rms_norm"), { formula: "−3.00 ÷ 4.00 · 2.00", result: "−1.50" });
  const exact = range(200).map(() => {
    const numbers = [8 * draw() - 4, draw() - 0.5, 0.5 + 3 * draw(), 2 * draw(), draw() - 0.5];
    const { formula, result } = line(numbers, "layer_norm");
    return computes(result, number(evaluated(formula.replaceAll(" · ", " × "))), formula);
  });
  assert.ok(exact.includes(true) && exact.includes(false));
});

test("a column's title speaks for all its rows", () => {
  const titles = views.map((each) => {
    const title = distanceTitle(each);
    const inexact = range(LISTED).some((rank) => distanceLine(each, rank).result.startsWith("≈"));
    assert.equal(title.startsWith("≈ "), inexact, title);
    assert.match(title, /\(z − \S+\) ÷ \d\.\d\d$/);
    return inexact;
  });
  assert.ok(titles.includes(true));
  assert.equal(distanceTitle(view({ temperature: 0 })), "");
});

test("e to the power of it", () => {
  for (const each of views) {
    for (const rank of range(LISTED)) {
      const { exponent, equals, result } = powerLine(each, rank);
      computes(equals, number(Math.exp(read(exponent)), 2, 0.1), `e^${exponent}`);
      assert.equal(equals.slice(2), result);
    }
  }
});

test("divided by the sum", () => {
  const exact = views.flatMap((each) =>
    range(Math.min(each.left.n, LISTED)).map((rank) => {
      const { formula, result } = shareLine(each, rank);
      const [, e, sum] = /^\S+ ÷ Σ = (\S+) ÷ (\S+)$/.exec(formula) ?? assert.fail(formula);
      return computes(result, percent(read(e) / read(sum)), formula);
    }),
  );
  assert.ok(exact.includes(true) && exact.includes(false));
  const cut = shareLine(view({ top_k: 2 }), 2);
  assert.deepEqual([cut.formula, cut.result], ["cut: it cannot be drawn", "0 %"]);
});

test("at temperature 0 there is nothing to divide by", () => {
  const greedy = view({ temperature: 0 });
  assert.deepEqual(
    [0, 1].map((rank) => distanceLine(greedy, rank).result),
    ["0", "−∞"],
  );
  assert.deepEqual(
    [0, 1].map((rank) => powerLine(greedy, rank).equals),
    ["= 1.00", "= 0.00"],
  );
  assert.deepEqual(
    [0, 1].map((rank) => shareLine(greedy, rank).result),
    ["100 %", "0 %"],
  );
});

test("why a filter keeps or cuts", () => {
  const each = view({ top_k: 3, top_p: 0.9, min_p: 0.2 });
  const [before, top_k] = each.left.steps;
  const cut = /** @type {import("../../../pages/n1_forward_pass/predict/prediction.js").Cut} */ (top_k);
  assert.equal(reason(each, cut, before, 3), "top-k 3: rank 4");
  assert.equal(reason(each, { ...cut, name: "top_p" }, before, 0), "top-p 0.90: the tokens before it have 0 %");
  assert.equal(reason(each, { ...cut, name: "min_p" }, before, 0), "min-p 0.20: 1.00 times as probable as the first");
});
