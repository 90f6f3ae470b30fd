// @ts-check
// All layers of a pass in one band: columns are layers, cells are heads, each a small map of the
// reader's own sentence; below each column what the model would say if it stopped there.

import { range } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { percent } from "../../../ui/kit/format.js";
import { at, cell, cellsHeight, columns, grid, neighbour, wordPlaces } from "./band_layout.js";
import { known } from "./known.js";
import { button, penOf, press, put, px } from "./nodes.js";
import { headName } from "./shares.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { Grid, Span } from "./band_layout.js" */
/** @import { SmallMaps } from "./small_maps.js" */
/** @import { Look, Place } from "./state.js" */
/** @import { Trace } from "./trace.js" */

const WIDENING = 120; // milliseconds
const LABELS = 86;
const HEADER = 24;
const GUESS = "550 14px Inter, system-ui, sans-serif";
const EDGES = 8; // pixels beside a guess
const AFTER = 6; // and free behind the last column
const TINY = 5; // pixels: in less a map cannot be seen

/**
 * @typedef {object} Acts
 * @property {(layer: number) => void} selectLayer
 * @property {(layer: number, head: number) => void} select
 */
/**
 * `own`: what the reader has chosen, whatever is played; `token`: whose guesses are shown; `aside`: whether
 * what rests on the first token is set aside.
 * @typedef {{maps: SmallMaps, look: Look, own: Place, token: number, aside: boolean, palette: Palette,
 *   still: boolean}} Scene
 */
/** @typedef {{box: HTMLElement, name: HTMLButtonElement, guess: HTMLElement, bar: HTMLElement}} Column */

export class Band {
  /** @type {Grid | null} */
  #grid = null;
  /** @type {Scene | null} */
  #scene = null;
  /** @type {Column[]} */
  #columns = [];
  /** @type {HTMLButtonElement[]} */
  #heads = [];
  #pointer = /** @type {number | null} */ (null);
  #wide = { layer: /** @type {number | null} */ (null), share: 0 };
  #ratio = 1;
  #frame = 0;
  #drawn = "";
  /** @type {string[]} */
  #words = []; // that each layer would say

