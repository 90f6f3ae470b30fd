// @ts-check
// Five positional schemes on one sentence. Fed once per text and model; scheme, words, sliders and
// pointer are answered here. Positions count from 0 in the code, from 1 on screen and in the address.

import { remember, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { ask, busyDuring } from "../../../ui/kit/asking.js";
import { check, radio } from "../../../ui/kit/controls.js";
import { find, make, rich } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { drawAlibi } from "./alibi_picture.js";
import { blockMap } from "./block_map.js";
import { distanceCurves, distanceFinding, drawCurves } from "./distance_curves.js";
import { drawLearned } from "./learned_picture.js";
import { drawOrders } from "./order_picture.js";
import { layerAt, positionsOf } from "./position_data.js";
import { withQuery } from "./rope_choice.js";
import { drawRope } from "./rope_picture.js";
import { drawThumbnails } from "./scheme_thumbnails.js";
import { MEANING, SCHEMES } from "./schemes.js";
import { drawSinusoidal } from "./sinusoidal_picture.js";

/** @typedef {import("./position_data.js").Positions} Positions */
/** @typedef {import("./position_data.js").PositionHeader} PositionHeader */
/** @typedef {import("./position_data.js").Sent} Sent */
/** @typedef {import("./position_data.js").LayerArrays} LayerArrays */
/** @typedef {import("./position_data.js").Rotated} Rotated */
/** @typedef {import("./rope_choice.js").Choice} Choice */
/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {{root: HTMLElement, page: import("../../../ui/kit/mount.js").Page, palette: Palette}} Board */
/**
 * `at` is the cell of a table that is looked at, `choice` the two words under RoPE; `leave` ends what
 * goes on in the picture that is shown.
 * @typedef {{positions: Positions, scheme: number, at: import("./stage.js").Cell, choice: Choice | null,
 *   causal: boolean, log: boolean, leave: () => void}} State
 */

export default mount((root, page) => {
  const board = { root, page, palette: new Palette(root) };
  /** @type {State | undefined} */
  let state;
  const redraw = () => state && drawAll(board, state);
  whenSent(root, (place) => state !== undefined && visit(board, state, place));
  const unfollow = follow(root, redraw);
  return {
    receive(/** @type {Uint8Array} */ bytes) {
      const sent = /** @type {Sent} */ (unpack(bytes));
      if (!state) {
        state = begin(sent);
        listen(board, state);
      } else if (!take(state, sent)) return undefined;
      return redraw();
    },
    stop() {
      unfollow();
      state?.leave();
    },
  };
});

/**
 * @param {Sent} sent
 * @returns {State}
 */
function begin(sent) {
  const positions = positionsOf(sent);
  const { header } = sent;
  return {
    positions,
    scheme: opened(header),
    at: { row: header.token, column: 0 },
    choice: chosen(positions, true),
    causal: false,
    log: false,
    leave() {},
  };
}

/**
 * The scheme that the address names, else the model's own.
 * @param {PositionHeader} header
 */
function opened({ scheme, own }) {
  const index = (/** @type {string} */ id) => SCHEMES.findIndex((each) => each.id === id);
  const asked = index(scheme);
  return asked >= 0 ? asked : Math.max(0, index(own));
}

/**
 * The reader's word under RoPE, in the reader's head.
 * @param {Positions} positions
 * @param {boolean} tied
 * @returns {Choice | null}
 */
function chosen({ header, rope }, tied) {
  if (!rope) return null;
  const layer = rope.vectors.has(header.layer) ? header.layer : rope.layers[rope.layers.length - 1];
  const head = clamp(header.head, 0, rope.n_heads - 1);
  const query = Math.min(header.token, rope.labels.length - 1);
  return withQuery(rope, { layer, head, query, key: 0, stand: { query, key: 0 }, tied }, query);
}

/**
 * Go where the server says, unless it says nothing new.
 * @param {State} state
 * @param {Sent} sent
 */
function take(state, sent) {
  const { header } = sent;
  const was = state.positions.header;
  const fresh = header.run !== was.run || header.scheme !== was.scheme;
  if (!fresh && header.layer === was.layer && header.head === was.head && header.token === was.token) return false;
  state.positions = positionsOf(sent);
  if (fresh) state.scheme = opened(header);
  state.at = { row: header.token, column: 0 };
  state.choice = chosen(state.positions, state.choice?.tied ?? true);
  return true;
}

/**
 * The scheme that a question asks about; under RoPE a token of a head, the key, and where it stands `at`.
 * @param {Board} board
 * @param {State} state
 * @param {Record<string, string>} place counted from 1
 */
function visit(board, state, place) {
  const index = SCHEMES.findIndex(({ id }) => id === place.scheme);
  if (index < 0) return false;
  state.scheme = index;
  const { rope } = state.positions;
  return rope && place.at ? moveBoth(board, state, rope, place) : draw(board, state);
}

/**
 * @param {Board} board
 * @param {State} state
 * @param {Rotated} rope
 * @param {Record<string, string>} place
 */
async function moveBoth(board, state, rope, place) {
  const [layer, head, query, key, at] = ["layer", "head", "token", "key", "at"].map((name) => Number(place[name]) - 1);
  if (!(await bring(board.root, rope, layer)) || state.positions.rope !== rope) return;
  state.choice = { layer, head, query, key, stand: { query: at, key: at - (query - key) }, tied: true };
  draw(board, state);
}

/**
 * @param {Board} board
 * @param {State} state
 */
function draw(board, state) {
  drawScheme(board, state);
  drawDistances(board, state).then(board.page.drawn);
}

/**
 * @param {Board} board
 * @param {State} state
 */
function listen(board, state) {
  const { root } = board;
  const choose = (/** @type {number} */ i) => {
    state.scheme = i;
    remember("scheme", SCHEMES[i].id);
    drawScheme(board, state);
  };
  const cards = SCHEMES.map(({ name, place }, i) =>
    radio(
      { group: "scheme", label: `${name}, ${place}`, choose: () => choose(i) },
      make("canvas"),
      make("div", {}, make("b"), make("span", {}, place)),
    ),
  );
  find(root, ".schemes").replaceChildren(...cards);
  find(root, ".log").addEventListener("change", (event) => {
    state.log = /** @type {HTMLInputElement} */ (event.target).checked;
    drawDistances(board, state).then(board.page.drawn);
  });
}

/**
 * @param {Board} board
 * @param {State} state
 */
function drawAll(board, state) {
  const { root, palette } = board;
  palette.forget();
  drawThumbnails(find(root, ".schemes").querySelectorAll("canvas"), state.positions, palette);
  drawScheme(board, state);
  return drawDistances(board, state);
}

/**
 * @param {Board} board
 * @param {State} state
 */
function drawScheme(board, state) {
  const { root, palette } = board;
  const scheme = SCHEMES[state.scheme];
  const { tag, formula, where } = scheme;
  const { own } = state.positions.header;
  check(find(root, ".schemes"), state.scheme);
  for (const [i, name] of root.querySelectorAll(".schemes b").entries())
    name.replaceChildren(SCHEMES[i].name, SCHEMES[i].id === own ? make("i", {}, "this model’s") : "");
  Object.assign(find(root, ".headline .tag"), { className: `tag ${tag}`, textContent: tag, title: MEANING[tag] });
  find(root, ".formula").textContent = formula;
  find(root, ".where").textContent = where;
  find(root, ".map").replaceChildren(blockMap(scheme));
  const box = find(root, ".picture");
  state.leave();
  state.leave = () => {};
  box.replaceChildren();
  drawPicture(board, state, {
    box,
    palette,
    wide: root.clientWidth > 760,
    say: (finding) => find(root, ".finding").replaceChildren(...rich(finding)),
    speak: (text) => {
      find(root, ".spoken").textContent = text;
    },
  });
}

/**
 * Whether a layer's queries and keys are here, once that is known.
 * @param {HTMLElement} root
 * @param {Rotated} rope
 * @param {number} layer
 */
async function bring(root, rope, layer) {
  if (rope.vectors.has(layer)) return true;
  const bytes = await busyDuring(root, ask(rope.numbers, { ...rope.sentence, layer: String(layer + 1) }));
  if (bytes) rope.vectors.set(layer, layerAt(/** @type {LayerArrays} */ (unpack(bytes).arrays), 0));
  return bytes !== null;
}

/**
 * @param {Board} board
 * @param {State} state
 * @param {Stage} stage
 */
function drawPicture(board, state, stage) {
  const { positions, at, choice } = state;
  const { labels, learned, rope, arrays } = positions;
  const { id, name } = SCHEMES[state.scheme];
  if (id === "sinusoidal") drawSinusoidal(stage, positions, at);
  else if (id === "learned" && learned) drawLearned(stage, learned, labels, at);
  else if (id === "rope" && rope && choice) {
    /** @type {import("./rope_controls.js").Chosen} */
    const chosen = (set, value = 0) => {
      if (set && rope.same) remember(set, value + 1);
      drawDistances(board, state).then(board.page.drawn);
    };
    state.leave = drawRope(stage, rope, choice, chosen, (layer) => bring(board.root, rope, layer));
  } else if (id === "alibi") drawAlibi(stage, labels, Array.from(arrays.slopes.values));
  else if (id === "none") drawOrders(stage, positions, at, state);
  else stage.say([`No model with ${name} is installed here, so there is nothing real to draw.`]);
}

/**
 * Resolves once the charts are drawn.
 * @param {Board} board
 * @param {State} state
 */
function drawDistances({ root, palette }, { positions, choice, log }) {
  find(root, ".apart .finding").replaceChildren(...rich(distanceFinding(positions.rope, choice)));
  return drawCurves(find(root, ".curves"), distanceCurves(positions, choice), log, palette);
}
