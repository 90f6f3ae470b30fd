// @ts-check
// Speculative decoding: asked for by a press, then looked at round by round; beside it, the formula.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { number, percent } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit } from "../../../ui/kit/plot.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { drawRounds, drawSums, drawText, runFinding } from "./draft_rounds.js";
import { drawSpeed } from "./speed_chart.js";

/** @import { RunData } from "./draft_rounds.js" */
/** @import { Expected } from "./speed_chart.js" */
/** @import { Slider } from "../../../ui/kit/controls.js" */

/**
 * @typedef {{pass_id: string, title: string, kinds: Record<string, string>, drafted: number[],
 *   written: number, numbers: string, sentence: Record<string, string>}} DraftData
 */
/**
 * @typedef {{root: HTMLElement, palette: Palette, kind: string, drafted: number, at: number, data?: DraftData,
 *   expected: Expected, run?: RunData, going?: AbortController, place?: Slider}} Board
 */

export default mount((root) => {
  /** @type {Board} */
  const board = {
    ...{ root, palette: new Palette(root), kind: "", drafted: 4, at: 0 },
    expected: { alpha: 0.8, drafted: 4, cost: 0.05 },
  };
  listen(board);
  const stop = follow(root, () => {
    board.palette.forget();
    drawSpeed(root, board.expected, board.palette);
    fit(find(root, ".speed-plot"));
  });
  return {
    receive: (/** @type {DraftData} */ data) => receive(board, data),
    stop: () => {
      board.going?.abort();
      stop();
    },
  };
});

/** @param {Board} board */
function listen(board) {
  const { root, expected } = board;
  find(root, ".run").addEventListener("click", () => run(board));
  find(root, ".back").addEventListener("click", () => goTo(board, board.at - 1));
  find(root, ".forward").addEventListener("click", () => goTo(board, board.at + 1));
  const change = (/** @type {Partial<Expected>} */ to) => {
    Object.assign(expected, to);
    drawSpeed(root, expected, board.palette);
  };
  find(root, ".alpha").append(
    slider({
      ...{ label: "Accepted with probability α", min: 0, max: 0.98, step: 0.02, value: expected.alpha },
      ...{ show: percent, change: (alpha) => change({ alpha }) },
    }),
  );
  find(root, ".gamma").append(
    slider({
      ...{ label: "Guesses γ", min: 1, max: 10, step: 1, value: expected.drafted },
      ...{ show: String, change: (drafted) => change({ drafted }) },
    }),
  );
  find(root, ".price").append(
    slider({
      ...{ label: "Time of a guess c", min: 0, max: 1, step: 0.05, value: expected.cost },
      ...{ show: (to) => number(to), change: (cost) => change({ cost }) },
    }),
  );
}

/**
 * @param {Board} board
 * @param {DraftData} data
 */
function receive(board, data) {
  const { root } = board;
  const isNew = board.data?.pass_id !== data.pass_id;
  board.data = data;
  if (isNew) {
    const names = Object.keys(data.kinds);
    if (!names.includes(board.kind)) board.kind = names[0];
    radios(
      find(root, ".kinds"),
      "Draft by",
      names.length,
      (i) => data.kinds[names[i]],
      (i) => choose(board, { kind: names[i] }),
    );
    check(find(root, ".kinds"), names.indexOf(board.kind));
    radios(
      find(root, ".gammas"),
      "Guesses",
      data.drafted.length,
      (i) => String(data.drafted[i]),
      (i) => choose(board, { drafted: data.drafted[i] }),
    );
    check(find(root, ".gammas"), data.drafted.indexOf(board.drafted));
    forget(board);
  }
  return drawSpeed(root, board.expected, board.palette);
}

/**
 * @param {Board} board
 * @param {{kind?: string, drafted?: number}} to
 */
function choose(board, to) {
  Object.assign(board, to);
  forget(board);
}

/** @param {Board} board */
function forget(board) {
  const { root, data } = board;
  board.going?.abort();
  board.run = undefined;
  find(root, ".result").hidden = true;
  find(root, ".run", HTMLButtonElement).disabled = false;
  find(root, ".finding").textContent = "Can a cheap guess save passes of the model, and leave its text as it is?";
  find(root, ".state").textContent =
    `${data?.title} continues your text by up to ${data?.written} tokens, twice: with drafts, and one by one. ` +
    "It takes some seconds.";
}

/** @param {Board} board */
async function run(board) {
  const { root, data } = board;
  if (!data) return;
  forget(board);
  const going = new AbortController();
  board.going = going;
  const button = find(root, ".run", HTMLButtonElement);
  button.disabled = true;
  const parameters = { ...data.sentence, draft: board.kind, drafted: String(board.drafted) };
  const bytes = await busyDuring(root, ask(data.numbers, parameters, going.signal));
  if (going.signal.aborted) return;
  button.disabled = false;
  /** @type {RunData | null} */
  const found = bytes && unpack(bytes).header;
  if (!found || found.busy) {
    const why = found ? "Another reader is measuring just now." : "No answer came.";
    find(root, ".state").textContent = `${why} Try again in a few seconds.`;
    return;
  }
  if (!found.rounds.length) {
    find(root, ".state").textContent = "The text fills the model’s context, so nothing can be written.";
    return;
  }
  board.run = found;
  show(board, found);
}

/**
 * @param {Board} board
 * @param {RunData} found
 */
function show(board, found) {
  const { root } = board;
  find(root, ".result").hidden = false;
  find(root, ".finding").replaceChildren(...rich(runFinding(found)));
  find(root, ".spoken").textContent = find(root, ".finding").textContent;
  find(root, ".state").textContent = "Each row is one pass of the model. Click a round to see the text up to it.";
  board.place = slider({
    ...{ label: "Round", min: 1, max: found.rounds.length, step: 1, value: found.rounds.length },
    ...{ show: (to) => `${to} of ${found.rounds.length}`, change: (to) => goTo(board, to - 1) },
  });
  find(root, ".place").replaceChildren(board.place);
  drawSums(root, found);
  goTo(board, found.rounds.length - 1);
}

/**
 * @param {Board} board
 * @param {number} at
 */
function goTo(board, at) {
  const { root, run: found, data } = board;
  if (!found || !data) return;
  board.at = clamp(at, 0, found.rounds.length - 1);
  board.place?.set(board.at + 1);
  find(root, ".back", HTMLButtonElement).disabled = board.at === 0;
  find(root, ".forward", HTMLButtonElement).disabled = board.at === found.rounds.length - 1;
  drawRounds(root, found, board.at, (to) => goTo(board, to));
  drawText(root, found, board.at, data.sentence.text);
}
