// @ts-check
// Two triangles of cells: who may look at whom in a layer, and who can have heard from whom after several.

import { range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";

/**
 * `open` and `via`: cells of two kinds, [query × key]; `edges`: where a chunk begins.
 * @typedef {{words: string[], query: number, open: Uint8Array, via?: Uint8Array, edges: number[],
 *   choose: (query: number) => void}} MapData
 */

const [TEXT, GAP] = [15, 1]; // pixels

/**
 * @param {HTMLElement} box
 * @param {string} says
 * @param {MapData} data
 */
export function drawMap(box, says, { words, query, open, via, edges, choose }) {
  const n = words.length;
  const width = box.clientWidth;
  const left = Math.min(96, Math.round(width * 0.26));
  const cell = Math.min((width - left) / n, 30);
  const size = n * cell;
  const kinds = [open, via].map((mask) => cells(n, cell, left, (i) => Boolean(mask?.[i])));
  const shut = cells(n, cell, left, (i) => !open[i] && !via?.[i]);
  const every = Math.ceil(TEXT / cell);
  const labelled = range(n).filter((i) => i === query || (i % every === 0 && Math.abs(i - query) >= every));
  const label = (/** @type {number} */ i) =>
    make(
      "text",
      { x: left - 6, y: (i + 0.5) * cell + 5, "text-anchor": "end", class: i === query ? "asks" : "" },
      short(words[i], left),
    );
  const edge = (/** @type {number} */ at) =>
    make("path", {
      class: "edge",
      d: `M${left + at * cell} ${at * cell}V${size}M${left} ${at * cell}H${left + at * cell}`,
    });
  const picture = make(
    "svg",
    {
      width: left + size,
      height: size + 2,
      viewBox: `0 0 ${left + size + 1} ${size + 2}`,
      role: "img",
      "aria-label": says,
    },
    make("path", { class: "shut", d: shut }),
    make("path", { class: "via", d: kinds[1] }),
    make("path", { class: "open", d: kinds[0] }),
    edges.map(edge),
    make("rect", { class: "row", x: left, y: query * cell, width: (query + 1) * cell, height: cell }),
    labelled.map(label),
  );
  picture.addEventListener("click", (event) => {
    const row = Math.floor((event.clientY - picture.getBoundingClientRect().top) / cell);
    if (row >= 0 && row < n) choose(row);
  });
  box.replaceChildren(picture);
}

/** @type {(n: number, cell: number, left: number, is: (i: number) => boolean) => string} */
function cells(n, cell, left, is) {
  const side = Math.max(cell - GAP, 1);
  const found = [];
  for (let query = 0; query < n; query++)
    for (let key = 0; key <= query; key++)
      if (is(query * n + key)) found.push(`M${left + key * cell} ${query * cell}h${side}v${side}h${-side}z`);
  return found.join("");
}

/** @type {(word: string, room: number) => string} */
function short(word, room) {
  const most = Math.floor(room / 8.5);
  return word.length > most ? `${word.slice(0, most - 1)}…` : word;
}
