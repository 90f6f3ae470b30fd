// @ts-check
// The birth of the induction circuit in sentences and curves.

import { mean, range } from "../../../ui/kit/arithmetic.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";

/** @import { Chart, Curve } from "../../../ui/kit/curves.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/** @typedef {[layer: number, head: number]} Head */
/** @typedef {{step: number[], first: number[], second: number[], back: number[], matches: number[]}} CurveData */
/**
 * @typedef {{pattern: string, problem: string, steps: number[], ablated: Head[][], inducing: Head[], previous: Head,
 *   induction: Head, curve: CurveData, fall: [number, number], numbers: string}} BirthHeader
 */
/**
 * Each [step, run, ...]: maps [.., previous and induction, query, key]; losses [.., position − 1]; back and
 * matches [..]; unread [step, keys and queries].
 * @typedef {{maps: Tensor, losses: Tensor, back: Tensor, matches: Tensor, unread: Tensor}} BirthArrays
 */
/** @typedef {Packed<BirthHeader, BirthArrays>} Birth */

const FOUND = 0.5; // attention weight from which on a head is said to look there

/** @param {Head} head */
export const named = ([layer, head]) => `${layer + 1}.${head + 1}`;

/**
 * The mean loss of the second copy, its first character apart.
 * @param {Birth} birth
 * @param {number} at
 * @param {number} run
 */
export function secondCopy({ header, arrays }, at, run) {
  return mean(slice(arrays.losses, at, run).subarray(header.pattern.length));
}

/**
 * @param {Birth} birth
 * @param {number} run
 */
export function runName({ header }, run) {
  const gone = header.ablated[run].map(named);
  if (gone.length !== 1) return gone.join(" and ") || "none";
  if (gone[0] === named(header.previous)) return `${gone[0]} (previous token)`;
  return header.inducing.map(named).includes(gone[0]) ? `${gone[0]} (induction)` : gone[0];
}

/**
 * @param {Birth} birth
 * @param {number} at
 * @param {number} run
 * @returns {Segment[]}
 */
export function opening(birth, at, run) {
  if (run) return without(birth, at, run);
  const { header, arrays } = birth;
  const step = `At step ${count(header.steps[at])}`;
  const loss = `${number(secondCopy(birth, at, run))} nats a character`;
  const pattern = quote(header.pattern);
  const match = slice(arrays.matches, at)[0];
  if (match >= FOUND) {
    return [
      `${step} head ${named(header.induction)} gives `,
      ["query", percent(match)],
      ` of its attention to what followed before. The second copy of ${pattern} costs `,
      ["negative", loss],
      ".",
    ];
  }
  const able = match >= FOUND / 2 ? "begins to copy" : "cannot copy yet";
  return [`${step} the model ${able}: the second copy of ${pattern} costs `, ["negative", loss], "."];
}

/**
 * What becomes of the copy when a head is ablated.
 * @param {Birth} birth
 * @param {number} at
 * @param {number} run
 * @returns {Segment[]}
 */
function without(birth, at, run) {
  const { header, arrays } = birth;
  const gone = header.ablated[run].map(named);
  const own = named(header.induction);
  const [whole, left] = [0, run].map((each) => percent(slice(arrays.matches, at)[each]));
  const others = header.inducing.map(named).filter((name) => !gone.includes(name));
  const still = `Head ${own} still gives its target ${left} of its attention, but its output is 0.`;
  const rest = others.length ? ` Head ${others.join(" and ")} can copy, too.` : "";
  return [
    `Without head ${gone.join(" and ")} at step ${count(header.steps[at])}, the second copy costs `,
    ["negative", number(secondCopy(birth, at, run))],
    ` instead of ${number(secondCopy(birth, at, 0))} nats a character. `,
    gone.includes(own) ? still + rest : `Head ${own} gives its target ${left} of its attention instead of ${whole}.`,
  ];
}

/**
 * Which side of the induction head reads what the previous-token head wrote.
 * @param {Birth} birth
 * @param {number} at
 */
export function composed({ header, arrays }, at) {
  const [keys, queries] = Array.from(slice(arrays.unread, at), percent);
  const whole = percent(slice(arrays.matches, at)[0]);
  const [first, second] = [header.previous, header.induction].map(named);
  return (
    `If only the keys of ${second} are computed without ${first}, its weight on the target is ${keys}. ` +
    `If only its queries are, it is ${queries}. With both as they are, it is ${whole}.`
  );
}

/** @param {Birth} birth */
export function fallLine({ header }) {
  const { curve, fall } = header;
  const [before, after] = fall.map((step) => curve.step.indexOf(step));
  const risen = (/** @type {number[]} */ scores) => `from ${percent(scores[before])} to ${percent(scores[after])}`;
  return (
    `Between steps ${count(fall[0])} and ${count(fall[1])} the loss of the second copy falls from ` +
    `${number(curve.second[before])} to ${number(curve.second[after])} nats. The weight of head ` +
    `${named(header.previous)} on the character before rises ${risen(curve.back)}, that of head ` +
    `${named(header.induction)} on what followed ${risen(curve.matches)}.`
  );
}

/**
 * @param {Birth} birth
 * @param {number} at
 * @param {number} width
 * @returns {Chart}
 */
export function lossChart({ header }, at, width) {
  const { curve } = header;
  const curves = [
    line("first copy", "muted", curve.step, curve.first),
    line("second copy", "negative", curve.step, curve.second),
  ];
  return { ...frame(header, at, width, curves), y: [0, Math.max(...curve.first)], yTitle: "loss, nats per character" };
}

/**
 * @param {Birth} birth
 * @param {number} at
 * @param {number} width
 * @returns {Chart}
 */
export function scoreChart({ header }, at, width) {
  const { curve } = header;
  const curves = [
    line(`${named(header.previous)}: one before`, "key", curve.step, curve.back),
    line(`${named(header.induction)}: what followed`, "query", curve.step, curve.matches),
  ];
  return { ...frame(header, at, width, curves), y: [0, 1], yTitle: "mean attention weight" };
}

/**
 * @param {string} name
 * @param {string} role
 * @param {readonly number[]} x
 * @param {readonly number[]} y
 * @returns {Curve}
 */
const line = (name, role, x, y) => ({ name, role, points: x.map((step, i) => /** @type {const} */ ([step, y[i]])) });

/**
 * @param {BirthHeader} header
 * @param {number} at
 * @param {number} width
 * @param {readonly Curve[]} curves
 */
function frame({ curve, steps }, at, width, curves) {
  const last = curve.step[curve.step.length - 1];
  const marks = range(5).map((i) => /** @type {const} */ ([(i * last) / 4, count((i * last) / 4)]));
  return {
    ...{ curves, marks, at: steps[at], width, height: 260, xTitle: "training step" },
    x: /** @type {const} */ ([0, last]),
    label: curves
      .map(({ name }) => name)
      .join(" and ")
      .concat(", by training step"),
  };
}
