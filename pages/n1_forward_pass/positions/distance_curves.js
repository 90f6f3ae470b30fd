// @ts-check
// What each scheme makes of the distance between two tokens, as charts beside one another.

import { range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { plot } from "../../../ui/kit/plot.js";
import { quote } from "../../../ui/kit/words.js";
import { penalties, slopeName } from "./alibi.js";
import { headName, scoreAt } from "./rope_choice.js";
import { MEANING } from "./schemes.js";

/** @typedef {import("./position_data.js").Positions} Positions */
/** @typedef {import("./position_data.js").Learned} Learned */
/** @typedef {import("./position_data.js").Rotated} Rotated */
/** @typedef {import("./rope_choice.js").Choice} Choice */
/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/**
 * `lines` have a value for each distance from 0 on; at `mark` the words really stand.
 * @typedef {{name: string, tag: keyof typeof MEANING, unit: string, said: string, role: string,
 *   lines: {name: string, values: number[]}[], mark?: number, range?: [number, number]}} Curve
 */

/**
 * @param {Positions} positions
 * @param {Choice | null} choice
 * @returns {Curve[]}
 */
export function distanceCurves({ arrays, learned, rope }, choice) {
  const waves = Array.from(arrays.sinusoidal_curve.values);
  const slopes = Array.from(arrays.slopes.values);
  return [
    {
      name: "Sinusoidal",
      tag: "published",
      unit: "PE(p)·PE(p+k)",
      said: "It falls in ripples, the same from every position p.",
      role: "residual",
      lines: [{ name: "", values: waves }],
    },
    ...(learned ? [learnedCurve(learned)] : []),
    ...(rope && choice ? [ropeCurve(rope, choice, waves.length)] : []),
    alibiCurve(slopes, waves.length),
  ];
}

/**
 * @param {Learned} learned
 * @returns {Curve}
 */
const learnedCurve = ({ model, curve }) => ({
  name: "Learned",
  tag: "live",
  unit: "table[p]·table[p+k]",
  said: `${model}, the mean over all positions p. Training found this shape.`,
  role: "key",
  lines: [{ name: "", values: Array.from(curve.values) }],
});

/**
 * @param {Rotated} rope
 * @param {Choice} choice
 * @param {number} far
 * @returns {Curve}
 */
function ropeCurve(rope, choice, far) {
  const { query, key } = choice;
  const words = `${quote(rope.labels[query])} and ${quote(rope.labels[key])}`;
  const head = headName(choice);
  return {
    name: "RoPE",
    tag: "live",
    unit: "q·k / √d",
    said: `${words} in head ${head}; the dot is at their distance, ${query - key}.`,
    role: "query",
    mark: query - key,
    lines: [{ name: "", values: range(far).map((distance) => scoreAt(rope, choice, distance, 0)) }],
  };
}

/**
 * @param {number[]} slopes
 * @param {number} far
 * @returns {Curve}
 */
function alibiCurve(slopes, far) {
  const named = slopes.slice(0, 6).map(slopeName).join(", ");
  return {
    name: "ALiBi",
    tag: "published",
    unit: "bias",
    said: `One line per head, with slopes ${named}${slopes.length > 6 ? " and so on" : ""}.`,
    role: "negative",
    range: [-20, 1],
    lines: slopes.slice(0, 8).map((slope, head) => ({
      name: `head ${head + 1}`,
      values: penalties(slope, far - 1).reverse(),
    })),
  };
}

/**
 * What the distance does to the two words chosen for RoPE.
 * @param {Rotated | null} rope
 * @param {Choice | null} choice
 * @returns {Segment[]}
 */
export function distanceFinding(rope, choice) {
  if (!rope || !choice) return ["What each scheme says about distance"];
  const { query, key } = choice;
  const far = 100;
  const real = number(scoreAt(rope, choice, query, key));
  const then = number(scoreAt(rope, choice, key + far, key));
  return [
    `Under RoPE (${rope.model}, head ${headName(choice)}), `,
    ["query", quote(rope.labels[query])],
    " and ",
    ["key", quote(rope.labels[key])],
    ` have the score ${real} at distance ${query - key}. At distance ${far} it would be ${then}`,
  ];
}

/**
 * Resolves once all are drawn.
 * @param {HTMLElement} box
 * @param {Curve[]} curves
 * @param {boolean} log near distances wider
 * @param {import("../../../ui/kit/palette.js").Palette} palette
 */
export function drawCurves(box, curves, log, palette) {
  if (box.children.length !== curves.length) box.replaceChildren(...curves.map(emptyPlace));
  return Promise.all(
    curves.map((curve, i) => {
      const place = /** @type {HTMLElement} */ (box.children[i]);
      describe(place, curve);
      return plot(find(place, ".plot"), figure(curve, log), palette);
    }),
  );
}

const emptyPlace = () =>
  make(
    "div",
    {},
    make("div", { class: "head" }, make("h4"), make("span", { class: "tag" })),
    make("p", { class: "sub" }),
    make("div", { class: "plot", role: "img" }),
  );

/**
 * @param {HTMLElement} place
 * @param {Curve} curve
 */
function describe(place, { name, tag, unit, said, lines }) {
  find(place, "h4").textContent = name;
  Object.assign(find(place, ".tag"), { className: `tag ${tag}`, textContent: tag, title: MEANING[tag] });
  find(place, ".sub").textContent = said;
  const [{ values }] = lines;
  const [near, far] = [0, Math.min(20, values.length - 1)].map(
    (distance) => `${number(values[distance])} at ${distance}`,
  );
  find(place, ".plot").setAttribute("aria-label", `${name}, ${unit} by distance: ${near}, ${far}.`);
}

/**
 * @param {Curve} curve
 * @param {boolean} log
 * @returns {import("../../../ui/kit/plot.js").Figure}
 */
function figure({ unit, role, lines, mark, range: span }, log) {
  const from = log ? 1 : 0; // a logarithmic axis has no 0
  const data = lines.map(({ name, values }) => ({
    x: range(values.length).slice(from),
    y: values.slice(from),
    mode: "lines",
    line: { color: `var(--${role})`, width: 2 },
    hovertemplate: `${name && `${name}, `}distance %{x}: %{y:.3f}<extra></extra>`,
  }));
  const axis = log ? { type: "log", tickvals: [1, 4, 16, 64, 256] } : { type: "linear" };
  return {
    data: mark !== undefined && mark >= from ? [...data, markAt(mark, lines[0].values[mark])] : data,
    layout: {
      margin: { l: 8, r: 8, t: 6, b: 8 },
      xaxis: { title: { text: "distance in tokens" }, ...axis },
      yaxis: { title: { text: unit }, nticks: 5, ...(span && { range: span }) },
    },
  };
}

/**
 * @param {number} x
 * @param {number} y
 */
const markAt = (x, y) => ({
  x: [x],
  y: [y],
  mode: "markers",
  marker: { color: "var(--ink)", size: 9 },
  hoverinfo: "skip",
});
