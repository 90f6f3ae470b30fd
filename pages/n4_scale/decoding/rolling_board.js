// @ts-check
// The rolling cache, stepped token by token: which slot is written, what was there, what is lost with it.

import { clamp, range, sum } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { number, percent } from "../../../ui/kit/format.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { slice, unpack } from "../../../ui/kit/tensors.js";
import { labels, quote } from "../../../ui/kit/words.js";
import { held, overwritten, slotOf } from "./rolling.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { Tensor } from "../../../ui/kit/tensors.js" */
/** @import { Slider } from "../../../ui/kit/controls.js" */

/**
 * @typedef {{pass_id: string, pieces: string[], rotary: boolean, numbers: string,
 *   sentence: Record<string, string>}} RollingHeader
 */
/** @typedef {{weights: Tensor}} RollingArrays */
/** @typedef {{slots: number, sinks: number, full: number, window: number, sink: number}} LossData */
/**
 * @typedef {{root: HTMLElement, header?: RollingHeader, weights?: Tensor, words: string[], at: number,
 *   slots: number, sinks: number, place?: Slider, going?: AbortController}} Board
 */

const SIZES = [4, 6, 8, 12];
const SINKS = [0, 1, 2];
const HIGHEST = 84; // pixels
const TURN = 0.5; // radians a position: the arrow stands for one pair of numbers, drawn to be seen

export default mount((root) => {
  /** @type {Board} */
  const board = { root, words: [], at: 0, slots: 6, sinks: 0 };
  const by = (/** @type {number} */ step) => () => change(board, { at: board.at + step });
  find(root, ".back").addEventListener("click", by(-1));
  find(root, ".forward").addEventListener("click", by(1));
  onKeys(find(root, ".tape"), { ArrowLeft: by(-1), ArrowRight: by(1) });
  const size = (/** @type {number} */ i) => change(board, { slots: SIZES[i] });
  radios(find(root, ".sizes"), "Slots", SIZES.length, (i) => String(SIZES[i]), size);
  const sinks = (/** @type {number} */ i) => change(board, { sinks: SINKS[i] });
  radios(find(root, ".sinks"), "First tokens kept", SINKS.length, (i) => ["none", "1", "2"][i], sinks);
  find(root, ".measure").addEventListener("click", () => measure(board));
  return {
    receive: (/** @type {Uint8Array} */ bytes) => receive(board, bytes),
    stop: () => board.going?.abort(),
  };
});

/**
 * @param {Board} board
 * @param {Uint8Array} bytes
 */
function receive(board, bytes) {
  const { header, arrays } = unpack(bytes);
  const isNew = board.header?.pass_id !== header.pass_id;
  Object.assign(board, { header, weights: arrays.weights, words: labels(header.pieces) });
  if (isNew) {
    const n = board.words.length;
    board.at = n - 1;
    board.place = slider({
      ...{ label: "Token", min: 1, max: n, step: 1, value: n },
      ...{ show: (to) => `${to} of ${n}`, change: (to) => change(board, { at: to - 1 }) },
    });
    find(board.root, ".place").replaceChildren(board.place);
    forgetLoss(board);
  }
  draw(board);
}

/**
 * @param {Board} board
 * @param {{at?: number, slots?: number, sinks?: number}} to
 */
function change(board, to) {
  Object.assign(board, to);
  board.at = clamp(board.at, 0, board.words.length - 1);
  if (to.at === undefined) forgetLoss(board);
  draw(board);
  find(board.root, ".spoken").textContent = find(board.root, ".finding").textContent;
}

/** @param {Board} board */
function draw(board) {
  const { root, weights, words, at, slots, sinks } = board;
  if (!weights) return;
  const row = slice(weights, at);
  const places = held(at, slots, sinks);
  const kept = new Set(places);
  board.place?.set(at + 1);
  check(find(root, ".sizes"), SIZES.indexOf(slots));
  check(find(root, ".sinks"), SINKS.indexOf(sinks));
  find(root, ".back", HTMLButtonElement).disabled = at === 0;
  find(root, ".forward", HTMLButtonElement).disabled = at === words.length - 1;
  const lost = sum(range(at + 1).map((i) => (kept.has(i) ? 0 : row[i])));
  find(root, ".finding").replaceChildren(...rich(finding(board, lost)));
  const top = Math.max(...row.slice(0, at + 1));
  find(root, ".tape").replaceChildren(
    ...words.map((word, i) => {
      const kind = i > at ? "ahead" : i === at ? "here" : kept.has(i) ? "" : "gone";
      const height = i > at ? 0 : (HIGHEST * row[i]) / top;
      return make(
        "div",
        { class: `cell ${kind}`, title: `position ${i + 1}` },
        make("div", { class: "bar" }, make("i", { style: `height:${height}px` })),
        make("span", { class: "word" }, word),
        make("span", { class: "weight" }, i > at ? "" : percent(row[i])),
      );
    }),
  );
  find(root, ".ring").replaceChildren(...places.map((position, slot) => slotCard(board, position, slot)));
  find(root, ".told").textContent = told(board);
}

