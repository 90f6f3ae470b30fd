// @ts-check
// What the reader has chosen, and what the picture then shows: state in, look out.

import { clamp, range, sum } from "../../../ui/kit/arithmetic.js";
import { newRow, restingAt } from "./playback.js";
import { INDEX, marksKey, OVERVIEW, STAGES } from "./stages.js";

/** @import { View } from "./pass_message.js" */
/** @import { Time } from "./playback.js" */
/** @import { Column } from "./stages.js" */
/** @import { Trace } from "./trace.js" */

/** @typedef {{row: number | null, key: number | null}} Hover */
/** @typedef {{temperature: number, topP: number}} Sampling */

/**
 * All that a reader can set; layer, head and token from 0.
 * @typedef {object} State
 * @property {number} layer
 * @property {number} head
 * @property {number} token
 * @property {Hover} hover the row and key under the pointer
 * @property {Time} time
 * @property {number} speed
 * @property {Sampling} sampling
 * @property {Column | null} open the part that is opened
 */

/**
 * What the picture shows: the row looked at, the key marked in it, the layer in front, the moment.
 * @typedef {object} Look
 * @property {number} row
 * @property {number} key
 * @property {number} layer
 * @property {number} head
 * @property {number} stage
 * @property {number} share of the stage
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
  const telling = choosesHead(view) ? mostTelling(trace) : { layer: 0, head: 0 };
  return {
    layer: view.layer === null ? telling.layer : clamp(view.layer - 1, 0, n_layers - 1),
    head: view.head === null ? telling.head : clamp(view.head - 1, 0, n_heads - 1),
    token: clamp(view.token - 1, 0, trace.n - 1),
    hover: NOWHERE,
    time: restingAt(STAGES.find(({ id }) => id === view.step)?.index ?? OVERVIEW),
    speed: 1,
    sampling: { temperature: view.temperature, topP: view.top_p },
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
  return {
    ...state,
    layer: clamp(state.layer, 0, model.n_layers - 1),
    head: clamp(state.head, 0, model.n_heads - 1),
    token: n - 1,
    hover: NOWHERE,
    time: one ? newRow() : time.playing ? restingAt(OVERVIEW) : time,
    open: null,
  };
}

/**
 * The head whose last query, more than the queries after the key, reads one token far off: as
 * `most_telling_head` of transformer_core/lens/attention_arithmetic.py.
 * @param {Trace} trace
 */
export function mostTelling(trace) {
  const { n_layers, n_heads } = trace.model;
  let best = { layer: 0, head: 0, gain: -Infinity };
  for (let layer = 0; layer < n_layers; layer++) {
    for (let head = 0; head < n_heads; head++) {
      const gain = farthestReading(trace, layer, head);
      if (gain > best.gain) best = { layer, head, gain };
    }
  }
  return best;
}

/**
 * Neither the query itself counts, nor the token before it, nor the first; of less than four tokens
 * all do.
 * @param {Trace} trace
 * @param {number} layer
 * @param {number} head
 */
function farthestReading(trace, layer, head) {
  const { n } = trace;
  const rows = range(n).map((i) => trace.weights(i, layer, head));
  const gain = (/** @type {number} */ j) => {
    const later = rows.slice(j + 1);
    return rows[n - 1][j] - sum(later.map((row) => row[j])) / (later.length || 1);
  };
  const far = n > 3 ? range(n).slice(1, -2) : range(n);
  return Math.max(...far.map(gain));
}

/**
 * @param {Trace} trace
 * @param {State} state
 * @returns {Look}
 */
export function look(trace, { layer: chosen, head, token, hover, time }) {
  const { stage, share, fresh } = time;
  const { n_layers } = trace.model;
  const through = stage === INDEX.layers && share < 1;
  const layer = through ? Math.min(Math.floor(share * n_layers), n_layers - 1) : chosen;
  const row = hover.row ?? token;
  const key = hover.key ?? trace.strongest(row, layer, head);
  return { row, key, layer, head, stage, share, fresh, keyMarked: hover.key !== null || marksKey(stage) };
}

/**
 * What the address says of a state, so that a copied link opens the same picture.
 * @param {State} state
 * @returns {Record<string, string | number>}
 */
export const asAddress = ({ layer, head, token, time, sampling }) => ({
  layer: layer + 1,
  head: head + 1,
  token: token + 1,
  step: STAGES[time.stage]?.id ?? "",
  temperature: sampling.temperature === 1 ? "" : sampling.temperature,
  top_p: sampling.topP === 1 ? "" : sampling.topP,
});

/**
 * What the address says once a first look was chosen for the reader.
 * @param {State} state
 */
export const firstLook = ({ layer, head }) => ({ layer: layer + 1, head: head + 1 });
