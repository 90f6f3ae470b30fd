// @ts-check
// The wall: every head's map in small, with its clear role in the corner, or with its scores for the
// role that is chosen.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { paintHead } from "./head_map.js";
import { everyHead } from "./head_rows.js";
import { buildHeadTable, isDeep } from "./head_table.js";
import { roleIndex, smallRows } from "./heads_scene.js";
import { isShown, score, strength, strongest } from "./role_scores.js";
import { clearRoles, clearWords } from "./role_words.js";

/** @import { HeadAt } from "./head_rows.js" */
/** @import { Scene } from "./heads_scene.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

/** @type {Record<string, readonly [name: string, short: string, letter: string]>} */
const NOTES = {
  induction: ["induction", "ind.", "i"],
  previous_token: ["previous", "prev.", "p"],
  first_token: ["first", "first", "f"],
  current_token: ["itself", "self", "s"],
  duplicate_token: ["duplicate", "dup.", "d"],
  punctuation: ["marks", "marks", "m"],
};
const DEEP_AROUND = 6; // px of a map's frame and the gap to the next in a deep wall

const ROOMY = [68, 48]; // px of a map from which on a note is written out, or shortened

/** @typedef {{tiles: HTMLElement[], side: number}} Wall `side` is that of a map in pixels */
/** @typedef {{phone: boolean, large: boolean}} Screen */

/**
 * @param {HTMLElement} box
 * @param {Scene} scene
 * @param {Screen} screen
 * @param {(at: HeadAt) => void} peek called with the head that a mouse points at
 * @returns {Wall}
 */
export function buildWall(box, { header: { view } }, screen, peek) {
  const tiles = buildHeadTable(box, view, {
    group: "wall",
    narrow: screen.phone,
    label: ({ layer, head }) => `layer ${layer + 1} head ${head + 1}`,
    inside: () => [make("canvas"), make("span")],
  });
  const heads = everyHead(view);
  tiles.forEach((tile, index) => {
    tile.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") peek(heads[index]);
    });
  });
  const side =
    isDeep(view) && !screen.phone
      ? Math.floor(clamp((box.clientWidth - 34) / view.n_layers - DEEP_AROUND, 6, 64))
      : mapSide(box.clientWidth, view.n_layers, view.n_heads, screen);
  return { tiles, side };
}

/**
 * As large as the width allows, and all layers in sight.
 * @param {number} width
 * @param {number} n_layers
 * @param {number} n_heads
 * @param {Screen} screen
 */
function mapSide(width, n_layers, n_heads, { phone, large }) {
  const around = phone ? 8 : 17; // a map's frame and the gap to the next
  const across = (width - 46) / n_heads - around;
  const down = Math.max(48, (large ? 640 : 510) / n_layers - 14);
  return Math.floor(clamp(Math.min(across, phone ? across : down), 22, large ? 96 : 70));
}

/**
 * @param {Wall} wall
 * @param {Scene} scene
 * @param {Palette} palette
 */
export function paintWall({ tiles, side }, scene, palette) {
  const { header, arrays, choice } = scene;
  const role = roleIndex(scene);
  const heads = everyHead(header.view);
  const top = role < 0 ? 1 : strength(arrays, role, strongest(arrays, role, heads)) || 1;
  heads.forEach((at, index) => {
    const tile = tiles[index];
    const rows = smallRows(arrays.maps, at);
    const look = { size: side, brighten: choice.brighten, small: true };
    paintHead(find(tile, "canvas", HTMLCanvasElement), rows, look, palette);
    const faded = role < 0 ? 1 : 0.3 + 0.7 * Math.min(1, strength(arrays, role, at) / top);
    tile.style.opacity = String(faded);
    const shares = role < 0 ? [] : scores(scene, at, role);
    const said = shares.map(({ kind, share }) => `${kind} ${percent(share)}`).join(", ");
    tile.title = role < 0 ? clearWords(scene, at) : said;
    find(tile, "span").replaceWith(role < 0 ? roleNote(scene, at, side) : scoreNote(shares));
  });
}

/**
 * A head's clear roles, faded where the text does not show them.
 * @param {Scene} scene
 * @param {HeadAt} at
 * @param {number} side
 */
function roleNote(scene, at, side) {
  const { header } = scene;
  const notes = clearRoles(scene, at)
    .filter((role) => !isDeep(header.view) || header.roles[role].name !== "first_token")
    .map((role) => {
      const facts = header.roles[role];
      const shown = isShown(scene.arrays, facts, role, at);
      const name = NOTES[facts.name][ROOMY.filter((room) => side < room).length];
      return make("span", { class: !shown && "faded" }, name);
    });
  return make("span", { class: "note" }, notes);
}

/**
 * A head's scores for the chosen role.
 * @param {Scene} scene
 * @param {HeadAt} at
 * @param {number} role
 */
function scores({ arrays: { measured, live } }, at, role) {
  const here = { kind: "live", share: score(live, role, at) };
  return measured ? [{ kind: "measured", share: score(measured, role, at) }, here] : [here];
}

/** @param {{kind: string, share: number}[]} shares */
const scoreNote = (shares) =>
  make(
    "span",
    { class: "score" },
    shares.map(({ kind, share }) => make("i", { class: kind, style: `width:${62 * share}%` })),
  );
