// @ts-check
// What the reader has chosen, and what the picture then shows: state in, look out.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { ended, newRow, restingAt } from "./playback.js";
import { INDEX, marksKey, OVERVIEW, STAGES } from "./stages.js";

/** @import { Gap } from "./lanes_shown.js" */
/** @import { Append, View } from "./pass_message.js" */
/** @import { Time } from "./playback.js" */
/** @import { Column } from "./stages.js" */
/** @import { Trace } from "./trace.js" */

/** @typedef {{row: number | null, key: number | null}} Hover */
/** @typedef {{temperature: number, topP: number}} Sampling */
/** @typedef {{layer: number, head: number}} Place */

/**
 * All that a reader can set; layer, head and token from 0.
 * @typedef {object} State
 * @property {number} layer
 * @property {number} head
 * @property {Place | null} own the reader's own layer and head, while others are played
 * @property {number} token
 * @property {Hover} hover the row and key under the pointer
 * @property {Time} time
 * @property {number} speed
 * @property {Sampling} sampling
 * @property {readonly Gap[]} opened of a long text, those tokens have their lanes, too
 * @property {boolean} aside whether what rests on the first token is set aside
 * @property {Column | null} open the part that is opened
 */

/**
 * What the picture shows: the row looked at, the key marked in it, the layer in front, the moment.
 * @typedef {object} Look
 * @property {number} row
 * @property {number} key
 * @property {number} layer whose numbers are shown
 * @property {number} reached the layer that the pass has come to: another one while all layers play
 * @property {number} head
 * @property {number} stage
 * @property {number} share of the stage
 * @property {boolean} acts as in Time
 * @property {number} fresh as in Time
 * @property {boolean} keyMarked
 */

/** @type {Hover} */
const NOWHERE = { row: null, key: null };

/**
 * Whether the reader has left it to the picture where to look.
 * @param {View} view
 */
export const choosesHead = ({ layer, head }) => layer === null || head === null;

/**
 * @param {Trace} trace
 * @param {View} view
 * @returns {State}
 */
export function firstState(trace, view) {
  const { n_layers, n_heads } = trace.model;
  const [layer, head] = trace.header.telling;
  return {
    layer: view.layer === null ? layer : clamp(view.layer - 1, 0, n_layers - 1),
    head: view.head === null ? head : clamp(view.head - 1, 0, n_heads - 1),
    own: null,
    token: clamp(view.token - 1, 0, trace.n - 1),
    hover: NOWHERE,
    time: restingAt(STAGES.find(({ id }) => id === view.step)?.index ?? OVERVIEW),
    speed: 1,
    sampling: { temperature: view.temperature, topP: view.top_p },
    aside: false,
    opened: [],
    open: null,
  };
}

/**
 * The state when another pass has come: of another text its last token is looked at, and what was
 * playing has ended; a text with one more token shows how the new row is made.
 * @param {State} state
 * @param {Trace} old
 * @param {Trace} trace
 * @returns {State}
 */
export function received(state, old, trace) {
  const { n, model } = trace;
  const follows = trace.continues(old);
  const time = { ...state.time, fresh: 0 };
  if (follows && n === old.n) return { ...state, hover: NOWHERE, time };
  const one = follows && n === old.n + 1 && trace.header.computed === 1;
  const same = model.name === old.model.name;
  const [layer, head] = same ? [trace.header.layer, chosen(state).head] : trace.header.telling;
  return {
    ...state,
    layer,
    head,
    own: null,
    token: n - 1,
    opened: [],
    hover: NOWHERE,
    time: one ? newRow() : time.playing ? restingAt(OVERVIEW) : time,
    open: null,
  };
}

/**
 * The layer and head that the reader has chosen, whatever is played.
 * @param {State} state
 * @returns {Place}
 */
export const chosen = ({ layer, head, own }) => own ?? { layer, head };

/**
 * The state at another moment: once nothing is played any more, the reader's own layer and head are back.
 * @param {State} state
 * @param {Time} time
 * @returns {State}
 */
export const at = (state, time) => (ended(time) ? { ...state, ...chosen(state), own: null, time } : { ...state, time });

/**
 * The layer that the pass has come to: all in turn while they are repeated; after that, of a pass that
 * was played from the first on, the last.
 * @param {State} state
 * @param {number} layers
 */
function reachedBy({ layer, own, time: { stage, share } }, layers) {
  if (stage === INDEX.layers && share < 1) return Math.min(Math.floor(share * layers), layers - 1);
  return own && stage >= INDEX.layers ? layers - 1 : layer;
}

/**
 * @param {Trace} trace
 * @param {State} state
 * @returns {Look}
 */
export function look(trace, state) {
  const { head, token, hover, time, aside } = state;
  const { stage, share, acts, fresh } = time;
  const reached = reachedBy(state, trace.model.n_layers);
  // While layers are on their way, the last one before them that is here.
  const here = range(reached + 1).findLast((l) => trace.hasLayer(l));
  const layer = here ?? state.layer;
  const row = hover.row ?? token;
  const key = hover.key ?? trace.strongest(row, layer, head, aside);
  const keyMarked = hover.key !== null || marksKey(stage);
  return { row, key, layer, reached, head, stage, share, acts, fresh, keyMarked };
}

/**
 * What the address says of a state, so that a copied link opens the same picture.
 * @param {State} state
 * @returns {Record<string, string | number>}
 */
export const asAddress = (state) => {
  const { token, time, sampling } = state;
  return {
    ...firstLook(chosen(state)),
    token: token + 1,
    step: STAGES[time.stage]?.id ?? "",
    temperature: sampling.temperature === 1 ? "" : sampling.temperature,
    top_p: sampling.topP === 1 ? "" : sampling.topP,
  };
};

/**
 * What the address says once a first look was chosen for the reader.
 * @param {Place} place
 */
export const firstLook = ({ layer, head }) => ({ layer: layer + 1, head: head + 1 });

/**
 * What the app is asked for: one more token, if there is room for it.
 * @param {Trace} trace
 * @param {State} state
 * @param {{token: number} | null} taken null: one is to be drawn
 * @returns {Append | null}
 */
export function oneMore({ n, model }, { sampling }, taken) {
  if (n >= model.most_tokens) return null;
  return { ...(taken ?? { temperature: sampling.temperature, top_p: sampling.topP }), length: n };
}
