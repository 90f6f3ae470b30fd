// @ts-check
import { test } from "node:test";
import { scheduled } from "../../../pages/n3_learning/gradient/schedule.js";
import { golden, near } from "../golden.js";

test("the share of the peak at every moment", () => {
  const found = golden.at.map((/** @type {number} */ at) => scheduled(at, golden.warmup, golden.decay));
  near(found, golden.found, 1e-12);
});
