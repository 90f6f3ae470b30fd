// @ts-check
// Prefill and decode under a machine's two limits, at any batch and length; this server's on a press.

import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count, duration, number } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit, plot } from "../../../ui/kit/plot.js";
import { roofFigure } from "../../../ui/kit/roofline.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { decodeCost, least, prefillCost, ridge } from "./roof.js";

/** @import { PassCost, RoofMachine, RoofShape } from "./roof.js" */

/** @typedef {{shapes: RoofShape[], machines: RoofMachine[], numbers: string}} RoofData */
/** @typedef {{busy: boolean, flops: number, bandwidth: number}} LimitsData */
/**
 * @typedef {{root: HTMLElement, palette: Palette, data?: RoofData, machines: RoofMachine[], shape: number,
 *   machine: number, batch: number, n: number}} Board
 */

const [GIGA, TERA] = [1e9, 1e12];
const HERE = "this server";

export default mount((root) => {
  /** @type {Board} */
  const board = { root, palette: new Palette(root), machines: [], shape: 0, machine: 0, batch: 16, n: 1024 };
  find(root, ".batch").append(
    slider({
      ...{ label: "Texts in the batch", min: 0, max: 9, step: 1, value: 4 },
      ...{ show: (to) => count(2 ** to), change: (to) => change(board, { batch: 2 ** to }) },
    }),
  );
  find(root, ".length").append(
    slider({
      ...{ label: "Tokens of each", min: 5, max: 15, step: 1, value: 10 },
      ...{ show: (to) => count(2 ** to), change: (to) => change(board, { n: 2 ** to }) },
    }),
  );
  find(root, ".measure").addEventListener("click", () => measure(board));
  const stop = follow(root, () => {
    board.palette.forget();
    draw(board);
    fit(find(root, ".roof-plot"));
  });
  return { receive: (/** @type {RoofData} */ data) => receive(board, data), stop };
});

/**
 * @param {Board} board
 * @param {RoofData} data
 */
function receive(board, data) {
  const isNew = board.data?.shapes[0].title !== data.shapes[0].title;
  board.data = data;
  if (!board.machines.length) offer(board, data.machines);
  if (isNew) {
    const { shapes } = data;
    const choose = (/** @type {number} */ i) => change(board, { shape: i });
    radios(find(board.root, ".shapes"), "Model", shapes.length, (i) => shapes[i].title, choose);
    board.shape = shapes.length - 1;
  }
  return draw(board);
}

/**
 * @param {Board} board
 * @param {RoofMachine[]} machines
 */
function offer(board, machines) {
  board.machines = machines;
  const choose = (/** @type {number} */ i) => change(board, { machine: i });
  radios(find(board.root, ".machines"), "Machine", machines.length, (i) => machines[i].title, choose);
}

/**
 * @param {Board} board
 * @param {Partial<Board>} to
 */
function change(board, to) {
  Object.assign(board, to);
  draw(board);
  find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
}

/** @param {Board} board */
async function measure(board) {
  const { root, data } = board;
  if (!data) return;
  const button = find(root, ".measure", HTMLButtonElement);
  button.disabled = true;
  button.textContent = "Measuring …";
  const bytes = await busyDuring(root, ask(data.numbers, {}));
  button.disabled = false;
  /** @type {LimitsData | null} */
  const found = bytes && unpack(bytes).header;
  if (!found || found.busy) {
    button.textContent = `${found ? "Busy" : "No answer"}: try again in a few seconds`;
    return;
  }
  button.textContent = "Measure again";
  const source = "measured just now, the best of five runs of one thread";
  const { flops, bandwidth } = found;
  offer(board, [...data.machines, { title: HERE, source, flops, bandwidth: [bandwidth, bandwidth], size: 4 }]);
  change(board, { machine: data.machines.length, shape: 0 });
}

/** @param {Board} board */
function draw({ root, palette, data, machines, shape: chosen, machine: at, batch, n }) {
  if (!data) return;
  const [shape, machine] = [data.shapes[chosen], machines[at]];
  check(find(root, ".shapes"), chosen);
  check(find(root, ".machines"), at);
  const isHere = machine.title === HERE;
  const tag = find(root, ".tag");
  tag.className = isHere ? "tag" : "tag published";
  tag.textContent = isHere ? "live" : "published limits";
  const [one, many] = [1, batch].map((b) => decodeCost(shape, n, b, machine.size));
  const prefill = prefillCost(shape, n, machine.size);
  const edge = ridge(machine);
  find(root, ".finding").replaceChildren(
    ...rich([
      `One text’s step does ${number(one.intensity, 1)} FLOP for each byte, a batch of ${batch} does `,
      ["query", number(many.intensity, 1)],
      ", and prefill ",
      ["attention", count(prefill.intensity)],
      `. ${isHere ? "This server" : `An ${machine.title}`} needs ${number(edge, 0)} to compute at full speed`,
    ]),
  );
  drawTable(root, machine, { one, many, prefill, batch, n });
  find(root, ".source").textContent =
    `Limits: ${machine.source}. Each pass reads all weights once, in ${8 * machine.size}-bit numbers, and each ` +
    "text’s cache. Times are the shortest that the limits allow. Real programs take longer. Whether weights and " +
    "caches fit into the machine’s memory is not checked.";
  const unit = isHere ? GIGA : TERA;
  const view = { from: 0.25, to: 4096, unit, unitName: isHere ? "GFLOP" : "TFLOP" };
  const points = [
    { name: "decode, 1 text", intensity: one.intensity, color: "var(--query)", hollow: true },
    { name: `decode, ${batch} texts`, intensity: many.intensity, color: "var(--query)" },
    { name: "prefill", intensity: prefill.intensity, color: "var(--attention)", place: "bottom center" },
  ].filter((_, i) => i !== 0 || batch > 1);
  const node = find(root, ".roof-plot");
  node.setAttribute(
    "aria-label",
    points.map(({ name, intensity }) => `${name}: ${number(intensity, 1)} FLOP per byte`).join("; "),
  );
  return plot(node, roofFigure(machine, points, view), palette);
}

/**
 * @param {HTMLElement} root
 * @param {RoofMachine} machine
 * @param {{one: PassCost, many: PassCost, prefill: PassCost, batch: number, n: number}} costs
 */
function drawTable(root, machine, { one, many, prefill, batch, n }) {
  const heads = ["pass", "at least", "limited by", "tokens per second"];
  const line = (
    /** @type {string} */ kind,
    /** @type {string} */ name,
    /** @type {PassCost} */ pass,
    /** @type {number} */ tokens,
  ) => {
    const seconds = least(machine, pass);
    const limit = pass.intensity < ridge(machine) ? "memory" : "arithmetic";
    const cells = [duration(seconds), limit, count(tokens / seconds)];
    return make(
      "tr",
      { class: kind },
      make("th", { scope: "row" }, name),
      ...cells.map((cell) => make("td", {}, cell)),
    );
  };
  find(root, ".passes").replaceChildren(
    make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head))),
    line("prefill", `prefill, ${count(n)} tokens`, prefill, n),
    line("decode", "decode, 1 text", one, 1),
    ...(batch > 1 ? [line("decode", `decode, ${batch} texts`, many, batch)] : []),
  );
}
