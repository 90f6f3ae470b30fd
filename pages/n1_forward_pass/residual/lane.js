// @ts-check
// The lane: the stream of one word from the embedding to the final norm.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { placed } from "./lane_place.js";
import { angleRow, guessRow, lengthRow, pushRow } from "./lane_rows.js";
import { line, rect, text } from "./shapes.js";
import { pushed } from "./streams.js";

/** @typedef {import("./lane_place.js").Place} Place */
/** @typedef {import("./lane_place.js").Row} Row */
/** @typedef {import("./streams.js").Look} Look */
/** @typedef {import("../../../ui/kit/elements.js").Child} Child */

/**
 * `mark` lights a station's column; `middle` is where that is; `at` is the station under the pointer;
 * `scrolled` keeps the rows' names in sight.
 * @typedef {{svg: SVGSVGElement, mark: (station: number) => void, middle: (station: number) => number,
 *   at: (event: MouseEvent) => number, scrolled: (by: number) => void}} Lane
 */

/**
 * @param {Look} look
 * @param {{width: number, seen: number}} size in CSS pixels: all of it, and what is seen at a time
 * @param {string} label what it shows, in words
 * @returns {Lane}
 */
export function lane(look, { width, seen }, label) {
  const columns = look.streams.stations + 1;
  const place = placed(columns, width, seen);
  const { height, gutter, step } = place;
  const lit = rect("here", { x: 0, y: 0, width: step, height }, 8);
  const names = make("g", {}, gutter ? rowTitles(look, place) : rowNames(place));
  const svg = make(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    [lit, layerHeadings(look, place), endHeadings(look, place)],
    [lengthRow(look, place), angleRow(look, place), guessRow(look, place), pushRow(look, place), names],
  );
  return {
    svg,
    mark: (station) => lit.setAttribute("x", String(gutter + station * step)),
    middle: place.x,
    scrolled: (by) => names.setAttribute("transform", `translate(${by})`),
    at: (event) =>
      clamp(Math.floor((event.clientX - svg.getBoundingClientRect().left - gutter) / step), 0, columns - 1),
  };
}

/**
 * Names and explanations of the rows, in the gutter.
 * @param {Look} look
 * @param {Place} place
 * @returns {Child[]}
 */
function rowTitles(look, { rows }) {
  const { length, angle, guess, push } = rows;
  /** @type {[number, ...string[]][]} */
  const titles = [
    [length.top + length.height / 2 - 6, "Length", "stream, additions"],
    [angle.top + 28, "Angle", "to the stream so far"],
    [guess.top + 12, "Guess", "logit lens, rough"],
    [
      push.top + push.height / 2 - 6,
      "Push",
      `on the ${look.target ? "lead" : "logit"}`,
      `sum: ${number(pushed(look))}`,
    ],
  ];
  return titles.map(([y, ...lines]) => lines.map((each, i) => text(i ? "" : "row", 0, y + 15 * i, each, "start")));
}

/** @type {Record<Row, number>} */
const DOWN = { length: 12, angle: 10, guess: -4, push: 14 };

/**
 * Where there is no gutter, above the rows.
 * @param {Place} place
 */
const rowNames = ({ rows }) =>
  /** @type {Row[]} */ (Object.keys(DOWN)).map((row) => text("row halo", 0, rows[row].top + DOWN[row], row, "start"));

/**
 * @param {Look} look
 * @param {Place} place
 * @returns {Child[]}
 */
function layerHeadings(look, { x, step, height, roomy }) {
  return range(look.streams.header.n_layers).map((layer) => {
    const [attention, mlp] = [x(2 * layer + 1), x(2 * layer + 2)];
    const left = attention - step / 2;
    const named = step >= 12 || layer % 4 === 0;
    return [
      line("split", left, 0, left, height),
      named && text("layer", (attention + mlp) / 2, 14, step >= 34 ? `Layer ${layer + 1}` : String(layer + 1)),
      step >= 15 && text("t-attention", attention, 32, roomy ? "attention" : "A"),
      step >= 15 && text("t-mlp", mlp, 32, roomy ? "MLP" : "M"),
    ];
  });
}

/**
 * @param {Look} look
 * @param {Place} place
 * @returns {Child[]}
 */
function endHeadings({ streams }, { x, step, height, roomy }) {
  const left = x(streams.stations) - step / 2;
  return [
    line("split", left, 0, left, height),
    roomy && text("layer", x(0), 32, "embedding"),
    roomy && text("layer", x(streams.stations), 32, "final norm"),
  ];
}
