// @ts-check
// RoPE's dials: each pair of a query and a key as two hands, and what it adds to the score.

import { sum } from "../../../ui/kit/arithmetic.js";
import { make, rich } from "../../../ui/kit/elements.js";
import { number, printed, relation, signed } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { headName, pairsAt, scoreAt } from "./rope_choice.js";
import { scoreParts } from "./rotation.js";

/** @typedef {import("./position_data.js").Rotated} Rotated */
/** @typedef {import("./rope_choice.js").Choice} Choice */
/** @typedef {import("./rope_choice.js").Side} Side */
/** @typedef {import("./rotation.js").Pair} Pair */
/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/**
 * The pairs as they stand, those before turning, and the longest, whose hand has the full length.
 * @typedef {{turned: Pair[], still: Pair[], longest: number}} Hands
 */

/**
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {number} chosen the pair that is also drawn as arrows
 */
export function dials(rope, choice, chosen) {
  const q = handsOf(rope, choice, "query");
  const k = handsOf(rope, choice, "key");
  return scoreParts(q.turned, k.turned).map((part, i) => dial(rope, choice, { part, i, q, k }, i === chosen));
}

/**
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {Side} side
 * @returns {Hands}
 */
function handsOf(rope, choice, side) {
  const turned = pairsAt(rope, choice, side, choice.stand[side]);
  const longest = Math.max(...turned.map(([x, y]) => Math.hypot(x, y)));
  return { turned, still: pairsAt(rope, choice, side, 0), longest };
}

/**
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {{part: number, i: number, q: Hands, k: Hands}} pair
 * @param {boolean} isChosen
 */
function dial({ d_head, frequencies }, { stand }, { part, i, q, k }, isChosen) {
  const theta = frequencies[i];
  const by = (/** @type {Side} */ side) => `${number(stand[side] * theta)} rad`;
  const numbers = `Pair ${i + 1}: numbers ${i + 1} and ${i + 1 + d_head / 2} of the head`;
  const turns = `the query is turned by ${by("query")}, the key by ${by("key")}`;
  const title = `${numbers}. θ = ${number(theta, 3, 1e-4)} rad per position; ${turns}`;
  return make(
    "div",
    { class: isChosen ? "clock here" : "clock", title },
    make(
      "svg",
      { viewBox: "-35 -35 70 70", "aria-hidden": "true" },
      make("circle", { class: "rim", r: 32 }),
      hand("query ghost", q.still[i], q.longest),
      hand("key ghost", k.still[i], k.longest),
      hand("key", k.turned[i], k.longest),
      hand("query", q.turned[i], q.longest),
    ),
    make("b", { class: part < 0 ? "negative" : "positive" }, signed(part)),
    make("div", {}, `θ = ${number(theta, 3, 1e-3)}`),
  );
}

/**
 * A hand's length goes by the square root, so that small pairs can be seen too.
 * @param {string} kind
 * @param {Pair} pair
 * @param {number} longest
 */
function hand(kind, [x, y], longest) {
  const length = Math.hypot(x, y) || 1;
  const drawn = 30 * Math.sqrt(length / (longest || 1));
  const x2 = ((x / length) * drawn).toFixed(2);
  const y2 = ((-y / length) * drawn).toFixed(2);
  return make("line", { class: kind, x1: 0, y1: 0, x2, y2 });
}

/**
 * The sum of what stands below the dials, and whether it gives that as it stands there.
 * @param {number[]} parts
 */
export const dialSumOf = (parts) => ({
  equals: relation(sum(parts.map((part) => printed(part))), sum(parts), 3),
  total: number(sum(parts), 3),
});

/**
 * @param {Rotated} rope
 * @param {Choice} choice
 */
export function dialSum(rope, choice) {
  const { query, key } = choice.stand;
  const parts = scoreParts(pairsAt(rope, choice, "query", query), pairsAt(rope, choice, "key", key));
  const { equals, total } = dialSumOf(parts);
  return rich([
    `Added up over ${parts.length} pairs: `,
    ["query", "q"],
    "·",
    ["key", "k"],
    ` / √${rope.d_head} ${equals} `,
    ["total", total],
    ` at distance ${query - key}. Head ${headName(choice)} of ${rope.model}.`,
  ]);
}

/**
 * What moving the words has done to their score.
 * @param {Rotated} rope
 * @param {Choice} choice
 * @returns {Segment[]}
 */
export function movedFinding(rope, choice) {
  const { query, key, stand } = choice;
  const gap = stand.query - stand.key;
  const now = number(scoreAt(rope, choice, stand.query, stand.key));
  /** @type {Segment} */
  const q = ["query", quote(rope.labels[query])];
  /** @type {Segment} */
  const k = ["key", quote(rope.labels[key])];
  if (gap !== query - key) {
    const real = number(scoreAt(rope, choice, query, key));
    return [
      `At distance ${gap} instead of ${query - key}, `,
      q,
      " and ",
      k,
      ` have the score ${now} instead of ${real}`,
    ];
  }
  if (stand.query !== query)
    return [q, " and ", k, ` moved together. They are still ${Math.abs(gap)} apart, so the score is still ${now}`];
  return [q, " and ", k, ` are ${gap} apart and have the score ${now}. Slide both along and it will not change`];
}
