// @ts-check
// The induction circuit on a text that repeats.
// Fed once per model; the chosen token is answered here.

import { whenSent } from "../../../ui/kit/address.js";
import { radio } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { clearest, headline, named, passes, proof, queries, steps } from "./induction_steps.js";

/** @import { Induction } from "./induction_steps.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/** @typedef {{root: HTMLElement, page: Page, query: number, induction?: Induction}} Board */

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, query: -1 };
  whenSent(root, ({ copy }) => copy !== undefined && visit(board, Number(copy) - 1));
  return { receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes) };
});

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const induction = /** @type {Induction} */ (unpack(bytes));
  const fresh = induction.header.pass_id !== board.induction?.header.pass_id;
  board.induction = induction;
  if (fresh) {
    board.query = clearest(induction);
    buildText(board, induction);
  }
  draw(board);
}

/**
 * The token that a question asks about.
 * @param {Board} board
 * @param {number} query
 */
function visit(board, query) {
  const { induction } = board;
  if (!induction || !queries(induction).includes(query)) return false;
  board.query = query;
  draw(board);
  return true;
}

/**
 * The text; each token with an earlier copy can be chosen.
 * @param {Board} board
 * @param {Induction} induction
 */
function buildText(board, induction) {
  const asked = new Set(queries(induction));
  const choose = (/** @type {number} */ i) => {
    board.query = i;
    draw(board);
    find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
  };
  find(board.root, ".text").replaceChildren(
    ...induction.header.pieces.map((piece, i) => {
      const word = visible(piece);
      const label = `${word}, position ${i + 1}`;
      return asked.has(i) ? radio({ group: "repeats", label, choose: () => choose(i) }, word) : make("span", {}, word);
    }),
  );
}

/** @param {Board} board */
function draw({ root, page, query, induction }) {
  if (!induction) return;
  const key = induction.arrays.key.values[query];
  Array.from(find(root, ".text").children).forEach((node, i) => {
    node.classList.toggle("copy", i === key - 1);
    node.classList.toggle("after", i === key);
    const input = node.querySelector("input");
    if (input) input.checked = i === query;
  });
  find(root, ".finding").replaceChildren(...rich(headline(induction, query)));
  find(root, ".four").replaceChildren(
    ...steps(induction, query).map(({ title, said, number }) =>
      make("li", {}, make("strong", {}, title), said, make("span", { class: "big" }, number)),
    ),
  );
  find(root, ".proof").textContent = proof(induction);
  find(root, ".passes").replaceChildren(...passTable(induction, query));
  page.drawn();
}

/**
 * @param {string} kind
 * @param {readonly (readonly [kind: string, content: Child])[]} cells
 */
const line = (kind, cells) =>
  make(
    "div",
    { class: `row ${kind}`, role: "row" },
    ...cells.map(([c, each]) => make("div", { class: c, role: "cell" }, each)),
  );

/**
 * @param {Induction} induction
 * @param {number} query
 */
function passTable(induction, query) {
  const bar = (/** @type {number} */ weight) =>
    make("div", { class: "bar" }, make("i", { style: `width:${100 * weight}%` }));
  const head = named(induction.header.induction);
  const titles = line("head", [
    ["", "run of the model"],
    ["drawn", `weight of ${head} on the copy`],
    ["", "here"],
    ["mean", "mean of all copies"],
    ["", "probability of the copy here"],
  ]);
  const rows = passes(induction, query).map(({ name, weight, mean, chance }) =>
    line("", [
      ["", name],
      ["drawn", bar(weight)],
      ["", percent(weight)],
      ["mean", percent(mean)],
      ["", percent(chance)],
    ]),
  );
  return [titles, ...rows];
}
