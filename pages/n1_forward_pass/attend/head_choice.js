// @ts-check
// The layer and the head, as radio groups; each head with its map in small.

import { check, radios } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { layerChoice } from "../../../ui/kit/layer_choice.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { headOf, table } from "./attention_head.js";

/** @import { AttentionHeader, Choice, Scene } from "./attention_scene.js" */
/** @import { Palette } from "../../../ui/kit/palette.js" */

/** @typedef {"layer" | "head"} Place */

/**
 * @param {HTMLElement} root
 * @param {AttentionHeader} header
 * @param {(place: Place, i: number) => void} choose
 */
export function buildChoices(root, { n_layers, n_heads }, choose) {
  const small = (/** @type {number} */ i) => [make("canvas"), make("span", {}, String(i + 1))];
  layerChoice(find(root, ".layers"), "Layer", n_layers, (i) => choose("layer", i));
  radios(find(root, ".heads"), "Head", n_heads, small, (i) => choose("head", i));
}

/**
 * @param {HTMLElement} root
 * @param {Choice} choice
 */
export function markChoices(root, { layer, head }) {
  check(find(root, ".layers"), layer);
  check(find(root, ".heads"), head);
}

/**
 * Each head of the chosen layer as the model has it, divided by √d.
 * @param {HTMLElement} root
 * @param {Scene} scene
 * @param {number} side
 * @param {Palette} palette
 */
export function paintHeads(root, { header, arrays, choice }, side, palette) {
  const n = header.pieces.length;
  /** @type {NodeListOf<HTMLCanvasElement>} */
  const canvases = root.querySelectorAll(".heads canvas");
  canvases.forEach((canvas, head) => {
    const weights = table(headOf(arrays, head).scores, Math.sqrt(header.d_head));
    const tops = weights.map((row) => (choice.brighten ? Math.max(...row) : 1));
    heatmap(canvas, {
      ...{ rows: n, columns: n, width: side, height: side, tiles: false },
      colour: (i, j) => palette.magnitude((weights[i][j] ?? 0) / tops[i]),
    });
  });
}
