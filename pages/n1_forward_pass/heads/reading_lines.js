// @ts-check
// One head as lines: who attends on the left, to whom on the right; a line is as thick as its weight.

import { make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { visible } from "../../../ui/kit/words.js";
import { fitting } from "./head_map.js";

/** @import { Focus, Large } from "./heads_scene.js" */

const HEADING = 22; // px above the first word
const WIDEST = 340; // px between both sides
const FAINT = [0.02, 0.06, 0.15, 0.35]; // shares at which the lines of all words get stronger
const TOLD = 5; // shares that are written beside their words
const LEAST = 0.01; // of them

/** @typedef {{i: number, j: number, share: number}} Line */

/**
 * The lines of the word in focus, and those of all others, of each strength.
 * @param {readonly Float32Array[]} rows
 * @param {Focus} focus
 */
function sorted(rows, focus) {
  /** @type {Line[]} */
  const picked = [];
  /** @type {Line[][]} */
  const faint = FAINT.map(() => []);
  for (const [i, row] of rows.entries()) {
    for (const [j, share] of row.entries()) {
      const level = FAINT.findLastIndex((limit) => share >= limit);
      if ((focus.side === "query" ? i : j) === focus.at) picked.push({ i, j, share });
      else if (level >= 0) faint[level].push({ i, j, share });
    }
  }
  return { picked, faint };
}

/**
 * @param {SVGSVGElement} svg
 * @param {Large} large
 * @param {readonly string[]} pieces
 * @param {number} cell height of a word in pixels
 */
export function drawLines(svg, { rows, focus }, pieces, cell) {
  const words = pieces.map((piece) => shortened(visible(piece)));
  const longest = Math.max(32, 7.4 * Math.max(...words.map((word) => word.length)));
  const left = Math.min(longest + 4, svg.clientWidth * 0.3);
  const right = Math.min(left + WIDEST, svg.clientWidth - longest - 52);
  const y = (/** @type {number} */ i) => HEADING + (i + 0.5) * cell;
  const path = (/** @type {Line} */ { i, j }) => `M${left + 8} ${y(i)}L${right - 8} ${y(j)}`;
  const { picked, faint } = sorted(rows, focus);
  svg.setAttribute("height", String(cell * rows.length + HEADING));
  svg.replaceChildren(
    make("text", { class: "title", x: left, y: 8, "text-anchor": "end" }, "attends"),
    make("text", { class: "title", x: right, y: 8 }, "attended to"),
    ...faint.map((lines, level) =>
      make("path", {
        ...{ class: "all", d: lines.map(path).join(""), "stroke-width": 0.6 + level * 0.7 },
        opacity: (0.1 + 0.05 * level) * Math.min(1, 20 / rows.length),
      }),
    ),
    ...picked.map((line) =>
      make("path", {
        ...{ class: "focus", d: path(line), "stroke-width": 0.5 + 7 * line.share },
        opacity: 0.25 + 0.75 * Math.min(1, line.share * 1.6),
      }),
    ),
    ...sides(words, focus, picked, 14 / cell).map(({ side, i, kind, share }) =>
      make(
        "text",
        { x: side === "query" ? left : right, y: y(i), class: kind, "text-anchor": side === "query" ? "end" : "start" },
        words[i],
        share !== undefined && make("tspan", { class: "share", dx: 6 }, percent(share)),
      ),
    ),
  );
}

const shortened = (/** @type {string} */ word) => (word.length > 13 ? `${word.slice(0, 12)}…` : word);

/**
 * The words on both sides that have room: the one in focus, those it is joined with most strongly with
 * their shares, and the rest faint.
 * @param {readonly string[]} words
 * @param {Focus} focus
 * @param {readonly Line[]} picked
 * @param {number} size of a label, in cells
 */
function sides(words, focus, picked, size) {
  const other = focus.side === "query" ? "j" : "i";
  const strong = picked.filter(({ share }) => share >= LEAST).sort((a, b) => b.share - a.share);
  const told = new Map(strong.slice(0, TOLD).map((line) => [line[other], line.share]));
  const best = strong[0]?.[other];
  return /** @type {const} */ (["query", "key"]).flatMap((side) => {
    const own = side === focus.side;
    const lit = own ? focus.at : best;
    return fitting(words.length, lit ?? 0, size).map((i) => {
      const share = own ? undefined : told.get(i);
      const named = i === lit && (own || side === "key");
      return { side, i, share, kind: named ? side : share === undefined ? "faint" : "" };
    });
  });
}

/**
 * The word that a pointer is at: a reader on the left half, what is read on the right.
 * @param {MouseEvent} event
 * @param {Element} svg
 * @param {number} cell
 * @returns {{side: "query" | "key", at: number}}
 */
export function wordAt(event, svg, cell) {
  const box = svg.getBoundingClientRect();
  const side = event.clientX - box.left < box.width / 2 ? "query" : "key";
  return { side, at: Math.floor((event.clientY - box.top - HEADING) / cell) };
}
