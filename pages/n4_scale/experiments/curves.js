// @ts-check
// Curves that share their axes, and their names with the last value of each. A name under the
// pointer shows its curve alone; pressed, it stays so, and several can be compared.

import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number, short } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit, plot, save } from "../../../ui/kit/plot.js";

/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/** @typedef {import("../../../ui/chart.js").Kind} Kind */
/** @typedef {import("../../../ui/chart.js").PlotlyFigure} PlotlyFigure */
/**
 * How one curve is told from the others, and where it ends.
 * @typedef {{name: string, colour: string, dash: string, last: number}} CurveName
 */
/**
 * A figure and the names of its curves, in their order; `ending`: what the number beside a name is; `many`: the names
 * stand below the figure.
 * @typedef {{name: string, figure: PlotlyFigure, curves: CurveName[], ending: string, finding: string, alt: string,
 *   many: boolean, kind: Kind, meaning: string, height: number}} CurvesData
 */
/**
 * What was sent last; the curves that are kept in sight and the one pointed at; whether the plot tells
 * which curve is under the pointer.
 * @typedef {{data: CurvesData, kept: Set<number>, pointed: number | null, palette: Palette, heard: boolean}} State
 */

const FAINT = 0.1;
const LEAST = 720; // pixels of a saved picture's width
/** @type {Record<string, string>} */
const DASHES = { dash: "5 3", dot: "2 2", dashdot: "6 2 2 2", longdash: "8 3", longdashdot: "8 2 2 2" };

export default mount((root, page) => {
  const palette = new Palette(root);
  /** @type {State | undefined} */
  let state;
  find(root, ".save").addEventListener("click", () => state && saveCurves(root, state.data));
  find(root, ".all").addEventListener("click", () => state && keep(root, page, state, null));
  return {
    receive(/** @type {CurvesData} */ data) {
      if (state && JSON.stringify(state.data) === JSON.stringify(data)) return drawCurves(root, state);
      state = { data, kept: new Set(), pointed: null, palette, heard: state?.heard ?? false };
      describe(root, page, state);
      return show(root, state);
    },
    stop: follow(root, async () => {
      palette.forget();
      if (state) await drawCurves(root, state);
      fit(find(root, ".plot"));
    }),
  };
});

/**
 * What is said around the figure, and a button for each curve.
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 */
function describe(root, page, state) {
  const { data } = state;
  const node = find(root, ".plot");
  find(root, ".finding").textContent = data.finding;
  find(root, ".last").textContent = data.ending;
  find(root, ".both").classList.toggle("many", data.many);
  node.setAttribute("aria-label", data.alt);
  node.style.height = `${data.height}px`;
  const tag = find(root, ".tag");
  tag.className = `tag ${data.kind}`;
  tag.textContent = data.kind;
  tag.title = data.meaning;
  const point = (/** @type {number | null} */ i) => {
    if (state.pointed === i) return;
    state.pointed = i;
    drawCurves(root, state);
  };
  const entries = data.curves.map((curve, i) => {
    const events = {
      onclick: () => keep(root, page, state, i),
      onpointerenter: (/** @type {PointerEvent} */ event) => event.pointerType === "mouse" && point(i),
      onpointerleave: () => point(null),
    };
    return make("li", {}, entry(curve, events));
  });
  find(root, ".legend").replaceChildren(...entries);
}

/**
 * @param {CurveName} curve
 * @param {Record<string, (event: any) => void>} events
 */
function entry({ name: title, colour, dash, last }, events) {
  const line = { x1: 0, x2: 22, y1: 5, y2: 5, style: `stroke: ${colour}`, "stroke-dasharray": DASHES[dash] };
  return make(
    "button",
    { type: "button", "aria-pressed": "false", ...events },
    make("svg", { "aria-hidden": "true" }, make("line", line)),
    make("span", { class: "name" }, title),
    make("output", {}, end(last)),
  );
}

/**
 * The end of a curve, with the digits that a remark prints.
 * @param {number} y
 */
function end(y) {
  const size = Math.abs(y);
  if (size >= 1e4) return short(y);
  if (size < 0.1) return number(y, 4);
  return number(y, size < 10 ? 3 : 2);
}

/**
 * Keep a curve in sight or no longer; null for all alike.
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 * @param {number | null} i
 */
async function keep(root, page, state, i) {
  const { kept, data } = state;
  if (i === null) {
    kept.clear();
    state.pointed = null;
  } else if (!kept.delete(i)) kept.add(i);
  if (kept.size === data.curves.length) kept.clear();
  await show(root, state);
  page.drawn();
}

const buttons = (/** @type {HTMLElement} */ root) => [...find(root, ".legend").querySelectorAll("button")];

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function show(root, state) {
  const { kept } = state;
  find(root, ".legend").classList.toggle("some", kept.size > 0);
  for (const [i, button] of buttons(root).entries()) button.setAttribute("aria-pressed", String(kept.has(i)));
  find(root, ".all").hidden = kept.size === 0;
  return drawCurves(root, state);
}

/**
 * On screen the title says what is measured and the list which curve is which.
 * @param {HTMLElement} root
 * @param {State} state
 */
async function drawCurves(root, state) {
  const { data, palette } = state;
  const { layout } = data.figure;
  const axis = { .../** @type {Record<string, unknown>} */ (layout.yaxis), title: { text: "" } };
  const curves = data.figure.data.map((curve, i) => ({ ...curve, ...look(state, i) }));
  const figure = { data: curves, layout: { ...layout, yaxis: axis, showlegend: false } };
  const node = await plot(find(root, ".plot"), figure, palette);
  if (state.heard || !node.on) return;
  state.heard = true;
  const mark = (/** @type {number | null} */ at) => {
    for (const [i, button] of buttons(root).entries()) button.classList.toggle("seen", i === at);
  };
  node.on("plotly_hover", ({ points }) => mark(points[0].curveNumber));
  node.on("plotly_unhover", () => mark(null));
}

/**
 * A curve's colour, which Plotly's own checks do not know, and whether it stands back.
 * @param {State} state
 * @param {number} i
 */
function look({ data, kept, pointed }, i) {
  const { line, marker } = /** @type {Record<string, Record<string, unknown>>} */ (data.figure.data[i]);
  const color = data.curves[i].colour;
  const seen = (kept.size === 0 && pointed === null) || kept.has(i) || pointed === i;
  return { line: { ...line, color }, marker: { ...marker, color }, opacity: seen ? 1 : FAINT };
}

/**
 * A saved picture says by itself which curve is which and what is measured.
 * @param {HTMLElement} root
 * @param {CurvesData} data
 */
function saveCurves(root, { name, figure }) {
  /** @type {import("../../../ui/kit/plot.js").PlotNode} */
  const node = find(root, ".plot");
  const { title } = /** @type {Record<string, unknown>} */ (figure.layout.yaxis);
  const { margin, yaxis } = node.layout;
  const layout = { showlegend: true, margin: { ...margin, r: 48 }, yaxis: { ...yaxis, title } };
  save(node, name, layout, LEAST);
}
