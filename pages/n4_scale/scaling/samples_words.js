// @ts-check
// What the line across the ladder's curves says.

import { number, short } from "../../../ui/kit/format.js";
import { tokensNeeded } from "./samples.js";

/** @import { RungData } from "./samples.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */
/**
 * A size at one loss: `tokens` it needed, Infinity or 0 where its trainings do not say; FLOP of them all.
 * @typedef {{rung: RungData, tokens: number, flops: number}} Need
 */

/**
 * @param {readonly RungData[]} rungs
 * @param {number} loss
 * @returns {Need[]}
 */
export const needs = (rungs, loss) =>
  rungs.map((rung) => {
    const tokens = tokensNeeded(rung, loss);
    return { rung, tokens, flops: tokens * rung.flops };
  });

/** @param {Need} need */
export const known = ({ tokens }) => tokens > 0 && Number.isFinite(tokens);

/**
 * In words where the trainings do not say.
 * @param {Need} need
 */
export function tokensText({ rung, tokens }) {
  if (tokens === 0) return `under ${short(rung.tokens[0])}`;
  return Number.isFinite(tokens) ? short(tokens) : "not reached";
}

/**
 * @param {readonly Need[]} all
 * @param {number} loss
 * @returns {Segment[]}
 */
export function finding(all, loss) {
  const found = all.filter(known);
  if (found.length < 2) return [`At ${number(loss)} nats fewer than two sizes can be compared: move the line`];
  const [small, large] = [found[0], found[found.length - 1]];
  return [
    `For a loss of ${number(loss)} nats, `,
    ["query", `${short(small.rung.n)} parameters needed ${short(small.tokens)} tokens`],
    " and ",
    ["attention", `${short(large.rung.n)} parameters ${short(large.tokens)}`],
    `: ${number(small.tokens / large.tokens, 1)} times fewer`,
  ];
}

/** @param {readonly Need[]} all */
export function price(all) {
  const found = all.filter(known);
  if (found.length < 2) return "";
  const [small, large] = [found[0], found[found.length - 1]];
  const cheapest = found.reduce((a, b) => (b.flops < a.flops ? b : a));
  return (
    `A token costs the larger model ${number(large.rung.flops / small.rung.flops, 0)} times as much arithmetic. ` +
    `Of these sizes ${short(cheapest.rung.n)} parameters reach this loss with the least compute.`
  );
}
