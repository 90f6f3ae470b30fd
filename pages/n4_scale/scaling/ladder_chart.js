// @ts-check
// The ladder's charts: losses with both laws, what each law misses, the losses above the floor.

import { linePath, logTicks, ticks } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { number, short } from "../../../ui/kit/format.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { asked } from "./ladder_words.js";
import { chart, curve, frameOf } from "./log_chart.js";

/** @import { CutData } from "./ladder_words.js" */
/** @import { Axis, Frame } from "./log_chart.js" */
/** @import { Estimate, Fit, FlooredFit } from "./power_fits.js" */
/** @import { Interval } from "../../../ui/kit/axes.js" */
/** @typedef {{cut: CutData, out: ReadonlySet<number>, line: Fit, floored: FlooredFit}} Shown */

const NARROW = 520; // pixels
const TOUCH = 15; // radius of what can be hit

/**
 * The axis of what varies.
 * @param {CutData} cut
 * @param {number} most
 * @param {number} width
 * @returns {Axis}
 */
function across({ along, x }, most, width) {
  const domain = /** @type {Interval} */ ([x[0] / 1.6, most]);
  const shown = logTicks(domain).filter((_, i) => width >= NARROW || i % 2 === 0);
  const title = along === "parameters" ? "parameters without embeddings" : "tokens of the training";
  return { title, domain, ticks: shown.map((value) => [value, short(value).replace(/\.0+(?= |$)/, "")]) };
}

/**
 * @param {Shown} shown
 * @param {number} width
 * @param {(i: number) => void} toggle
 */
export function lossChart({ cut, out, line, floored }, width, toggle) {
  const at = asked(cut);
  const x = across(cut, at * 1.9, width);
  const low = Math.min(...cut.losses, floored.floor.value, line.beyond.low, floored.beyond.low);
  const domain = /** @type {Interval} */ ([
    Math.max(low, Math.min(...cut.losses) * 0.7) * 0.985,
    Math.max(...cut.losses) * 1.02,
  ]);
  const y = {
    title: "loss, nats per token (logarithmic)",
    domain,
    ticks: ticks(domain, 8).map((value) => /** @type {[number, string]} */ ([value, number(value, 1)])),
  };
  const frame = frameOf(width, Math.max(330, Math.min(430, width * 0.56)), x, y);
  const floor = frame.y(floored.floor.value);
  return chart(
    frame,
    x,
    y,
    `Loss against ${cut.along}, both axes logarithmic, with two fitted laws`,
    floor < frame.bottom && [
      make("line", { class: "floor", x1: frame.left, x2: frame.right, y1: floor, y2: floor }),
      make(
        "text",
        { class: "floor-name", x: frame.left + 6, y: floor - 6 },
        `floor F = ${number(floored.floor.value)}`,
      ),
    ],
    curve(frame, x.domain, line.loss, "line"),
    curve(frame, x.domain, floored.loss, "floored"),
    make("line", { class: "far", x1: frame.x(at), x2: frame.x(at), y1: frame.top, y2: frame.bottom }),
    spread(frame, at, line.beyond, "line", -6),
    spread(frame, at, floored.beyond, "floored", 6),
    make(
      "text",
      { class: "further", x: frame.x(at), y: frame.top - 6, "text-anchor": "middle" },
      width < NARROW ? "10 ×" : "10 × further",
    ),
    cut.x.map((value, i) => point(frame, cut, i, out.has(i), [value, cut.losses[i]], () => toggle(i))),
  );
}

/**
 * A prediction and its interval, as far as it lies in the chart.
 * @param {Frame} frame
 * @param {number} at
 * @param {Estimate} beyond
 * @param {string} kind
 * @param {number} aside pixels, so that two can be told apart
 */
function spread(frame, at, { value, low, high }, kind, aside) {
  const place = (/** @type {number} */ loss) =>
    loss > 0 ? Math.min(frame.bottom, Math.max(frame.top, frame.y(loss))) : frame.bottom;
  const x = frame.x(at) + aside;
  return make(
    "g",
    { class: `spread ${kind}` },
    make("line", { x1: x, x2: x, y1: place(low), y2: place(high) }),
    make("circle", { cx: x, cy: place(value), r: 4.5 }),
  );
}

