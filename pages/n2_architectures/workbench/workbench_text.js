// @ts-check
// What the workbench says of the two configurations.

import { make } from "../../../ui/kit/elements.js";
import { count, flops, number, percent, short } from "../../../ui/kit/format.js";
import { activeParameters, allFlops, passFlops, totalParameters } from "./consequences.js";
import { differing } from "./fields.js";

/** @typedef {import("./workbench_board.js").Side} Side */
/** @typedef {import("./workbench_board.js").State} State */

const ALIKE = 1.005;

/** @param {Side} side */
export const titleOf = ({ isEdited, preset }) => (isEdited ? `${preset.title} (edited)` : preset.title);

/**
 * Both in one line.
 * @param {State} state
 */
export function finding({ sides, data }) {
  const [a, b] = sides.map(({ plan }) => totalParameters(plan));
  const differ = differing(sides[0].plan, sides[1].plan).length;
  const settings = differ === 1 ? "1 setting" : `${differ} settings`;
  const [mine, other] = sides.map(({ plan }) => flops(allFlops(passFlops(plan, data.tokens))).replace(" ", "\u00a0"));
  const tokens = `${count(data.tokens)} token${data.tokens === 1 ? "" : "s"}`;
  return [
    `${titleOf(sides[0])} has `,
    make("b", { class: "attention" }, count(a)),
    ` parameters, ${titleOf(sides[1])} `,
    make("b", { class: "attention" }, count(b)),
    differ ? `. ${capital(settings)} differ${differ === 1 ? "s" : ""}. ` : ". No setting differs. ",
    `To read your ${tokens} they need ${mine} and ${other}.`,
  ];
}

const capital = (/** @type {string} */ text) => text[0].toUpperCase() + text.slice(1);

/**
 * How many times one is of the other.
 * @param {number} a
 * @param {number} b
 */
export function times(a, b) {
  if (a === b) return "=";
  if (!a || !b) return "";
  const ratio = b / a;
  return ratio >= 1 ? `× ${factor(ratio)}` : `÷ ${factor(1 / ratio)}`;
}

const factor = (/** @type {number} */ x) =>
  x >= 1e5 ? short(x) : x >= 1000 ? count(x) : x >= 100 ? number(x, 0) : number(x, x < 10 ? 2 : 1);

/**
 * What a count has to do with what was published.
 * @param {Side} side
 */
export function checked({ isEdited, preset, plan }) {
  if (isEdited) return "edited";
  if (preset.exact === totalParameters(plan)) return "equals the published weights to the last digit";
  return preset.stated ? `the paper states ${preset.stated}` : "counted";
}

/** @param {readonly Side[]} sides */
export const notes = (sides) =>
  sides
    .filter(({ preset }) => preset.note)
    .map(({ preset }) => make("p", { class: "hint" }, make("b", {}, `${preset.title}. `), preset.note));

/**
 * The parameters that a token meets, where they are not all.
 * @param {Side} side
 */
export function activeFinding(side) {
  const [all, active] = [totalParameters(side.plan), activeParameters(side.plan)];
  return active === all ? "" : ` In ${titleOf(side)} a token meets ${percent(active / all)} of them.`;
}

/**
 * @param {number} a
 * @param {number} b
 * @param {readonly string[]} names
 */
export function compared(a, b, names) {
  if (Math.max(a, b) / Math.min(a, b) < ALIKE) return "about as many";
  return a > b ? `${factor(a / b)} times as many in ${names[0]}` : `${factor(b / a)} times as many in ${names[1]}`;
}
