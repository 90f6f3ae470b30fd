// @ts-check
// A tiny Transformer trains while the page stays as it is: the recorded run at first, then the reader's own.

import { recall, rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { ask } from "../../../ui/kit/asking.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count } from "../../../ui/kit/format.js";
import { across, onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit } from "../../../ui/kit/plot.js";
import { OrderForm } from "./order_form.js";
import { drawCurves } from "./run_charts.js";
import { newRun, secondsLeft, take } from "./run_lines.js";
import { drawMap, rowAt, samples } from "./run_pictures.js";
import { explanation, finding, status } from "./run_words.js";
import { act, begin, begun, look, remember } from "./training_talk.js";

/** @import { Slider } from "../../../ui/kit/controls.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { TrainData } from "./order_form.js" */
/** @import { Run, TaskData, TrainingRecord } from "./run_lines.js" */
/** @import { Look } from "./run_pictures.js" */
/** @import { State } from "./run_words.js" */
/**
 * `shown`: number of a record, or undefined for the newest; `first`: the first record that came while the reader
 * looked, and when; `saved`: whether the server has the model.
 * @typedef {{root: HTMLElement, page: Page, palette: Palette, data?: TrainData, form?: OrderForm, run: Run,
 *   training: string, state: State, place: number, shown?: number, look: Look, moment?: Slider, timer: number,
 *   first?: {step: number, at: number}, gone: boolean, heads: string}} Board
 */

const EVERY = 400; // ms between two questions
const A_REPLAY = 6_000; // ms
const BEGINNING = "beginning"; // the moment in the address before the first step; any other is the end

export default mount((root, page) => {
  const palette = new Palette(root);
  /** @type {Board} */
  const board = {
    ...{ root, page, palette, run: newRun(), training: "", state: "ended", place: 0, timer: 0, gone: false },
    ...{ look: { layer: 0, head: 0, row: 8 }, heads: "" },
  };
  listen(board);
  whenSent(root, (place) => visit(board, place));
  const stop = follow(root, () => {
    palette.forget();
    draw(board);
    fit(find(root, ".curves"));
  });
  const leave = () => {
    board.gone = true;
    clearTimeout(board.timer);
    stop();
  };
  return { receive: (/** @type {TrainData} */ data) => receive(board, data), stop: leave };
});

/**
 * @param {Board} board
 * @param {TrainData} data
 */
async function receive(board, data) {
  const isFirst = !board.data;
  board.data = data;
  refuse(board, data.refused);
  if (!isFirst) return;
  board.form = new OrderForm(board.root, data, () => refuse(board, board.form?.wanted().wrong ?? ""));
  find(board.root, ".begin", HTMLButtonElement).disabled = data.off;
  if (data.off) find(board.root, ".status").textContent = "Training is switched off on this server.";
  const recorded = await ask(`${data.numbers}/recorded`, {});
  if (!recorded) throw new Error("the recorded run did not come");
  take(board.run, new TextDecoder().decode(recorded).split("\n").filter(Boolean));
  await draw(board);
  visit(board, { moment: recall("moment"), learning: recall("learning") });
  if (begun()) watch(board, begun());
}

/** @param {Board} board */
function listen(board) {
  const { root } = board;
  const on = (/** @type {string} */ place, /** @type {() => void} */ does) =>
    find(root, place).addEventListener("click", does);
  on(".begin", () => train(board));
  on(".pause", () => tell(board, board.state === "paused" ? "resume" : "pause"));
  on(".stop", () => tell(board, "stop"));
  on(".replay", () => replay(board));
  on(".download", () => download(board));
  on(".open", () => board.page.setTriggerValue("open", board.training));
  const canvas = find(root, ".map canvas", HTMLCanvasElement);
  canvas.tabIndex = 0;
  const choose = (/** @type {number} */ row) => {
    board.look.row = row;
    drawPictures(board);
  };
  canvas.addEventListener("pointermove", (event) => choose(rowAt(root, event, current(board).shape[2])));
  onKeys(
    canvas,
    across((rows) => choose(Math.min(Math.max(board.look.row + rows, 0), current(board).shape[2] - 1))),
  );
}

/**
 * Where an answer sends the board: to a moment of the training, or to a learning rate for the next.
 * @param {Board} board
 * @param {Record<string, string>} place
 */
function visit(board, { moment, learning }) {
  if (learning) board.form?.setRate(learning);
  if (moment) {
    board.shown = moment === BEGINNING ? 0 : undefined;
    draw(board);
  }
  return Boolean(learning || moment);
}

// ------------------------------------------------------------------------------------ a training

/** @param {Board} board */
async function train(board) {
  const { data, form, root } = board;
  if (!data || !form) return;
  const { order, wrong } = form.wanted();
  refuse(board, wrong);
  if (wrong) return;
  const button = find(root, ".begin", HTMLButtonElement);
  button.disabled = true;
  const { training, refused } = await begin(data.numbers, order);
  button.disabled = false;
  refuse(board, refused ?? "");
  if (!training) return;
  if (board.training) act(data.numbers, board.training, "leave");
  watch(board, training);
}

/**
 * Show a training from its beginning on.
 * @param {Board} board
 * @param {string} training
 */
function watch(board, training) {
  remember(training);
  clearTimeout(board.timer);
  Object.assign(board, { training, run: newRun(), state: "waiting", place: 1, shown: undefined, first: undefined });
  listenOn(board, training);
}

/**
 * Ask how the training is, draw it, and ask again.
 * @param {Board} board
 * @param {string} training
 */
async function listenOn(board, training) {
  const { data } = board;
  if (!data || board.gone) return;
  const asked = await look(data.numbers, training, board.run.lines);
  if (board.gone || board.training !== training) return;
  if (typeof asked === "string") lost(board, asked);
  else hear(board, asked);
  if (!board.run.ending && board.training === training)
    board.timer = window.setTimeout(() => listenOn(board, training), EVERY);
}

/**
 * @param {Board} board
 * @param {import("./training_talk.js").Look} asked
 */
function hear(board, { state, place, lines }) {
  const { run } = board;
  take(run, lines);
  Object.assign(board, { state: run.ending ? "ended" : state, place });
  const last = run.records.at(-1);
  if (last) board.first ??= { step: last.step, at: performance.now() / 1000 };
  if (lines.length) draw(board);
  else drawState(board);
  if (run.ending) ended(board);
}

/**
 * The server does not know the training any more, or did not answer: what was shown stays.
 * @param {Board} board
 * @param {string} why
 */
function lost(board, why) {
  refuse(board, why);
  if (!why.startsWith("This training is not here")) return;
  remember("");
  if (board.run.records.length) board.run.ending = { how: "failed", says: why };
  else reset(board);
  Object.assign(board, { training: "", state: "ended" });
  drawState(board);
}

/** @param {Board} board */
async function reset(board) {
  const recorded = await ask(`${board.data?.numbers}/recorded`, {});
  board.run = newRun();
  if (recorded) take(board.run, new TextDecoder().decode(recorded).split("\n").filter(Boolean));
  draw(board);
}

/** @param {Board} board */
function ended(board) {
  const { root, run } = board;
  refuse(board, "");
  if (!run.records.length) {
    refuse(board, run.ending?.says ?? "");
    remember("");
    board.training = "";
    reset(board);
  }
  find(root, ".spoken").textContent = find(root, ".finding").textContent;
}

/**
 * @param {Board} board
 * @param {"pause" | "resume" | "stop"} does
 */
async function tell(board, does) {
  const { refused } = await act(board.data?.numbers ?? "", board.training, does);
  refuse(board, refused ?? "");
}

/** @param {Board} board */
async function download(board) {
  const bytes = await ask(`${board.data?.numbers}/model`, { training: board.training });
  if (!bytes?.length) return refuse(board, "The model is not here any more. Train it again.");
  const href = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)], { type: "application/zip" }));
  make("a", { href, download: `transformer-${board.run.beginning?.order.task}.zip` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/**
 * @param {Board} board
 * @param {string} why
 */
const refuse = (board, why) => {
  find(board.root, ".refused").textContent = why;
};

// ---------------------------------------------------------------------------------------- drawing

/** @param {Board} board @returns {TrainingRecord} */
const current = ({ run, shown }) => run.records[Math.min(shown ?? Infinity, run.records.length - 1)];

/** @param {Board} board @returns {TaskData} */
const taskOf = ({ data, run }) =>
  /** @type {TaskData} */ (data?.tasks.find(({ key }) => key === run.beginning?.order.task));

/** @param {Board} board */
async function draw(board) {
  const { root, run } = board;
  drawState(board);
  if (!run.records.length) return;
  offerHeads(board);
  offerMoments(board);
  drawPictures(board);
  await drawCurves(root, run, current(board), board.palette);
  board.page.drawn();
}

/** Buttons and sentences: how it stands. @param {Board} board */
function drawState(board) {
  const { root, run, state, place } = board;
  const active = Boolean(board.training) && !run.ending;
  find(root, ".begin").hidden = active;
  find(root, ".pause").hidden = !active || state === "waiting" || !run.records.length;
  find(root, ".pause").textContent = state === "paused" ? "Resume" : "Pause";
  find(root, ".stop").hidden = !active;
  find(root, ".stop").textContent = state === "waiting" ? "Leave the queue" : "Stop";
  const progress = find(root, "progress", HTMLProgressElement);
  progress.hidden = !active;
  progress.value = (run.records.at(-1)?.step ?? 0) / (run.beginning?.order.steps ?? 1);
  if (board.training) find(root, ".status").textContent = status(state, place, run, timeLeft(board));
  find(root, ".why").textContent = explanation(run);
  drawKept(board, active);
}

/** @param {Board} board */
function timeLeft({ first, run }) {
  const last = run.records.at(-1);
  if (!first || !last || !run.beginning) return undefined;
  return secondsLeft(first, { step: last.step, at: performance.now() / 1000 }, run.beginning.order.steps);
}

/**
 * What can be done with the model.
 * @param {Board} board
 * @param {boolean} active
 */
function drawKept({ root, run, training }, active) {
  const saved = ["done", "stopped", "limit"].includes(run.ending?.how ?? "");
  find(root, ".kept").hidden = !training || active || !saved || !run.records.length;
  const own = run.beginning?.order.task === "text";
  find(root, ".open").hidden = !own;
  find(root, ".size").textContent =
    `It has ${count(run.beginning?.parameters ?? 0)} parameters and ${run.beginning?.symbols} tokens. ` +
    (own
      ? "Its tokens are the characters of your text; all others are one unknown token. It stands in your own list of " +
        "models only, until the server needs the room. Whoever gets a link from you sees it, too."
      : "It reads the tokens of its task alone. So it can be downloaded, but not opened in the other lessons.");
}

/** @param {Board} board */
function drawPictures(board) {
  const { root, run, look, data } = board;
  const record = current(board);
  const { beginning } = run;
  if (!beginning || !record || !data) return;
  const task = taskOf(board);
  find(root, ".finding").replaceChildren(...rich(finding(run, record, task)));
  const kind = find(root, ".kind");
  kind.textContent = run.measured ? "measured" : "live";
  kind.className = run.measured ? "tag measured kind" : "tag kind";
  kind.title = run.measured ? "A recorded run" : "A training of yours, on this server";
  find(root, ".source").textContent = run.measured
    ? `Recorded on ${run.measured.machine} by ${run.measured.command}. “Train” begins a run of your own.`
    : "The held-out loss is that after the step. The training loss is the mean since the point before.";
  drawMap(root, beginning, record, look, board.palette);
  find(root, ".answers-title").textContent =
    task.key === "text" ? "What it writes" : "Its answers to held-out examples";
  find(root, ".samples").replaceChildren(...samples(record.samples));
}

/** A radio for each head, made anew where there are others. @param {Board} board */
function offerHeads(board) {
  const { root, look } = board;
  const [layers, heads, n] = current(board).shape;
  const now = `${layers} ${heads} ${n}`;
  const box = find(root, ".head-choice");
  if (board.heads !== now) {
    board.heads = now;
    Object.assign(look, { layer: layers - 1, head: 0, row: Math.floor(n / 2) });
    radios(
      box,
      "Head",
      layers * heads,
      (i) => `${Math.floor(i / heads) + 1}.${(i % heads) + 1}`,
      (i) => {
        Object.assign(look, { layer: Math.floor(i / heads), head: i % heads });
        drawPictures(board);
      },
    );
  }
  check(box, look.layer * heads + look.head);
}

/** A slider over the records; at its end it follows the newest. @param {Board} board */
function offerMoments(board) {
  const { root, run } = board;
  const last = run.records.length - 1;
  const place = find(root, ".moment");
  if (!board.moment || Number(place.dataset.last) !== last) {
    place.dataset.last = String(last);
    const had = place.contains(/** @type {ShadowRoot} */ (root.getRootNode()).activeElement);
    board.moment = slider({
      ...{ label: "Step shown", min: 0, max: Math.max(1, last), step: 1, value: Math.min(board.shown ?? last, last) },
      show: (i) => count(run.records[Math.min(i, last)].step),
      change: (i) => {
        board.shown = i >= last ? undefined : i;
        draw(board);
        rememberSoon("moment", i ? "" : BEGINNING);
      },
    });
    place.replaceChildren(board.moment);
    if (had) find(place, "input", HTMLInputElement).focus();
  }
  board.moment.set(Math.min(board.shown ?? last, last));
}

/** From the first record to the last. @param {Board} board */
function replay(board) {
  const started = performance.now();
  const { run } = board;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const go = () => {
    const last = run.records.length - 1;
    const at = still ? last : Math.floor(((performance.now() - started) / A_REPLAY) * last);
    if (board.gone || board.run !== run) return;
    board.shown = at >= last ? undefined : at;
    draw(board);
    if (at < last) setTimeout(go, 60);
  };
  go();
}
