// @ts-check
// The levels of the graph and the way of a search through them, on a canvas.

import { range } from "../../../ui/kit/arithmetic.js";
import { count } from "../../../ui/kit/format.js";
import { blank, dot, name, ring, write } from "./map_picture.js";
import { wordOf } from "./search_words.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Named, Sheet } from "./map_picture.js" */
/** @import { Pixel } from "./map_view.js" */
/** @import { Stack } from "./search_planes.js" */
/** @import { GraphHeader, VisitData, WalkHeader } from "./search_words.js" */

/** @typedef {{graph: GraphHeader, walk: WalkHeader, at: number}} Scene the step is `at`, 0 the start */
/** @typedef {Sheet & {stack: Stack}} Drawing */

const SHOWN = 5; // of the nearest so far
const FEW = 16; // words of a level that are all named

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Stack} stack
 * @param {number} width
 * @param {Palette} palette
 * @param {Scene} scene
 */
export function drawSearch(canvas, stack, width, palette, scene) {
  const frame = { width, height: stack.height };
  const at = (/** @type {ArrayLike<number>} */ place) => /** @type {Pixel} */ ([place[0], place[1]]);
  /** @type {Drawing} */
  const drawing = { pen: blank(canvas, frame), at, palette, frame, stack };
  const now = scene.at ? scene.walk.visits[scene.at - 1] : null;
  const on = range(stack.planes.length).map((level) => inhabitants(scene.graph, level));
  for (const level of range(stack.planes.length).reverse()) ground(drawing, scene.graph, level, on[level]);
  way(drawing, scene);
  if (now) for (const node of now.compared) line(drawing, [now.level, now.node], [now.level, node], "key", 1.6);
  for (const level of range(stack.planes.length).reverse()) {
    const named = namedOn(drawing, scene, level, on[level]);
    for (const { place, role, radius } of [...named].reverse()) dot(drawing, place, radius, palette.colour(role));
    name(drawing, named);
    title(drawing, level, on[level].length);
  }
  const itself = scene.graph.ids.indexOf(scene.walk.id);
  if (itself >= 0) ring(drawing, stack.planes[0].at(itself), 8);
}

/**
 * @param {GraphHeader} graph
 * @param {number} level
 */
export const inhabitants = ({ levels }, level) => range(levels.length).filter((node) => levels[node] >= level);

/**
 * A sheet with its links and words.
 * @param {Drawing} drawing
 * @param {GraphHeader} graph
 * @param {number} level
 * @param {readonly number[]} nodes
 */
function ground(drawing, graph, level, nodes) {
  const { pen, palette, stack } = drawing;
  const { corners } = stack.planes[level];
  pen.beginPath();
  for (const corner of corners) pen.lineTo(...corner);
  pen.closePath();
  pen.fillStyle = palette.colour("panel", 0.9);
  pen.fill();
  pen.strokeStyle = palette.colour("line");
  pen.lineWidth = 1;
  pen.stroke();
  const opacity = level ? 0.3 : 0.12;
  for (const [a, b] of graph.links[level]) line(drawing, [level, a], [level, b], "residual", 1, opacity);
  for (const node of nodes) dot(drawing, stack.planes[level].at(node), 2.2, palette.colour("residual", 0.6));
}

/**
 * What a sheet is called, above its upper edge.
 * @param {Drawing} drawing
 * @param {number} level
 * @param {number} words that stand on it
 */
function title({ pen, palette, stack }, level, words) {
  const [x, y] = stack.planes[level].corners[0];
  const family = getComputedStyle(pen.canvas).fontFamily;
  pen.font = `600 14px ${family}`;
  const said = `Level ${level} · ${words === 1 ? "1 word" : `${count(words)} words`}`;
  write(pen, said, [x, y - 7], palette.colour("muted"), palette.colour("page"));
}

/**
 * From the entry to the word visited now; dashed from level to level.
 * @param {Drawing} drawing
 * @param {Scene} scene
 */
function way(drawing, { graph, walk, at }) {
  const { pen } = drawing;
  /** @type {[number, number]} */
  let from = [walk.visits[0].level, graph.entry];
  for (const { level, node } of walk.visits.slice(0, at)) {
    if (level < from[0]) {
      pen.setLineDash([4, 4]);
      line(drawing, from[1] === node ? from : [from[0], node], [level, node], "ink", 1.6);
      pen.setLineDash([]);
      from = [level, node];
    }
    const link = parent(walk.visits.slice(0, at), level, node);
    if (link !== null) line(drawing, [level, link], [level, node], "ink", 2);
    from = [level, node];
  }
}

/**
 * The word at which another was first compared.
 * @param {readonly VisitData[]} visits
 * @param {number} level
 * @param {number} node
 */
function parent(visits, level, node) {
  return visits.find((visit) => visit.level === level && visit.compared.includes(node))?.node ?? null;
}

/**
 * @param {Drawing} drawing
 * @param {readonly [level: number, node: number]} from
 * @param {readonly [level: number, node: number]} to
 * @param {string} role
 * @param {number} width
 * @param {number} [opacity]
 */
function line({ pen, palette, stack }, from, to, role, width, opacity = 0.9) {
  pen.strokeStyle = palette.colour(role, opacity);
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(...stack.planes[from[0]].at(from[1]));
  pen.lineTo(...stack.planes[to[0]].at(to[1]));
  pen.stroke();
}

/**
 * Words with names on a level, the most important first.
 * @param {Drawing} drawing
 * @param {Scene} scene
 * @param {number} level
 * @param {readonly number[]} nodes on it
 */
function namedOn({ stack }, { graph, walk, at }, level, nodes) {
  const past = walk.visits.slice(0, at);
  const now = past[at - 1];
  const here = now?.level === level ? now : null;
  const visited = past.filter((visit) => visit.level === level).map(({ node }) => node);
  const entry = level === walk.visits[0].level ? [graph.entry] : [];
  const itself = level === 0 ? [graph.ids.indexOf(walk.id)].filter((node) => node >= 0) : [];
  /** @type {[number[], string, number, number][]} */
  const kinds = [
    [here ? [here.node] : at ? [] : entry, "ink", 700, 6],
    [itself, "ink", 700, 3.5],
    [here ? here.found.slice(0, SHOWN + 1) : [], "attention", 650, 5],
    [here?.compared ?? [], "key-text", 550, 4],
    [[...visited].reverse(), "ink", 500, 4],
    [nodes.length <= FEW ? [...nodes] : [], "muted", 450, 2.5],
  ];
  /** @type {Map<number, Named>} */
  const names = new Map();
  for (const [some, role, weight, radius] of kinds)
    for (const node of some) {
      const place = stack.planes[level].at(node);
      if (!names.has(node)) names.set(node, { place, word: wordOf(graph, node), role, weight, radius });
    }
  return [...names.values()];
}
