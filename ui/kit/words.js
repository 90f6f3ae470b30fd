// @ts-check
// The reader's words and tokens, as people can see them.

import { make } from "./elements.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is made visible
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A token as people can see it: line ends and blanks get signs, other control characters a box.
 * @param {string} text
 */
export function visible(text) {
  const shown = text
    .replace(/^ (?=\S)/, "")
    .replace(/\n/g, "↵")
    .replace(/\t/g, "⇥")
    .replace(CONTROLS, "▯");
  return /^[ \u00a0]*$/.test(shown) ? "␣".repeat(Math.max(1, shown.length)) : shown;
}

/** @param {string} word */
export const quote = (word) => `“${word}”`;

/**
 * A token as it is cut: its leading blank as a sign, a part of a character as its bytes.
 * @param {string} piece
 */
export function face(piece) {
  if (/^⟨[0-9a-f ]+⟩$/.test(piece)) return make("bdi", { class: "bytes" }, piece.slice(1, -1));
  const blank = /^ (?=[^ \u00a0])/.test(piece);
  return make("bdi", {}, blank && make("span", { class: "blank" }, "␣"), visible(blank ? piece.slice(1) : piece));
}

/**
 * The visible words of a sentence; one that stands there twice carries its position.
 * @param {readonly string[]} pieces
 */
export function labels(pieces) {
  const shown = pieces.map(visible);
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const word of shown) times.set(word, (times.get(word) ?? 0) + 1);
  return shown.map((word, i) => ((times.get(word) ?? 0) > 1 ? word + lowered(i + 1) : word));
}

/**
 * A number in small digits below the line.
 * @param {number} n
 */
export const lowered = (n) => String(n).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
