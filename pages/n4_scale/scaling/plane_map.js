// @ts-check
// What only the law decides of the plane: axes, lines of equal loss, the optima, the known models.

import { range } from "../../../ui/kit/arithmetic.js";
import { linePath, logTicks } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { number, short } from "../../../ui/kit/format.js";
import { SIZES, TEXTS } from "./plane_frame.js";
import { best, tokensFor } from "./scaling_laws.js";

/** @typedef {import("../../../ui/kit/axes.js").Point} Point */
/** @typedef {import("./plane_frame.js").Frame} Frame */
/** @typedef {import("./scaling_laws.js").Law} Law */
/**
 * A model by its size and its text; `source`: where they are published.
 * @typedef {{name: string, n_parameters: number, n_tokens: number, source?: string}} KnownModel
 */
/**
 * `rule`: tokens per parameter; `shown`: the model that the reader has chosen.
 * @typedef {{models: KnownModel[], ours: KnownModel[], rule: number, shown: string | null}} Known
 */

const LEVELS = [1.72, 1.75, 1.8, 1.85, 1.9, 1.95, 2, 2.1, 2.2, 2.35, 2.5, 2.75, 3, 3.5, 4, 5, 6];
const NARROW = 520; // pixels below which every other tick and some names are left out
const NAMED_IN_NARROW = new Set(["Chinchilla", "Llama 3 8B", "SmolLM2 135M"]);
// Where a name stands that would lie on another.
/** @type {Record<string, [x: number, y: number, anchor: string]>} */
const BESIDE = {
  Gopher: [8, 4, "start"],
  "Llama 3.1 405B": [8, 4, "start"],
  "Llama 2 70B": [8, -6, "start"],
  Chinchilla: [-9, 17, "end"],
};
/** @type {typeof BESIDE} */
const BESIDE_IN_NARROW = { ...BESIDE, "SmolLM2 135M": [0, -9, "middle"] };
const STEPS = 280; // of a line of equal loss
const ABOVE = TEXTS[1] * 1e3; // tokens up to which a line is drawn on, out of the picture

/**
 * A round number without its zeros behind the point.
 * @param {number} x
 */
export const round = (x) => short(x).replace(/\.0+(?= |$)/, "");

/** @type {(kind: string, x: number, y: number, anchor: string, words: string) => SVGTextElement} */
const text = (kind, x, y, anchor, words) => make("text", { class: kind, x, y, "text-anchor": anchor }, words);
/** @type {(kind: string, from: Point, to: Point) => SVGLineElement} */
const line = (kind, [x1, y1], [x2, y2]) => make("line", { class: kind, x1, y1, x2, y2 });

/**
 * @param {Frame} frame
 * @param {Law} law
 * @param {Known} known
 * @returns {SVGElement[]}
 */
export function planeMap(frame, law, known) {
  const { left, right, top, bottom } = frame;
  const area = make("rect", { x: left, y: top, width: right - left, height: bottom - top });
  const lines = isolines(frame, law);
  return [
    make("defs", {}, make("clipPath", { id: "plane" }, area)),
    ...axes(frame),
    make("g", { "clip-path": "url(#plane)" }, lines.paths, rule(frame, known.rule), locus(frame, law)),
    make("g", {}, lines.labels, published(frame, known), ours(frame, known)),
  ];
}

/** @param {Frame} frame */
function axes({ x, y, width, left, right, top, bottom }) {
  const shown = (/** @type {readonly [number, number]} */ domain) =>
    logTicks(domain).filter((_, i) => width >= NARROW || i % 2 === 0);
  const sizes = shown(SIZES).flatMap((n) => [
    line("grid", [x(n), top], [x(n), bottom]),
    text("", x(n), bottom + 18, "middle", round(n)),
  ]);
  const texts = shown(TEXTS).flatMap((d) => [
    line("grid", [left, y(d)], [right, y(d)]),
    text("", left - 6, y(d) + 4, "end", round(d)),
  ]);
  return [
    ...sizes,
    ...texts,
    text("", (left + right) / 2, bottom + 38, "middle", "parameters N"),
    text("", left + 4, top + 12, "start", "tokens D"),
  ];
}

