// @ts-check
// One row of the weights as a ledger: each token's weight, its value, and what the head hands on.

import { largest, sum } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { number, printed, relation } from "../../../ui/kit/format.js";
import { bars } from "../../../ui/kit/pictures.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { mixture } from "./attention_head.js";
import { headName } from "./attention_words.js";

/** @import { Scene } from "./attention_scene.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */

/** @typedef {{point: (j: number | null) => void, keep: (j: number) => void}} Hand */

const LISTED = 16; // words of a row that are listed; the others are added up
const LEAST = 0.005; // smaller shares are not written out
const COLUMNS = ["word", "bar", "share", "v", "times", "mixed"];
const TITLES = ["token", "attention weight", "", "its value", "", "weight × value"];

const share = (/** @type {number} */ w) => (w < LEAST ? "< 0.01" : number(w));

/**
 * @param {HTMLElement} card
 * @param {Scene} scene
 * @param {boolean} narrow
 * @param {Hand} hand
 */
export function writeLedger(card, scene, narrow, hand) {
  const { head, weights, choice, words } = scene;
  const row = weights[choice.kept.i];
  const { listed, others } = cut(row);
  const top = Math.max(...head.v.slice(0, row.length).map(largest));
  const strip = (/** @type {ArrayLike<number>} */ values) => bars(values, top, "value", 24);
  const lines = listed.map((j) => {
    const made = head.v[j].map((x) => x * row[j]);
    const cells = [words[j], bar(row[j]), share(row[j]), strip(head.v[j]), "→", strip(made)];
    return handed(line("row", cells), j, hand);
  });
  if (others.length) {
    const part = sum(others.map((j) => row[j]));
    const made = strip(mixture(row, head.v, others));
    lines.push(line("row rest", [`${others.length} more`, bar(part), number(part), "", "→", made]));
  }
  const all = mixture(row, head.v);
  const sums = ["Σ", "", total(row, listed, others), narrow && strip(all), "=", strip(all)];
  find(card, ".ledger").replaceChildren(line("row head", TITLES), ...lines, line("row total", sums));
  describe(card, scene, listed);
}

const bar = (/** @type {number} */ w) => make("i", { style: `width: ${100 * w}%` });

/**
 * @param {string} kind
 * @param {readonly Child[]} cells
 */
const line = (kind, cells) =>
  make(
    "div",
    { class: kind, role: "row" },
    ...cells.map((each, c) => make("div", { class: COLUMNS[c], role: "cell" }, each)),
  );

/**
 * The strongest words in the order of the text, and the rest of them.
 * @param {readonly number[]} row
 */
function cut(row) {
  const order = row.map((_, j) => j).sort((x, y) => row[y] - row[x]);
  const many = order.length > LISTED + 1 ? LISTED - 3 : order.length;
  return { listed: order.slice(0, many).sort((x, y) => x - y), others: order.slice(many) };
}

/**
 * The sum of the shares: "≈" where those that are written do not add up to it as they stand.
 * @param {readonly number[]} row
 * @param {readonly number[]} listed
 * @param {readonly number[]} others
 */
function total(row, listed, others) {
  const written = listed.map((j) => (row[j] < LEAST ? NaN : printed(row[j])));
  const rest = others.length ? printed(sum(others.map((j) => row[j]))) : 0;
  const text = number(sum(row));
  return relation(sum(written) + rest, sum(row)) === "=" ? text : `≈ ${text}`;
}

/**
 * @param {HTMLElement} row
 * @param {number} j
 * @param {Hand} hand
 */
function handed(row, j, hand) {
  row.dataset.key = String(j);
  row.addEventListener("pointerover", () => hand.point(j));
  row.addEventListener("pointerout", () => hand.point(null));
  row.addEventListener("click", () => hand.keep(j));
  return row;
}

/**
 * @param {HTMLElement} card
 * @param {Scene} scene
 * @param {readonly number[]} listed
 */
function describe(card, { header, choice, words, weights }, listed) {
  const { i } = choice.kept;
  find(card, "h4").replaceChildren("What ", make("b", { class: "query" }, quote(words[i])), " receives from this head");
  find(card, ".sub").replaceChildren(
    "Each token’s ",
    make("b", { class: "value" }, "value"),
    ` is multiplied by its attention weight. The sum in the last line is the output of head ${headName(choice)}. `,
    "W",
    make("sub", {}, "O"),
    " then translates it and adds it to the residual stream.",
  );
  const said = listed.map((j) => `${visible(header.pieces[j])} ${number(weights[i][j])}`).join(", ");
  find(card, ".ledger").setAttribute("aria-label", `Attention weights of ${visible(header.pieces[i])}: ${said}`);
}

/**
 * Mark the line of the key that is looked at: that of the rest, if it is among them.
 * @param {HTMLElement} card
 * @param {number} key −1 for none
 */
export function lightLine(card, key) {
  const own = key < 0 ? null : (card.querySelector(`[data-key="${key}"]`) ?? card.querySelector(".rest"));
  for (const row of card.querySelectorAll(".ledger .row")) row.classList.toggle("here", row === own);
}
