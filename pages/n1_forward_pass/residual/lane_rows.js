// @ts-check
// The four rows of the lane, one column for each station: lengths, angles, guesses, pushes.

import { clamp, range, sum } from "../../../ui/kit/arithmetic.js";
import { linearScale, linePath } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { percent, signed } from "../../../ui/kit/format.js";
import { visible } from "../../../ui/kit/words.js";
import { degrees } from "./residual_stream.js";
import { line, rect, text } from "./shapes.js";
import { guess, kindOf, otherLengths, pushes, settled, size, word } from "./streams.js";

/** @typedef {import("./lane_place.js").Place} Place */
/** @typedef {import("./streams.js").Look} Look */
/** @typedef {import("../../../ui/kit/elements.js").Child} Child */

const BAR = 0.54; // of a column

/**
 * Bars of what is added, the stream's line above them, the other words' behind.
 * @param {Look} look
 * @param {Place} place
 * @returns {Child[]}
 */
export function lengthRow(look, place) {
  const { lengths, sizes } = word(look);
  const { top, height } = place.rows.length;
  const base = top + height - 6;
  const y = linearScale([0, 1.16 * Math.max(...lengths, ...sizes)], [base, top + 6]);
  const path = (/** @type {number[]} */ values) => linePath(values.map((value, k) => [place.x(k), y(value)]));
  const others = otherLengths(look).map((each) => make("path", { class: "other", d: path(each) }));
  const inside = rect("", { x: 0, y: top, width: place.width, height }, 0);
  return [
    make("defs", {}, make("clipPath", { id: "inside" }, inside)),
    make("g", { "clip-path": "url(#inside)" }, others),
    baseLine(look, place, base),
    range(look.streams.stations - 1).map((i) => addedBar(look, place, y, i + 1)),
    make("path", { class: "stream", d: path(lengths) }),
    lengths.map((value, k) => streamDot(look, place, k, y(value))),
  ];
}

/**
 * @param {Look} look
 * @param {Place} place
 * @param {number} y
 */
const baseLine = ({ streams }, { x, step }, y) => line("base", x(0) - step / 2, y, x(streams.stations) + step / 2, y);

/**
 * The length of what one sublayer adds.
 * @param {Look} look
 * @param {Place} place
 * @param {(value: number) => number} y
 * @param {number} k
 * @returns {Child[]}
 */
function addedBar(look, { x, step, roomy }, y, k) {
  const { lengths, sizes } = word(look);
  const kind = kindOf(look.streams, k);
  const tall = y(0) - y(sizes[k]);
  const bar = rect(`b-${kind}`, { x: x(k) - (step * BAR) / 2, y: y(sizes[k]), width: step * BAR, height: tall });
  const inside = tall > 20;
  const free = inside || y(sizes[k]) - y(lengths[k]) > 26;
  if (!roomy || !free) return [bar];
  if (inside) return [bar, text("inside", x(k), y(0) - 6, size(sizes[k]))];
  return [bar, text(`halo t-${kind}`, x(k), y(sizes[k]) - 5, size(sizes[k]))];
}

/**
 * @param {Look} look
 * @param {Place} place
 * @param {number} k
 * @param {number} y
 * @returns {Child[]}
 */
function streamDot(look, { x, step, roomy }, k, y) {
  const dot = make("circle", { class: "dot", cx: x(k), cy: y, r: step > 20 ? 5 : 3 });
  if (!roomy && k !== 0 && k !== look.streams.stations - 1) return [dot];
  return [dot, text("t-stream halo", x(k), y - 10, size(word(look).lengths[k]))];
}

/**
 * Half a dial for each addition: the stream points right, the hand where the addition points.
 * @param {Look} look
 * @param {Place} place
 * @returns {Child[]}
 */
export function angleRow(look, { x, step, roomy, rows }) {
  const r = Math.min(26, step * 0.42);
  const base = rows.angle.top + 38;
  return range(look.streams.stations)
    .slice(1)
    .map((k) => {
      const cosine = clamp(word(look).cosines[k], -1, 1);
      const up = Math.sqrt(1 - cosine * cosine);
      return [
        make("path", { class: "arc", d: `M${x(k) - r} ${base}A${r} ${r} 0 0 1 ${x(k) + r} ${base}` }),
        line("ray", x(k), base, x(k) + r, base),
        line(`hand ${kindOf(look.streams, k)}`, x(k), base, x(k) + r * cosine, base - r * up),
        roomy && text("", x(k), base + 17, `${Math.round(degrees(cosine))}°`),
      ];
    });
}

const LETTER = 8; // px
const SLIM = 4.5;
const CHANCE = 44; // px of a probability

/**
 * What the model would say after each layer, in a chip below both of its sublayers.
 * @param {Look} look
 * @param {Place} place
 * @returns {Child[]}
 */
export function guessRow(look, { x, step, rows }) {
  if (step < 13) return [];
  const { top } = rows.guess;
  const wide = step > CHANCE;
  const { n_layers } = look.streams.header;
  const final = settled(look);
  return range(n_layers).map((layer) => {
    const width = (layer === n_layers - 1 ? 3 : 2) * step - 6; // the last may use the final norm's column
    const left = x(2 * layer + 1) - step / 2 + 3;
    const { piece, chance } = guess(look, layer);
    const shown = cut(visible(piece), width - (wide ? CHANCE : 2));
    const chip = rect(`chip ${layer >= final ? "settled" : ""}`, { x: left, y: top + 4, width, height: 24 }, 8);
    return [chip, text("guess", left + width / 2, top + 20, wide ? `${shown} ${percent(chance)}` : shown)];
  });
}

const wideness = (/** @type {string} */ word) =>
  sum(Array.from(word, (c) => (/[fijlrt.,:;'’|! ]/.test(c) ? SLIM : LETTER)));

/**
 * @param {string} word
 * @param {number} room in px
 */
function cut(word, room) {
  if (wideness(word) <= room) return word;
  const letters = Array.from(word);
  while (letters.length > 1 && wideness(letters.join("")) + LETTER > room) letters.pop();
  return `${letters.join("")}…`;
}

/**
 * What each station gives to the prediction, up or down from zero.
 * @param {Look} look
 * @param {Place} place
 * @returns {Child[]}
 */
export function pushRow(look, place) {
  const { x, step, roomy, rows } = place;
  const { stations, arrays } = look.streams;
  const given = pushes(look);
  const { top, height } = rows.push;
  const y = linearScale([Math.min(0, ...given), Math.max(0, ...given)], [top + height - 22, top + 22]);
  const bars = given.map((value, k) => {
    const box = { x: x(k) - (step * BAR) / 2, y: y(Math.max(0, value)), width: step * BAR };
    const bar = rect(`b-${kindOf(look.streams, k)}`, { ...box, height: Math.abs(y(value) - y(0)) }, 2);
    const told = roomy && (k < stations || arrays.bias);
    return [bar, told && text("", x(k), y(value) + (value < 0 ? 14 : -5), signed(value))];
  });
  return [baseLine(look, place, y(0)), bars];
}
