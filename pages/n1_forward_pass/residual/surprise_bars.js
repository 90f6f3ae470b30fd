// @ts-check
// The loss of each token: two bars for each, intact and without what was taken out.

import { linearScale } from "../../../ui/kit/axes.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { nats } from "./removal_prose.js";
import { line, rect } from "./shapes.js";

/** @typedef {import("./removal.js").Removal} Removal */
/** @typedef {import("../../../ui/kit/elements.js").Child} Child */
/** @typedef {{kind: string, surprises: (number | null)[], at: number}} Series */

const HEIGHT = 178; // px
const BASE = 138;

/**
 * @param {Removal} removal
 * @param {string[]} targets the words that were to be guessed
 * @param {number} width in CSS pixels
 */
export function surpriseBars({ intact, without, removed }, targets, width) {
  const out = removed.length > 0;
  /** @type {Series[]} */
  const series = [{ kind: "intact", surprises: intact.surprises, at: out ? 0.12 : 0.3 }];
  if (out) series.push({ kind: "hurt", surprises: without.surprises, at: 0.5 });
  const known = [...intact.surprises, ...without.surprises].filter((each) => each !== null);
  const highest = Math.max(0, ...known);
  const top = Math.max(1, highest);
  const y = linearScale([0, top], [BASE, 18]);
  const step = width / targets.length;
  const less = out ? `, ${nats(without.loss)} with parts off` : "";
  const label = `Mean loss ${nats(intact.loss)} with all parts${less}.`;
  return make(
    "svg",
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": label },
    line("base", 0, BASE, width, BASE),
    make("text", { class: "key-intact", x: 0, y: 10 }, "all parts on"),
    out && make("text", { class: "key-hurt", x: 92, y: 10 }, "parts off"),
    make("text", { x: width, y: 10, "text-anchor": "end" }, `highest: ${number(highest)}`),
    series.map((each) => bars(each, targets, step, (surprise) => y(surprise ?? top))),
    step >= 13 && targets.map((target, i) => name(target, (i + 0.5) * step)),
  );
}

/**
 * @param {Series} series
 * @param {string[]} targets
 * @param {number} step
 * @param {(surprise: number | null) => number} y
 * @returns {Child[]}
 */
function bars({ kind, surprises, at }, targets, step, y) {
  return surprises.map((surprise, i) => {
    const box = { x: (i + at) * step, y: y(surprise), width: Math.min(40, step * 0.36), height: BASE - y(surprise) };
    const bar = rect(kind, box, 2);
    bar.append(make("title", {}, `${targets[i]}: ${surprise === null ? "overflows" : `${number(surprise)} nats`}`));
    return bar;
  });
}

/**
 * @param {string} target
 * @param {number} x
 */
const name = (target, x) => make("text", { x, y: BASE + 8, transform: `rotate(38 ${x} ${BASE + 8})` }, target);
