// @ts-check
import { test } from "node:test";
import { bits } from "../../../pages/n1_forward_pass/predict/surprise_text.js";
import { golden, near } from "../golden.js";

test("bits, and the share that a surprise comes from", () => {
  near(golden.nats.map(bits), golden.bits);
  near(
    golden.nats.map((/** @type {number} */ nats) => Math.exp(-nats)),
    golden.shares,
  );
});
