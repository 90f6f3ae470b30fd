// @ts-check
// The same text under several vocabularies, and what it costs. Fed once per text and model; choosing
// a row is answered here, and the address follows.

import { remember } from "../../../ui/kit/address.js";
import { check } from "../../../ui/kit/controls.js";
import { find } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, plural } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { drawCost } from "./attention_cost.js";
import { drawGreeting, drawRows, fadeCuts } from "./cut_rows.js";
import { drawPrice } from "./list_price.js";
import { times } from "./wording.js";

/** @import { CutComparison, CutRow } from "./cut_rows.js" */

export default mount((root, page) => {
  /** @type {{shown: CutComparison | null}} */
  const state = { shown: null };
  return {
    /** @param {CutComparison} comparison */
    receive(comparison) {
      const { key, chosen } = comparison;
      if (state.shown?.key === key && state.shown.chosen === chosen) return;
      state.shown = comparison;
      draw(root, comparison, (row) => {
        remember("cut", row === comparison.rows[0] ? "" : row.name);
        page.drawn();
      });
    },
    stop: follow(root, () => fadeCuts(root)),
  };
});

/**
 * @param {HTMLElement} root
 * @param {CutComparison} comparison
 * @param {(row: CutRow) => void} chosen called when the reader has chosen a row
 */
function draw(root, comparison, chosen) {
  const { rows } = comparison;
  const asked = rows.findIndex((row) => row.name === comparison.chosen);
  find(root, ".finding").textContent = finding(comparison);
  drawRows(find(root, ".rows"), comparison, (i) => {
    compare(root, comparison, rows[i]);
    chosen(rows[i]);
  });
  drawGreeting(find(root, ".samples"), comparison.greeting);
  check(find(root, ".rows"), Math.max(0, asked));
  compare(root, comparison, rows[Math.max(0, asked)]);
}

/**
 * @param {HTMLElement} root
 * @param {CutComparison} comparison
 * @param {CutRow} row
 */
function compare(root, comparison, row) {
  const own = ownRow(comparison);
  drawCost(find(root, ".cost"), comparison, row, own);
  drawPrice(find(root, ".trade"), comparison, row, own);
  find(root, ".spoken").textContent = find(root, ".cost h4").textContent;
}

/** @param {CutComparison} comparison */
const ownRow = ({ rows, ours }) => /** @type {CutRow} */ (rows.find((row) => row.name === ours));

/** @param {CutComparison} comparison */
function finding(comparison) {
  const { rows, characters } = comparison;
  const own = ownRow(comparison);
  const longer = rows.filter((row) => row.size > own.size && row.name !== "characters");
  const [best] = longer.sort((a, b) => a.pieces.length - b.pieces.length || b.size - a.size);
  const n = own.pieces.length;
  const here = `This model cuts your ${plural(characters, "character")} into ${plural(n, "token")}`;
  if (!best) {
    const [other] = rows.filter((row) => !["characters", "bytes", own.name].includes(row.name));
    return other
      ? `${here}, and ${other.title}, with ${count(other.size)} ids, into ${count(other.pieces.length)}`
      : here;
  }
  const list = `${times(best.size / own.size)} times as long`;
  return best.pieces.length < n
    ? `${here}, and ${best.title}, whose list is ${list}, into ${count(best.pieces.length)}`
    : `${here}. A list ${list} saves nothing here: try Hebrew or Code above`;
}
