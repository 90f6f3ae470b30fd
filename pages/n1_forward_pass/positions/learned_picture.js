// @ts-check
// A trained table of positions, and how alike its rows are.

import { make, rich } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { meanLikeness, othersByLikeness } from "./likeness.js";
import { drawTable } from "./scheme_table.js";
import { axis, pointedCanvas } from "./stage.js";

/** @typedef {import("./position_data.js").Learned} Learned */
/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Cell} Cell */
/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */

/**
 * @param {Stage} stage
 * @param {Learned} learned
 * @param {readonly string[]} labels
 * @param {Cell} at
 */
export function drawLearned(stage, learned, labels, at) {
  drawTable(stage, labels, at, {
    rows: learned.rows,
    size: learned.d_model,
    kind: "tabled two",
    label: `Trained table of ${learned.model}: a row per position.`,
    note: " (colours by the square root)",
    shade: (share) => Math.sign(share) * Math.sqrt(Math.abs(share)),
    beside: (side) => {
      const compare = drawLikeness(stage, side, learned);
      const told = make("p", { class: "sub number" });
      side.append(told);
      return (row, column) => {
        const others = othersByLikeness(learned.alike, row);
        stage.say(finding(learned, labels, row, others));
        told.textContent = `Position ${row + 1}, number ${column + 1}: ${number(slice(learned.rows, row)[column], 3)}`;
        return `${compare(row, others[0] ?? row)} ${told.textContent}`;
      };
    },
  });
}

/**
 * @param {Learned} learned
 * @param {readonly string[]} labels
 * @param {number} row
 * @param {number[]} others the most alike first
 * @returns {Segment[]}
 */
function finding({ model, alike }, labels, row, others) {
  const cosine = (/** @type {number} */ other) => number(slice(alike, row)[other]);
  const near = others[0];
  const least = others[others.length - 1];
  /** @type {Segment[]} */
  const place =
    row < labels.length
      ? [`position ${row + 1}, added to `, ["query", quote(labels[row])], ","]
      : [`position ${row + 1}, beyond your text,`];
  const likes =
    ` is most like position ${near + 1} (cosine ${cosine(near)}) and least like position ${least + 1} ` +
    `(${cosine(least)})`;
  return [`In the table of ${model}, `, ...place, likes];
}

/**
 * The cosines of every two rows; returns how two of them are compared.
 * @param {Stage} stage
 * @param {HTMLElement} side
 * @param {Learned} learned
 */
function drawLikeness(stage, side, { alike }) {
  const [size] = alike.shape;
  const width = Math.min(side.clientWidth || 260, 260);
  const far = Math.min(200, size - 1);
  const [near, distant] = [1, far].map((distance) => number(meanLikeness(alike, distance)));
  const told = make("p", { class: "told" });
  const mark = make("div", { class: "mark", style: `left:0;width:${width}px;height:4px` });
  const show = (/** @type {number} */ i, /** @type {number} */ j) => {
    mark.style.top = `${(i * width) / size - 2}px`;
    const apart = `Positions ${i + 1} and ${j + 1}, ${Math.abs(i - j)} apart: cosine `;
    told.replaceChildren(...rich([apart, ["attention", number(slice(alike, i)[j])], "."]));
    return told.textContent ?? "";
  };
  const label = `Cosine similarity of ${size} by ${size} rows: ${near} on average 1 apart, ${distant} at ${far} apart.`;
  const colour = (/** @type {number} */ i, /** @type {number} */ j) => stage.palette.sign(slice(alike, i)[j]);
  const square = { rows: size, columns: size, width, height: width, tiles: false };
  const scale = axis("position 1", size);
  scale.style.width = `${width}px`;
  side.append(
    make("h4", {}, "How alike two positions are"),
    make(
      "p",
      { class: "sub" },
      `Cosine of every two of ${size} positions: ${near} at distance 1, ${distant} at distance ${far} on average.`,
    ),
    make("div", { class: "plane" }, pointedCanvas(stage, { ...square, label, colour, show }), mark),
    ...[scale, told],
  );
  return show;
}
