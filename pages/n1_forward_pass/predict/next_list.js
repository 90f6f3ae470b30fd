// @ts-check
// The likeliest next tokens: logit, distance to the first, probability; and where the filters cut among them.

import { find, make } from "../../../ui/kit/elements.js";
import { count, number, percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { afterFirst, cuts, share, tokens } from "./prediction.js";
import { written } from "./sampling_settings.js";
import { distanceTitle } from "./share_formulas.js";

/** @typedef {import("./prediction.js").Next} Next */
/** @typedef {import("./prediction.js").View} View */
/**
 * @typedef {{
 *   node: HTMLElement, distance: HTMLElement, before: HTMLElement, after: HTMLElement, share: HTMLElement,
 * }} Row
 */
/** @typedef {{box: HTMLElement, rows: Row[], distance: HTMLElement, bars: HTMLElement, lines: HTMLElement}} List */

const ROW = 24; // pixels

const cell = (/** @type {string} */ kind, /** @type {string | number} */ text = "") =>
  make("span", { class: kind }, text);

/**
 * The rows of a place, which `fillList` fills.
 * @param {HTMLElement} box
 * @param {readonly Next[]} listed
 * @returns {List}
 */
export function buildList(box, listed) {
  const distance = cell("t");
  const bars = cell("p-head");
  const head = [cell("rank"), cell("", "next token"), cell("z", "logit z"), distance, bars, cell("p", "probability")];
  const rows = listed.map(listRow);
  const lines = make("div");
  box.replaceChildren(
    make("div", { class: "row head", role: "presentation" }, head),
    ...rows.map((row) => row.node),
    lines,
  );
  return { box, rows, distance, bars, lines };
}

/**
 * @param {Next} next
 * @returns {Row}
 */
function listRow({ rank, word, z, said }) {
  const parts = {
    distance: cell("t"),
    before: make("i", { class: "before" }),
    after: make("i", { class: "final" }),
    share: cell("p"),
  };
  const node = make(
    "div",
    {
      id: `token-${rank}`,
      class: "row",
      role: "option",
      title: said && "This is the token that comes next in your text",
    },
    cell("rank", rank + 1),
    cell(said ? "word said" : "word", word),
    cell("z", number(z, 3)),
    parts.distance,
    make("span", { class: "bar" }, parts.before, parts.after),
    parts.share,
  );
  return { node, ...parts };
}

/**
 * The row that an event is about; −1 for none.
 * @param {List} list
 * @param {Event} event
 */
export const rowOf = ({ rows }, { target }) =>
  rows.findIndex(({ node }) => node.contains(/** @type {Node} */ (target)));

/**
 * @param {List} list
 * @param {View} view
 */
export function fillList(list, view) {
  const { z, left, settings, listed } = view;
  const t = settings.temperature;
  list.distance.textContent = distanceTitle(view);
  list.bars.textContent = cuts(view).length ? "probability; dashed: before the filters" : "";
  for (const [i, row] of list.rows.entries()) {
    const p = share(view, i);
    const before = left.e[i] / left.steps[0].total;
    row.distance.textContent = t === 0 ? "" : number((listed[i].z - z[0]) / t, 3);
    row.before.style.width = `${100 * before}%`;
    row.before.hidden = Math.abs(p - before) < 1e-9;
    row.after.style.width = p > 0 ? `max(2px, ${100 * p}%)` : "0";
    row.share.textContent = p > 0 || t === 0 ? percent(p) : "cut";
    row.node.classList.toggle("out", p === 0);
  }
  list.lines.replaceChildren(...cutLines(view));
}

/**
 * A line below the last token that a filter keeps; filters that cut at one place share it.
 * @param {View} view
 */
function cutLines(view) {
  const inside = cuts(view).filter(({ n }) => n < view.listed.length);
  return [...new Set(inside.map(({ n }) => n))].map((n) => {
    const names = inside.filter((cut) => cut.n === n).map((cut) => written(view.settings, cut.name));
    return make("div", { class: "line", style: `top:${(n + 1) * ROW}px` }, make("span", {}, names.join(" · ")));
  });
}

/**
 * The row that is looked at.
 * @param {List} list
 * @param {number} looked
 */
export function markRow({ box, rows }, looked) {
  for (const [i, { node }] of rows.entries()) {
    node.classList.toggle("here", i === looked);
    node.setAttribute("aria-selected", String(i === looked));
  }
  box.setAttribute("aria-activedescendant", `token-${looked}`);
}

/**
 * What the list does not show: the rest, cuts further down, the word that really came.
 * @param {HTMLElement} root
 * @param {View} view
 */
export function drawBelow(root, view) {
  const shown = view.listed.length;
  const more = tokens(view, view.left.n) - shown;
  const rest =
    more > 0
      ? `The other ${count(more)} tokens together: ${percent(afterFirst(view, shown))}. `
      : "No token below this list can be drawn. ";
  const late = cuts(view)
    .filter(({ n }) => n >= shown)
    .map(({ name, n }) => `${written(view.settings, name)} keeps ${count(tokens(view, n))}. `);
  find(root, ".after-list").replaceChildren(rest, ...late, ...whatCame(view));
}

/** @param {View} view */
function whatCame({ came, listed }) {
  if (!came) return ["Your text ends here."];
  const where = listed.includes(came) ? "." : `, logit ${number(came.z)}.`;
  return [
    "The next token in your text is ",
    make("b", { class: "said" }, quote(came.word)),
    `, rank ${count(came.rank + 1)}`,
    where,
  ];
}
