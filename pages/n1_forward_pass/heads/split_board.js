// @ts-check
// A layer split into heads and joined again, and what that costs. Layer, head and word follow those
// looked at anywhere on the page.

import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { Parts } from "../../../ui/kit/parts.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote } from "../../../ui/kit/words.js";
import { arrive, followPlace, goTo } from "./head_place.js";
import { favourite } from "./head_rows.js";
import { layerCost } from "./layer_cost.js";
import { flow, sharing } from "./split_flow.js";

/** @import { HeadsView, Place } from "./head_place.js" */
/** @import { Answer, SplitHeader } from "./split_flow.js" */
/** @import { Child } from "../../../ui/kit/elements.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/**
 * `view` is that of the last answer, `layers` are those that have come.
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, place: Place, view?: HeadsView,
 *   layers?: Parts<Answer>}} Board
 */

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, palette: new Palette(root), place: { layer: 0, head: 0, token: 0 } };
  followPlace(
    root,
    board.place,
    () => board.view,
    () => draw(board),
  );
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
  });
  return { receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes), stop };
});

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const answer = /** @type {Answer} */ (unpack(bytes));
  const { view, layer } = answer.header;
  const was = board.view;
  if (!arrive(board.place, view, was)) return;
  board.view = view;
  /** @type {Parts<Answer>} */
  const layers =
    (view.pass_id === was?.pass_id && board.layers) ||
    new Parts(board.root, `${view.numbers}/split`, view.sentence, (packed) => /** @type {Answer} */ (packed));
  layers.add(layer, answer);
  board.layers = layers;
  draw(board);
}

/**
 * The layer looked at comes, and is shown if it still is.
 * @param {Board} board
 */
function bring(board) {
  const { place, layers } = board;
  const { layer } = place;
  layers?.ask(layer, { layer: layer + 1 }).then((here) => {
    if (here && board.layers === layers && place.layer === layer) draw(board);
  });
}

/** @param {Board} board */
function draw(board) {
  const { root, page, palette, place } = board;
  const answer = board.layers?.get(place.layer);
  if (!answer) return bring(board);
  const { header, arrays } = answer;
  const { view, d_head, every } = header;
  const word = quote(labels(view.pieces)[place.token]);
  const loudest = favourite(slice(arrays.written, place.token));
  find(root, ".finding").replaceChildren(
    ...rich([
      `Layer ${place.layer + 1} cuts `,
      ["query", word],
      `’s query into ${view.n_heads} × ${d_head} numbers. Head ${loudest + 1} adds most to its residual stream`,
    ]),
  );
  const n = view.pieces.length;
  const drawn = n > 1 ? ` The shapes are those of all ${n} tokens. The row of ${word} is drawn.` : "";
  find(root, ".about").textContent = about(header) + drawn;
  const choose = (/** @type {number} */ head) => goTo({ head });
  find(root, ".flow").replaceChildren(...flow({ answer, place, palette, choose }));
  find(root, ".caption").textContent =
    every > 1
      ? `Of each vector every ${every}th number is drawn.`
      : "Each bar is one number, up or down from zero. Each row of bands has one scale. " +
        "The output is added to the residual stream.";
  find(root, ".cost h4").textContent = "Many heads cost what one wide head would";
  find(root, ".sums").replaceChildren(
    ...sums(header).map(([sum, ...said]) => make("div", {}, make("div", { class: "big" }, sum), make("p", {}, said))),
  );
  page.drawn();
}

/** @param {SplitHeader} header */
function about(header) {
  const group = sharing(header);
  const click = "Click a band to choose that head.";
  if (group === 1) {
    return (
      "Each head works on a band of its own and does not see the other heads of its layer. W_O, the last matrix, " +
      `adds up what they found. ${click}`
    );
  }
  return (
    `Each head has a query of its own, but ${group} heads share one key and one value (grouped-query attention). ` +
    `They search the same ${header.d_head} numbers in ${group} ways. ${click}`
  );
}

/**
 * Same multiplications as one wide head; what sharing keys saves.
 * @param {SplitHeader} header
 * @returns {[sum: string, ...said: Child[]][]}
 */
function sums(header) {
  const { view, n_kv_heads: G, d_head: d, d_model: D } = header;
  const { n_layers: L, n_heads: H } = view;
  const cost = layerCost({ ...header, ...view });
  const own = layerCost({ ...header, ...view, n_kv_heads: H });
  const group = sharing(header);
  const kept = `2 × ${G} × ${d} × ${L} = ${count(cost.cached * L)}`;
  const perToken = "numbers kept for each token while text is written (the KV cache): 2 (key and value) × ";
  const tag = make("span", { class: "tag published", title: "From a paper" }, "published");
  return [
    [
      `${H} × ${d} = ${cost.per_pair}`,
      `multiplications for one query with one key. ${H} heads of ${d} need as many as one head of ${cost.per_pair}. ` +
        `Only the number of softmaxes is ${H} times as large.`,
    ],
    [
      `${H} × ${D} × ${d} = ${count(cost.q_weights)}`,
      `numbers in W_Q, which is one narrow matrix for each head, side by side. One head of full width would have ` +
        `${D} × ${D}, as many.`,
    ],
    group === 1
      ? [
          kept,
          `${perToken}${H} heads × ${d} × ${L} layers. One head of ${D} would keep 2 × ${D} × ${L}, ` +
            "as many. In fable-modern three heads share one key and one value, which keeps a third.",
        ]
      : [
          kept,
          `${perToken}${G} shared heads × ${d} × ${L} layers. One head of ${D}, or a key and a value ` +
            `for each of the ${H}, would need ${count(own.cached * L)}, ${group} times as many. ` +
            "Llama 3 8B has 32 query heads on 8 (arXiv 2407.21783). ",
          tag,
        ],
  ];
}
