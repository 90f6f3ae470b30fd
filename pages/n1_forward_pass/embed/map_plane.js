// @ts-check
// The map under the reader's hand: pulled, zoomed, pointed at.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { find } from "../../../ui/kit/elements.js";
import { MARKS, marked } from "./map_marks.js";
import { drawMap } from "./map_picture.js";
import { frameOf, nearestTo, pixelOf, pulled, zoomed } from "./map_view.js";
import { facts } from "./map_words.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Entry, Look } from "./map_look.js" */
/** @import { Named } from "./map_picture.js" */
/** @import { Frame, View } from "./map_view.js" */

/**
 * `sentence`: its tokens, `hits` of the search, `over`: the dot under the pointer, `drag`: while the
 * map is pulled.
 * @typedef {{sentence: Entry[], look: Look, hits: Entry[], view: View, mark: number,
 *   over: number | null, drag: {x: number, y: number, moved: boolean} | null}} PlaneState
 */
/** @typedef {{root: HTMLElement, palette: Palette, state: PlaneState}} Plane */

const REACH = 14; // px from the pointer to a dot
const STILL = 3; // px that a click may move

/** @param {Plane} plane */
const canvasOf = ({ root }) => find(root, "canvas", HTMLCanvasElement);

/** @param {Plane} plane */
function frame({ root, state }) {
  const width = find(root, ".plane").clientWidth;
  return frameOf(
    [...state.look.table.places, state.look.chosen.place],
    state.view,
    width,
    clamp(width * 0.58, 300, 560),
  );
}

/**
 * @param {Plane} plane
 * @param {(id: number) => void} choose called with a dot that is clicked
 */
export function listenToPlane(plane, choose) {
  const { state } = plane;
  const canvas = canvasOf(plane);
  canvas.addEventListener("pointerdown", ({ clientX, clientY }) => {
    state.drag = { x: clientX, y: clientY, moved: false };
  });
  canvas.addEventListener("pointermove", (event) => (event.buttons ? pull(plane, event) : hover(plane, event)));
  canvas.addEventListener("pointerleave", () => {
    Object.assign(state, { over: null, drag: null });
    paint(plane);
  });
  canvas.addEventListener("pointerup", (event) => {
    const { drag } = state;
    state.drag = null;
    canvas.classList.remove("dragged");
    if (drag?.moved) return;
    hover(plane, event);
    if (state.over !== null) choose(state.over);
  });
}

/**
 * @param {Plane} plane
 * @param {number} by
 */
export function zoom(plane, by) {
  const { state } = plane;
  state.view = zoomed(frame(plane), state.view, by, state.look.chosen.place);
  paint(plane);
}

/**
 * @param {Plane} plane
 * @param {PointerEvent} event
 */
function pull(plane, { clientX, clientY }) {
  const { state } = plane;
  const { drag } = state;
  if (!drag) return;
  const [right, down] = [clientX - drag.x, clientY - drag.y];
  if (!drag.moved && Math.hypot(right, down) <= STILL) return;
  canvasOf(plane).classList.add("dragged");
  state.view = pulled(frame(plane), state.view, right, down);
  Object.assign(state, { drag: { x: clientX, y: clientY, moved: true }, over: null });
  paint(plane);
}

/**
 * @param {Plane} plane
 * @param {PointerEvent} event
 */
function hover(plane, { clientX, clientY }) {
  const { state } = plane;
  const box = canvasOf(plane).getBoundingClientRect();
  const here = frame(plane);
  const pixels = state.look.table.places.map((place) => pixelOf(here, state.view, place));
  const over = nearestTo(pixels, [clientX - box.left, clientY - box.top], REACH);
  if (over === state.over) return;
  state.over = over;
  paint(plane);
}

/** @param {Plane} plane */
export function paint(plane) {
  const { root, palette, state } = plane;
  const { look, hits, view, over } = state;
  const { places, pieces } = look.table;
  const canvas = canvasOf(plane);
  const here = frame(plane);
  drawMap(canvas, here, view, palette, {
    places,
    strong: marked(MARKS[state.mark], pieces),
    home: look.chosen.place,
    near: look.near.map(({ place }) => place),
    named: named(state),
    ringed: hits.map(({ place }) => place),
    over: over === null ? null : places[over],
  });
  canvas.classList.toggle("over", over !== null);
  showTip(find(root, ".tip"), state, here);
}

/**
 * What gets a word: the entry looked at, its nearest, what the search has found, the sentence.
 * @param {PlaneState} state
 */
function named({ look, hits, sentence }) {
  /** @type {[Entry[], Pick<Named, "role" | "weight" | "radius">][]} */
  const kinds = [
    [[look.chosen], { role: "attention", weight: 700, radius: 6.5 }],
    [look.near, { role: "attention", weight: 600, radius: 4 }],
    [hits, { role: "ink", weight: 700, radius: 3.4 }],
    [sentence, { role: "ink", weight: 500, radius: 3.4 }],
  ];
  /** @type {Map<number, Named>} */
  const names = new Map();
  for (const [some, how] of kinds)
    for (const { id, word, place } of some) if (!names.has(id)) names.set(id, { place, word, ...how });
  return [...names.values()];
}

/**
 * Beside the dot under the pointer.
 * @param {HTMLElement} tip
 * @param {PlaneState} state
 * @param {Frame} frame
 */
function showTip(tip, { look, view, over }, frame) {
  tip.hidden = over === null;
  if (over === null) return;
  const { width, height } = frame;
  const [x, y] = pixelOf(frame, view, look.table.places[over]);
  const low = y > height - 100;
  tip.replaceChildren(...facts(look, over));
  Object.assign(tip.style, {
    left: `${clamp(x + 14, 4, Math.max(4, width - 240))}px`,
    top: low ? "" : `${y + 12}px`,
    bottom: low ? `${height - y + 12}px` : "",
  });
}
