// @ts-check
// Numbers to read, in one way on every page: figures/numbers.py writes the same in Python's prose.
// A true minus, no "−0", halves away from zero, and digits only where they mean something.

/** @typedef {"negative" | "exceptZero"} Signs */

/** @param {Intl.NumberFormatOptions} options */
function formatter(options) {
  const intl = new Intl.NumberFormat("en", { useGrouping: false, signDisplay: "negative", ...options });
  return (/** @type {number} */ x) => intl.format(x).replace("-", "−");
}

/** @type {Map<string, (x: number) => string>} */
const known = new Map();

/**
 * @param {number} x
 * @param {number} digits
 * @param {Signs} signDisplay
 */
function fixed(x, digits, signDisplay) {
  const key = `${digits}${signDisplay}`;
  let write = known.get(key);
  if (!write) {
    write = formatter({ minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay });
    known.set(key, write);
  }
  return write(x);
}

/**
 * So many digits that matter, or all before the point if those are more.
 * @param {number} digits
 * @returns {Intl.NumberFormatOptions}
 */
const significant = (digits) => ({
  minimumSignificantDigits: digits,
  maximumSignificantDigits: digits,
  minimumFractionDigits: 0,
  maximumFractionDigits: 0,
  roundingPriority: "morePrecision",
});

// -------------------------------------------------------------------------------- plain numbers

const raised = (/** @type {string} */ digits) =>
  digits.replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]);

const powers = {
  negative: formatter({ notation: "scientific", minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  exceptZero: formatter({
    notation: "scientific",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: "exceptZero",
  }),
};

/** @param {string} text as Intl writes it: 5.8E23 */
function asPower(text) {
  const [mantissa, power] = text.split("E");
  return `${mantissa}·10${raised(power.replace("−", "-"))}`;
}

/**
 * @param {number} x
 * @param {number} digits
 * @param {number} smallest
 * @param {Signs} signs
 */
function written(x, digits, smallest, signs) {
  if (Number.isNaN(x)) return "not a number";
  const size = Math.abs(x);
  if (size === Infinity) return fixed(x, 0, signs);
  if (size >= 1e5 || (size > 0 && size < smallest)) return asPower(powers[signs](x));
  return fixed(x, size >= 100 ? Math.min(digits, 1) : digits, signs);
}

/**
 * A number to read: few digits, powers of ten where it is very large or small.
 * @param {number} x
 * @param {number} [digits] after the point; at most one from 100 on
 * @param {number} [smallest] below it in powers of ten; 0 for never
 */
export const number = (x, digits = 2, smallest = 1e-3) => written(x, digits, smallest, "negative");

const precise = formatter({ notation: "scientific", minimumFractionDigits: 2, maximumFractionDigits: 2 });

/**
 * 5.76·10²³, of whatever size.
 * @param {number} x
 */
export const scientific = (x) => asPower(precise(x));

/**
 * With its sign, unless it is written as zero.
 * @param {number} x
 * @param {number} [digits]
 */
export const signed = (x, digits = 2) => written(x, digits, 1e-3, "exceptZero");

/**
 * In brackets if it is negative, to stand behind a sign.
 * @param {number} x
 * @param {number} [digits]
 * @param {number} [smallest] as in `number`
 */
export function bracketed(x, digits = 2, smallest = 1e-3) {
  const text = number(x, digits, smallest);
  return text.startsWith("−") ? `(${text})` : text;
}

const counted = formatter({ maximumFractionDigits: 0, useGrouping: true });

/**
 * A whole number in groups of three digits.
 * @param {number} x
 */
export const count = (x) => counted(x);

/**
 * How many of something: "1 token", "2 tokens".
 * @param {number} n
 * @param {string} word
 */
export const plural = (n, word) => `${count(n)} ${word}${n === 1 ? "" : "s"}`;

// --------------------------------------------------------------------------------------- shares

const share = formatter({ style: "percent", ...significant(2) });
const nearlyAll = formatter({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

/**
 * A share from 0 to 1, with two digits that matter: 77 %, 3.5 %, 0.0074 %. What is not all is never
 * written as all, nor what is not nothing as nothing.
 * @param {number} p
 */
export function percent(p) {
  if (Number.isNaN(p)) return "not a number";
  if (p === 0) return "0 %";
  if (p > 0 && p < 1e-6) return "< 0.0001 %";
  if (p >= 0.9995 && p < 1) return "> 99.9 %";
  const write = p >= 0.99 && p < 1 ? nearlyAll : share;
  return write(p).replace("%", " %");
}

// ------------------------------------------------------------------------- numbers with a unit

const three = formatter(significant(3));
const whole = formatter({ maximumFractionDigits: 0 });

/**
 * @param {number} x
 * @param {number} base
 * @param {readonly string[]} units
 */
function scaled(x, base, units) {
  let left = x;
  let i = 0;
  // 999.5 would be written as 1000: it goes into the next unit.
  while (Math.abs(left) >= base - 0.5 && i < units.length - 1) {
    left /= base;
    i++;
  }
  const text = i === 0 && Number.isInteger(left) ? whole(left) : three(left);
  return units[i] ? `${text} ${units[i]}` : text;
}

const COUNTS = ["", "K", "M", "B", "T", "·10¹⁵"];
const BYTES = ["B", "KiB", "MiB", "GiB", "TiB"];
const FLOPS = ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP", "ZFLOP", "YFLOP"];

/**
 * 3.50 M, 618 M: counts of parameters or tokens.
 * @param {number} x
 */
export const short = (x) => scaled(x, 1000, COUNTS);

/**
 * 24.0 KiB: powers of 1,024.
 * @param {number} bytes
 */
export const memory = (bytes) => scaled(bytes, 1024, BYTES);

/** @param {number} x */
export const flops = (x) => scaled(x, 1000, FLOPS);

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 0.9995e-3) return `${number(seconds * 1e6, 0)} µs`;
  if (seconds < 0.9995) return `${number(seconds * 1e3, seconds < 0.1 ? 1 : 0)} ms`;
  return `${number(seconds)} s`;
}

// ------------------------------------------------------------------------------------- formulas

/**
 * A number as a reader takes it from the page: what `number` writes, read back.
 * @param {number} x
 * @param {number} [digits]
 * @param {number} [smallest]
 */
export function printed(x, digits = 2, smallest = 1e-3) {
  const text = number(x, digits, smallest).replace("−", "-").replace("∞", "Infinity");
  const [mantissa, power] = text.split("·10");
  if (!power) return Number(mantissa);
  const plain = power.replace("⁻", "-").replace(/[⁰¹²³⁴-⁹]/g, (digit) => String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit)));
  return Number(`${mantissa}e${plain}`);
}

/**
 * A count of three digits as a reader takes it from the page: what `short` and `flops` write, read back.
 * @param {number} x
 */
export const threeDigits = (x) => Number(x.toPrecision(3));

/**
 * What may stand between a formula and its result: "=" if the formula, worked out with its numbers
 * as they are printed (`made`), is printed as `shown` is; else "≈".
 * @param {number} made
 * @param {number} shown
 * @param {number} [digits] of the result
 * @param {number} [smallest] as in `number`
 * @returns {"=" | "≈"}
 */
export const relation = (made, shown, digits = 2, smallest = 1e-3) =>
  number(made, digits, smallest) === number(shown, digits, smallest) ? "=" : "≈";
