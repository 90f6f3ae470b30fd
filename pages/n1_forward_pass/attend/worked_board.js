// @ts-check
// Three tokens with two numbers each: every step of attention for the token that is chosen as query.

import { range } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { mount } from "../../../ui/kit/mount.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { quote } from "../../../ui/kit/words.js";
import { mixStep, pair, productStep, short, softmaxSteps } from "./worked_steps.js";

/** @import { Step, Worked } from "./worked_steps.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/** @typedef {{root: HTMLElement, page: Page, query: number, worked?: Worked}} Board */

const ROLES = /** @type {const} */ (["query", "key", "value"]);
const LETTERS = /** @type {const} */ (["q", "k", "v"]);

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, query: -1 };
  return { receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes) };
});

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const worked = /** @type {Worked} */ (unpack(bytes));
  const { tokens } = worked.header;
  board.worked = worked;
  if (board.query < 0) {
    board.query = tokens.length - 1;
    radios(
      find(board.root, ".queries"),
      "Query",
      tokens.length,
      (i) => tokens[i],
      (i) => choose(board, i),
    );
  }
  find(board.root, ".made").replaceChildren(...madeTable(worked));
  draw(board);
}

/**
 * @param {Board} board
 * @param {number} query
 */
function choose(board, query) {
  board.query = query;
  draw(board);
  find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
}

/** @param {Board} board */
function draw({ root, page, query, worked }) {
  if (!worked) return;
  const { tokens } = worked.header;
  check(find(root, ".queries"), query);
  const word = make("b", { class: "query" }, quote(tokens[query]));
  find(root, ".finding").replaceChildren("By hand first: what ", word.cloneNode(true), " takes from three tokens");
  find(root, ".asks").replaceChildren(...make("p", {}, ...asks(worked, query)).childNodes);
  find(root, ".steps").replaceChildren(...stepTable(worked, query));
  const mix = mixStep(worked, query);
  find(root, ".mix").replaceChildren(
    "Each attention weight multiplies its token’s ",
    make("b", { class: "value" }, "value"),
    `, and the products are added: ${mix.formula} ${mix.sign} `,
    make("b", { class: "value" }, mix.result),
  );
  find(root, ".mix.out").replaceChildren(...make("p", {}, ...written(worked, query)).childNodes);
  page.drawn();
}

/**
 * @param {Worked} worked
 * @param {number} query
 * @returns {Child[]}
 */
function asks({ header, arrays }, query) {
  const later = header.tokens
    .slice(query + 1)
    .map(quote)
    .join(" and ");
  return [
    `The query of ${quote(header.tokens[query])} is `,
    make("b", { class: "query" }, pair(slice(arrays.q, query))),
    ". √d is √2 = 1.41. ",
    later ? `The mask hides ${later}, which comes later.` : "All three tokens may be seen.",
  ];
}

/**
 * What W_O makes of the mixture, and the stream after it.
 * @param {Worked} worked
 * @param {number} query
 * @returns {Child[]}
 */
function written({ header, arrays }, query) {
  const word = quote(header.tokens[query]);
  return [
    "W",
    make("sub", {}, "O"),
    matrix(slice(arrays.maps, 3)),
    ` turns this into ${pair(slice(arrays.output, query), 1)}. It is added to the x of ${word}: `,
    `${pair(slice(arrays.x, query))} + ${pair(slice(arrays.output, query), 1)} = `,
    make("b", { class: "residual" }, pair(slice(arrays.x_after, query), 1)),
  ];
}

/** @param {ArrayLike<number>} values row by row */
const matrix = (values) =>
  make(
    "span",
    { class: "matrix" },
    Array.from(values, (x) => make("span", {}, short(x))),
  );

/**
 * @param {string} kind
 * @param {readonly Child[]} cells
 */
const line = (kind, cells) =>
  make("div", { class: `row ${kind}`, role: "row" }, ...cells.map((each) => make("div", { role: "cell" }, each)));

/** @param {Worked} worked */
function madeTable({ header, arrays }) {
  const product = (/** @type {number} */ at) => [
    make("b", { class: ROLES[at] }, LETTERS[at]),
    make("span", {}, "\u00a0= x W", make("sub", {}, LETTERS[at].toUpperCase())),
    matrix(slice(arrays.maps, at)),
  ];
  const rows = header.tokens.map((token, i) =>
    line("", [
      token,
      make("b", { class: "residual" }, pair(slice(arrays.x, i))),
      ...LETTERS.map((letter, at) => make("b", { class: ROLES[at] }, pair(slice(arrays[letter], i)))),
    ]),
  );
  return [line("head", ["token", "x", ...range(3).map(product)]), ...rows];
}

/**
 * One row for each key.
 * @param {Worked} worked
 * @param {number} query
 */
function stepTable(worked, query) {
  const { header, arrays } = worked;
  const { rows, total } = softmaxSteps(worked, query);
  const lines = header.tokens.map((token, j) => {
    const product = productStep(worked, query, j);
    const key = make("b", { class: "key" }, pair(slice(arrays.k, j)));
    const score = `${product.formula} = ${product.result}`;
    if (j > query) return line("hidden", [token, key, score, "hidden: −∞", raised("e^−∞", " = 0"), "0", ""]);
    const { divided, power, weight } = rows[j];
    const said = [token, key, score, equation(divided), equation(power), equation(weight), weightBar(worked, query, j)];
    return line(j === query ? "here" : "", said);
  });
  const titles = ["key of", "k", "score q · k", "÷ √d, then mask", "e to it", "÷ the sum: weight", ""];
  return [line("head", titles), ...lines, line("total", ["", "", "", "sum", total, "1", ""])];
}

const equation = (/** @type {Step} */ { formula, sign, result }) => raised(formula, ` ${sign} ${result}`);

/**
 * What stands behind "^" in small figures above the line.
 * @param {string} formula
 * @param {string} rest
 */
function raised(formula, rest) {
  const [base, exponent] = formula.split("^");
  return make("span", {}, base, exponent && make("sup", {}, exponent), rest);
}

/**
 * @param {Worked} worked
 * @param {number} i
 * @param {number} j
 */
function weightBar({ arrays }, i, j) {
  const width = 90 * slice(arrays.weights, i)[j];
  return make("i", { style: `width:${width}px;height:10px;border-radius:5px;background:var(--attention)` });
}
