// @ts-check
// One pair of a query and a key as two arrows: turned by their positions, the angle between them
// depends on the distance alone.

import { make, rich } from "../../../ui/kit/elements.js";
import { bracketed, number, printed, relation } from "../../../ui/kit/format.js";
import { pairsAt } from "./rope_choice.js";

/** @typedef {import("./position_data.js").Rotated} Rotated */
/** @typedef {import("./rope_choice.js").Choice} Choice */
/** @typedef {import("./rotation.js").Pair} Pair */
/**
 * Angles in radians from the horizontal: `alpha` and `beta` of the query and the key before they are turned,
 * `between` after it, from the key to the query; `part` is what the pair adds to the score.
 * @typedef {{alpha: number, beta: number, theta: number, gap: number, between: number, q: number, k: number,
 *   part: number, d_head: number}} Arrows
 */

const FAST = 0.1; // radians per position from which on a pair is seen to turn
const LONG = 84; // px of the longer arrow
const SHORT = 34;

/**
 * The pair to begin with: of those that turn visibly, a long one whose arrows are well apart.
 * @param {Rotated} rope
 * @param {Choice} choice
 */
export function openingPair(rope, choice) {
  const sizes = Array.from(rope.frequencies, (theta, i) => {
    const { q, k, between } = arrowsOf(rope, choice, i);
    return theta >= FAST ? q * k * Math.abs(Math.sin(between)) : 0;
  });
  return sizes.indexOf(Math.max(...sizes));
}

/**
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {number} i
 * @returns {Arrows}
 */
export function arrowsOf(rope, choice, i) {
  const [q, k] = [pairsAt(rope, choice, "query", 0)[i], pairsAt(rope, choice, "key", 0)[i]];
  const [alpha, beta] = [q, k].map(([x, y]) => Math.atan2(y, x));
  const theta = rope.frequencies[i];
  const gap = choice.stand.query - choice.stand.key;
  const between = alpha - beta + gap * theta;
  const [long, other] = [q, k].map(([x, y]) => Math.hypot(x, y));
  const part = (long * other * Math.cos(between)) / Math.sqrt(rope.d_head);
  return { alpha, beta, theta, gap, between, q: long, k: other, part, d_head: rope.d_head };
}

/**
 * The arrows, and the algebra beside them.
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {number} i
 */
export function ropeArrows(rope, choice, i) {
  const arrows = arrowsOf(rope, choice, i);
  const { query: m, key: n } = choice.stand;
  const count = rope.frequencies.length;
  return [
    picture(arrows, m, n),
    make(
      "div",
      { class: "algebra" },
      make("h4", {}, `Why only the distance counts: pair ${i + 1} of ${count} as two arrows`),
      make(
        "p",
        {},
        rich([
          "Before turning, the query’s arrow (position m) has the angle ",
          ["query", "α"],
          ", the key’s (position n) ",
          ["key", "β"],
          ". Each position after the first adds θ.",
        ]),
      ),
      make("p", { class: "mono line" }, "angle between = (α + (m − 1)θ) − (β + (n − 1)θ) = (α − β) + (m − n)θ"),
      make("p", { class: "mono line" }, angleLine(arrows)),
      make("p", {}, "Only m − n is left. The pair adds |q| |k| cos(angle between) / √d to the score:"),
      make("p", { class: "mono line" }, partLine(arrows)),
    ),
  ];
}

/**
 * (α − β) + (m − n)θ with its numbers.
 * @param {Arrows} arrows
 */
export function angleLine({ alpha, beta, theta, gap, between }) {
  const made = printed(alpha, 3) - printed(beta, 3) + gap * printed(theta, 3, 1e-4);
  return (
    `(${number(alpha, 3)} − ${bracketed(beta, 3)}) + ${bracketed(gap, 0)} × ${number(theta, 3, 1e-4)} ` +
    `${relation(made, between, 3)} ${number(between, 3)} rad`
  );
}

/**
 * What the pair adds, with its numbers.
 * @param {Arrows} arrows
 */
export function partLine({ q, k, between, part, d_head }) {
  const made = (printed(q) * printed(k) * Math.cos(printed(between, 3))) / Math.sqrt(d_head);
  const formula = `${number(q)} × ${number(k)} × cos(${number(between, 3)}) / √${d_head}`;
  return `${formula} ${relation(made, part)} ${number(part)}`;
}

/**
 * @param {Arrows} arrows
 * @param {number} m where the query stands, from 0
 * @param {number} n
 */
function picture({ alpha, beta, theta, q, k, between }, m, n) {
  const longest = Math.max(q, k) || 1;
  const size = (/** @type {number} */ length) => Math.max(SHORT, (LONG * length) / longest);
  const said = `The query’s arrow and the key’s arrow, ${number(between)} rad apart.`;
  return make(
    "svg",
    { class: "pair", viewBox: "-104 -104 208 208", role: "img", "aria-label": said },
    make("circle", { class: "rim", r: 100 }),
    make("path", { class: "between", d: arc(beta + n * theta, between, 26) }),
    arrow("key ghost", beta, size(k), ""),
    arrow("query ghost", alpha, size(q), ""),
    arrow("key", beta + n * theta, size(k), "k"),
    arrow("query", alpha + m * theta, size(q), "q"),
  );
}

/**
 * @param {string} kind
 * @param {number} angle
 * @param {number} length
 * @param {string} name at its end
 */
function arrow(kind, angle, length, name) {
  const at = (/** @type {number} */ r, /** @type {number} */ turn = 0) =>
    `${(r * Math.cos(angle + turn)).toFixed(2)} ${(-r * Math.sin(angle + turn)).toFixed(2)}`;
  const [x, y] = at(length + 11).split(" ");
  const tip = 9 / length;
  return [
    make("path", { class: kind, d: `M0 0L${at(length)}` }),
    name &&
      make("path", {
        class: `${kind} tip`,
        d: `M${at(length)}L${at(length - 9, tip / 1.6)}L${at(length - 9, -tip / 1.6)}z`,
      }),
    name && make("text", { class: kind, x, y, "text-anchor": "middle", "dominant-baseline": "central" }, name),
  ];
}

/**
 * From an angle on, the short way round to where another arrow points.
 * @param {number} from
 * @param {number} by
 * @param {number} r
 */
function arc(from, by, r) {
  const turn = Math.atan2(Math.sin(by), Math.cos(by));
  const at = (/** @type {number} */ angle) =>
    `${(r * Math.cos(angle)).toFixed(2)} ${(-r * Math.sin(angle)).toFixed(2)}`;
  return `M${at(from)}A${r} ${r} 0 0 ${turn > 0 ? 0 : 1} ${at(from + turn)}`;
}
