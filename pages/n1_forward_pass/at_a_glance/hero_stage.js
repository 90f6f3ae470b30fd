// @ts-check
// The stage of the first ten seconds: the sentence with its box, its words on lanes, every head's map
// layer after layer, and the guess so far below the layer that has just been passed.

import { clamp, range } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { quote } from "../../../ui/kit/words.js";
import { AT, dropped, inLane, swept } from "./hero_time.js";
import { penOf } from "./nodes.js";
import { restsMuch } from "./rest.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { SmallMaps } from "./small_maps.js" */
/** @import { Trace } from "./trace.js" */
/** @typedef {{left: number, top: number, width: number, height: number, gap: number}} Grid of cells */
/** @typedef {{left: number, top: number, width: number, height: number}} Home */

const WIDTH = 1400;
const NARROW = 760;
const HALF_LABEL = 140; // pixels
const CELL = { least: 22, most: 64 }; // where a screen is narrow they are higher than wide

export class HeroStage {
  /** @type {Home[]} where each word stands in the sentence */
  #homes = [];
  /** @type {Grid} */
  #grid = { left: 0, top: 0, width: 1, height: 1, gap: 1 };
  #lane = { left: 0, top: 0, apart: 0, width: 0, size: 1 };
  #answer = { x: 0, y: 0 };

  /**
   * @param {Trace} trace
   * @param {SmallMaps} maps
   * @param {Palette} palette
   */
  constructor(trace, maps, palette) {
    this.trace = trace;
    this.maps = maps;
    this.palette = palette;
    const [first] = trace.guesses(trace.n - 1);
    this.words = range(trace.n).map((i) => {
      const joined = i > 0 && !/^\s/.test(trace.raw(trace.ids[i]));
      return make("span", { class: joined ? "word joined" : "word" }, trace.word(i));
    });
    this.answer = make("span", { class: "answer" }, make("b", {}, trace.piece(first.id)));
    this.line = make("p", { class: "line" }, ...this.words, this.answer);
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.guess = make("div", { class: "so-far" }, make("b"), make("small"));
    this.box = make("div", { class: "hero-stage" }, this.canvas, this.line, this.guess);
  }

