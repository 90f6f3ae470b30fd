// @ts-check
// What stands in a formula gives, as printed, the result as printed, or has "≈".
import assert from "node:assert/strict";
import { test } from "node:test";
import { budgetLine, formula, nats, perParameter, terms, waste } from "../../../pages/n4_scale/scaling/scaling_text.js";
import { scientific, short } from "../../../ui/kit/format.js";
import { lots } from "../../../ui/kit/sampling.js";
import { computes, read } from "../reading.js";
import { LAWS } from "./laws.js";

const draw = lots(4);
const POINTS = Array.from({ length: 200 }, () => ({ n: 10 ** (6 + 6.5 * draw()), d: 10 ** (7 + 7.5 * draw()) }));
const GOPHER = { n: 2.8e11, d: 3e11 };

test("C = 6 N D, with N and D as the sliders print them", () => {
  const exact = POINTS.map(({ n, d }) => {
    const line = budgetLine(n, d);
    const [, result] = /^C = 6 N D (. \S+) FLOP$/.exec(line) ?? assert.fail(line);
    return computes(result, scientific(6 * read(short(n)) * read(short(d))), line);
  });
  assert.ok(exact.includes(true) && exact.includes(false));
  assert.equal(budgetLine(7e10, 1.4e12), "C = 6 N D = 5.88·10²³ FLOP");
});

test("the loss is the sum of its terms", () => {
  const exact = [LAWS.chinchilla, LAWS.refit].flatMap((law) =>
    POINTS.map(({ n, d }) => {
      const texts = terms(law, n, d).map(({ text }) => text);
      const sum = texts
        .slice(0, 3)
        .map(read)
        .reduce((a, b) => a + b);
      return computes(texts[3], nats(sum), texts.join(" "));
    }),
  );
  assert.ok(exact.includes(true) && exact.includes(false));
  assert.deepEqual(
    terms(LAWS.chinchilla, GOPHER.n, GOPHER.d).map(({ text }) => text),
    ["1.690", "0.052", "0.251", "1.993"],
  );
});

test("each bar begins where the one before ends", () => {
  const [floor, size, data, total] = terms(LAWS.refit, GOPHER.n, GOPHER.d);
  assert.equal(size.from, floor.value);
  assert.equal(data.from, floor.value + size.value);
  assert.ok(Math.abs(data.from + data.value - total.value) < 1e-12);
});

test("Kaplan's law is no sum: each limit alone leaves less than both", () => {
  const [size, data, total] = terms(LAWS.kaplan, GOPHER.n, GOPHER.d);
  assert.ok(size.value < total.value && data.value < total.value);
});

test("the laws as they are written", () => {
  assert.equal(
    formula(LAWS.chinchilla, GOPHER.n, GOPHER.d),
    "1.690 + 406.4/N^0.34 + 410.7/D^0.28 ≈ 1.690 + 0.052 + 0.251",
  );
  assert.equal(formula(LAWS.kaplan, 1e9, 1e9), "L = ((6.4·10¹³/N)^(0.076/0.103) + 1.8·10¹³/D)^0.103");
});

test("what a point wastes is the difference of what is printed", () => {
  for (const { n, d } of POINTS) {
    const line = waste(LAWS.chinchilla, n, d);
    if (line === "You are at the best point of this budget, or close to it.") continue;
    const found = /loss of (\S+) nats, (\S+) less\. Your loss of (\S+) nats could/.exec(line) ?? assert.fail(line);
    const [, best, less, here] = found;
    assert.equal(nats(read(here) - read(best)), less);
  }
  assert.match(waste(LAWS.kaplan, 1e9, 1e9), /learning curves/);
});

test("tokens per parameter", () => {
  assert.deepEqual([0.123, 5.67, 92.6, 1868].map(perParameter), ["0.12", "5.7", "93", "1,868"]);
});
