// @ts-check
// Fewer bytes at any length, and why they are speed: counted for a published machine.

import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, duration, flops, memory, number } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit } from "../../../ui/kit/plot.js";
import { drawBytesChart, LONGEST, SHORTEST } from "./bytes_chart.js";
import { drawRoof } from "./roof_chart.js";
import { largestTile } from "./traffic.js";
import { bothWays, limit } from "./traffic_words.js";

/** @import { AcceleratorData } from "./traffic.js" */
/** @import { Setting, Way } from "./traffic_words.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */

/** @typedef {{machine: AcceleratorData}} TrafficData */
/** @typedef {{root: HTMLElement, page: Page, palette: Palette, setting: Setting, machine?: AcceleratorData}} Board */

const WIDTHS = [64, 128];
const SHARES = [2, 1]; // parts of the machine's fast memory
const START = 13; // 8,192 tokens

export default mount((root, page) => {
  /** @type {Board} */
  const board = { root, page, palette: new Palette(root), setting: { n: 2 ** START, d: WIDTHS[0], fast: 0 } };
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
    for (const name of [".bytes-plot", ".roof-plot"]) fit(find(root, name));
  });
  return {
    receive(/** @type {TrafficData} */ { machine }) {
      if (!board.machine) build(board, machine);
      board.machine = machine;
      return draw(board);
    },
    stop,
  };
});

/**
 * @param {Board} board
 * @param {AcceleratorData} machine
 */
function build(board, machine) {
  const { root, setting, page } = board;
  const change = async (/** @type {Partial<Setting>} */ to) => {
    Object.assign(setting, to);
    await draw(board);
    page.drawn();
    find(root, ".spoken").textContent = find(root, ".finding").textContent;
  };
  const sizes = SHARES.map((share) => machine.fast_bytes / share);
  setting.fast = machine.fast_bytes;
  find(root, ".length").append(
    slider({
      ...{ label: "tokens n", min: SHORTEST, max: LONGEST, step: 1, value: START },
      show: (to) => count(2 ** to),
      change: (to) => change({ n: 2 ** to }),
    }),
  );
  const fast = find(root, ".fast");
  radios(
    fast,
    "Fast memory",
    sizes.length,
    (i) => `${sizes[i] / 1024} KiB`,
    (i) => change({ fast: sizes[i] }),
  );
  check(fast, sizes.length - 1);
  const widths = find(root, ".widths");
  radios(
    widths,
    "Head width",
    WIDTHS.length,
    (i) => `d = ${WIDTHS[i]}`,
    (i) => change({ d: WIDTHS[i] }),
  );
  check(widths, 0);
}

/** @param {Board} board */
async function draw({ root, setting, machine, palette }) {
  if (!machine) return;
  const ways = bothWays(setting, machine);
  const [tiled, standard] = ways;
  const tile = largestTile(setting.fast, setting.d);
  find(root, ".finding").replaceChildren(
    ...rich([
      `At ${count(setting.n)} tokens the standard way moves `,
      ["negative", `${number(standard.bytes / tiled.bytes, 1)} times as many bytes`],
      " as the tiled way, with the same arithmetic",
    ]),
  );
  const text =
    `The largest tile that fits into ${setting.fast / 1024} KiB is ${tile} × ${tile}: Q, K, V and O of the tile ` +
    "and its scores, 16 bits a number. Counted without a mask; the rules are those above.";
  find(root, ".tile").textContent = text;
  find(root, ".limits").replaceChildren(...limits(ways));
  find(root, ".bound").textContent = bound(machine);
  await Promise.all([drawBytesChart(root, setting, machine, palette), drawRoof(root, setting, machine, palette)]);
}

/** @param {Way[]} ways */
function limits(ways) {
  const heads = ["", "arithmetic", "bytes moved", "FLOP per byte", "moving takes", "computing takes", "limited by"];
  return [
    make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head))),
    ...ways.map((way) => {
      const [least, most] = way.moving;
      const cells = [flops(way.flops), memory(way.bytes), number(way.intensity, 0)];
      const slower = most > way.computing ? "longer" : "";
      return make(
        "tr",
        { class: way.name },
        make("th", { scope: "row" }, `${way.name} way`),
        ...cells.map((cell) => make("td", {}, cell)),
        make("td", { class: slower }, `${duration(least)} to ${duration(most)}`),
        make("td", { class: slower ? "" : "longer" }, duration(way.computing)),
        make("td", {}, limit(way)),
      );
    }),
  ];
}

/** @param {AcceleratorData} machine */
function bound({ title, flops: speed, bandwidth: [slow, quick], fast_bytes: fast }) {
  return (
    `Times are the least that the published speeds of an ${title} allow: ${number(speed / 1e12, 0)} TFLOP per ` +
    `second and ${number(slow / 1e12, 1)} to ${number(quick / 1e12, 1)} TB per second of slow memory ` +
    "(Dao et al. 2022; Dao 2023). " +
    `Each of its units has ${fast / 1024} KiB of fast memory. Real programs take longer.`
  );
}
