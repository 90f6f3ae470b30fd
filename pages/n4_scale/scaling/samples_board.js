// @ts-check
// The same loss on fewer tokens: a line across the ladder's curves, which the reader moves.

import { recall, rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { linePath, logTicks, ticks } from "../../../ui/kit/axes.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { flops, number, short } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { chart, frameOf } from "./log_chart.js";
import { finding, known, needs, price, tokensText } from "./samples_words.js";

/** @import { RungData } from "./samples.js" */
/** @import { Need } from "./samples_words.js" */
/** @import { Axis, Frame } from "./log_chart.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Interval } from "../../../ui/kit/axes.js" */

/** All sizes, from small to large. @typedef {{rungs: RungData[]}} SamplesData */
/**
 * @typedef {{root: HTMLElement, page: Page, rungs: RungData[], loss: number, frame?: Frame,
 *   control: import("../../../ui/kit/controls.js").Slider}} Board
 */

const FIRST = 3.4; // nats
/** @type {Interval} */
const LOSSES = [2.85, 4.3];
/** @type {Interval} */
const TOKENS = [1e5, 1.15e7];
const NAMED = [0, 1, 2, 3, 5, 7]; // sizes with their name at the curve
const NAMED_IN_NARROW = [0, 1, 2, 3, 7];
const NARROW = 480; // pixels

export default mount((root, page) => {
  /** @type {Board | undefined} */
  let board;
  whenSent(root, (place) => {
    if (!board || !place.loss) return false;
    move(board, Number(place.loss));
    return true;
  });
  const act = (/** @type {number} */ to) => board && move(board, to);
  const control = slider({
    ...{ label: "loss", min: 2.95, max: 4.15, step: 0.01, value: FIRST, show: (to) => `${number(to)} nats` },
    change: act,
  });
  find(root, ".loss").append(control);
  listen(root, () => board);
  return {
    receive(/** @type {SamplesData} */ { rungs }) {
      if (board) return;
      board = { root, page, rungs, loss: FIRST, control };
      move(board, Number(recall("loss")) || FIRST);
    },
    stop: follow(root, () => board && draw(board)),
  };
});

/**
 * The line follows the pointer that has taken it.
 * @param {HTMLElement} root
 * @param {() => Board | undefined} board
 */
function listen(root, board) {
  const main = find(root, ".main");
  let held = false;
  const pull = (/** @type {PointerEvent} */ event) => {
    const now = board();
    if (held && now?.frame) move(now, now.frame.y.invert(event.clientY - main.getBoundingClientRect().top));
  };
  main.addEventListener("pointerdown", (event) => {
    held = event.target instanceof Element && event.target.classList.contains("handle");
    if (held) main.setPointerCapture(event.pointerId);
  });
  main.addEventListener("pointermove", pull);
  for (const end of ["pointerup", "pointercancel"]) {
    main.addEventListener(end, () => {
      held = false;
    });
  }
}

/**
 * @param {Board} board
 * @param {number} loss
 */
function move(board, loss) {
  board.loss = clamp(Math.round((loss || FIRST) * 100) / 100, 2.95, 4.15);
  board.control.set(board.loss);
  rememberSoon("loss", String(board.loss));
  draw(board);
  board.page.drawn();
}

/** @param {Board} board */
function draw(board) {
  const { root, rungs, loss } = board;
  const all = needs(rungs, loss);
  find(root, ".finding").replaceChildren(...rich(finding(all, loss)));
  find(root, ".said").textContent = price(all);
  find(root, ".needed").replaceChildren(...table(all));
  const main = find(root, ".main");
  main.replaceChildren(picture(board, all, main.clientWidth));
}

/** Larger sizes are darker. @param {number} i @param {number} n */
const tint = (i, n) => `color-mix(in srgb, var(--attention) ${Math.round((100 * i) / (n - 1))}%, var(--query))`;

/**
 * @param {Board} board
 * @param {Need[]} all
 * @param {number} width
 */
function picture(board, all, width) {
  const { rungs, loss } = board;
  const narrow = width < NARROW;
  /** @type {Axis} */
  const x = {
    title: "tokens of the training",
    domain: TOKENS,
    ticks: [...logTicks(TOKENS), ...(narrow ? [] : [3e5, 3e6])].map((value) => [
      value,
      short(value).replace(/\.0+(?= |$)/, ""),
    ]),
  };
  /** @type {Axis} */
  const y = {
    ...{ title: "loss, nats per token", domain: LOSSES, linear: true },
    ticks: ticks(LOSSES, 6).map((value) => [value, number(value, 2)]),
  };
  const frame = frameOf(width, Math.max(330, Math.min(400, width * 0.52)), x, y, 62);
  board.frame = frame;
  const level = frame.y(loss);
  const line = { x1: frame.left, x2: frame.right, y1: level, y2: level };
  return chart(
    frame,
    x,
    y,
    "Loss against the tokens of the training, one curve for each size, with a line at one loss",
    rungs.map((rung, i) => sized(frame, rung, tint(i, rungs.length), (narrow ? NAMED_IN_NARROW : NAMED).includes(i))),
    make("line", { class: "level", ...line }),
    make("circle", { class: "grip", cx: frame.right, cy: level, r: 7 }),
    all.map(
      (need, i) =>
        known(need) &&
        make("circle", {
          ...{ class: "cross", cx: frame.x(need.tokens), cy: level, r: 6 },
          style: `fill:${tint(i, rungs.length)}`,
        }),
    ),
    make("line", { class: "handle", ...line }),
  );
}

/**
 * @param {Frame} frame
 * @param {RungData} rung
 * @param {string} colour
 * @param {boolean} named
 */
function sized(frame, { n, tokens, losses }, colour, named) {
  const places = tokens.map((each, i) => /** @type {const} */ ([frame.x(each), frame.y(losses[i])]));
  const [x, y] = places[places.length - 1];
  // Of a short training the name stands below, where no other curve runs.
  const beside =
    tokens[tokens.length - 1] > 2 ** 20 ? { x: x + 8, y: y + 5 } : { x: x - 4, y: y + 19, "text-anchor": "end" };
  return [
    make("path", { class: "size", d: linePath(places), style: `stroke:${colour}` }),
    places.map(([cx, cy]) => make("circle", { cx, cy, r: 3, style: `fill:${colour}` })),
    named && make("text", { class: "end", ...beside, style: `fill:${colour}` }, short(n)),
  ];
}

/** @param {Need[]} all */
function table(all) {
  const least = Math.min(...all.filter(known).map((need) => need.flops));
  const head = ["parameters", "tokens needed", "compute"].map((words) => make("th", { scope: "col" }, words));
  const body = all.map((need, i) => {
    const dot = make("i", { style: `background:${tint(i, all.length)}` });
    return make(
      "tr",
      { class: known(need) ? "" : "none" },
      make("th", { scope: "row" }, dot, short(need.rung.n)),
      make("td", {}, tokensText(need)),
      make("td", { class: need.flops === least ? "least" : "" }, known(need) ? flops(need.flops) : ""),
    );
  });
  return [make("thead", {}, make("tr", {}, head)), make("tbody", {}, body)];
}
