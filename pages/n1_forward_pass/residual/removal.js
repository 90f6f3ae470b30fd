// @ts-check
// Parts of a model by their codes in the address, and what each is worth to the reader's text.

import { range } from "../../../ui/kit/arithmetic.js";

/** @typedef {{loss: number | null, next: [string, number]}} Alone */
/** @typedef {{loss: number | null, surprises: (number | null)[], next: [string, number][]}} Outcome */
/**
 * @typedef {{pieces: string[], n_layers: number, removed: string[], intact: Outcome, without: Outcome,
 *   overview: Record<string, Alone>, candidates: string[], n_parts: number, parts: string,
 *   sentence: Record<string, string>}} Removal
 */
/** @typedef {{code: string, alone: Alone}} PartHeader */

/**
 * The three kinds of part that each sublayer has, by the letters of their codes.
 * @type {{kind: string, title: string, rows: [letters: string, name: string][]}[]}
 */
export const SUBLAYERS = [
  {
    kind: "attention",
    title: "Attention",
    rows: [
      ["a", "what it adds"],
      ["as", "its skip connection"],
      ["an", "its norm"],
    ],
  },
  {
    kind: "mlp",
    title: "MLP",
    rows: [
      ["m", "what it adds"],
      ["ms", "its skip connection"],
      ["mn", "its norm"],
    ],
  },
];
export const FINAL_NORM = "f";

/**
 * One kind of part in every layer.
 * @param {string} letters
 * @param {number} n_layers
 */
export const everyLayer = (letters, n_layers) => range(n_layers).map((i) => `${letters}${i + 1}`);

/** @type {Record<string, (owner: string) => string>} */
const SAID = {
  "": (owner) => `what ${owner} adds`,
  s: (owner) => `the skip connection around ${owner}`,
  n: (owner) => `the norm before ${owner}`,
};

/** @param {string} code */
export function partName(code) {
  if (code === FINAL_NORM) return "the final norm";
  const [, letter, part, layer] = /** @type {RegExpMatchArray} */ (code.match(/([am])([sn]?)(\d+)/));
  return SAID[part](`layer ${layer}’s ${letter === "a" ? "attention" : "MLP"}`);
}

/**
 * By how much the loss rises without one part; null where it was not measured.
 * @param {Removal} removal
 * @param {string} code
 */
export function rise({ overview, intact }, code) {
  const alone = overview[code];
  if (!alone) return null;
  return alone.loss === null ? Infinity : alone.loss - (intact.loss ?? 0);
}

/**
 * @param {Removal} removal
 * @param {readonly string[]} codes
 */
export const rises = (removal, codes) => codes.map((code) => rise(removal, code)).filter((each) => each !== null);

/**
 * Whether every part has been measured.
 * @param {Removal} removal
 */
export const isWhole = ({ overview, n_parts }) => Object.keys(overview).length === n_parts;

/**
 * The parts offered that have not been measured yet.
 * @param {Removal} removal
 */
export const unmeasured = ({ overview, candidates }) => candidates.filter((code) => !overview[code]);

/**
 * The middle of numbers, or the mean of both middle ones.
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}
