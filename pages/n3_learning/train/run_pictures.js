// @ts-check
// What a model can do at one moment of its training: a head's attention weights on one example, and its answers.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { cellAt, heatmap } from "../../../ui/kit/pictures.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { headBytes, strongest } from "./run_lines.js";

/** @import { Beginning, Sample, TrainingRecord } from "./run_lines.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @typedef {{layer: number, head: number, row: number}} Look */

/**
 * @param {HTMLElement} root
 * @param {Beginning} beginning
 * @param {TrainingRecord} record
 * @param {Look} look
 * @param {Palette} palette
 */
export function drawMap(root, { example }, record, look, palette) {
  const n = record.shape[2];
  const bytes = headBytes(record, look.layer, look.head);
  const row = clamp(look.row, 0, n - 1);
  const canvas = find(root, ".map canvas", HTMLCanvasElement);
  const size = clamp(find(root, ".map").clientWidth - 26, 160, 350);
  heatmap(canvas, {
    ...{ rows: n, columns: n, width: size, height: size, hidden: palette.colour("line") },
    colour: (i, j) => j <= i && palette.magnitude(bytes[i * n + j] / 255),
  });
  const best = strongest(bytes, n, row);
  const across = find(root, ".across");
  across.style.cssText = `grid-template-columns: repeat(${n}, ${size / n}px); height: 15px`;
  across.replaceChildren(...names(example, best.key));
  const down = find(root, ".down");
  down.style.cssText = `grid-template-rows: repeat(${n}, ${size / n}px)`;
  down.replaceChildren(...names(example, row));
  const said =
    `A row attends, a column is attended to. Position ${row + 1}, ${quote(visible(example[row]))}, attends most to ` +
    `position ${best.key + 1}, ${quote(visible(example[best.key]))}: attention weight ${percent(best.weight)}.`;
  find(root, ".cell").textContent = said;
  canvas.setAttribute("aria-label", said);
}

/**
 * @param {string[]} tokens
 * @param {number} here
 */
const names = (tokens, here) =>
  tokens.map((token, i) => make("span", { class: i === here && "here" }, token === " " ? "·" : visible(token)));

/**
 * Which row of the map is under the pointer.
 * @param {HTMLElement} root
 * @param {MouseEvent} event
 * @param {number} n
 */
export const rowAt = (root, event, n) => cellAt(event, find(root, ".map canvas"), n, n).row;

/** @param {Sample[]} samples */
export const samples = (samples) => samples.map((sample) => (sample.right ? scored(sample) : written(sample)));

/** @param {Sample} sample */
function scored({ given, answered, right }) {
  const [said, wanted] = [answered.split(" "), right.split(" ")];
  const wrong = range(wanted.length).filter((i) => said[i] !== wanted[i]).length;
  const tokens = said.map((token, i) => make("b", { class: token !== wanted[i] && "wrong" }, token));
  return make(
    "div",
    { class: "sample" },
    make("p", { class: "given" }, given),
    make("p", { class: "answer" }, ...tokens.flatMap((token) => [token, " "])),
    make("small", {}, wrong ? `${wrong} of ${wanted.length} wrong; right: ${right}` : "all right"),
  );
}

/** @param {Sample} sample */
const written = ({ given, answered }) =>
  make(
    "div",
    { class: "sample" },
    make("p", {}, make("span", { class: "given" }, given), make("span", { class: "written" }, answered)),
  );
