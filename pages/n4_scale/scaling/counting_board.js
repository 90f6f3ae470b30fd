// @ts-check
// The exponent of the best size, as it looks to someone who leaves embeddings out of the count.

import { range } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, number, percent, short } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { chart, curve, frameOf } from "./log_chart.js";
import { growth, growthBetween, total } from "./uncounted_embeddings.js";

/** @import { ParametricConstants } from "./scaling_laws.js" */
/** @import { Uncounted } from "./uncounted_embeddings.js" */
/** @import { Axis } from "./log_chart.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Interval } from "../../../ui/kit/axes.js" */

/**
 * The law of all parameters, vocabularies, and what Kaplan et al. trained and found.
 * @typedef {{law: ParametricConstants, vocabularies: number[], first: number, aspect: number,
 *   sizes: [number, number], kaplan: number}} CountingData
 */
/** @typedef {{root: HTMLElement, page: Page, data: CountingData, vocabulary: number, n: number}} Board */

/** @type {Interval} */
const SIZES = [100, 1e13];
/** @type {Axis} */
const Y = {
  ...{ title: "exponent a of the best size, N ∝ Cᵃ", linear: true, domain: [0.4, 1] },
  ticks: range(7).map((i) => [0.4 + i / 10, number(0.4 + i / 10, 1)]),
};

export default mount((root, page) => {
  /** @type {Board | undefined} */
  let board;
  const change = (/** @type {Partial<Board>} */ to) => {
    if (!board) return;
    Object.assign(board, to);
    draw(board);
    page.drawn();
  };
  find(root, ".size").append(
    slider({
      ...{ label: "parameters of the layers", min: 2.5, max: 12.5, step: 0.02, value: 7 },
      ...{ show: (to) => short(10 ** to), change: (to) => change({ n: 10 ** to }) },
    }),
  );
  return {
    receive(/** @type {CountingData} */ data) {
      if (board) return;
      board = { root, page, data, vocabulary: data.first, n: 1e7 };
      const { vocabularies } = data;
      const name = (/** @type {number} */ i) => count(vocabularies[i]);
      radios(find(root, ".vocabularies"), "Vocabulary", vocabularies.length, name, (i) => change({ vocabulary: i }));
      draw(board);
    },
    stop: follow(root, () => board && draw(board)),
  };
});

/** @param {Board} board */
function draw({ root, data, vocabulary, n }) {
  const { law, aspect, sizes, kaplan } = data;
  const uncounted = { law, aspect, vocabulary: data.vocabularies[vocabulary] };
  const all = law.beta / (law.alpha + law.beta);
  check(find(root, ".vocabularies"), vocabulary);
  find(root, ".finding").replaceChildren(
    ...rich([
      "One law, two counts: over Kaplan’s sizes the best size grows as C to the power ",
      ["attention", `${number(growthBetween(uncounted, sizes))} without embeddings`],
      " and ",
      ["query", `${number(all)} with them`],
    ]),
  );
  const main = find(root, ".main");
  main.replaceChildren(picture(uncounted, all, kaplan, sizes, n, main.clientWidth));
  const embeddings = 1 - n / total(uncounted, n);
  find(root, ".said").textContent =
    `With ${short(n)} parameters in its layers and a vocabulary of ${count(uncounted.vocabulary)}, a model has ` +
    `${percent(embeddings)} of its parameters in its embeddings. Around this size the uncounted exponent is ` +
    `${number(growth(uncounted, n))}. In large models embeddings hardly count, and the two counts agree.`;
}

/**
 * @param {Uncounted} uncounted
 * @param {number} all the law's own exponent
 * @param {number} kaplan
 * @param {[number, number]} sizes
 * @param {number} n
 * @param {number} width
 */
function picture(uncounted, all, kaplan, sizes, n, width) {
  const narrow = width < 560;
  /** @type {Axis} */
  const x = {
    title: "parameters of the layers",
    domain: SIZES,
    ticks: [3, 6, 9, 12].map((power, i) => [10 ** power, ["1 K", "1 M", "1 B", "1 T"][i]]),
  };
  const frame = frameOf(width, 340, x, Y);
  const [from, to] = sizes.map(frame.x);
  /** @type {(a: number, kind: string, up: number, words: string) => SVGElement[]} */
  const level = (a, kind, up, words) => [
    make("line", { class: kind, x1: frame.left, x2: frame.right, y1: frame.y(a), y2: frame.y(a) }),
    make("text", { class: `name ${kind}`, x: frame.right - 6, y: frame.y(a) - up, "text-anchor": "end" }, words),
  ];
  return chart(
    frame,
    x,
    Y,
    "The exponent of the best size against the parameters of the layers",
    make("rect", { class: "trained", x: from, y: frame.top, width: to - from, height: frame.bottom - frame.top }),
    make("text", { x: from + 8, y: frame.bottom - 10 }, narrow ? "Kaplan’s sizes" : "sizes that Kaplan et al. trained"),
    level(kaplan, "kaplan", 7, narrow ? `Kaplan: ${kaplan}` : `Kaplan et al. found ${kaplan}`),
    level(all, "all", -20, narrow ? `the law: ${number(all)}` : `the law itself, everything counted: ${number(all)}`),
    curve(frame, SIZES, (size) => growth(uncounted, size), ""),
    make("circle", { class: "here", cx: frame.x(n), cy: frame.y(growth(uncounted, n)), r: 7 }),
  );
}
