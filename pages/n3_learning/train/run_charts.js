// @ts-check
// The curves of a training: loss, accuracy and the gradient's length, one above the other over the same steps.

import { find } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { plot } from "../../../ui/kit/plot.js";

/** @import { Beginning, Run, TrainingRecord } from "./run_lines.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

const PANELS = { y: [0.56, 0.95], y2: [0.29, 0.46], y3: [0, 0.17] };

/**
 * @param {HTMLElement} root
 * @param {Run} run
 * @param {TrainingRecord} shown
 * @param {Palette} palette
 */
export function drawCurves(root, run, shown, palette) {
  const node = find(root, ".curves");
  const { records } = run;
  const beginning = /** @type {Beginning} */ (run.beginning);
  const x = records.map(({ step }) => step);
  const losses = records.map(({ loss }) => loss);
  const held = records.map(({ held_out_loss }) => held_out_loss);
  const end = run.ending ? Math.max(records[records.length - 1].step, 1) : beginning.order.steps;
  const top = Math.max(beginning.uniform, ...losses.map(Number), ...held.map(Number)) * 1.12;
  node.setAttribute("aria-label", told(beginning, shown));
  const data = [
    curve(x, losses, "y", "attention", "training loss"),
    { ...curve(x, held, "y", "query", "held-out loss"), line: { color: "var(--query)", width: 2, dash: "dot" } },
    curve(
      x,
      records.map(({ accuracy }) => accuracy),
      "y2",
      "value",
      "accuracy",
    ),
    curve(
      x,
      records.map(({ gradient }) => gradient),
      "y3",
      "residual",
      "gradient’s length",
    ),
  ];
  return plot(node, { data, layout: layout(beginning, shown, top, end) }, palette);
}

/**
 * @param {Beginning} beginning
 * @param {TrainingRecord} shown
 */
const told = ({ uniform }, { step, held_out_loss, accuracy, gradient }) =>
  `Curves over the steps. At step ${step}: held-out loss ${number(held_out_loss ?? Number.NaN)} nats, accuracy ` +
  `${number(accuracy)}, gradient’s length ${number(gradient ?? Number.NaN)}; a uniform guess costs ${number(uniform)}.`;

/**
 * @param {number[]} x
 * @param {(number | null)[]} y
 * @param {keyof typeof PANELS} panel
 * @param {string} role
 * @param {string} name
 */
const curve = (x, y, panel, role, name) => ({
  ...{ x, y, yaxis: panel, mode: x.length > 1 ? "lines" : "markers", line: { color: `var(--${role})`, width: 2.5 } },
  ...{ marker: { color: `var(--${role})` }, hovertemplate: `${name} %{y:.3g} at step %{x}<extra></extra>` },
});

/**
 * @param {Beginning} beginning
 * @param {TrainingRecord} shown
 * @param {number} top
 * @param {number} end the last step
 */
function layout({ uniform, symbols }, shown, top, end) {
  const domain = (/** @type {keyof typeof PANELS} */ panel) => ({ domain: PANELS[panel] });
  const title = (/** @type {keyof typeof PANELS} */ panel, /** @type {string} */ text) => ({
    ...{ xref: "paper", yref: "paper", x: 0, y: PANELS[panel][1], yanchor: "bottom", xanchor: "left", yshift: 3 },
    ...{ text, showarrow: false, font: { size: 14, color: "var(--muted)" } },
  });
  const loss = '<b style="color:var(--attention)">training loss</b>, <b style="color:var(--query)">held-out loss</b>';
  return {
    ...{ showlegend: false, margin: { l: 46, r: 12, t: 8, b: 44 } },
    xaxis: { title: { text: "step" }, range: [0, end], anchor: "y3" },
    yaxis: { ...domain("y"), range: [0, top], nticks: 5 },
    yaxis2: { ...domain("y2"), range: [0, 1.04], tickvals: [0, 0.5, 1], ticktext: ["0", "50 %", "100 %"] },
    yaxis3: { ...domain("y3"), rangemode: "tozero", nticks: 3 },
    annotations: [
      title("y", `${loss}, nats`),
      title("y2", "accuracy on held-out examples"),
      title("y3", "length of the gradient"),
      {
        ...{ x: end, y: uniform, xanchor: "right", yanchor: top > 3 * uniform ? "bottom" : "top" },
        ...{ text: `uniform guess: ln ${symbols} = ${number(uniform)}`, showarrow: false, font: { size: 14 } },
      },
    ],
    shapes: [
      level({ x0: 0, x1: end, y0: uniform, y1: uniform }, "dash", "--muted"),
      level({ x0: shown.step, x1: shown.step, yref: "paper", y0: 0, y1: 0.95 }, "solid", "--ink"),
    ],
  };
}

/**
 * @param {Record<string, unknown>} place
 * @param {string} dash
 * @param {string} role
 */
const level = (place, dash, role) => ({ type: "line", ...place, line: { color: `var(${role})`, width: 1.2, dash } });