/**
 * A training that can be switched off and on.
 * @param {Frame} frame
 * @param {CutData} cut
 * @param {number} i
 * @param {boolean} out
 * @param {readonly [number, number]} place
 * @param {() => void} toggle
 */
function point(frame, { along }, i, out, [x, loss], toggle) {
  const [cx, cy] = [frame.x(x), frame.y(loss)];
  const node = make(
    "g",
    {
      class: out ? "training out" : "training",
      "data-i": i,
      ...{ role: "checkbox", tabindex: 0, "aria-checked": String(!out), onclick: toggle },
      "aria-label": `${short(x)} ${along}: ${number(loss, 3)} nats`,
    },
    make("circle", { class: "touch", cx, cy, r: TOUCH }),
    make("circle", { class: "dot", cx, cy, r: 6.5 }),
    make("title", {}, `${short(x)} ${along}: ${number(loss, 3)} nats`),
  );
  onKeys(node, { Enter: toggle, " ": toggle });
  return node;
}

/**
 * What each law misses, in percent of the loss.
 * @param {Shown} shown
 * @param {number} width
 */
export function missedChart({ cut, out, line, floored }, width) {
  const x = across(cut, cut.x[cut.x.length - 1] * 1.6, width);
  const missed = (/** @type {Fit} */ { loss }) => cut.x.map((value, i) => 100 * (cut.losses[i] / loss(value) - 1));
  const both = [missed(line), missed(floored)];
  const most = Math.max(1, ...both.flat().map(Math.abs)) * 1.12;
  const domain = /** @type {Interval} */ ([-most, most]);
  const y = {
    title: "measured above the law, %",
    linear: true,
    domain,
    ticks: ticks(domain, 5).map((value) => /** @type {[number, string]} */ ([value, number(value, value % 1 ? 1 : 0)])),
  };
  const frame = frameOf(width, 240, x, y);
  const drawn = both.map((values, k) => {
    const kind = k ? "floored" : "line";
    const places = values.map((value, i) => /** @type {const} */ ([frame.x(cut.x[i]), frame.y(value)]));
    return [
      make("path", { class: `curve thin ${kind}`, d: linePath(places) }),
      places.map(([cx, cy], i) => make("circle", { class: `miss ${kind}${out.has(i) ? " out" : ""}`, cx, cy, r: 5 })),
    ];
  });
  const zero = make("line", { class: "zero", x1: frame.left, x2: frame.right, y1: frame.y(0), y2: frame.y(0) });
  return chart(frame, x, y, "What each law misses, in percent of the loss", zero, drawn);
}

/**
 * The losses less the fitted floor.
 * @param {Shown} shown
 * @param {number} width
 */
export function aboveFloorChart({ cut, out, floored }, width) {
  const x = across(cut, cut.x[cut.x.length - 1] * 1.6, width);
  const floor = floored.floor.value;
  const left = cut.losses.map((loss) => loss - floor);
  const shown = left.filter((each) => each > 0);
  const domain = /** @type {Interval} */ ([Math.min(...shown) / 1.3, Math.max(...shown) * 1.3]);
  const y = {
    title: "loss − F, nats (logarithmic)",
    domain,
    ticks: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 4]
      .filter((value) => domain[0] <= value && value <= domain[1])
      .map((value) => /** @type {[number, string]} */ ([value, String(value)])),
  };
  const frame = frameOf(width, 240, x, y);
  const dots = left.map(
    (each, i) =>
      each > 0 &&
      make("circle", { class: out.has(i) ? "dot out" : "dot", cx: frame.x(cut.x[i]), cy: frame.y(each), r: 6 }),
  );
  const law = (/** @type {number} */ value) => floored.loss(value) - floor;
  return chart(
    frame,
    x,
    y,
    "The loss less the floor, both axes logarithmic",
    curve(frame, x.domain, law, "floored"),
    make("g", { class: "training" }, dots),
  );
}
