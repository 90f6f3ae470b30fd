// @ts-check
// The loss of each token, as trained and under the mask: sums, chart, how to read it.

import { range } from "../../../ui/kit/arithmetic.js";
import { linearScale, ticks } from "../../../ui/kit/axes.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { slice } from "../../../ui/kit/tensors.js";
import { visible } from "../../../ui/kit/words.js";
import { reading } from "./loss_reading.js";
import { fine, OTHER, perplexity, TRAINED } from "./mask_pass.js";
import { isPicture } from "./mask_view.js";

/** @typedef {import("./mask_pass.js").MaskPass} MaskPass */
/** @typedef {import("./mask_view.js").MaskView} MaskView */

const HEIGHT = 214;
const LEFT = 36; // px for the numbers of the axis
const BASE = 146; // px from the top to a loss of 0
const TOP = 18; // px to the largest
const WORD_ROOM = 15;

/**
 * @param {HTMLElement} card
 * @param {MaskView} view
 * @param {number} width in px
 * @param {(layer: number, head: number) => void} show
 */
export function drawLosses(card, view, width, show) {
  const { pass } = view;
  card.hidden = pass.header.counted < 1 || isPicture(view);
  if (card.hidden) return;
  find(card, "h4").textContent = "The loss of each token of your text";
  find(card, ".sums").replaceChildren(...sums(pass));
  find(card, ".chart").replaceChildren(chart(pass, Math.max(width, 280)));
  const { said, head } = reading(view);
  const button = head && { type: "button", class: "plain", onclick: () => show(head.layer, head.head) };
  find(card, ".reading").replaceChildren(
    ...rich(said),
    button ? make("button", button, `Show head ${head.layer + 1}.${head.head + 1}`) : "",
  );
}

/** @param {MaskPass} pass */
function sums({ means }) {
  const [was, is] = means;
  const trained = perplexity(was);
  return [
    make(
      "p",
      { class: "was" },
      "○ as trained: ",
      make("b", {}, fine(was)),
      " nats per token, perplexity e",
      make("sup", {}, fine(was)),
      ` ${trained.sign} ${trained.shown}`,
    ),
    make(
      "p",
      {},
      make("span", { class: "is" }, "● under this mask: "),
      make("b", { class: "attention" }, fine(is)),
      ` nats per token, perplexity ${perplexity(is).shown}`,
    ),
  ];
}

/**
 * @param {MaskPass} pass
 * @param {number} width
 */
function chart(pass, width) {
  const losses = [TRAINED, OTHER].map((which) => slice(pass.arrays.losses, which));
  const top = Math.max(...losses[TRAINED], ...losses[OTHER], 1);
  const y = linearScale([0, top], [BASE, TOP]);
  const said = range(pass.n - 1).map(
    (t) => `${pass.words[t + 1]} ${fine(losses[TRAINED][t])}, ${fine(losses[OTHER][t])}`,
  );
  const label = `Loss of each token in nats, as trained and under this mask: ${said.join("; ")}`;
  const step = (width - LEFT) / (pass.n - 1);
  return make(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label },
    axis(top, y, width),
    range(pass.n - 1).map((t) => {
      const drawn = { t, left: LEFT + t * step, step, was: losses[TRAINED][t], is: losses[OTHER][t] };
      return place(pass, drawn, y, width);
    }),
    pass.inSight.some(Boolean) &&
      make(
        "text",
        { class: "sight", x: width, y: 8, "text-anchor": "end" },
        "shaded: the token to be predicted can be read",
      ),
  );
}

/**
 * @param {number} top
 * @param {import("../../../ui/kit/axes.js").Scale} y
 * @param {number} width
 */
function axis(top, y, width) {
  const marks = ticks([0, top], 4);
  const digits = marks.every(Number.isInteger) ? 0 : 1;
  return [
    marks.map((at) => [
      make("line", { class: "grid", x1: LEFT, x2: width, y1: y(at), y2: y(at) }),
      make("text", { x: LEFT - 8, y: y(at) + 4, "text-anchor": "end" }, number(at, digits)),
    ]),
    make("text", { x: LEFT, y: 8 }, "nats"),
  ];
}

/**
 * One token: both losses, joined, its word below, the numbers on hover.
 * @param {MaskPass} pass
 * @param {{t: number, left: number, step: number, was: number, is: number}} drawn
 * @param {import("../../../ui/kit/axes.js").Scale} y
 * @param {number} width
 */
function place(pass, { t, left, step, was, is }, y, width) {
  const x = left + step / 2;
  const r = step < 12 ? 2.5 : 4.5;
  const low = BASE + 16;
  const turned = { x, y: low, "text-anchor": "end", transform: `rotate(-42 ${x} ${low})` };
  const figure = { class: "figure", x: Math.min(x + 9, width - 80), y: Math.max(y(Math.max(was, is)) - 9, 12) };
  return make(
    "g",
    { class: t >= pass.header.counted && "unasked" },
    make("rect", { class: pass.inSight[t] ? "sight" : "hit", x: left, width: step, y: 12, height: HEIGHT - 20 }),
    make("line", { class: `link ${is > was ? "up" : "down"}`, x1: x, x2: x, y1: y(was), y2: y(is) }),
    make("circle", { class: "was", cx: x, cy: y(was), r }),
    make("circle", { class: "is", cx: x, cy: y(is), r }),
    t % Math.ceil(WORD_ROOM / step) === 0 && make("text", turned, visible(pass.header.pieces[t + 1]).slice(0, 12)),
    make("text", figure, `${fine(was)} → ${fine(is)}`),
  );
}
