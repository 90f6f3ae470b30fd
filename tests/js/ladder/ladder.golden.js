// @ts-check
import { test } from "node:test";
import { fitFloored, fitLine } from "../../../pages/n4_scale/scaling/power_fits.js";
import { tokensNeeded } from "../../../pages/n4_scale/scaling/samples.js";
import { growth, growthBetween, tokensAt, total } from "../../../pages/n4_scale/scaling/uncounted_embeddings.js";
import { golden, near } from "../golden.js";

const ends = (/** @type {{value: number, low: number, high: number}} */ { value, low, high }) => [value, low, high];

for (const { name, points, at, line, floored } of golden.fits) {
  test(`${name}: both fits and their intervals`, () => {
    const straight = fitLine(points, at, golden.student);
    near([...ends(straight.exponent), ...ends(straight.beyond)], line);
    const curved = fitFloored(points, at, golden.student);
    near([...ends(curved.exponent), ...ends(curved.floor), ...ends(curved.beyond), curved.misfit], floored, 1e-4);
  });
}

test("the tokens of a loss", () => {
  for (const { rung, loss, tokens } of golden.samples) near([tokensNeeded(rung, loss) / tokens], [1]);
});

test("the best size without the embeddings", () => {
  for (const { uncounted, n, of } of golden.counts) {
    const found = [total(uncounted, n) / of.total, tokensAt(uncounted, n) / of.tokens, growth(uncounted, n)];
    near([...found, growthBetween(uncounted, [n, n * 10])], [1, 1, of.growth, of.between]);
  }
});
