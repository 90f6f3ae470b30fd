// @ts-check
// Why scores are divided by √d: how one row's weights would lie under every divisor from 1 to d.

import { entropy } from "../../../ui/kit/arithmetic.js";
import { linearScale, linePath, logScale } from "../../../ui/kit/axes.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { number, percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { sharpness, slope, strongest, weights } from "./attention_head.js";

/** @import { Scene } from "./attention_scene.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

const SIZE = { width: 360, height: 232, left: 34, right: 352, top: 26, base: 176 };
const NOTICEABLE = 1.2; // times
const HARDLY = 0.02; // of a weight

/**
 * A row of n words: undivided, divided by √d, divided by d.
 * @typedef {{n: number, d: number, off: number[], on: number[], flat: number[],
 *   curve: {divisor: number, row: number[]}[]}} Rows
 */

/**
 * @param {HTMLElement} card
 * @param {Scene} scene
 */
export function explainDivision(card, { header, head, choice, words }) {
  const { i } = choice.kept;
  const d = header.d_head;
  const curve = sharpness(head.scores, i, d);
  const on = weights(head.scores, i, Math.sqrt(d));
  /** @type {Rows} */
  const rows = { n: i + 1, d, off: curve[0].row, on, flat: curve[curve.length - 1].row, curve };
  find(card, "h4").textContent = `Why divide by √${d}?`;
  find(card, ".said").replaceChildren(...rich([reason(d), ...effect(rows, words)]));
  find(card, ".trained").hidden = i === 0;
  find(card, ".axes").textContent = i === 0 ? "" : legend(rows.n);
  find(card, ".chart").replaceChildren(...(i === 0 ? [] : [chart(rows)]));
}

const reason = (/** @type {number} */ d) =>
  `A score is a sum of ${d} products. If they are independent, with mean 0 and variance 1, ` +
  `the sum has variance ${d}: ` +
  `its typical size is √${d}. Dividing by √${d} brings it back to 1 (Vaswani et al. 2017). `;

/**
 * What the division does to this row.
 * @param {Rows} rows
 * @param {readonly string[]} words
 * @returns {Segment[]}
 */
function effect({ n, d, off, on, flat }, words) {
  if (n === 1) return ["A row of one token cannot show this. Choose a later token."];
  const best = strongest(off);
  const tilt = slopes(slope(on), slope(off));
  /** @type {Segment} */
  const from = ["query", quote(words[n - 1])];
  /** @type {Segment} */
  const to = ["key", best === n - 1 ? "itself" : quote(words[best])];
  if (off[best] - on[best] < HARDLY && !tilt) {
    const same = ` gets ${percent(on[best])} with the division and ${percent(off[best])} without it.`;
    return ["In the row of ", from, " it hardly matters: ", to, same];
  }
  const instead = ` instead of ${percent(on[best])}. Divided by ${d}, it would give ${percent(flat[best])}.${tilt}`;
  return ["Without the division, ", from, ` would give ${percent(off[best])} to `, to, instead];
}

/**
 * @param {number} on slope of the divided row
 * @param {number} off slope of the undivided one
 */
function slopes(on, off) {
  const times = on / off;
  if (times < NOTICEABLE && times > 1 / NOTICEABLE) return "";
  return ` Undivided, the slope of the softmax would be ${number(off)} instead of ${number(on)}.`;
}

const legend = (/** @type {number} */ n) =>
  "Let w be the attention weights of the row. Their entropy, −Σ w ln w, says how evenly they are spread. " +
  `For ${n} equal weights it is ${number(Math.log(n))} nats (natural-log units). ` +
  "The slope, 1 − Σ w², says how much the weights move when the scores change. " +
  `It is at most ${number(1 - 1 / n)}. Near 0, training can hardly change the weights. ` +
  "The scale of the divisor is logarithmic.";

/**
 * Entropy and slope over the divisor, as parts of the largest that n words can have.
 * @param {Rows} rows
 */
function chart({ n, d, off, on, flat, curve }) {
  const { width, height, left, right, top, base } = SIZE;
  const x = logScale([1, d], [left, right]);
  const y = linearScale([0, 1], [base, top]);
  const evenness = (/** @type {number[]} */ row) => y(entropy(row) / Math.log(n));
  const steepness = (/** @type {number[]} */ row) => y(slope(row) / (1 - 1 / n));
  const path = (/** @type {(row: number[]) => number} */ height) =>
    linePath(curve.map(({ divisor, row }) => [x(divisor), height(row)]));
  const root = x(Math.sqrt(d));
  const end = evenness(flat);
  const said =
    `Entropy ${number(entropy(off))} nats undivided, ${number(entropy(on))} divided by root ${d}; ` +
    `softmax slope ${number(slope(off))} against ${number(slope(on))}.`;
  return make(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said },
    [0, 0.5, 1].map((part) => [
      make("line", { class: "grid", x1: left, x2: right, y1: y(part), y2: y(part) }),
      text("", left - 5, y(part) + 4, "end", percent(part)),
    ]),
    make("line", { class: "off", x1: left, x2: left, y1: top - 4, y2: base }),
    make("line", { class: "now", x1: root, x2: root, y1: top - 4, y2: base }),
    make("path", { class: "entropy", d: path(evenness) }),
    make("path", { class: "slope", d: path(steepness) }),
    text("", 0, 10, "start", "of the largest possible"),
    text("t-entropy", right, end + 16, "end", "entropy"),
    text("t-slope", right, end + 30, "end", "softmax slope"),
    column("t-off", left, "start", "÷ 1", off),
    column("t-now", root, "middle", `÷ √${d}`, on),
    column("", right, "end", `÷ ${d}`, flat),
  );
}

/**
 * A divisor below the chart with its row's two numbers.
 * @param {string} kind
 * @param {number} x
 * @param {string} anchor
 * @param {string} divisor
 * @param {number[]} row
 */
const column = (kind, x, anchor, divisor, row) => [
  text(kind, x, SIZE.base + 15, anchor, divisor),
  text(kind, x, SIZE.base + 34, anchor, `entropy ${number(entropy(row))}`),
  text(kind, x, SIZE.base + 50, anchor, `slope ${number(slope(row))}`),
];

/**
 * @param {string} kind
 * @param {number} x
 * @param {number} y
 * @param {string} anchor
 * @param {string} content
 */
const text = (kind, x, y, anchor, content) => make("text", { class: kind, x, y, "text-anchor": anchor }, content);
