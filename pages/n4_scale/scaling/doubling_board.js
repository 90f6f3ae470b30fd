// @ts-check
// What the next doubling of the tokens gains, by a published law.

import { recall, rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { ticks } from "../../../ui/kit/axes.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number, percent, short } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { chart, curve, frameOf } from "./log_chart.js";
import { round } from "./plane_map.js";
import { loss } from "./scaling_laws.js";

/** @import { ParametricConstants } from "./scaling_laws.js" */
/** @import { KnownModel } from "./plane_map.js" */
/** @import { Axis } from "./log_chart.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Interval } from "../../../ui/kit/axes.js" */

/**
 * The law, models by size and text, which is first, and the tokens that the law’s trainings had.
 * @typedef {{law: ParametricConstants, models: KnownModel[], first: number, trained: [number, number]}} DoublingData
 */
/**
 * @typedef {{root: HTMLElement, page: Page, data: DoublingData, model: number, tokens: number,
 *   control: import("../../../ui/kit/controls.js").Slider}} Board
 */

/** @type {Interval} */
const TOKENS = [1e10, 1e14];
const START = 3e11; // where the doublings of the right chart begin: GPT-3
const DOUBLINGS = range(7).map((i) => START * 2 ** i);
const HEIGHT = 320;
const NARROW = 480;

export default mount((root, page) => {
  /** @type {Board | undefined} */
  let board;
  whenSent(root, (place) => {
    if (!board || !place.seen) return false;
    move(board, Number(place.seen));
    return true;
  });
  const control = slider({
    ...{ label: "tokens D", min: Math.log10(2e10), max: Math.log10(4e13), step: "any", value: Math.log10(START) },
    show: (to) => short(10 ** to),
    change: (to) => board && move(board, 10 ** to),
  });
  find(root, ".tokens").append(control);
  return {
    receive(/** @type {DoublingData} */ data) {
      if (board) return;
      board = { root, page, data, control, model: data.first, tokens: data.models[data.first].n_tokens };
      const { models } = data;
      radios(
        find(root, ".models"),
        "Size of",
        models.length,
        (i) => models[i].name,
        (i) => board && move(Object.assign(board, { model: i }), models[i].n_tokens),
      );
      move(board, Number(recall("seen")) || board.tokens);
    },
    stop: follow(root, () => board && draw(board)),
  };
});

/**
 * @param {Board} board
 * @param {number} tokens
 */
function move(board, tokens) {
  board.tokens = clamp(tokens || START, 2e10, 4e13);
  board.control.set(Math.log10(board.tokens));
  rememberSoon("seen", board.tokens.toPrecision(4));
  draw(board);
  board.page.drawn();
}

/**
 * Nats that twice the tokens gain.
 * @param {ParametricConstants} law
 * @param {number} n
 * @param {number} d
 */
const gain = (law, n, d) => loss(law, n, d) - loss(law, n, 2 * d);

/** @param {Board} board */
function draw({ root, data, model, tokens }) {
  const { law, models, trained } = data;
  const { name, n_parameters: n } = models[model];
  check(find(root, ".models"), model);
  const [first, here] = [gain(law, n, START), gain(law, n, tokens)];
  const before = `. Going from ${short(START)} to ${short(2 * START)} gained ${number(first, 4, 0)}`;
  find(root, ".finding").replaceChildren(
    ...rich([
      `Going from ${short(tokens)} to ${short(2 * tokens)} tokens gains `,
      ["key", `${number(here, 4, 0)} nats`],
      ` by this law${tokens === START ? "" : before}`,
    ]),
  );
  find(root, ".loss-title").textContent = `The law’s loss for a model of ${name}’s size, ${short(n)} parameters`;
  const [falling, gains] = [find(root, ".falling"), find(root, ".gains")];
  falling.replaceChildren(lossChart(data, n, tokens, falling.clientWidth));
  gains.replaceChildren(gainChart(data, n, tokens, gains.clientWidth));
  const share = here / (loss(law, n, tokens) - loss(law, n, Infinity));
  find(root, ".said").textContent =
    `Each doubling takes ${percent(share)} of what limited text still costs, so the gain shrinks and never ends. ` +
    "The law adds its terms: the gain in nats is the same for every size. That is an assumption of the formula.";
  find(root, ".reach").textContent =
    `The trainings behind the law had ${round(trained[0])} to ${round(trained[1])} tokens (Hoffmann et al. 2022). ` +
    "Beyond that, in the shaded part, the law extrapolates. The dots are the law’s values, not losses that these " +
    "models reached on their own text. Among the bars, the dot is the doubling of your D.";
}

/**
 * @param {DoublingData} data
 * @param {number} n
 * @param {number} tokens
 * @param {number} width
 */
function lossChart({ law, models, trained }, n, tokens, width) {
  const size = models.find((model) => model.n_parameters === n);
  const x = tokenAxis(width);
  const endless = loss(law, n, Infinity);
  /** @type {Interval} */
  const domain = [endless - 0.03, loss(law, n, TOKENS[0]) + 0.02];
  /** @type {Axis} */
  const y = {
    ...{ title: "loss, nats per token", domain, linear: true },
    ticks: ticks(domain, 5).map((value) => [value, number(value)]),
  };
  const frame = frameOf(width, HEIGHT, x, y);
  const at = (/** @type {number} */ d) => ({ cx: frame.x(d), cy: frame.y(loss(law, n, d)) });
  const [now, next] = [at(tokens), at(2 * tokens)];
  const left = frame.x(trained[1]);
  const floor = frame.y(endless);
  return chart(
    frame,
    x,
    y,
    `The law’s loss against tokens for ${short(n)} parameters`,
    make("rect", {
      class: "beyond",
      x: left,
      y: frame.top,
      width: frame.right - left,
      height: frame.bottom - frame.top,
    }),
    make("text", { x: left + 8, y: frame.top + 17 }, width < NARROW ? "extrapolated" : "beyond the law’s trainings"),
    make("line", { class: "endless", x1: frame.left, x2: frame.right, y1: floor, y2: floor }),
    make("text", { class: "halo", x: frame.left + 6, y: floor - 7 }, `with endless text: ${number(endless, 3)}`),
    curve(frame, TOKENS, (d) => loss(law, n, d), ""),
    make("path", { class: "step", d: `M${now.cx} ${now.cy}H${next.cx}V${next.cy}` }),
    make("circle", { class: "now", ...now, r: 7 }),
    make("circle", { class: "next", ...next, r: 6 }),
    size !== undefined && make("title", {}, `${size.name}: ${short(size.n_tokens)} tokens (${size.source})`),
  );
}

/**
 * @param {number} width
 * @returns {Axis}
 */
const tokenAxis = (width) => ({
  title: "tokens of the training",
  domain: TOKENS,
  ticks: [10, 11, 12, 13, 14]
    .filter((power) => width >= NARROW || power % 2 === 0)
    .map((power) => [10 ** power, ["10 B", "100 B", "1 T", "10 T", "100 T"][power - 10]]),
});

/**
 * A bar for each doubling, and a dot for that of the reader's tokens.
 * @param {DoublingData} data
 * @param {number} n
 * @param {number} tokens
 * @param {number} width
 */
function gainChart({ law }, n, tokens, width) {
  const gains = DOUBLINGS.map((d) => gain(law, n, d));
  const narrow = width < NARROW;
  /** @type {Axis} */
  const x = {
    title: narrow ? "from … tokens to twice as many" : "from this many tokens to twice as many",
    domain: [-0.6, DOUBLINGS.length - 0.4],
    linear: true,
    ticks: DOUBLINGS.flatMap((d, i) => (narrow && i % 2 ? [] : [[i, round(d)]])),
  };
  /** @type {Interval} */
  const domain = [0, gains[0] * 1.15];
  /** @type {Axis} */
  const y = {
    ...{ title: "gain, nats", domain, linear: true },
    ticks: ticks(domain, 4).map((value) => [value, number(value, 2, 0)]),
  };
  const frame = frameOf(width, HEIGHT, x, y);
  const at = Math.log2(tokens / START);
  const cy = Math.max(frame.top, frame.y(gain(law, n, tokens)));
  const half = Math.min(26, (frame.x(1) - frame.x(0)) * 0.36);
  return chart(
    frame,
    x,
    y,
    "What each doubling of the tokens gains, from 300 B tokens on",
    gains.map((value, i) => {
      const top = frame.y(value);
      return [
        make("rect", {
          ...{ class: "bar", x: frame.x(i) - half, y: top, rx: 3 },
          ...{ width: 2 * half, height: frame.bottom - top },
        }),
        make(
          "text",
          { class: "value", x: frame.x(i), y: top - 10, "text-anchor": "middle" },
          narrow && i % 2 ? "" : number(value, narrow ? 3 : 4, 0),
        ),
      ];
    }),
    at >= x.domain[0] && at <= x.domain[1] && make("circle", { class: "next", cx: frame.x(at), cy, r: 7 }),
  );
}
