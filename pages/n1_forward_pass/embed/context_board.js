// @ts-check
// One word in three sentences, which the reader may change; the server runs the model on each.

import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { mount } from "../../../ui/kit/mount.js";
import { ask } from "./asking.js";
import { contextFinding, contextTold, missing } from "./context_words.js";
import { drawAlike, drawVectors } from "./cosine_by_layer.js";
import { fill, toldOf } from "./typed_words.js";

/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Packed, Tensor } from "../../../ui/kit/tensors.js" */

/**
 * @typedef {{table: string, n_layers: number,
 *   examples: [string, string, string, string][]}} ContextExamples
 */
/** @typedef {{split: boolean, absent: number[]}} ContextHeader */
/** @typedef {{alike: Tensor, others: Tensor, vectors: Tensor}} ContextArrays */
/**
 * `redraw`: what was drawn last, once more.
 * @typedef {{root: HTMLElement, page: Page, fields: HTMLInputElement[], data: ContextExamples,
 *   redraw?: () => void}} Board
 */

const TYPING = 300; // ms without a key

export default mount((root, page) => {
  const fields = ["w", "a", "b", "c"].map((name) => find(root, `.field.${name}`, HTMLInputElement));
  /** @type {Board | null} */
  let board = null;
  for (const field of fields)
    field.addEventListener("input", () => {
      if (board) answer(board, TYPING);
    });
  const stop = follow(root, () => board?.redraw?.());
  return {
    stop,
    /** @param {ContextExamples} data */
    async receive(data) {
      if (data.table === board?.data.table) return;
      const isFirst = board === null;
      board = { root, page, fields, data };
      layExamples(board);
      if (isFirst && data.examples.length) fill(fields, data.examples[0]);
      await answer(board);
    },
  };
});

/** @param {Board} board */
function layExamples(board) {
  find(board.root, ".examples").replaceChildren(
    ...board.data.examples.map((example) =>
      make(
        "button",
        {
          type: "button",
          onclick: () => {
            fill(board.fields, example);
            answer(board);
          },
        },
        example[0],
      ),
    ),
  );
}

/**
 * @param {Board} board
 * @param {number} [rest] ms without a key, before the server is asked
 */
async function answer(board, rest = 0) {
  const { root, page, fields, data } = board;
  const typed = fields[0].value;
  press(board, typed);
  const told = await toldOf(root, fields, ([word, a, b, c]) => ask(data.table, "context", { word, a, b, c }), rest);
  if (told === undefined) return;
  const answered = /** @type {Packed<ContextHeader, ContextArrays> | null} */ (told);
  board.redraw = () => draw(board, typed.trim(), answered);
  board.redraw();
  page.drawn();
}

/**
 * @param {Board} board
 * @param {string} word
 */
function press({ root, data }, word) {
  root.querySelectorAll(".examples button").forEach((button, i) => {
    button.setAttribute("aria-pressed", String(data.examples[i][0] === word));
  });
}

/**
 * @param {Board} board
 * @param {string} word
 * @param {Packed<ContextHeader, ContextArrays> | null} told
 */
function draw({ root, data }, word, told) {
  const none = told ? missing(word, told.header) : "The answer did not arrive. Reload the page.";
  for (const part of [".chart", ".vectors", ".told"]) find(root, part).hidden = none !== "";
  if (none || !told) return void find(root, ".finding").replaceChildren(none);
  find(root, ".finding").replaceChildren(...rich(contextFinding(word, told.arrays, data.n_layers)));
  find(root, ".told").replaceChildren(...rich(contextTold(told.arrays, data.n_layers)));
  drawAlike(find(root, ".chart"), told.arrays);
  drawVectors(find(root, ".vectors"), word, told.arrays, data.n_layers);
}
