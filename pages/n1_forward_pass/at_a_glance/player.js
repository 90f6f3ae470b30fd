// @ts-check
// Play: a pass from its first layer to its last, with the layer and head that the reader has chosen
// given back at the end.

import { range } from "../../../ui/kit/arithmetic.js";
import { Clock } from "./clock.js";
import {
  advanced,
  ended,
  moves,
  nextSpeed,
  playing,
  restingAt,
  scrubbedTo,
  stepped,
  stopped,
  toggled,
} from "./playback.js";
import { OVERVIEW } from "./stages.js";
import { at, chosen } from "./state.js";

/** @import { Asking } from "./asking.js" */
/** @import { Time } from "./playback.js" */
/** @import { State } from "./state.js" */
/** @import { Trace } from "./trace.js" */

const FETCHED = 16; // tokens, at most, of a pass of which every layer is fetched to be seen passing

/**
 * `shown`: what is on screen; `take`: show this state, drawn `now` or with the next frame; `settle`:
 * close what is open; `during`: say that an answer is awaited.
 * @typedef {object} Host
 * @property {() => {trace: Trace, asking: Asking, state: State} | null} shown
 * @property {(state: State, now: boolean) => void} take
 * @property {() => void} settle
 * @property {() => void} remember
 * @property {(answer: Promise<boolean>) => Promise<boolean>} during
 */

export class Player {
  /** @type {Set<number>} the stages that have been acted out */
  #seen = new Set();
  #still = matchMedia("(prefers-reduced-motion: reduce)");

  /**
   * @param {Host} host
   * @param {AbortSignal} gone
   */
  constructor(host, gone) {
    this.host = host;
    this.clock = new Clock((elapsed) => this.#frame(elapsed), gone);
  }

  get still() {
    return this.#still.matches;
  }

  #pace() {
    const shown = this.host.shown();
    const { speed } = shown?.state ?? { speed: 1 };
    return { speed, layers: shown?.trace.model.n_layers ?? 1, still: this.still, seen: this.#seen };
  }

  /** @returns {import("./timeline.js").Acts} */
  steps() {
    return {
      step: (by) => this.#move((time) => stepped(time, by, this.#pace())),
      toggle: () => this.#toggle(),
      leave: () => this.#move(() => restingAt(OVERVIEW)),
      go: (stage) => this.#move(() => restingAt(stage)),
      scrub: (place, moved) => this.#move(() => scrubbedTo(place, !moved || this.still)),
      hasten: () => this.#hasten(),
    };
  }

  /** Whatever is to move begins. */
  start() {
    const shown = this.host.shown();
    if (shown && moves(shown.state.time)) this.clock.start();
  }

  /** @param {(time: Time) => Time} on */
  #move(on) {
    this.host.settle();
    const shown = this.host.shown();
    if (!shown) return;
    this.host.take(at(shown.state, on(shown.state.time)), false);
    this.host.remember();
    this.start();
  }

  async #toggle() {
    const shown = this.host.shown();
    if (!shown) return;
    const { trace, asking, state } = shown;
    if (state.time.playing || !ended(stopped(state.time))) return this.#move((time) => toggled(time, this.#pace()));
    const here = await this.host.during(asking.layer(0));
    const now = this.host.shown();
    if (now?.trace !== trace || now.state.time !== state.time) return; // the reader has gone on
    if (here) this.host.take({ ...now.state, own: chosen(now.state), layer: 0, head: telling(trace, 0) }, false);
    this.#move(playing);
    this.#fetch(trace, asking);
  }

  /**
   * One layer after the other, as long as they are played: of a long text, the last alone.
   * @param {Trace} trace
   * @param {Asking} asking
   */
  async #fetch(trace, asking) {
    const last = trace.model.n_layers - 1;
    for (const layer of trace.n <= FETCHED ? range(last + 1) : [last]) {
      await asking.layer(layer);
      const now = this.host.shown();
      if (now?.trace !== trace || !now.state.own) return;
    }
  }

  #hasten() {
    const shown = this.host.shown();
    const speed = nextSpeed(shown?.state.speed ?? 1);
    if (shown) this.host.take({ ...shown.state, speed }, false);
    return speed;
  }

  /**
   * One frame of whatever moves: play, one step, or the row of a newly sampled token.
   * @param {number} elapsed
   */
  #frame(elapsed) {
    const shown = this.host.shown();
    if (!shown || !moves(shown.state.time)) return false;
    const { state } = shown;
    const time = advanced(state.time, elapsed, this.#pace());
    if (time.stage !== state.time.stage || time.share >= 1) this.#seen.add(state.time.stage);
    this.host.take(at(state, time), true);
    if (time.stage !== state.time.stage) this.host.remember();
    return moves(time);
  }
}

/**
 * The head of a layer whose last query, more than the queries before it, reads one token far off: neither
 * the first, on which idle heads rest, nor the one just before. Where there are some, heads that read the
 * first most are left out.
 * @param {Trace} trace
 * @param {number} layer
 */
export function telling(trace, layer) {
  const { n, model } = trace;
  const [from, to] = n > 3 ? [1, n - 2] : [0, n];
  const heads = range(model.n_heads);
  const reading = heads.filter((head) => trace.strongest(n - 1, layer, head) > 0);
  const gains = (reading.length ? reading : heads).map((head) => {
    const rows = range(n).map((i) => trace.weights(i, layer, head));
    const gain = (/** @type {number} */ j) => {
      const later = rows.slice(j + 1).reduce((total, row) => total + row[j], 0) / Math.max(n - 1 - j, 1);
      return rows[n - 1][j] - later;
    };
    return { head, most: Math.max(...range(to - from).map((k) => gain(from + k))) };
  });
  return gains.reduce((best, each) => (each.most > best.most ? each : best)).head;
}
