// @ts-check
// Painting a mask: by a pointer that is dragged, by taps of a finger, by keys.

import { across, onKeys } from "../../../ui/kit/keys.js";

/** @typedef {import("./mask_view.js").Cell} Cell */
/**
 * What is painted on: the cell under an event, whether it is open, and what to do. `cursor` is where keys
 * are, which `move` moves.
 * @typedef {{at: (event: MouseEvent) => Cell, may: (cell: Cell) => boolean, cursor: () => Cell,
 *   paint: (cell: Cell, open: boolean) => void, move: (rows: number, columns: number) => void}} Easel
 */

/**
 * A stroke makes of all its cells the contrary of the first.
 * @param {HTMLCanvasElement} canvas
 * @param {Easel} easel
 */
export function paintable(canvas, { at, may, cursor, paint, move }) {
  /** @type {boolean | undefined} */
  let stroke;
  let touched = false;
  canvas.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch"; // a finger that moves scrolls; it paints by taps
    if (touched) return;
    canvas.setPointerCapture(event.pointerId);
    const cell = at(event);
    stroke = !may(cell);
    paint(cell, stroke);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (stroke !== undefined) paint(at(event), stroke);
  });
  canvas.addEventListener("lostpointercapture", () => {
    stroke = undefined;
  });
  const turn = (/** @type {Cell} */ cell) => paint(cell, !may(cell));
  canvas.addEventListener("click", (event) => {
    if (touched) turn(at(event));
  });
  const press = () => {
    turn(cursor());
    move(0, 0);
  };
  onKeys(canvas, { ...across(move), " ": press, Enter: press });
}
