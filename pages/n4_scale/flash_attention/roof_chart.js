// @ts-check
// The roofline with both ways on it: how much the machine computes at so many FLOP for each byte.

import { find } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { plot } from "../../../ui/kit/plot.js";
import { reached, roofFigure } from "../../../ui/kit/roofline.js";
import { LOOKS } from "./bytes_chart.js";
import { bothWays } from "./traffic_words.js";

/** @import { AcceleratorData } from "./traffic.js" */
/** @import { Setting } from "./traffic_words.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

const TERA = 1e12;
const VIEW = { from: 8, to: 512, unit: TERA, unitName: "TFLOP" };

/**
 * @param {HTMLElement} root
 * @param {Setting} setting
 * @param {AcceleratorData} machine
 * @param {Palette} palette
 */
export function drawRoof(root, setting, machine, palette) {
  const node = find(root, ".roof-plot");
  const ways = bothWays(setting, machine);
  const said = ways.map(
    ({ name, intensity }) => `${name}: ${number(intensity, 0)} FLOP per byte, ${span(reached(machine, intensity))}`,
  );
  node.setAttribute("aria-label", `What the bytes allow. ${said.join("; ")}.`);
  const points = ways.map(({ name, intensity }) => ({ name, intensity, color: LOOKS[name].color }));
  return plot(node, roofFigure(machine, points, VIEW), palette);
}

/**
 * 48 to 64 TFLOP per second
 * @param {number[]} speeds
 */
function span(speeds) {
  const [low, high] = speeds.map((speed) => speed / TERA);
  const text = low === high ? number(low, 0) : `${number(low, 0)} to ${number(high, 0)}`;
  return `${text} TFLOP per second`;
}