  /**
   * @param {HTMLElement} box
   * @param {Acts} acts
   */
  constructor(box, acts) {
    this.box = box;
    this.acts = acts;
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.lit = make("div", { class: "lit" });
    this.labels = make("div", { class: "labels", "aria-hidden": "true" });
    this.places = make("div", { class: "places" });
    this.layers = make("div", { role: "group", "aria-label": "Layer" });
    this.cells = make("div", { role: "group", "aria-label": "Head" });
    this.places.append(this.lit, this.labels, this.canvas, this.layers, this.cells);
    this.rest = find(box, ".rest");
    this.rest.before(this.places);
    this.places.addEventListener("pointermove", (event) => this.#point(event));
    this.places.addEventListener("pointerleave", () => this.#widen(null));
    this.cells.addEventListener("keydown", (event) => this.#walk(event));
    this.layers.addEventListener("keydown", (event) => this.#climb(event));
    this.layers.addEventListener("focusin", ({ target }) => this.#widen(this.#layerOf(target)));
    this.layers.addEventListener("focusout", () => this.#widen(null));
  }

  /**
   * The columns and cells of a model; a later one's take their place.
   * @param {Trace} trace
   */
  build({ model }) {
    const { n_layers: layers, n_heads: heads } = model;
    this.#columns = range(layers).map((l) => {
      const name = button({ "aria-label": `Layer ${l + 1}`, onclick: () => this.acts.selectLayer(l) }, String(l + 1));
      const [guess, bar] = [make("span", { class: "guess" }), make("i")];
      return { name, guess, bar, box: make("div", { class: "column" }, name, guess, bar) };
    });
    this.layers.replaceChildren(...this.#columns.map((column) => column.box));
    this.#heads = range(layers * heads).map((k) => {
      const [l, h] = [Math.floor(k / heads), k % heads];
      return button({ tabindex: -1, onclick: () => this.acts.select(l, h) });
    });
    this.cells.replaceChildren(...this.#heads);
    this.#wide = { layer: null, share: 0 };
    this.#drawn = "";
  }

  /**
   * Take the room; returns the height that the band needs.
   * @param {{width: number, height: number}} room
   * @param {Trace} trace
   * @param {number} ratio pixels of the screen to one of CSS
   */
  place({ width, height }, { model }, ratio) {
    const narrow = width < 620;
    this.#ratio = ratio;
    this.#grid = grid({ width, height, left: narrow ? 0 : LABELS }, model.n_layers, model.n_heads);
    const tall = cellsHeight(this.#grid);
    this.places.style.setProperty("--cells", px(tall));
    const column = (width - this.#grid.left) / model.n_layers;
    this.places.classList.toggle("tight", column < 17);
    put(this.canvas, { left: 0, top: HEADER, width, height: tall });
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(tall * ratio);
    this.#label(narrow);
    this.#drawn = "";
    this.#place();
  }

  /** @param {boolean} narrow */
  #label(narrow) {
    const g = /** @type {Grid} */ (this.#grid);
    const tall = cellsHeight(g);
    /** @type {[text: string, top: number][]} */
    const lines = [
      ["layer", 4],
      [g.per > 1 ? "heads" : "head 1", HEADER + 1],
      ...(g.rows > 3 && g.per === 1 ? [/** @type {[string, number]} */ ([String(g.heads), HEADER + tall - 20])] : []),
      ["logit lens", HEADER + tall + 5],
      ["probability", HEADER + tall + 29],
    ];
    const made = lines.map(([text, top]) => make("span", { style: `top: ${top}px` }, text));
    this.labels.replaceChildren(...(narrow ? [] : made));
  }

  // ---- the pointer and keys

  /** @param {PointerEvent} event */
  #point(event) {
    if (!this.#grid || event.pointerType === "touch") return;
    const { left, top } = this.places.getBoundingClientRect();
    const under = at(this.#grid, this.#spans(), event.clientX - left, event.clientY - top - HEADER);
    this.#widen(under?.layer ?? null);
  }

  /** @param {EventTarget | null} target by the keyboard's focus */
  #layerOf(target) {
    const layer = this.#columns.findIndex(({ name }) => name === target && name.matches(":focus-visible"));
    return layer < 0 ? null : layer;
  }

  /** @param {number | null} layer */
  #widen(layer) {
    if (layer === this.#pointer) return;
    this.#pointer = layer;
    if (layer !== null) this.#wide = { layer, share: this.#wide.layer === null ? 0 : this.#wide.share };
    cancelAnimationFrame(this.#frame);
    let before = performance.now();
    const step = (/** @type {number} */ now) => {
      const by = this.#scene?.still ? 1 : (now - before) / WIDENING;
      before = now;
      const share = Math.min(1, Math.max(0, this.#wide.share + (this.#pointer === null ? -by : by)));
      const layerNow = share === 0 ? null : this.#wide.layer;
      this.#wide = { layer: layerNow, share };
      this.#place();
      if (share > 0 && share < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    if (!this.#grid || !this.#scene || event.ctrlKey || event.metaKey || event.altKey) return;
    const { layer, head } = this.#scene.own;
    const to = neighbour(this.#grid, { layer, head }, event.key);
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    this.acts.select(to.layer, to.head);
    this.#heads[to.layer * this.#grid.heads + to.head].focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #climb(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const to = (this.#scene?.own.layer ?? 0) + by;
    if (!by || !this.#columns[to] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.acts.selectLayer(to);
    this.#columns[to].name.focus({ preventScroll: true });
  }

  // ---- drawing

  /** @param {Scene} scene */
  show(scene) {
    this.#scene = scene;
    const { maps, look, own, token, aside } = scene;
    const { n_layers: layers, n_heads: heads } = maps.trace.model;
    const { layer, head } = own;
    if (this.#painted !== maps) this.#name(maps.trace);
    press(
      this.#columns.map((column) => column.name),
      layer,
    );
    this.#columns.forEach(({ name }, l) => {
      name.tabIndex = l === layer ? 0 : -1;
    });
    press(this.#heads, layer * heads + head);
    this.#heads.forEach((each, k) => {
      each.tabIndex = k === layer * heads + head ? 0 : -1;
    });
    const there = known(look, layers);
    this.#guess(maps.trace, token, there.guesses);
    this.box.classList.toggle("unread", there.maps === 0);
    const key = [look.layer, look.head, look.reached, there.maps, aside].join();
    if (key === this.#drawn && this.#wide.layer === null && this.#painted === maps) return;
    this.#drawn = key;
    this.#place();
  }

  /** @type {SmallMaps | null} */
  #painted = null;

  /**
   * Each head by its role, where it has one on this sentence.
   * @param {Trace} trace
   */
  #name({ model, header }) {
    this.#heads.forEach((each, k) => {
      const label = headName(header.roles, Math.floor(k / model.n_heads), k % model.n_heads);
      each.title = label;
      each.ariaLabel = label;
    });
  }

  #spans() {
    const g = /** @type {Grid} */ (this.#grid);
    return columns(g, this.#wide.layer, this.#wide.share);
  }

  /** Put everything where its column stands now. */
  #place() {
    const [g, scene] = [this.#grid, this.#scene];
    if (!g || !scene || this.#columns.length !== g.layers) return;
    const spans = this.#spans();
    this.#columns.forEach(({ box }, l) => {
      box.style.left = `${spans[l].left}px`;
      box.style.width = `${spans[l].width}px`;
      box.classList.toggle("wide", l === this.#wide.layer);
    });
    this.#placeWords(spans);
    this.#heads.forEach((each, k) => {
      const place = cell(g, spans[Math.floor(k / g.heads)], k % g.heads);
      put(each, { ...place, top: place.top + HEADER });
    });
    const { left, width } = spans[scene.look.reached];
    this.lit.style.left = `${left}px`;
    this.lit.style.width = `${width}px`;
    this.#paint(g, spans, scene);
  }

  /**
   * A layer's word stands once for all neighbours that say the same.
   * @param {readonly Span[]} spans
   */
  #placeWords(spans) {
    const pen = penOf(this.canvas);
    pen.font = GUESS;
    const last = spans[spans.length - 1];
    const columns = [...spans.slice(0, -1), { ...last, width: last.width + AFTER }];
    const places = wordPlaces(this.#words, columns, (word) => pen.measureText(word).width + EDGES);
    this.#columns.forEach(({ guess, box }, l) => {
      const again = l > 0 && this.#words[l] !== "" && this.#words[l] === this.#words[l - 1];
      const room = places[l] ?? spans[l];
      box.classList.toggle("again", again);
      guess.style.marginLeft = `${room.left - spans[l].left}px`;
      guess.style.width = `${room.width - 2}px`;
    });
  }

  /**
   * @param {Grid} g
   * @param {readonly Span[]} spans
   * @param {Scene} scene
   */
  #paint(g, spans, { maps, look, aside, palette }) {
    const pen = penOf(this.canvas);
    const there = known(look, g.layers).maps;
    pen.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const l of range(g.layers)) {
      for (const h of range(g.heads)) {
        const box = cell(g, spans[l], h);
        drawCell(pen, palette, box, l === look.layer && h === look.head);
        if (l >= there) continue;
        const inside = { left: box.left + 2, top: box.top + 2, width: box.width - 4, height: box.height - 4 };
        if (inside.width >= TINY) maps.draw(pen, l, h, inside, aside);
        else drawStrength(pen, palette, box, maps.strongest(l, h, aside));
      }
    }
    this.#painted = maps;
  }

  /**
   * What each layer would have said after a token; those that say what the last one does are filled.
   * @param {Trace} trace
   * @param {number} token
   * @param {number} there how many layers have a guess
   */
  #guess(trace, token, there) {
    const lens = trace.lens(token);
    const end = lens && there >= lens.length ? lens[lens.length - 1].id : null; // not known before
    const words = this.#columns.map((_, l) => (lens && l < there ? trace.piece(lens[l].id) : ""));
    if (words.join("\n") !== this.#words.join("\n")) this.#drawn = "";
    this.#words = words;
    this.#columns.forEach(({ guess, bar, box }, l) => {
      const here = l < there ? lens?.[l] : undefined;
      guess.textContent = words[l];
      box.classList.toggle("final", here !== undefined && here.id === end);
      guess.title = here
        ? `Logit lens after layer ${l + 1}: ${JSON.stringify(trace.raw(here.id))}, probability ${percent(here.share)}`
        : "";
      bar.style.setProperty("--share", String(here?.share ?? 0));
    });
  }
}

/**
 * Where there is no room for a map, the largest share in it.
 * @param {CanvasRenderingContext2D} pen
 * @param {Palette} palette
 * @param {import("./layout.js").Box} box
 * @param {number} share
 */
function drawStrength(pen, palette, { left, top, width, height }, share) {
  pen.fillStyle = palette.colour("attention", share);
  pen.fillRect(left, top, width, height);
}

/**
 * The frame of a head's map.
 * @param {CanvasRenderingContext2D} pen
 * @param {Palette} palette
 * @param {import("./layout.js").Box} box
 * @param {boolean} chosen
 */
function drawCell(pen, palette, { left, top, width, height }, chosen) {
  pen.fillStyle = palette.colour("page");
  pen.strokeStyle = palette.colour(chosen ? "attention" : "line");
  pen.lineWidth = chosen ? 2 : 1;
  pen.beginPath();
  pen.roundRect(left + 0.5, top + 0.5, width - 1, height - 1, width > 12 ? 3 : 1);
  pen.fill();
  pen.stroke();
}
