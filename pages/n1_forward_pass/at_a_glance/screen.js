// @ts-check
// The first screen: one pass, one state, and the parts that show them. Every hover, step, layer and
// head is answered here; the server is asked for another pass alone.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { busyDuring } from "../../../ui/kit/asking.js";
import { find } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { Palette } from "../../../ui/kit/palette.js";
import { facts } from "./facts.js";
import { Fitting } from "./fitting.js";
import { Growth, grown } from "./growing.js";
import { listenToKeys } from "./keyboard.js";
import { lanesOf } from "./lanes_shown.js";
import { subject } from "./notes.js";
import { makeParts } from "./parts.js";
import { stopped } from "./playback.js";
import { Player } from "./player.js";
import { Remembering } from "./remembering.js";
import { restsMuch } from "./rest.js";
import { SentenceField } from "./sentence_field.js";
import { summary } from "./shares.js";
import { SmallMaps } from "./small_maps.js";
import { explained, INDEX } from "./stages.js";
import { asAddress, choosesHead, chosen, firstLook, firstState, look, oneMore, received } from "./state.js";
import { reading, Tip } from "./tip.js";

/** @import { Asking } from "./asking.js" */
/** @import { Page } from "../../../ui/kit/mount.js" */
/** @import { Geometry } from "./layout.js" */
/** @import { Told, View } from "./pass_message.js" */
/** @import { Column } from "./stages.js" */
/** @import { Hover, State } from "./state.js" */
/** @import { Trace } from "./trace.js" */

/**
 * What is on screen; there is no layout as long as there is no room. `base`: the layout with nothing opened.
 * @typedef {{trace: Trace, asking: Asking, state: State, maps: SmallMaps, base: Geometry | null,
 *   geometry: Geometry | null}} Shown
 */

const REMEMBERED_MS = 250; // after the last change
const FIRST_LOOK_MS = 1000; // until then the address need not say what was chosen for the reader
const BAND = { share: 0.26, least: 100, most: 204 }; // of the height, and in pixels