/**
 * Lines of equal loss; nearly flat at their right end, where their labels stand.
 * @param {Frame} frame
 * @param {Law} law
 */
function isolines({ x, y, width }, law) {
  const apart = width < NARROW ? 30 : 17;
  const [low, high] = SIZES;
  const sizes = range(STEPS + 1).map((i) => low * (high / low) ** (i / STEPS));
  const drawn = LEVELS.flatMap((level) => {
    const points = sizes
      .map((n) => ({ n, d: tokensFor(law, n, level) }))
      .filter(({ d }) => d < ABOVE)
      .map(({ n, d }) => /** @type {Point} */ ([x(n), y(d)]));
    return points.length > 1 ? [{ level, points, end: points[points.length - 1] }] : [];
  });
  let above = Infinity; // where the last label stands
  const labelled = drawn.filter(({ end: [, place] }) => {
    const room =
      place <= y(TEXTS[0] * 10 ** 0.1) && place >= y(TEXTS[1] / 10 ** 0.3) && Math.abs(place - above) >= apart;
    if (room) above = place;
    return room;
  });
  return {
    paths: drawn.map(({ points }) => make("path", { class: "iso", d: linePath(points) })),
    labels: labelled.map(({ level, end }) => text("level", end[0] - 4, end[1] + 4, "end", number(level))),
  };
}

/**
 * So many tokens per parameter.
 * @param {Frame} frame
 * @param {number} ratio
 */
const rule = ({ x, y }, ratio) => line("rule", [x(1), y(ratio)], [x(1e14), y(ratio * 1e14)]);

/**
 * The best points of all budgets.
 * @param {Frame} frame
 * @param {Law} law
 */
function locus({ x, y }, law) {
  const [from, to] = [1e12, 1e30].map((c) => best(law, c)).map(({ n, d }) => /** @type {Point} */ ([x(n), y(d)]));
  return line("locus", from, to);
}

/**
 * @param {Frame} frame
 * @param {KnownModel} model
 */
function dot({ x, y }, { name, n_parameters, n_tokens, source }) {
  const said = `${name}: ${short(n_parameters)} parameters, ${short(n_tokens)} tokens${source ? ` (${source})` : ""}`;
  return make("circle", { cx: x(n_parameters), cy: y(n_tokens), r: 4 }, make("title", {}, said));
}

/**
 * @param {KnownModel} model
 * @param {string | null} shown
 */
const kind = ({ name }, shown) => (name === shown ? "model looked-at" : "model");

/**
 * @param {Frame} frame
 * @param {Known} known
 */
const published = (frame, { models, shown }) =>
  models.map((model) => {
    const narrow = frame.width < NARROW;
    const [right, down, anchor] = (narrow ? BESIDE_IN_NARROW : BESIDE)[model.name] ?? [-8, 4, "end"];
    const named = !narrow || NAMED_IN_NARROW.has(model.name);
    const [px, py] = [frame.x(model.n_parameters) + right, frame.y(model.n_tokens) + down];
    return make("g", { class: kind(model, shown) }, dot(frame, model), named && text("", px, py, anchor, model.name));
  });

/**
 * The shipped models lie on one spot: one name for all, at the first.
 * @param {Frame} frame
 * @param {Known} known
 */
const ours = (frame, { ours: models, shown }) =>
  models.map((model, i) => {
    const [px, py] = [frame.x(model.n_parameters) + 8, frame.y(model.n_tokens) + 4];
    const name = i === 0 && text("", px, py, "start", "the two models trained here");
    return make("g", { class: `${kind(model, shown)} ours` }, dot(frame, model), name);
  });
