// @ts-check
// A cache with a fixed number of slots, as transformer_core/rolling_cache.py has it; positions count from 0.

import { range } from "../../../ui/kit/arithmetic.js";

/**
 * @param {number} position
 * @param {number} slots
 * @param {number} sinks
 */
export const slotOf = (position, slots, sinks) =>
  position < sinks ? position : sinks + ((position - sinks) % (slots - sinks));

/**
 * What stood there before; null while there is room.
 * @param {number} position
 * @param {number} slots
 * @param {number} sinks
 */
export const overwritten = (position, slots, sinks) => (position < slots ? null : position - (slots - sinks));

/**
 * Which position each slot holds once `position` is written; null for an empty one.
 * @param {number} position
 * @param {number} slots
 * @param {number} sinks
 */
export function held(position, slots, sinks) {
  /** @type {(number | null)[]} */
  const found = range(slots).map(() => null);
  for (const each of range(position + 1)) found[slotOf(each, slots, sinks)] = each;
  return found;
}
