// @ts-check
// Orders of the words before the last one: as lists of their places in the text.

import { range } from "../../../ui/kit/arithmetic.js";

/** @typedef {readonly number[]} Order */
/** @typedef {() => number} Lots numbers from 0 to 1 */

/** @param {Order} order */
export const asTyped = (order) => range(order.length);

/** @param {Order} order */
export const backwards = (order) => asTyped(order).reverse();

/**
 * @param {Order} order
 * @param {number} a
 * @param {number} b
 */
export function swapped(order, a, b) {
  const made = [...order];
  [made[a], made[b]] = [order[b], order[a]];
  return made;
}

/**
 * Two neighbours change places.
 * @param {Order} order of two or more
 * @param {Lots} lots
 */
export function neighboursSwapped(order, lots) {
  const at = Math.floor(lots() * (order.length - 1));
  return swapped(order, at, at + 1);
}

/**
 * Any order is as likely as any other: Fisher and Yates.
 * @param {Order} order
 * @param {Lots} lots
 */
export function shuffled(order, lots) {
  let made = [...order];
  for (let i = made.length - 1; i > 0; i--) made = swapped(made, i, Math.floor(lots() * (i + 1)));
  return made;
}

/**
 * @param {Order} order
 * @param {number} from
 * @param {number} to
 */
export function movedTo(order, from, to) {
  const made = [...order];
  made.splice(to, 0, ...made.splice(from, 1));
  return made;
}

/**
 * @param {Order} a
 * @param {Order} b
 */
export const equal = (a, b) => a.length === b.length && a.every((word, at) => word === b[at]);
