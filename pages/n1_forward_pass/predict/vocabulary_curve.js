// @ts-check
// The whole vocabulary by rank: what the first so many tokens hold together, and what the filters leave.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { areaPath, linearScale, linePath, logScale, logTicks } from "../../../ui/kit/axes.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, percent } from "../../../ui/kit/format.js";
import { cuts, held, numberOf, tokens } from "./prediction.js";
import { written } from "./sampling_settings.js";

/** @typedef {import("../../../ui/kit/axes.js").Scale} Scale */
/** @typedef {import("./prediction.js").View} View */
/**
 * Where things stand: a rank across, a share upwards, in pixels of a picture of this size.
 * @typedef {{x: Scale, y: Scale, left: number, right: number, base: number, width: number, height: number}} Frame
 */

const [TOP, LEFT] = [12, 34];
const BELOW = 40; // pixels of what is written below
const POINTS = 120;

/**
 * @param {HTMLElement} root
 * @param {View} view
 */
export function drawVocabulary(root, view) {
  const box = find(root, ".curve");
  const shares = held(view);
  const at = (/** @type {number} */ part) => tokens(view, shares.findIndex((share) => share >= part) + 1);
  const [half, most] = [at(0.5), at(0.99)];
  const before = cuts(view).length ? "Before the filters, " : "";
  const vocab = count(view.sent.header.vocab);
  find(root, ".whole h4").textContent =
    `${before}${count(half)} token${half === 1 ? " holds" : "s hold"} half of the probability, ` +
    `${count(most)} ${most === 1 ? "holds" : "hold"} 99 %`;
  find(root, ".whole .sub").textContent =
    `Height: the probability of the first so many of ${vocab} tokens. Shaded: what the filters leave.`;
  const said =
    `${half} tokens hold half, ${most} hold 99 %; ${tokens(view, view.left.n)} are left after the filters, ` +
    `holding ${percent(shares[view.left.n - 1])}.`;
  const frame = frameOf(box, view.sent.header.vocab);
  const svg = make(
    "svg",
    { viewBox: `0 0 ${frame.width} ${frame.height}`, role: "img", "aria-label": said },
    axes(frame, view.sent.header.vocab),
    curve(frame, view, shares),
    cutMarks(frame, view),
  );
  follow(svg, frame, view, shares);
  box.replaceChildren(svg);
}

/**
 * @param {HTMLElement} box
 * @param {number} vocab
 * @returns {Frame}
 */
function frameOf(box, vocab) {
  const [width, height] = [Math.max(box.clientWidth, 240), Math.max(box.clientHeight, 216)];
  const [right, base] = [width - 6, height - BELOW];
  const x = logScale([1, Math.max(vocab, 2)], [LEFT, right]);
  return { x, y: linearScale([0, 1], [base, TOP]), left: LEFT, right, base, width, height };
}

const text = (/** @type {Record<string, string | number>} */ place, /** @type {string} */ words) =>
  make("text", place, words);

/**
 * @param {Frame} frame
 * @param {number} vocab
 */
const axes = ({ x, y, left, right, base }, vocab) => [
  [0, 0.5, 1].map((part) => [
    make("line", { class: "grid", x1: left, x2: right, y1: y(part), y2: y(part) }),
    text({ x: left - 6, y: y(part) + 4, "text-anchor": "end" }, `${100 * part} %`),
  ]),
  logTicks([1, vocab]).map((rank) => text({ x: x(rank), y: base + 16, "text-anchor": "middle" }, count(rank))),
  text({ x: right, y: base + 34, "text-anchor": "end" }, "number of tokens, the most probable first"),
];

/**
 * @param {Frame} frame
 * @param {View} view
 * @param {Float64Array} shares
 */
function curve({ x, y, base }, view, shares) {
  const { n } = view.left;
  const dots = [...new Set(range(POINTS + 1).map((i) => Math.round(shares.length ** (i / POINTS)) - 1))];
  const point = (/** @type {number} */ i) =>
    /** @type {import("../../../ui/kit/axes.js").Point} */ ([x(tokens(view, i + 1)), y(shares[i])]);
  const kept = [...dots.filter((i) => i < n - 1), n - 1].map(point);
  return [
    make("path", { class: "kept", d: areaPath(kept, base) }),
    make("path", { class: "all", d: linePath(dots.map(point)) }),
  ];
}

/**
 * @param {Frame} frame
 * @param {View} view
 */
const cutMarks = ({ x, base, width }, view) =>
  cuts(view).map(({ name, n }, i) => {
    const left = tokens(view, n);
    const at = x(left);
    const end = at > width - 130;
    const place = {
      class: "t-cut",
      x: at + (end ? -5 : 5),
      y: base - 10 - 17 * i,
      "text-anchor": end ? "end" : "start",
    };
    return [
      make("line", { class: "cut", x1: at, x2: at, y1: TOP - 6, y2: base }),
      text(place, `${written(view.settings, name)}: ${count(left)}`),
    ];
  });

/**
 * The share of the first tokens up to the pointer.
 * @param {SVGSVGElement} svg
 * @param {Frame} frame
 * @param {View} view
 * @param {Float64Array} shares
 */
function follow(svg, { x, y, left, right, base, width }, view, shares) {
  const line = make("line", { class: "now", y1: TOP - 6, y2: base });
  const said = text({ class: "t-now" }, "");
  svg.append(line, said);
  svg.addEventListener("pointermove", (event) => {
    const at = clamp(event.clientX - svg.getBoundingClientRect().left, left, right);
    const rank = Math.round(x.invert(at));
    const share = Math.min(1, shares[numberOf(view, rank)]);
    const end = x(rank) > width - 190;
    svg.classList.add("pointed");
    give(line, { x1: x(rank), x2: x(rank) });
    give(said, { x: x(rank) + (end ? -6 : 6), y: y(share) + 18, "text-anchor": end ? "end" : "start" });
    said.textContent = `the first ${count(rank)}: ${percent(share)}`;
  });
  svg.addEventListener("pointerleave", () => svg.classList.remove("pointed"));
}

/**
 * @param {Element} node
 * @param {Record<string, string | number>} attributes
 */
function give(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}