export class Screen {
  /** @type {Shown | null} */
  #shown = null;
  /** @type {View | null} */
  #view = null;
  #built = ""; // the model and kind of layout that the parts were made for
  #goal = 0; // the layer chosen last, whose numbers may be on their way
  #drawing = 0; // the frame asked for
  #awaited = 0; // answers that the page waits for
  #gone = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {Page} page
   */
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.palette = new Palette(root);
    this.lost = find(root, ".lost");
    this.summary = find(root, ".summary");
    this.growth = new Growth(
      () => this.player.still,
      () => {
        this.#lay(true);
        this.#update();
      },
    );
    this.fitting = new Fitting(root);
    this.player = new Player(this.#host(), this.#gone.signal);
    this.tip = new Tip(find(root, ".tip"), find(root, ".figure"));
    this.remembering = new Remembering(this.#gone.signal);
    this.parts = makeParts(root, this.palette, this.tip, this.#acts());
    this.sentence = new SentenceField(this.#passes(), this.#gone.signal);
    this.#listen();
  }

  /** @returns {import("./parts.js").Acts} */
  #acts() {
    return {
      open: (column) => this.#open(column),
      close: () => this.#close(),
      selectHead: (change) => this.#selectHead(change),
      selectToken: (token) => this.#selectToken(token),
      setAside: (aside) => this.#relay({ aside }),
      openGap: (gap) => this.#relay({ opened: [...(this.#shown?.state.opened ?? []), gap] }),
      hover: (hover) => this.#hover(hover),
      point: (hover, event) => this.#point(hover, event),
      click: (row, column) => this.#click(row, column),
      scrolled: () => this.#update(),
      append: (taken) => this.#append(taken),
      shape: (change) => this.#choose(({ sampling }) => ({ sampling: { ...sampling, ...change } })),
      steps: this.player.steps(),
    };
  }

  /** @returns {import("./player.js").Host} */
  #host() {
    return {
      shown: () => this.#shown,
      take: (state, now) => this.#take(state, now),
      settle: () => this.#close(),
      remember: () => this.#remember(),
      during: (answer) => busyDuring(this.root, answer),
    };
  }

  /** @returns {import("./sentence_field.js").Acts} */
  #passes() {
    return {
      layer: () => (this.#shown ? chosen(this.#shown.state).layer + 1 : null),
      during: (answer) => busyDuring(this.root, answer),
      show: (trace, asking) => this.#show(trace, asking),
      lose: (lost) => {
        this.lost.hidden = !lost;
      },
      run: (text) => this.page.setTriggerValue("typed", text),
    };
  }

  #listen() {
    const { signal } = this.#gone;
    const steps = this.player.steps();
    const keys = {
      ...steps,
      climb: (/** @type {1 | -1} */ by) =>
        this.#selectHead({ layer: clamp(this.#goal + by, 0, (this.#shown?.trace.model.n_layers ?? 1) - 1) }),
      escape: () => (this.#shown?.state.open ? this.#close() : steps.leave()),
    };
    listenToKeys(this.root, this.parts.timeline.box, keys, signal);
    this.fitting.watch(() => this.#resize(), signal);
    signal.addEventListener(
      "abort",
      follow(this.root, () => this.#recolour()),
    );
  }

  /** @param {Told} told */
  receive(told) {
    this.#view = told.view;
    this.#awaited += 1;
    return this.sentence.receive(told).finally(() => {
      this.#awaited -= 1;
    });
  }

  stop() {
    this.#gone.abort();
  }

  /**
   * @param {Trace} trace
   * @param {Asking} asking
   */
  #show(trace, asking) {
    const old = this.#shown;
    const view = /** @type {View} */ (this.#view);
    const state = old ? received(old.state, old.trace, trace) : firstState(trace, view);
    if (!old && choosesHead(view)) this.remembering.in(FIRST_LOOK_MS, () => firstLook(state));
    if (old?.state.open && !state.open) {
      this.parts.card.close();
      this.growth.to(null);
    }
    // What asks for sizes comes before what changes them: the browser lays out once.
    const room = this.fitting.measure();
    if (trace.model.name !== old?.trace.model.name) state.aside = restsMuch(trace);
    this.#goal = state.layer;
    this.#shown = { trace, asking, state, maps: this.#mapsOf(trace), base: null, geometry: null };
    this.parts.tokens.write(trace);
    if (room.width) this.#fit(room);
    this.#draw();
    this.player.start();
  }

  /** @param {Trace} trace */
  #mapsOf(trace) {
    this.parts.notes.forget();
    return new SmallMaps(trace, { attention: this.palette.rgb("attention"), rest: this.palette.rgb("muted") });
  }

  #recolour() {
    this.palette.forget();
    if (!this.#shown) return;
    this.#shown.maps = this.#mapsOf(this.#shown.trace);
    this.#update();
  }

  #resize() {
    const room = this.fitting.measure();
    if (!room.width || !this.#shown || this.fitting.has(room)) return;
    this.#fit(room);
    this.#update();
  }

  /** @param {import("./fitting.js").Room} room */
  #fit(room) {
    const shown = /** @type {Shown} */ (this.#shown);
    const { trace, state } = shown;
    const same = this.fitting.has(room);
    this.#build(trace);
    const height = clamp(room.height * BAND.share, BAND.least, BAND.most);
    const above = () => {
      this.parts.headline.show(trace, state, this.#facts(shown));
      this.parts.rest.show(trace, state.aside);
      this.parts.band.place({ width: this.parts.band.places.clientWidth, height }, trace, room.ratio);
    };
    const geometry = this.fitting.fit(room, lanesOf(trace, state), above);
    shown.base = geometry;
    this.parts.headings.build(trace.model, geometry.narrow);
    this.#lay(same);
    this.parts.picture.keepInSight(state.token);
  }

  /**
   * Everything to its place, an opened part grown as far as it has come.
   * @param {boolean} same the room is the one before
   */
  #lay(same) {
    const shown = this.#shown;
    if (!shown?.base) return;
    const { geometry, place } = grown(shown.base, this.growth.column, this.growth.share);
    shown.geometry = geometry;
    this.fitting.frameTo(geometry);
    this.parts.headings.place(geometry, same);
    this.parts.tokens.place(geometry);
    this.parts.picture.place(geometry, devicePixelRatio || 1);
    if (place) this.parts.card.place(geometry, place);
  }

  /**
   * What is there once per model.
   * @param {Trace} trace
   */
  #build(trace) {
    if (this.#built === trace.model.name) return;
    this.#built = trace.model.name;
    this.parts.band.build(trace);
    this.parts.timeline.build(trace.model.n_layers);
    this.parts.notes.forget();
  }

  /** @param {Partial<State>} change */
  #set(change) {
    if (this.#shown) this.#take({ ...this.#shown.state, ...change }, false);
  }

  /**
   * @param {State} state
   * @param {boolean} now drawn at once, not with the next frame
   */
  #take(state, now) {
    if (this.#shown) this.#shown.state = state;
    if (now) this.#draw();
    else this.#update();
  }

  /** @param {Partial<State>} change of which tokens have lanes, perhaps */
  #relay(change) {
    this.#set(change);
    if (this.#shown?.geometry?.lanes.long) this.#fit(this.fitting.measure());
  }

  /** @param {Partial<State>} change of what the address holds, too */
  #select(change) {
    if (!this.#shown) return;
    if ("token" in change || "layer" in change || "head" in change) this.#relay(change);
    else this.#set(change);
    if (change.token !== undefined) this.parts.picture.keepInSight(change.token);
    this.#remember();
    if (this.#shown.state.open) this.#open(this.#shown.state.open);
  }

  /**
   * Another layer is shown once its numbers are here.
   * @param {{layer: number, head?: number}} change
   */
  async #selectHead(change) {
    const shown = this.#shown;
    if (!shown) return;
    this.#goal = change.layer;
    const here = await busyDuring(this.root, shown.asking.layer(change.layer));
    if (here && this.#goal === change.layer && this.#shown?.trace === shown.trace)
      this.#select({ ...change, own: null });
  }

  /** @param {number} token */
  async #selectToken(token) {
    const shown = this.#shown;
    if (!shown) return;
    this.#select({ token });
    const come = shown.trace.hasLens(token);
    if (!come && (await busyDuring(this.root, shown.asking.lens(token))) && this.#shown?.trace === shown.trace) {
      this.parts.notes.forget();
      this.#update();
    }
  }

  /** @param {(state: State, trace: Trace) => Partial<State>} change */
  #choose(change) {
    if (this.#shown) this.#select(change(this.#shown.state, this.#shown.trace));
  }

  /** @param {Hover} hover */
  #hover(hover) {
    const now = this.#shown?.state.hover;
    if (hover.key === null) this.tip.hide();
    if (now && (hover.row !== now.row || hover.key !== now.key)) this.#set({ hover });
  }

  /**
   * @param {Hover} hover
   * @param {PointerEvent | null} event
   */
  #point({ row, key }, event) {
    this.#hover({ row, key });
    if (key === null || !event || !this.#shown) return;
    this.tip.show(event, ...reading(this.#facts(this.#shown)));
  }

  /**
   * @param {number} row
   * @param {Column | null} column
   */
  #click(row, column) {
    if (this.#shown?.state.open) this.#close();
    else if (row !== this.#shown?.state.token) this.#selectToken(row);
    else if (column) this.#open(column);
  }

  /** @param {Column} column */
  #open(column) {
    const shown = this.#shown;
    if (!shown?.geometry) return;
    this.#set({ open: column, time: stopped(shown.state.time) });
    this.parts.card.open(column, this.#facts(shown));
    this.growth.to(column);
  }

  #close() {
    const open = this.#shown?.state.open;
    if (!open) return;
    this.parts.card.close();
    this.growth.to(null);
    this.#set({ open: null });
    this.parts.headings.focus(open);
  }

  /** @param {{token: number} | null} taken null: one is to be drawn */
  #append(taken) {
    const wanted = this.#shown && oneMore(this.#shown.trace, this.#shown.state, taken);
    if (wanted) this.page.setTriggerValue("append", wanted);
  }

  #remember() {
    this.remembering.in(REMEMBERED_MS, () => (this.#shown ? asAddress(this.#shown.state) : {}));
  }

  /** @param {Shown} shown */
  #facts({ trace, state }) {
    return facts(trace, look(trace, state), state.sampling);
  }

  #update() {
    this.#drawing ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = 0;
    const shown = this.#shown;
    if (!shown?.geometry) return;
    const { trace, state, maps, geometry } = shown;
    const { palette, parts } = this;
    const now = look(trace, state);
    const f = facts(trace, now, state.sampling);
    const lit = state.open ? INDEX[explained(state.open, now.stage)] : now.stage;
    parts.picture.paint({ trace, look: now, geometry, palette, aside: state.aside });
    parts.headings.show(trace.n, `head ${now.head + 1} of ${trace.model.n_heads}`);
    parts.headline.show(trace, state, f);
    const { token, aside } = state;
    parts.band.show({ maps, look: now, own: chosen(state), token, aside, palette, still: this.player.still });
    parts.rest.show(trace, state.aside);
    parts.tokens.show(now);
    parts.timeline.show(state.time, lit);
    parts.prediction.show(trace, now, state.sampling);
    parts.notes.show(subject(state), f);
    parts.minute.show({ trace, state }, maps);
    if (state.open) parts.card.point(f, devicePixelRatio || 1);
    this.summary.textContent = summary(f);
    if (this.#awaited === 0) this.page.drawn();
  }
}
