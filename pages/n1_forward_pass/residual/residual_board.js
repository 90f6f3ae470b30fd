// @ts-check
// The residual stream of one word, embedding to prediction. Fed once per text and model with every
// vector that is added and every norm's gain and bias; all else is worked out here.

import { remember, whenSent } from "../../../ui/kit/address.js";
import { clamp, largest } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radios } from "../../../ui/kit/controls.js";
import { find, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { lane } from "./lane.js";
import { gutterOf } from "./lane_place.js";
import { drawNorm } from "./norm_card.js";
import { column, finding, massive } from "./stream_prose.js";
import { addWord, kindOf, layerOf, streamsOf, top, word } from "./streams.js";
import { readAt } from "./strips.js";
import { drawSum } from "./sum_card.js";

/** @typedef {import("./lane.js").Lane} Lane */
/** @typedef {import("./streams.js").ResidualHeader} ResidualHeader */
/** @typedef {import("./streams.js").Look} Look */
/** @typedef {Parameters<typeof streamsOf>[0]} Sent */
/**
 * `wanted`: the word that was asked for last; the station that was kept and the one pointed at; `index`
 * of the number of each vector that is read, null for the largest at the end; whether the norm gets the stream
 * `twice` as long; the lane as it is drawn.
 * @typedef {Look & {wanted: number, station: number, hover: number | null, contrast: boolean, index: number | null,
 *   twice: boolean, lane: Lane | null}} State
 */

const FEW = 12; // layers
const NARROWEST = 16; // px of a column of many

export default mount((root) => {
  /** @type {State | undefined} */
  let state;
  whenSent(root, (place) => state !== undefined && visit(root, state, place));
  return {
    receive(/** @type {Uint8Array} */ bytes) {
      const sent = /** @type {Sent} */ (unpack(bytes));
      if (!state) {
        state = begin(sent);
        listen(root, state);
        nameWords(root, state);
      } else if (!take(root, state, sent)) return;
      draw(root, state);
    },
    stop: follow(root, () => state && draw(root, state)),
  };
});

/**
 * @param {Sent} sent
 * @returns {State}
 */
function begin(sent) {
  const streams = streamsOf(sent);
  const { token } = sent.header;
  const station = opened(sent.header);
  const contrast = sent.header.n_layers > FEW; // each addition of many is small beside their sum
  const look = { streams, token, wanted: token, target: 0, station, hover: null };
  return { ...look, contrast, index: null, twice: false, lane: null };
}

/**
 * The station of the MLP of the reader's layer.
 * @param {ResidualHeader} header
 */
const opened = ({ layer, n_layers }) => 2 * Math.min(layer, n_layers - 1) + 2;

/**
 * Go where the server says, unless it says nothing new.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {Sent} sent
 */
function take(root, state, sent) {
  const was = state.streams.header;
  const { header } = sent;
  const fresh = header.run !== was.run;
  if (!fresh && header.layer === was.layer && header.token === was.token) return false;
  if (fresh) state.index = null;
  if (fresh || header.token !== was.token) state.token = state.wanted = header.token;
  if (header.layer !== was.layer && layerOf(state.station) !== header.layer + 1) state.station = opened(header);
  state.streams = fresh ? streamsOf(sent) : { ...state.streams, header };
  if (!fresh) for (const [token, each] of streamsOf(sent).words) state.streams.words.set(token, each);
  state.station = Math.min(state.station, state.streams.stations);
  if (fresh) nameWords(root, state);
  return true;
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function listen(root, state) {
  const box = find(root, ".lane");
  const spoken = (/** @type {() => unknown} */ move) => async () => {
    await move();
    find(root, ".spoken").textContent = find(root, ".pointed").textContent;
  };
  onKeys(box, {
    ArrowLeft: spoken(() => keep(root, state, state.station - 1)),
    ArrowRight: spoken(() => keep(root, state, state.station + 1)),
    ArrowUp: spoken(() => read(root, state, state.wanted - 1)),
    ArrowDown: spoken(() => read(root, state, state.wanted + 1)),
  });
  box.addEventListener("pointermove", (event) => hover(root, state, state.lane?.at(event) ?? null));
  box.addEventListener("pointerleave", () => hover(root, state, null));
  box.addEventListener("click", (event) => state.lane && keep(root, state, state.lane.at(event)));
  box.addEventListener("scroll", () => state.lane?.scrolled(box.scrollLeft));
  find(root, ".contrast", HTMLInputElement).checked = state.contrast;
  find(root, ".contrast").addEventListener("change", (event) => {
    state.contrast = /** @type {HTMLInputElement} */ (event.target).checked;
    drawVectors(root, state);
  });
  find(root, ".twice").addEventListener("change", (event) => {
    state.twice = /** @type {HTMLInputElement} */ (event.target).checked;
    drawOneNorm(root, state);
  });
  for (const strips of root.querySelectorAll(".strips")) {
    for (const kind of ["pointermove", "click"]) {
      strips.addEventListener(kind, (event) => aim(root, state, /** @type {MouseEvent} */ (event)));
    }
  }
}

/**
 * The station of a token that a question asks about; and the norm with its stream doubled, or not.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {Record<string, string>} place
 */
function visit(root, state, { token, station, twice }) {
  if (station === undefined) return false;
  state.station = clamp(Number(station), 0, state.streams.stations);
  state.hover = null;
  state.twice = twice === "yes";
  find(root, ".twice", HTMLInputElement).checked = state.twice;
  return read(root, state, Number(token) - 1);
}

/**
 * Another word; until its vectors have come, the one before stays.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {number} token
 */
async function read(root, state, token) {
  const { streams } = state;
  const n = streams.labels.length;
  const wanted = (token + n) % n;
  state.wanted = wanted;
  remember("token", wanted + 1);
  if (!streams.words.has(wanted)) {
    check(find(root, ".words"), wanted);
    const { sentence, vectors } = streams.header;
    const bytes = await busyDuring(root, ask(vectors, { ...sentence, token: String(wanted + 1) }));
    if (bytes) addWord(streams, bytes);
    if (state.streams.words !== streams.words || state.wanted !== wanted) return; // the reader has gone on
  }
  if (streams.words.has(wanted)) {
    state.token = wanted;
    state.index = null;
  }
  draw(root, state);
}

/**
 * Another station, until the next one is kept.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {number} station
 */
function keep(root, state, station) {
  state.station = clamp(station, 0, state.streams.stations);
  state.hover = null;
  if (kindOf(state.streams, state.station) !== "other") remember("layer", layerOf(state.station));
  draw(root, state);
}

/**
 * Another station, while it is pointed at.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {number | null} station
 */
function hover(root, state, station) {
  if (station === state.hover) return;
  state.hover = station;
  point(root, state);
}

/**
 * Another number of all vectors.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {MouseEvent} event
 */
function aim(root, state, event) {
  const index = readAt(event, state.streams.width);
  if (index === undefined || index === state.index) return;
  state.index = index;
  drawVectors(root, state);
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function draw(root, state) {
  const box = find(root, ".lane");
  const told = find(root, ".finding");
  told.replaceChildren(...rich(finding(state)));
  const far = massive(state);
  find(root, ".massive").hidden = far.length === 0;
  find(root, ".massive").replaceChildren(...rich(far));
  drawChoices(root, state);
  const seen = box.clientWidth;
  state.lane = lane(state, { width: laneWidth(seen, state), seen }, told.textContent ?? "");
  box.replaceChildren(state.lane.svg);
  state.lane.scrolled(box.scrollLeft);
  drawLedger(root, state);
  point(root, state);
}

/**
 * Where the columns of a deep model would be slivers, the lane is wider than its box and scrolls.
 * @param {number} seen width of the box
 * @param {State} state
 */
const laneWidth = (seen, { streams }) =>
  Math.max(seen, streams.header.n_layers > FEW ? gutterOf(seen) + NARROWEST * (streams.stations + 1) : 0);

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function nameWords(root, state) {
  const { labels } = state.streams;
  const name = (/** @type {number} */ i) => labels[i];
  radios(find(root, ".words"), "Token", labels.length, name, (i) => read(root, state, i));
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function drawChoices(root, state) {
  check(find(root, ".words"), state.token);
  const targets = find(root, ".targets");
  const names = [`logit of ${top(state, 0)}`, `lead over ${top(state, 1)}`];
  const name = (/** @type {number} */ i) => names[i];
  radios(targets, "Push", 2, name, (i) => {
    state.target = i;
    draw(root, state);
  });
  check(targets, state.target);
}

/**
 * What follows the column that is pointed at or kept.
 * @param {HTMLElement} root
 * @param {State} state
 */
function point(root, state) {
  const station = state.hover ?? state.station;
  const told = find(root, ".pointed");
  told.replaceChildren(...rich(column(state, station)));
  state.lane?.mark(station);
  if (state.hover === null) show(root, state);
  const label = `${find(root, ".finding").textContent} ${told.textContent} Arrow keys move through layers and tokens.`;
  find(root, ".lane").setAttribute("aria-label", label);
  drawOneNorm(root, state);
  markRow(root, state);
}

/**
 * Bring the station that is kept into sight, where the lane scrolls.
 * @param {HTMLElement} root
 * @param {State} state
 */
function show(root, { lane, station }) {
  const box = find(root, ".lane");
  const x = lane?.middle(station) ?? 0;
  if (x < box.scrollLeft || x > box.scrollLeft + box.clientWidth) box.scrollLeft = x - box.clientWidth / 2;
}

/**
 * What shows the numbers of vectors.
 * @param {HTMLElement} root
 * @param {State} state
 */
function drawVectors(root, state) {
  drawLedger(root, state);
  drawOneNorm(root, state);
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function drawLedger(root, state) {
  drawSum(find(root, ".ledger"), state, reading(root, state));
  markRow(root, state);
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function drawOneNorm(root, state) {
  const at = clamp((state.hover ?? state.station) - 1, 0, state.streams.stations - 1);
  drawNorm(find(root, ".norm"), state, at, { ...reading(root, state), times: state.twice ? 2 : 1 });
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function markRow(root, state) {
  const station = String(state.hover ?? state.station);
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".ledger [data-station]")))
    row.classList.toggle("here", row.dataset.station === station);
  const list = find(root, ".ledger .strips");
  const here = /** @type {HTMLElement | null} */ (list.querySelector(".here > .what"));
  if (here && list.scrollHeight > list.clientHeight) list.scrollTop = here.offsetTop - list.clientHeight / 2;
}

/**
 * Which number of each vector is read, and how its column is headed.
 * @param {HTMLElement} root
 * @param {State} state
 */
function reading(root, state) {
  const { streams, index, contrast } = state;
  const last = word(state).stream[streams.stations - 1];
  const most = largest(last);
  const read = index ?? last.findIndex((x) => Math.abs(x) === most);
  return { read, contrast, heading: root.clientWidth > 760 ? `its ${streams.width} numbers` : "numbers" };
}
