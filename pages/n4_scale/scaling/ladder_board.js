// @ts-check
// Our ladder in log-log: a click switches a training off, and both laws are fitted to the others.

import { recall, remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { mount } from "../../../ui/kit/mount.js";
import { aboveFloorChart, lossChart, missedChart } from "./ladder_chart.js";
import { asked, finding, rows, verdict } from "./ladder_words.js";
import { fitFloored, fitLine } from "./power_fits.js";

/** @import { CutData } from "./ladder_words.js" */
/** @import { Shown } from "./ladder_chart.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/**
 * The cuts, which is first, and how few points may be left. `student[n]` is the factor of a 95 %
 * interval with n degrees of freedom.
 * @typedef {{cuts: CutData[], first: number, least: number, student: number[]}} LadderData
 */
/** @typedef {{root: HTMLElement, page: Page, data: LadderData, cut: number, out: Set<number>}} Board */

export default mount((root, page) => {
  /** @type {Board | undefined} */
  let board;
  whenSent(root, (place) => {
    if (!board || !("cut" in place)) return false;
    choose(board, place.cut, place.out ?? "");
    return true;
  });
  return {
    receive(/** @type {LadderData} */ data) {
      if (board) return undefined;
      board = { root, page, data, cut: data.first, out: new Set() };
      listen(board);
      return choose(board, recall("cut"), recall("out"));
    },
    stop: follow(root, () => board && draw(board)),
  };
});

/** @param {Board} board */
function listen(board) {
  const { root, data } = board;
  const take = (/** @type {number} */ i) => change(board, i, []);
  radios(find(root, ".cuts"), "Trainings", data.cuts.length, (i) => data.cuts[i].name, take);
  find(root, ".all").addEventListener("click", () => change(board, board.cut, []));
  find(root, ".largest").addEventListener("click", () => {
    const n = data.cuts[board.cut].x.length;
    change(board, board.cut, [n - 2, n - 1]);
  });
}

/**
 * What an address says, as far as it makes sense.
 * @param {Board} board
 * @param {string} cut
 * @param {string} out places, with dots between
 */
function choose(board, cut, out) {
  const { data } = board;
  const i = /^\d$/.test(cut) ? clamp(Number(cut), 0, data.cuts.length - 1) : data.first;
  const n = data.cuts[i].x.length;
  const places = [...new Set(out.split(".").filter((each) => /^\d$/.test(each)))]
    .map(Number)
    .filter((each) => each < n);
  board.cut = i;
  board.out = new Set(places.slice(0, n - data.least));
  draw(board);
}

/**
 * @param {Board} board
 * @param {number} cut
 * @param {readonly number[]} out
 */
function change(board, cut, out) {
  board.cut = cut;
  board.out = new Set(out);
  remember("cut", String(cut));
  remember("out", [...board.out].sort().join("."));
  draw(board);
  board.page.drawn();
}

/**
 * @param {Board} board
 * @param {number} i
 */
function toggle(board, i) {
  const out = new Set(board.out);
  const { least, cuts } = board.data;
  if (!out.delete(i)) {
    if (cuts[board.cut].x.length - out.size <= least) {
      find(board.root, ".verdict").textContent =
        `At least ${least} points stay on: a law with a floor has three constants, so it passes through any three.`;
      return;
    }
    out.add(i);
  }
  change(board, board.cut, [...out]);
  /** @type {SVGElement | null} */ (board.root.querySelector(`.training[data-i="${i}"]`))?.focus();
}

/** @param {Board} board */
function draw(board) {
  const { root, data, out } = board;
  const cut = data.cuts[board.cut];
  const points = cut.x.map((x, i) => ({ x, loss: cut.losses[i] })).filter((_, i) => !out.has(i));
  const line = fitLine(points, asked(cut), data.student);
  const floored = fitFloored(points, asked(cut), data.student);
  const shown = { cut, out, line, floored };
  check(find(root, ".cuts"), board.cut);
  find(root, ".finding").replaceChildren(...rich(finding(cut, points.length, shown)));
  find(root, ".fits").replaceChildren(...table(shown));
  find(root, ".verdict").textContent = verdict(cut, [...out].sort(), shown);
  const place = (/** @type {string} */ name) => find(root, name);
  const main = place(".main");
  main.replaceChildren(lossChart(shown, main.clientWidth, (i) => toggle(board, i)));
  const [missed, above] = [place(".missed"), place(".above")];
  missed.replaceChildren(missedChart(shown, missed.clientWidth));
  above.replaceChildren(aboveFloorChart(shown, above.clientWidth));
  describe(root, shown);
}

/**
 * What the two small charts show.
 * @param {HTMLElement} root
 * @param {Shown} shown
 */
function describe(root, { cut, floored }) {
  find(root, ".missed-said").textContent = "Chance scatters the misses. A bow says that the form of the law is wrong.";
  const { value } = floored.floor;
  const below = Math.min(...cut.losses) <= value ? " A loss below F cannot be drawn." : "";
  find(root, ".above-said").textContent =
    value > 0
      ? `Equal factors of x are now equal factors of what is left.${below}`
      : "The best floor of these points is 0, so nothing is subtracted here.";
}

/** @param {Shown} shown */
function table(shown) {
  const head = make(
    "thead",
    {},
    make(
      "tr",
      {},
      make("th", { scope: "col" }, make("span", { class: "spoken" }, "quantity")),
      make("th", { scope: "col", class: "line" }, "straight line"),
      make("th", { scope: "col", class: "floored" }, "with a floor"),
    ),
  );
  const body = rows(shown.cut, shown).map(([name, ...both]) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, name),
      both.map(([value, note]) => make("td", {}, value, note && make("small", {}, note))),
    ),
  );
  return [head, make("tbody", {}, body)];
}
