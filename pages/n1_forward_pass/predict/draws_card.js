// @ts-check
// Repeated draws: how often each token came beside how often it was expected.

import { largest, range, sum } from "../../../ui/kit/arithmetic.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, number } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { STOPS, tally } from "./draws.js";
import { afterFirst, share, tokens } from "./prediction.js";
import { nextSeed } from "./sampling_settings.js";

/** @typedef {import("./draws.js").Tally} Tally */
/** @typedef {import("./prediction.js").View} View */
/** @typedef {import("./sampling_settings.js").SamplingSettings} SamplingSettings */

const TALLIED = 9; // tokens with a bar of their own

/**
 * @param {HTMLElement} root
 * @param {SamplingSettings} settings
 * @param {(changes: Partial<SamplingSettings>) => void} set
 */
export function drawsControls(root, settings, set) {
  const draws = slider({
    label: "draws",
    min: 0,
    max: STOPS.length - 1,
    step: 1,
    value: STOPS.indexOf(settings.draws),
    show: (x) => count(STOPS[x]),
    change: (x) => set({ draws: STOPS[x] }),
  });
  const again = () => set({ draw_seed: nextSeed(settings.draw_seed) });
  const button = make("button", { type: "button", class: "plain", onclick: again }, "another seed");
  find(root, ".draws .controls").replaceChildren(draws, make("span", { class: "name seed" }), button);
}

/**
 * @param {HTMLElement} root
 * @param {View} view
 */
export function drawDraws(root, view) {
  const { draws, draw_seed } = view.settings;
  const found = tally(view.left, draws, draw_seed);
  const best = make("b", { class: "prediction" }, quote(view.listed[0].word));
  const expected = count(share(view, 0) * draws);
  find(root, ".draws .seed").textContent = `seed ${draw_seed}`;
  find(root, ".draws h4").replaceChildren(
    ...[`In ${count(draws)} draws, `, best, ` came ${count(found.times[0])} times; ${expected} were expected`],
  );
  find(root, ".draws .sub").textContent = "Bar: how often a token came. Mark: expected.";
  const shown = Math.min(TALLIED, view.left.n, view.listed.length);
  drawTally(find(root, ".tally"), view, found.times, shown);
  find(root, ".draws .caption").replaceChildren(...gapsCaption(view, found.gaps));
}

/**
 * @param {HTMLElement} box
 * @param {View} view
 * @param {Int32Array} times
 * @param {number} shown tokens with a line of their own
 */
function drawTally(box, view, times, shown) {
  const { draws } = view.settings;
  const others = { came: sum(times.subarray(shown)), expected: draws * afterFirst(view, shown) };
  const lines = range(shown).map((i) => ({ came: times[i], expected: draws * share(view, i) }));
  const most = 1.04 * Math.max(largest(times), lines[0].expected, others.came, others.expected);
  const bars = lines.map((line, i) => tallyLine(view.listed[i].word, "", line, most));
  if (view.left.n > shown) {
    bars.push(tallyLine(`${count(tokens(view, view.left.n) - shown)} others`, "rest", others, most));
  }
  box.replaceChildren(...bars.flat());
  const said = lines.map(
    ({ came, expected }, i) => `${view.listed[i].word} ${came} of ${draws}, ${number(expected, 1)} expected`,
  );
  box.setAttribute("aria-label", said.join("; "));
}

/**
 * @param {string} name
 * @param {string} kind
 * @param {{came: number, expected: number}} line
 * @param {number} most that a bar can hold
 */
function tallyLine(name, kind, { came, expected }, most) {
  const bar = make("i", { style: `width:${(100 * came) / most}%` });
  const mark = make("u", { style: `left:${(100 * expected) / most}%` });
  const wanted = expected < 10 ? number(expected, 1) : count(expected);
  return [
    make("span", { class: `word ${kind}` }, name),
    make("span", { class: "bar" }, bar, mark),
    make("span", { class: "num" }, make("b", {}, count(came)), ` · ${wanted}`, make("span", {}, " expected")),
  ];
}

/**
 * @param {View} view
 * @param {number[]} gaps
 */
function gapsCaption({ left, settings }, gaps) {
  if (left.n === 1) return ["With one token left there is nothing to draw."];
  const after = STOPS.flatMap((stop, i) => [
    i ? ", " : "",
    make(stop === settings.draws ? "b" : "span", {}, `${count(stop)}: ${number(100 * gaps[i], 1)}`),
  ]);
  return [
    "The largest gap between a token’s frequency and its probability, in percentage points, after so many draws: ",
    ...after,
    ". On average, a hundred times as many draws make the gap ten times smaller. ",
    make("span", { title: "Generator mulberry32, in your browser" }, "The same seed gives the same draws."),
  ];
}
