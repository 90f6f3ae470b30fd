// @ts-check
// Formulas as a reader takes them from the page, worked out again.

import assert from "node:assert/strict";

const UNITS = /** @type {const} */ ({ K: 1e3, M: 1e6, B: 1e9, T: 1e12 });
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A number as it is printed: "−1.5", "2.3·10⁻⁵", "35 %", "70.0 B", "4,096".
 * @param {string} text
 */
export function read(text) {
  const plain = text.replaceAll(",", "").replace("−", "-").trim();
  const found = /^(-?[\d.]+)(?:·10(⁻?[⁰¹²³⁴-⁹]+))?(?: ([KMBT%]))?$/.exec(plain) ?? assert.fail(text);
  const [, mantissa, power = "", unit] = found;
  const digits = power.replace("⁻", "-").replace(/[⁰¹²³⁴-⁹]/g, (digit) => String(RAISED.indexOf(digit)));
  const number = Number(`${mantissa}e${digits || 0}`);
  if (unit === "%") return number / 100;
  return number * (UNITS[/** @type {keyof typeof UNITS} */ (unit)] ?? 1);
}

/**
 * A result says "≈" unless the formula before it comes to just that.
 * @param {string} result as it is printed, "≈" before it or not
 * @param {string} made by the formula's printed numbers, printed in the same way
 * @param {string} [formula] to name in a failure
 */
export function computes(result, made, formula = "") {
  const exact = result.replace(/^[=≈] /, "") === made;
  assert.equal(result.startsWith("≈"), !exact, `${formula} ${result}, but ${made}`);
  return exact;
}
