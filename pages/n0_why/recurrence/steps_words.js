// @ts-check
// What the clock and the count say, in words.

import { count, duration, number, short } from "../../../ui/kit/format.js";
import { scanRounds } from "./path_length.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @typedef {Record<string, Map<number, number>>} Times milliseconds by layer and length */

const [LSTM, ATTENTION] = ["LSTM", "Transformer layer"];
const BOTH = 2; // forward, and backward in the opposite order

/** @type {Record<string, (n: number) => number>} */
export const STEPS = {
  LSTM: (n) => BOTH * n,
  "linear recurrence": (n) => BOTH * scanRounds(n),
  "Transformer layer": () => BOTH,
};

/**
 * The greatest length at which both were timed; 0 for none.
 * @param {Times} times
 */
export function longest(times) {
  const shared = [...(times[LSTM]?.keys() ?? [])].filter((n) => times[ATTENTION]?.has(n));
  return Math.max(0, ...shared);
}

/**
 * The headline, before anything was measured and after.
 * @param {Times} times
 * @returns {Segment[]}
 */
export function finding(times) {
  const n = longest(times);
  if (!n) {
    return [
      "For 2,048 tokens, forward and backward, an LSTM takes ",
      ["query", `${count(STEPS[LSTM](2048))} steps in a row`],
      ", and a Transformer layer takes ",
      ["attention", String(STEPS[ATTENTION](2048))],
    ];
  }
  const [slow, quick] = [times[LSTM].get(n) ?? 0, times[ATTENTION].get(n) ?? 0];
  return [
    `On one thread of this server, ${count(n)} tokens take an LSTM `,
    ["query", duration(slow / 1e3)],
    ` in ${count(STEPS[LSTM](n))} steps in a row, and a Transformer layer `,
    ["attention", duration(quick / 1e3)],
    ` in ${STEPS[ATTENTION](n)}`,
  ];
}

/**
 * What both charts mean together.
 * @param {Times} times
 * @param {number} d
 */
export function told(times, d) {
  const n = longest(times) || 2048;
  const each = 4 * d * d; // an LSTM's matrix [4 d, d] on the state; that on the inputs need not wait
  const all = 12 * d * d * n + d * n * n; // projections and MLP; scores and mixing of what the mask leaves
  const ratio = longest(times) ? (times[ATTENTION].get(n) ?? 0) / (times[LSTM].get(n) ?? 1) : 0;
  const here = ratio ? `Here the Transformer layer took ${number(ratio, 1)} times as long as the LSTM. ` : "";
  return (
    `${here}A single thread pays for the sum of all operations, and there an LSTM can win. ` +
    "Parallel hardware does thousands at once, but only those that need not wait. " +
    `At ${count(n)} tokens, an LSTM layer of ${d} numbers offers it ${count(each)} multiplications in each step. ` +
    `The Transformer layer offers ${short(all)} together.`
  );
}
