// @ts-check
// One Plotly figure of figures/, drawn into the same node at every change: zoom and hover stay.

import { whenSent } from "./kit/address.js";
import { find, rich } from "./kit/elements.js";
import { follow } from "./kit/follow.js";
import { mount } from "./kit/mount.js";
import { Palette } from "./kit/palette.js";
import { fit, plot, save } from "./kit/plot.js";

/** @typedef {string | number | boolean | null | Json[] | {[name: string]: Json}} Json */
/** @typedef {"live" | "measured" | "published" | "illustrative"} Kind */
/** @typedef {{data: Record<string, Json>[], layout: Record<string, Json>}} PlotlyFigure */
/**
 * @typedef {{name: string, figure: PlotlyFigure, finding: ([string, string] | string)[],
 *   caption: ([string, string] | string)[], alt: string, kind: Kind, meaning: string, height: number}} ChartData
 */

export default mount((root) => {
  const palette = new Palette(root);
  const node = find(root, ".plot");
  /** @type {ChartData | undefined} */
  let data;
  let asked = ""; // the curve that a question asks about
  const draw = async (/** @type {ChartData} */ { figure }) => plot(node, lit(figure, asked), palette);
  whenSent(root, ({ chart, curve }) => {
    if (!data) return false;
    asked = chart === data.name ? curve : "";
    draw(data);
    return asked !== "";
  });
  find(root, ".save").addEventListener("click", () => data && save(node, data.name));
  return {
    receive(/** @type {ChartData} */ told) {
      data = told;
      find(root, ".finding").replaceChildren(...rich(told.finding));
      find(root, ".caption").replaceChildren(...rich(told.caption));
      node.setAttribute("aria-label", told.alt);
      node.style.height = `${told.height}px`;
      const tag = find(root, ".tag");
      tag.className = `tag ${told.kind}`;
      tag.textContent = told.kind;
      tag.title = told.meaning;
      return draw(told);
    },
    stop: follow(root, async () => {
      palette.forget();
      if (!data) return;
      await draw(data);
      fit(node);
    }),
  };
});

const PALE = 0.15;

/**
 * A figure with one of its curves in full and the others pale; as it is where it has no such curve.
 * @param {PlotlyFigure} figure
 * @param {string} curve
 * @returns {PlotlyFigure}
 */
function lit(figure, curve) {
  if (!figure.data.some(({ name }) => name === curve)) return figure;
  const data = figure.data.map((each) => (each.name === curve ? each : { ...each, opacity: PALE }));
  return { ...figure, data };
}
