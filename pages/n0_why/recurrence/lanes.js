// @ts-check
// Three networks above each other over one row of words, with the way between two of them lit.

import { range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { counted } from "./paths_words.js";

/**
 * Words, both ends (positions from 0), and how many steps of the way have been taken.
 * @typedef {{words: string[], source: number, target: number, taken: number}} Way
 */
/** @typedef {{way: Way, x: (i: number) => number, step: number, width: number}} Frame */

const [NARROWEST, WIDEST] = [26, 270]; // px of a column
const LETTER = 7.6; // px of a letter, about
const LONGEST = 12; // letters of a word
const SLOPE = 0.7; // of a leaning word's length, its height
const EDGE = 12;
const RADIUS = 8;
const LANE = { rnn: 96, lstm: 132, attention: 128 };
const GAP = 22;
const ROOMY = 760; // px from which on a lane is explained

/**
 * @param {HTMLElement} box
 * @param {Way} way
 */
export function drawLanes(box, way) {
  const n = way.words.length;
  const width = Math.max(box.parentElement?.clientWidth ?? 0, n * NARROWEST + 2 * EDGE);
  const step = Math.min(WIDEST, (width - 2 * EDGE) / n);
  /** @type {Frame} */
  const frame = { way, x: (i) => EDGE + (i + 0.5) * step, step, width: Math.max(n * step + 2 * EDGE, 330) };
  const shown = way.words.map((word) => (word.length > LONGEST ? `${word.slice(0, LONGEST - 1)}…` : word));
  const longest = Math.max(...shown.map((word) => word.length)) * LETTER;
  const leans = longest > step - 6;
  const head = leans ? SLOPE * longest + 20 : 26;
  const tops = [head, head + LANE.rnn + GAP, head + LANE.rnn + LANE.lstm + 2 * GAP];
  const height = tops[2] + LANE.attention;
  const said = `${counted(way)}. The sliders above move both ends.`;
  box.replaceChildren(
    make(
      "svg",
      { width: frame.width, height, viewBox: `0 0 ${frame.width} ${height}`, role: "img", "aria-label": said },
      [way.source, way.target].map((i) => band(frame, i, head, height)),
      shown.map((word, i) => name(frame, word, i, head, leans)),
      group(rnn(frame), "rnn", tops[0]),
      group(lstm(frame), "lstm", tops[1]),
      group(attention(frame), "attention", tops[2]),
    ),
  );
  return frame;
}

/**
 * The word under a pointer.
 * @param {Frame} frame
 * @param {number} left px within the picture
 */
export const wordAt = ({ way, step }, left) =>
  Math.min(Math.max(Math.floor((left - EDGE) / step), 0), way.words.length - 1);

/** @param {Frame} frame @param {number} i @param {number} head @param {number} height */
const band = ({ x, step }, i, head, height) =>
  make("rect", { class: "band", x: x(i) - step / 2, y: head - 4, width: step, height: height - head + 4, rx: 8 });

/** @param {Frame} frame @param {string} word @param {number} i @param {number} y @param {boolean} leans */
function name({ way, x }, word, i, y, leans) {
  const isEnd = i === way.source || i === way.target;
  const turn = leans
    ? { transform: `rotate(-44 ${x(i)} ${y - 10})`, "text-anchor": "start" }
    : { "text-anchor": "middle" };
  return make("text", { class: isEnd ? "word end" : "word", x: x(i), y: y - 10, ...turn }, word);
}

/** @param {any[]} parts @param {string} kind @param {number} top */
const group = (parts, kind, top) => make("g", { class: kind, transform: `translate(0 ${top})` }, parts);

/** @param {Frame} frame @param {string} kind @param {[title: string, steps: string, says: string]} texts */
const heading = ({ width }, kind, [title, steps, says]) =>
  make(
    "text",
    { x: EDGE, y: 16 },
    make("tspan", { class: "lane-name" }, title),
    make("tspan", { class: `steps ${kind}`, dx: 10 }, steps),
    width > ROOMY && make("tspan", { dx: 10 }, says),
  );

/** @param {boolean} isLit @param {string} kind */
const lit = (isLit, kind) => (isLit ? `lit ${kind}` : kind);

/** @param {Frame} frame @param {number} i */
const isReached = ({ way }, i) => i >= way.source && i <= Math.min(way.target, way.source + way.taken);

/** @param {number} taken @param {number} all */
const progress = (taken, all) => {
  const unit = all === 1 ? "step" : "steps";
  return taken < all ? `${taken} of ${all} ${unit}` : `${all} ${unit}`;
};

/** A row of states, each made from the one before and from its word. @param {Frame} frame */
function rnn(frame) {
  const { way, x } = frame;
  const [y, foot] = [46, 84];
  const all = way.target - way.source;
  return [
    heading(frame, "rnn", [
      "RNN",
      progress(way.taken, all),
      "Each state is computed from the one before it and from its own word.",
    ]),
    way.words.map((_, i) =>
      make("path", { class: lit(i === way.source, "wire"), d: `M${x(i)} ${foot}V${y + RADIUS}` }),
    ),
    range(way.words.length - 1).map((i) => chain(frame, i, y)),
    way.words.map((_, i) => make("circle", { class: lit(isReached(frame, i), "node"), cx: x(i), cy: y, r: RADIUS })),
  ];
}

/** @param {Frame} frame @param {number} i @param {number} y @param {string} [more] */
function chain(frame, i, y, more = "") {
  const on = isReached(frame, i) && isReached(frame, i + 1);
  return make("path", {
    class: `${lit(on, "wire")} ${more}`,
    d: `M${frame.x(i) + RADIUS} ${y}H${frame.x(i + 1) - RADIUS}`,
  });
}

/** A row of cells above the row of states. @param {Frame} frame */
function lstm(frame) {
  const { way, x } = frame;
  const [cell, state, foot] = [46, 84, 120];
  const all = way.target - way.source;
  const arrived = way.taken >= all;
  const isUp = (/** @type {number} */ i) => i === way.source || (i === way.target && arrived);
  return [
    heading(frame, "lstm", [
      "LSTM",
      progress(way.taken, all),
      "A cell (squares) runs beside the state. Gates decide what it keeps and what it shows.",
    ]),
    way.words.map((_, i) =>
      make("path", { class: lit(i === way.source, "wire"), d: `M${x(i)} ${foot}V${state + RADIUS}` }),
    ),
    way.words.map((_, i) =>
      make("path", { class: lit(isUp(i), "wire"), d: `M${x(i)} ${state - RADIUS}V${cell + RADIUS}` }),
    ),
    range(way.words.length - 1).map((i) => [
      chain(frame, i, cell, "cell"),
      make("path", {
        class: "wire",
        d: `M${x(i) + RADIUS} ${state}H${x(i + 1) - RADIUS}`,
      }),
    ]),
    way.words.map((_, i) => square(frame, i, cell)),
    way.words.map((_, i) => make("circle", { class: lit(isUp(i), "node"), cx: x(i), cy: state, r: RADIUS })),
  ];
}

/** The cell at one word. @param {Frame} frame @param {number} i @param {number} y */
const square = (frame, i, y) =>
  make("rect", {
    class: lit(isReached(frame, i), "node"),
    x: frame.x(i) - RADIUS,
    y: y - RADIUS,
    width: 2 * RADIUS,
    height: 2 * RADIUS,
    rx: 4,
  });

/** Every pair by one line. @param {Frame} frame */
function attention(frame) {
  const { way, x } = frame;
  const [top, foot] = [44, 112];
  const pairs = way.words.flatMap((_, i) => range(i + 1).map((j) => /** @type {const} */ ([j, i])));
  const arrived = way.taken >= 1;
  return [
    heading(frame, "attention", [
      "Transformer layer",
      progress(way.taken, 1),
      "Each word (above) reads itself and all words before it (below).",
    ]),
    pairs.map(([j, i]) => make("path", { class: "pair", d: `M${x(j)} ${foot}L${x(i)} ${top}` })),
    arrived && make("path", { class: "lit wire", d: `M${x(way.source)} ${foot}L${x(way.target)} ${top}` }),
    way.words.map((_, i) =>
      make("circle", { class: lit(i === way.source, "node"), cx: x(i), cy: foot, r: RADIUS - 1 }),
    ),
    way.words.map((_, i) =>
      make("circle", { class: lit(i === way.target && arrived, "node"), cx: x(i), cy: top, r: RADIUS - 1 }),
    ),
  ];
}
