// @ts-check
// One head large: its map, the row or column in focus, and where a head of the chosen role would look.

import { range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { visible } from "../../../ui/kit/words.js";
import { columnLabels, paintHead, rowLabels } from "./head_map.js";
import { roleIndex, wordCount } from "./heads_scene.js";
import { targetsOf } from "./role_scores.js";

/** @import { Large, Scene } from "./heads_scene.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Screen } from "./wall.js" */

/**
 * The side of a cell in pixels.
 * @param {HTMLElement} box
 * @param {Scene} scene
 * @param {Screen} screen
 */
export function cellSide(box, scene, { phone, large }) {
  const room = phone ? box.clientWidth - 112 : Math.min(box.clientWidth / 2, large ? 470 : 390);
  return Math.min(Math.max(room, 0) / wordCount(scene), 60); // a box that is not laid out has no room
}

/**
 * @param {HTMLElement} plane
 * @param {Scene} scene
 * @param {Large} large
 * @param {number} cell its side in pixels
 * @param {Palette} palette
 */
export function paintLarge(plane, scene, { rows, focus, lit }, cell, palette) {
  const look = { size: cell * rows.length, brighten: scene.choice.brighten };
  paintHead(find(plane, "canvas", HTMLCanvasElement), rows, look, palette);
  const words = scene.header.view.pieces.map(visible);
  const query = focus.side === "query";
  const kind = (/** @type {number} */ i) => (query && i === focus.at ? "here" : "");
  find(plane, ".columns").replaceChildren(...columnLabels(words, lit, cell));
  find(plane, ".rows").replaceChildren(...rowLabels(words, focus.at, cell, { gap: 13, kind }));
  const ring = find(plane, ".ring");
  const start = focus.at * cell - 2;
  ring.style.cssText = query
    ? `left:-2px; top:${start + 62}px; width:${look.size + 3}px; height:${cell + 3}px; border-color:var(--query)`
    : `left:${start}px; top:60px; width:${cell + 3}px; height:${look.size + 3}px; border-color:var(--key)`;
  outline(find(plane, ".targets", SVGSVGElement), scene, cell);
}

/**
 * The cells at which a head of the chosen role would look.
 * @param {SVGSVGElement} svg
 * @param {Scene} scene
 * @param {number} cell
 */
function outline(svg, scene, cell) {
  const role = roleIndex(scene);
  const n = wordCount(scene);
  const side = Math.max(cell - 0.8, 0);
  const square = (/** @type {number} */ i, /** @type {number} */ j) =>
    make("rect", {
      ...{ x: j * cell - 0.4, y: i * cell - 0.4, width: side, height: side },
      rx: Math.min(3, cell / 4),
    });
  svg.setAttribute("width", String(cell * n));
  svg.setAttribute("height", String(cell * n));
  svg.replaceChildren(
    ...(role < 0 ? [] : range(n).flatMap((i) => targetsOf(scene.arrays, role, i).map((j) => square(i, j)))),
  );
}
