// @ts-check
// Text with marks, as data: what a formula sets low or high, and what has the colour of a role.

/**
 * `inside` of a mark is text again; "br" ends a line. The name is the class of the element.
 * @typedef {object} Mark
 * @property {"br" | "em" | "span" | "sub" | "sup"} tag
 * @property {string} [name]
 * @property {Text[]} inside
 */
/** @typedef {string | Mark} Text */

/**
 * @param {Mark["tag"]} tag
 * @returns {(...inside: Text[]) => Mark}
 */
const mark =
  (tag) =>
  (...inside) => ({ tag, inside });

/**
 * @param {string} name
 * @returns {(...inside: Text[]) => Mark}
 */
const span =
  (name) =>
  (...inside) => ({ tag: "span", name, inside });

export const sub = mark("sub");
export const sup = mark("sup");
export const em = mark("em");
/** @type {Mark} */
export const lineEnd = { tag: "br", inside: [] };

export const query = span("query");
export const key = span("key-text");
export const value = span("value");
export const before = span("before");
export const upright = span("upright");
export const whole = span("whole");
