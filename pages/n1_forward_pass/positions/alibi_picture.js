// @ts-check
// ALiBi's penalties: a map for each head, and what one row would make of them alone.

import { largest } from "../../../ui/kit/arithmetic.js";
import { make, rich } from "../../../ui/kit/elements.js";
import { number, percent } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { penaltyFormula, sharesOf, slopeName } from "./alibi.js";
import { pointedCanvas } from "./stage.js";

/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/**
 * A cell of a head's map.
 * @typedef {{head: number, slope: number, query: number, key: number}} Pointed
 */

const HEADS = 16; // as many maps as there is room for

/**
 * @param {Stage} stage
 * @param {readonly string[]} labels
 * @param {number[]} slopes one for each head
 */
export function drawAlibi(stage, labels, slopes) {
  const last = labels.length - 1;
  const steep = slopes.indexOf(Math.max(...slopes));
  const top = slopes[steep] * Math.max(last, 1);
  const told = make("p", { class: "told" });
  const chart = make("div", { class: "reach", "aria-hidden": "true" });
  const show = (/** @type {Pointed} */ pointed) => {
    told.replaceChildren(...rich(penalty(labels, pointed)));
    chart.replaceChildren(...shareBars(labels, pointed));
    return told.textContent ?? "";
  };
  const side = Math.min(150, Math.max(90, 330 / Math.ceil(slopes.length / 4)));
  const maps = slopes
    .slice(0, HEADS)
    .map((slope, head) => headMap(stage, labels.length, { head, slope, side, top, show }));
  const colours = "full colour, by the square root";
  const added = `What is added to each score: from 0 (pale) to −${number(top, 1)} (${colours}).`;
  stage.say(finding(labels, slopes));
  stage.box.append(
    make("div", { class: "slants" }, maps),
    make("p", { class: "hint" }, `${added} The slopes for ${slopes.length} heads are those of the authors’ code.`),
    ...[told, chart],
  );
  show({ head: steep, slope: slopes[steep], query: last, key: Math.max(0, last - 1) });
}

/**
 * @param {readonly string[]} labels
 * @param {number[]} slopes
 * @returns {Segment[]}
 */
function finding(labels, slopes) {
  const far = labels.length - 1;
  if (!far) return ["One token has distance 0 from itself and loses nothing. Type a second one"];
  const [steep, flat] = [Math.max(...slopes), Math.min(...slopes)].map((slope) => slopes.indexOf(slope));
  const cost = (/** @type {number} */ head) => number(slopes[head] * far, slopes[head] * far < 0.1 ? 4 : 2);
  return [
    ["query", quote(labels[far])],
    "’s score with ",
    ["key", quote(labels[0])],
    `, ${far} back, would be lower by ${cost(steep)} in head ${steep + 1} and by ${cost(flat)} in head ${flat + 1}`,
  ];
}

/**
 * @param {Stage} stage
 * @param {number} n
 * @param {{head: number, slope: number, side: number, top: number, show: (pointed: Pointed) => string}} map
 */
function headMap(stage, n, { head, slope, side, top, show }) {
  const shade = (/** @type {number} */ distance) =>
    stage.palette.magnitude(Math.sqrt((slope * distance) / top), "negative");
  const canvas = pointedCanvas(stage, {
    rows: n,
    columns: n,
    width: side,
    height: side,
    hidden: stage.palette.colour("line", 0.6),
    label: `Bias of head ${head + 1}, slope ${slopeName(slope)}.`,
    at: { row: n - 1, column: 0 },
    colour: (query, key) => (key > query ? null : shade(query - key)),
    show: (query, key) => show({ head, slope, query, key }),
  });
  const title = [make("b", {}, `Head ${head + 1}`), make("span", {}, ` slope ${slopeName(slope)}`)];
  return make("div", { class: "slant" }, make("div", { class: "title" }, title), canvas);
}

/**
 * @param {readonly string[]} labels
 * @param {Pointed} pointed
 * @returns {Segment[]}
 */
function penalty(labels, { head, slope, query, key }) {
  /** @type {Segment[]} */
  const pair = [`Head ${head + 1}: `, ["query", quote(labels[query])], " to ", ["key", quote(labels[key])]];
  if (key > query) return [...pair, ": hidden by the mask."];
  const { formula, bias } = penaltyFormula(slope, query - key);
  const given = percent(sharesOf(slope, query)[key]);
  return [
    ...pair,
    `: ${formula}`,
    ["negative", bias],
    `. If all its scores were otherwise equal, this token would get an attention weight of ${given}. `,
    "The weights from the first token to itself:",
  ];
}

/**
 * @param {readonly string[]} labels
 * @param {Pointed} pointed
 */
function shareBars(labels, { slope, query, key }) {
  const shares = sharesOf(slope, query);
  const top = largest(shares);
  return shares.map((share, i) =>
    make(
      "div",
      { class: i === key && "here", title: `${labels[i]} ${percent(share)}` },
      make("i", { style: `height:${(44 * share) / top}px` }),
      make("span", {}, query < 24 && labels[i]),
    ),
  );
}
