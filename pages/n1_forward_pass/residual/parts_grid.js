// @ts-check
// Every part of a model as a button, a row for each kind and a column for each layer.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { number, signed } from "../../../ui/kit/format.js";
import { everyLayer, FINAL_NORM, partName, rise, rises, SUBLAYERS } from "./removal.js";

/** @typedef {import("./removal.js").Removal} Removal */
/** @typedef {import("../../../ui/kit/palette.js").Palette} Palette */
/**
 * `toggle` takes parts out or puts them back; `point` is told which part is pointed at.
 * @typedef {{toggle: (codes: string[]) => void, point: (code: string | null) => void}} Acts
 */

const FEW = 12; // layers
const NARROWEST = 16; // px of a column of many

/**
 * @param {HTMLElement} box
 * @param {Removal} removal
 * @param {Palette} palette
 * @param {Acts} acts
 */
export function drawGrid(box, removal, palette, acts) {
  const { n_layers } = removal;
  const step = Math.max(box.clientWidth / (n_layers + 2), NARROWEST);
  const scale = shareOf(removal);
  const cell = (/** @type {string} */ code) => partButton(removal, code, { step, palette, scale }, acts);
  const row = (/** @type {string} */ name, /** @type {string[]} */ codes) => [
    rowName(name, codes, acts),
    ...codes.map(cell),
  ];
  box.style.gridTemplateColumns = `auto repeat(${n_layers}, minmax(${n_layers > FEW ? NARROWEST : 0}px, 1fr))`;
  box.replaceChildren(
    make("span"),
    ...range(n_layers).map((i) => make("span", { class: "layer" }, step < 60 ? i + 1 : `layer ${i + 1}`)),
    ...SUBLAYERS.flatMap(({ kind, title, rows }) => [
      make("span", { class: `group ${kind}` }, title),
      ...rows.flatMap(([letters, name]) => row(name, everyLayer(letters, n_layers))),
    ]),
    make("span", { class: "group last" }, "After the last layer"),
    ...row("final norm", [FINAL_NORM]),
  );
}

/**
 * @param {string} name
 * @param {string[]} codes
 * @param {Acts} acts
 */
function rowName(name, codes, acts) {
  const title = codes.length > 1 && "Switch the whole row off, or on again";
  return make("button", { class: "rowname", type: "button", title, onclick: () => acts.toggle(codes) }, name);
}

/**
 * From a rise to the depth of its colour: full at nine tenths of all rises, by the logarithm.
 * @param {Removal} removal
 */
function shareOf(removal) {
  const finite = rises(removal, Object.keys(removal.overview))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const high = finite[Math.floor(0.9 * (finite.length - 1))] ?? 0;
  const top = Math.log1p(Math.max(0.1, high));
  return (/** @type {number} */ worth) => clamp(Math.log1p(Math.max(0, worth)) / top, 0, 1);
}

/**
 * @param {Removal} removal
 * @param {string} code
 * @param {{step: number, palette: Palette, scale: (worth: number) => number}} look
 * @param {Acts} acts
 */
function partButton(removal, code, { step, palette, scale }, { toggle, point }) {
  const worth = rise(removal, code);
  const share = scale(worth ?? 0);
  const told = worth === null ? "" : `: loss ${signed(worth)} nats`;
  return make(
    "button",
    {
      class: `cell${share > 0.62 ? " dark" : ""}${step < 30 ? " small" : ""}`,
      style: `background:rgb(${palette.magnitude(share, "negative").join()})`,
      type: "button",
      "data-code": code,
      "aria-label": `${partName(code)}${told}`,
      onclick: () => toggle([code]),
      onpointerenter: () => point(code),
      onpointerleave: () => point(null),
      onfocus: () => point(code),
      onblur: () => point(null),
    },
    step >= 22 && written(worth, step),
  );
}

/**
 * A rise, as there is room for it.
 * @param {number | null} worth
 * @param {number} step
 */
function written(worth, step) {
  if (worth === null) return "·";
  if (worth === Infinity) return "∞";
  if (step >= 44) return signed(worth);
  return worth < 0 ? "<0" : number(worth, worth < 9.95 ? 1 : 0);
}
