// @ts-check
// One block of the model, the place lit where a scheme acts.

import { make } from "../../../ui/kit/elements.js";

/** @typedef {import("./schemes.js").Scheme} Scheme */

/** @type {Record<Scheme["at"], [x: number, y: number, said: string]>} */
const SAID = {
  embed: [168, 62, "here, once"],
  rotate: [109, 142, "here, in every layer"],
  bias: [75, 192, "here, in every layer"],
  nowhere: [109, 62, ""],
};

/** @param {Scheme} scheme */
export function blockMap({ at, name, place }) {
  const [x, y, said] = SAID[at];
  const turns = at === "rotate";
  const biased = at === "bias";
  return make(
    "svg",
    { viewBox: "0 0 218 252", role: "img", "aria-label": `In one block: ${name} ${place}.` },
    wires(),
    box(54, 0, 110, "token embedding"),
    plus(at === "embed"),
    box(20, 104, 44, turns ? "↻ q" : "q", turns),
    box(87, 104, 44, turns ? "↻ k" : "k", turns),
    box(154, 104, 44, "v"),
    box(12, 150, 126, biased ? "scores − bias" : "scores q·k / √d", biased),
    box(12, 208, 194, "softmax, mix the values"),
    make("g", { class: "lit said" }, make("text", { x, y }, said)),
  );
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {string} name
 * @param {boolean} [lit]
 */
const box = (x, y, width, name, lit = false) =>
  make(
    "g",
    { class: lit ? "lit" : "" },
    make("rect", { x, y, width, height: 25, rx: 7 }),
    make("text", { x: x + width / 2, y: y + 17 }, name),
  );

/** @param {boolean} lit */
const plus = (lit) =>
  make(
    "g",
    { class: lit ? "lit" : "" },
    make("circle", { cx: 109, cy: 58, r: 10 }),
    make("text", { x: 109, y: 62 }, "+"),
  );

const wires = () => [
  ...[
    [109, 25, 109, 66],
    [109, 68, 109, 92],
    [42, 104, 42, 150],
    [109, 104, 109, 150],
    [176, 104, 176, 214],
    [75, 162, 75, 214],
    [109, 227, 109, 250],
  ].map(([x1, y1, x2, y2]) => make("line", { x1, y1, x2, y2 })),
  make("path", { d: "M42 104 V92 H176 V104" }),
];
