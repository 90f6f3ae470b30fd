// @ts-check
// One Plotly figure of figures/, drawn into the same node at every change: zoom and hover stay.

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
      return plot(node, told.figure, palette);
    },
    stop: follow(root, async () => {
      palette.forget();
      if (!data) return;
      await plot(node, data.figure, palette);
      fit(node);
    }),
  };
});
