// @ts-check
// The menu of patterns as small pictures, and the settings of the one chosen.

import { check, radio, slider } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { heatmap } from "../../../ui/kit/pictures.js";
import { firstValues, isAhead, patternCells } from "./mask_choice.js";
import { kindOf } from "./mask_view.js";

/** @typedef {import("../../../ui/kit/palette.js").Palette} Palette */
/** @typedef {import("./mask_choice.js").MaskPattern} MaskPattern */
/** @typedef {import("./mask_pass.js").MaskPass} MaskPass */
/** @typedef {import("./mask_view.js").MaskView} MaskView */

const SIZE = 40; // px of a small picture
const OWN_RULE = ["causal", "cross"]; // patterns with which the causal mask cannot be combined

/**
 * @param {HTMLElement} box
 * @param {MaskPass} pass
 * @param {(kind: MaskPattern | undefined) => void} take undefined: cells of one's own
 */
export function buildMenu(box, { header: { kinds } }, take) {
  const entries = [...kinds, undefined];
  box.replaceChildren(
    ...entries.map((kind) => {
      const label = kind?.title ?? "Painted";
      const option = { group: "mask-pattern", label, choose: () => take(kind) };
      const user = make("small", {}, kind?.used ?? "by yourself");
      return radio(option, make("canvas", { "aria-hidden": "true" }), make("span", {}, label), user);
    }),
  );
}

/**
 * The chosen mask as it is, the others at their first settings; these change with a new text only.
 * @param {HTMLElement} box
 * @param {MaskView} view
 * @param {Palette} palette
 * @param {boolean} all
 */
export function drawMenu(box, view, palette, all) {
  const { kinds } = view.pass.header;
  const found = kinds.findIndex(({ name }) => name === view.mask.choice.kind);
  const chosen = found < 0 ? kinds.length : found;
  const { n } = view.pass;
  const ink = palette.rgb("attention");
  const off = palette.rgb("panel");
  box.querySelectorAll("canvas").forEach((canvas, i) => {
    if (!all && i !== chosen && i < kinds.length) return;
    const cells = i === chosen || i === kinds.length ? view.mask.cells : sample(view.pass, kinds[i]);
    const colour = (/** @type {number} */ row, /** @type {number} */ column) => (cells[row * n + column] ? ink : off);
    heatmap(canvas, { rows: n, columns: n, width: SIZE, height: SIZE, tiles: false, colour });
  });
  check(box, chosen);
}

/**
 * A pattern as it is taken from the menu.
 * @param {MaskPass} pass
 * @param {MaskPattern} kind
 */
function sample({ arrays, n }, kind) {
  const cells = patternCells(arrays.gallery, kind, firstValues(kind), n);
  return kind.ahead ? cells : cells.map((open, at) => open && !isAhead(at, n));
}

/**
 * The sliders of the chosen pattern and the causal switch.
 * @param {HTMLElement} root
 * @param {MaskView} view
 * @param {(values: number[]) => void} change
 */
export function buildSettings(root, view, change) {
  const kind = kindOf(view);
  const { values } = view.mask.choice;
  const moved = [...values];
  const sliders = (kind?.settings ?? []).map(({ title, least, most }, k) =>
    slider({
      label: title,
      min: least,
      max: most,
      step: 1,
      value: values[k],
      show: String,
      change: (value) => {
        moved[k] = value;
        change([...moved]);
      },
    }),
  );
  find(root, ".sliders").replaceChildren(...sliders);
  const causal = find(root, ".causal", HTMLInputElement);
  causal.disabled = !kind || OWN_RULE.includes(kind.name);
  causal.labels?.[0].classList.toggle("off", causal.disabled);
}