  /** Where everything stands in the window. */
  measure() {
    const { n_layers: layers, n_heads: heads } = this.trace.model;
    for (const word of this.words) word.style.transform = "";
    const box = this.box.getBoundingClientRect();
    const at = (/** @type {Element} */ node) => {
      const { left, top, width, height } = node.getBoundingClientRect();
      return { left: left - box.left, top: top - box.top, width, height };
    };
    this.#homes = this.words.map(at);
    const answer = at(this.answer);
    this.#answer = { x: answer.left + answer.width / 2, y: answer.top + answer.height / 2 };
    const narrow = box.width < NARROW;
    const width = Math.min(box.width - 32, WIDTH);
    const chips = narrow ? 74 : 150;
    const room = { width: width - chips - 24, height: Math.min(box.height * 0.5, 460) };
    const step = Math.min(room.width / layers, room.height / heads, CELL.most);
    const high = Math.max(step, CELL.least);
    const gap = step > 16 ? 3 : 1;
    const tall = high * heads;
    const left = (box.width - chips - 24 - step * layers) / 2;
    const top = Math.max(24, box.height * 0.42 - tall / 2);
    this.#grid = { left: left + chips + 24, top, width: step - gap, height: high - gap, gap };
    const apart = Math.min(tall / this.trace.n, 52);
    const lanes = { left, top: top + (tall - apart * this.trace.n) / 2, apart, width: chips };
    this.#lane = { ...lanes, size: Math.min(0.5, (apart - 4) / (this.#homes[0]?.height ?? 1)) };
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(box.width * ratio);
    this.canvas.height = Math.round(box.height * ratio);
    penOf(this.canvas).setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** @param {number} ms */
  draw(ms) {
    this.#placeWords(ms);
    this.#paint(ms);
    this.#placeGuess(ms);
    this.answer.classList.toggle("awaited", ms >= AT.drop);
    this.answer.classList.toggle("filled", ms >= AT.dropped);
  }

  /** @param {number} ms */
  #placeWords(ms) {
    const { left, top, apart, width, size } = this.#lane;
    this.words.forEach((word, i) => {
      const [home, far] = [this.#homes[i], inLane(ms, i, this.words.length)];
      const fits = Math.min(size, (width - 20) / home.width);
      const x = left + width / 2 - home.left - home.width / 2;
      const y = top + (i + 0.5) * apart - home.top - home.height / 2;
      const lift = -40 * Math.sin(Math.PI * far);
      word.style.transform = `translate(${x * far}px, ${y * far + lift}px) scale(${1 - (1 - fits) * far})`;
      word.style.setProperty("--lane", String(far));
    });
    this.answer.style.opacity = String(1 - inLane(ms, 0, this.words.length));
  }

  /** @param {number} ms */
  #paint(ms) {
    const { canvas, trace } = this;
    const { n_layers: layers, n_heads: heads } = trace.model;
    const pen = penOf(canvas);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const shown = ms < AT.drop ? inLane(ms, trace.n - 1, trace.n) : 1 - dropped(ms);
    if (shown <= 0) return;
    pen.globalAlpha = shown;
    this.#paintLanes(pen, ms);
    const passed = swept(ms, layers);
    for (const l of range(layers)) for (const h of range(heads)) this.#paintCell(pen, l, h, l < passed);
    if (passed > 0 && passed < layers) this.#frame(pen, Math.floor(passed));
    pen.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} l
   * @param {number} h
   * @param {boolean} passed
   */
  #paintCell(pen, l, h, passed) {
    const { left, top, width, height, gap } = this.#grid;
    const [x, y] = [left + l * (width + gap), top + h * (height + gap)];
    pen.fillStyle = this.palette.colour(passed ? "page" : "panel");
    pen.strokeStyle = this.palette.colour("line");
    pen.beginPath();
    pen.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, width > 14 ? 3 : 1);
    pen.fill();
    pen.stroke();
    const inside = { left: x + 1, top: y + 1, width: width - 2, height: height - 2 };
    if (passed) this.maps.draw(pen, l, h, inside, restsMuch(this.trace));
  }

  /**
   * Around the layer that is being passed.
   * @param {CanvasRenderingContext2D} pen
   * @param {number} l
   */
  #frame(pen, l) {
    const { left, top, width, height, gap } = this.#grid;
    pen.strokeStyle = this.palette.colour("ink");
    pen.lineWidth = 2;
    pen.beginPath();
    const tall = this.trace.model.n_heads * (height + gap) - gap;
    pen.roundRect(left + l * (width + gap) - 3, top - 5, width + 6, tall + 10, 6);
    pen.stroke();
    pen.lineWidth = 1;
  }

  /**
   * From each word on to the layers.
   * @param {CanvasRenderingContext2D} pen
   * @param {number} ms
   */
  #paintLanes(pen, ms) {
    const { left, top, apart, width, size } = this.#lane;
    const end = this.#grid.left - 12;
    range(this.trace.n).forEach((i) => {
      const y = top + (i + 0.5) * apart;
      const last = i === this.trace.n - 1;
      pen.strokeStyle = this.palette.colour(last ? "residual" : "line");
      pen.lineWidth = last ? 2.5 : 1.5;
      pen.beginPath();
      const word = this.#homes[i].width * Math.min(size, (width - 20) / this.#homes[i].width);
      const from = left + (width + word) / 2;
      const to = from + (end - from) * inLane(ms < AT.drop ? ms : 0, i, this.trace.n);
      pen.moveTo(from, y);
      pen.lineTo(to, y);
      pen.stroke();
      pen.fillStyle = this.palette.colour(last ? "ink" : "residual");
      pen.beginPath();
      pen.arc(to, y, last ? 4 : 3, 0, 7);
      pen.fill();
    });
    pen.lineWidth = 1;
  }

  /** The guess so far, below the layer that has just been passed; then it drops into the box. */
  #placeGuess(/** @type {number} */ ms) {
    const { trace, guess } = this;
    const layers = trace.model.n_layers;
    const lens = trace.lens(trace.n - 1) ?? [];
    const passed = Math.floor(swept(ms, layers));
    guess.hidden = passed < 1 || ms >= AT.dropped;
    if (guess.hidden) return;
    const { left, top, width, height, gap } = this.#grid;
    const l = clamp(passed - 1, 0, layers - 1);
    const [word, below] = /** @type {HTMLElement[]} */ (Array.from(guess.children));
    word.textContent = quote(trace.piece(lens[l].id));
    below.textContent = ms < AT.drop ? `guess so far (logit lens): layer ${l + 1} of ${layers}` : "";
    guess.classList.toggle("final", lens[l].id === lens[layers - 1].id);
    const from = {
      x: clamp(left + l * (width + gap) + width / 2, HALF_LABEL, this.box.clientWidth - HALF_LABEL),
      y: top + trace.model.n_heads * (height + gap) + 44,
    };
    const far = dropped(ms);
    const [x, y] = [from.x + (this.#answer.x - from.x) * far, from.y + (this.#answer.y - from.y) * far];
    guess.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%) scale(${1 + 0.4 * far})`;
  }
}