/**
 * @param {Board} board
 * @param {number | null} position
 * @param {number} slot
 */
function slotCard({ words, at, sinks, header }, position, slot) {
  const kind = position === at ? "new" : slot < sinks ? "sink" : "";
  const inside =
    position === null
      ? [make("b", {}, "empty")]
      : [
          make("b", {}, words[position]),
          make("small", {}, `position ${position + 1}`),
          header?.rotary && arrow(position),
        ];
  return make("div", { class: `slot ${kind}` }, make("small", {}, `slot ${slot + 1}`), inside);
}

/**
 * How far one pair of numbers of a key is turned at its position.
 * @param {number} position
 */
function arrow(position) {
  const [x, y] = [Math.cos(TURN * position), -Math.sin(TURN * position)].map((part) => 13 + 11 * part);
  return make(
    "svg",
    { width: 26, height: 26, "aria-hidden": "true" },
    make("circle", { cx: 13, cy: 13, r: 12 }),
    make("line", { x1: 13, y1: 13, x2: x, y2: y }),
  );
}

/**
 * @param {Board} board
 * @param {number} lost
 * @returns {Segment[]}
 */
function finding({ words, at, slots, sinks }, lost) {
  const old = overwritten(at, slots, sinks);
  if (old === null) return [`${quote(words[at])} still finds an empty slot: nothing is lost yet`];
  return [
    `${quote(words[at])} takes the slot of ${quote(words[old])}. Of its attention, `,
    ["negative", percent(lost)],
    " would have gone to tokens that are no longer in the cache",
  ];
}

const TURNED =
  " Keys are stored turned by their position in the text. The arrows, drawn to explain, show this for one pair of " +
  "numbers of each key. The order of the slots does not matter, since attention adds the values up. StreamingLLM " +
  "(Xiao et al. 2023) instead stores keys before they are turned and gives them positions within the cache.";
const ADDED =
  " This model adds its positions to the token vectors, so keys carry them anyway, and the order of the slots does " +
  "not matter.";

/** @param {Board} board */
function told({ header, at, slots, sinks }) {
  const slot = slotOf(at, slots, sinks) + 1;
  const first = sinks === 1 ? "The first slot is" : `The first ${sinks} slots are`;
  const rule = sinks
    ? `${first} never overwritten. The others are filled in turn, and this token goes to slot ${slot}.`
    : `The slots are filled in turn, again and again: token ${at + 1} goes to slot ${slot} of ${slots}.`;
  return rule + (header?.rotary ? TURNED : ADDED);
}

/** @param {Board} board */
function forgetLoss({ root, going }) {
  going?.abort();
  find(root, ".losses").textContent =
    "Three passes of the model on this text: with all keys, with the newest alone, with the newest and the first.";
}

/** @param {Board} board */
async function measure(board) {
  const { root, header, slots, sinks, words } = board;
  if (!header) return;
  const says = find(root, ".losses");
  if (words.length <= slots) {
    says.textContent = `The text has only ${words.length} tokens, so a cache of ${slots} slots loses nothing.`;
    return;
  }
  board.going?.abort();
  const going = new AbortController();
  board.going = going;
  const asked = { ...header.sentence, slots: String(slots), sinks: String(Math.max(1, sinks)) };
  const bytes = await busyDuring(root, ask(header.numbers, asked, going.signal));
  if (going.signal.aborted) return;
  if (!bytes) {
    says.textContent = "No answer came. Try again in a few seconds.";
    return;
  }
  /** @type {LossData} */
  const found = unpack(bytes).header;
  const first = found.sinks === 1 ? "the first token" : `the first ${found.sinks} tokens`;
  says.replaceChildren(
    ...rich([
      `Mean loss after token ${found.slots}, in nats (natural-log units): `,
      ["query", `${number(found.full)} with all keys`],
      ", ",
      ["negative", `${number(found.window)} with the newest ${found.slots}`],
      ", ",
      ["value", `${number(found.sink)} with ${first} and the newest ${found.slots - found.sinks}`],
      ".",
    ]),
  );
}
