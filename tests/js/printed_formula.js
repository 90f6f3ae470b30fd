// @ts-check
// Formulas as they stand on screen, worked out.

import assert from "node:assert/strict";

/** @type {[RegExp, string][]} */
const WRITTEN = [
  [/−/g, "-"],
  [/×/g, "*"],
  [/÷/g, "/"],
  [/√\(/g, "Math.sqrt("],
  [/\b(sin|cos)\(/g, "Math.$1("],
  [/\^/g, "**"],
];
const PLAIN = /^(?:Math\.(?:sqrt|sin|cos)|[\d.e]|[-+*/() ])*$/;

/**
 * What a formula of printed numbers comes to.
 * @param {string} formula
 * @returns {number}
 */
export function evaluated(formula) {
  const powers = formula.replace(/·10([⁻⁰¹²³⁴-⁹]+)/g, (_, raised) => `e${lowered(raised)}`);
  const plain = WRITTEN.reduce((text, [sign, meant]) => text.replace(sign, meant), powers);
  assert.match(plain, PLAIN, formula);
  return Function(`return ${plain};`)();
}

/** @param {string} raised */
const lowered = (raised) =>
  raised.replace("⁻", "-").replace(/[⁰¹²³⁴-⁹]/g, (digit) => String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit)));
