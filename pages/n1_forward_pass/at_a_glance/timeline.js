// @ts-check
// Below the picture, time: step, play, speed, and the chapters of a pass with their steps.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { make } from "../../../ui/kit/elements.js";
import { button } from "./nodes.js";
import { CHAPTERS, OVERVIEW, STAGES } from "./stages.js";

/** @import { Time } from "./playback.js" */

/**
 * `scrub`: a hand points at a place from 0 to 1; `moved`: it has been dragged there.
 * @typedef {object} Acts
 * @property {(by: 1 | -1) => void} step
 * @property {() => void} toggle
 * @property {() => void} leave
 * @property {(stage: number) => void} go
 * @property {(place: number, moved: boolean) => void} scrub
 * @property {() => number} hasten returns the new speed
 */

const SHAPES = {
  Play: "M3 1.8v11.4a.8.8 0 0 0 1.2.7l9-5.7a.8.8 0 0 0 0-1.4l-9-5.7A.8.8 0 0 0 3 1.8z",
  Pause: "M3 1.5h3.2v12H3zM8.8 1.5H12v12H8.8z",
  back: "M2 1.5h2v12H2zM13 1.9v11.2a.6.6 0 0 1-1 .5L5 8a.6.6 0 0 1 0-1l7-5.6a.6.6 0 0 1 1 .5z",
  forward: "M11 1.5h2v12h-2zM2 1.9v11.2a.6.6 0 0 0 1 .5L10 8a.6.6 0 0 0 0-1L3 1.4a.6.6 0 0 0-1 .5z",
};
const DRAGGED = 4; // pixels

/** @param {keyof typeof SHAPES} name */
const icon = (name) => make("svg", { viewBox: "0 0 15 15" }, make("path", { d: SHAPES[name] }));

/**
 * @param {keyof typeof SHAPES} name
 * @param {string} title
 * @param {() => void} act
 */
const skip = (name, title, act) => button({ class: "skip", title, "aria-label": title, onclick: act }, icon(name));

export class Timeline {
  #play = button({ class: "play" });
  #overview = button({ class: "overview", title: "The whole pass at once (Esc)" }, make("b", {}, "Overview"));
  #speed = button({ class: "speed", title: "Speed" }, "1×");
  #times = make("span"); // how often the layers repeat what is done in one
  /** @type {HTMLButtonElement[]} */
  #steps = [];
  /** @type {HTMLElement[]} */
  #chapters = [];

  /**
   * @param {HTMLElement} box
   * @param {Acts} acts
   */
  constructor(box, acts) {
    this.box = box;
    this.#steps = STAGES.map(({ id, label, index }) => {
      const symbol = make("span", {}, ...(id === "scores" ? ["QK", make("sup", {}, "T")] : [label]));
      // By key only: a pointer scrubs.
      const press = (/** @type {MouseEvent} */ event) => event.detail === 0 && acts.go(index);
      return button({ title: `Step ${index + 1}: ${label}`, onclick: press }, symbol);
    });
    this.#chapters = CHAPTERS.map((chapter) => {
      const steps = this.#steps.filter((_, k) => STAGES[k].chapter === chapter);
      const name = make("b", {}, chapter, chapter === "Repeat" && this.#times);
      return make("div", { class: "chapter", style: `--steps: ${steps.length}` }, name, make("div", {}, ...steps));
    });
    const segments = make("div", { class: "segments", role: "group", "aria-label": "Steps" }, ...this.#chapters);
    scrubbed(segments, this.#steps, acts.scrub);
    this.#play.addEventListener("click", acts.toggle);
    this.#overview.addEventListener("click", acts.leave);
    this.#speed.addEventListener("click", () => {
      this.#speed.textContent = `${acts.hasten()}×`.replace("0.5", "½");
    });
    box.replaceChildren(
      skip("back", "Step back (left arrow)", () => acts.step(-1)),
      this.#play,
      skip("forward", "Step on (right arrow)", () => acts.step(1)),
      this.#overview,
      segments,
      this.#speed,
    );
  }

  /** @param {number} layers of the model */
  build(layers) {
    this.#times.textContent = `\u00a0× ${layers}`;
  }

  /**
   * @param {Time} time
   * @param {number} lit the step that is explained
   */
  show({ stage, share, playing }, lit) {
    this.#overview.ariaPressed = String(lit === OVERVIEW);
    this.#steps.forEach((step, k) => {
      const begun = k === stage ? Math.max(share, 0.04) : 0;
      step.style.setProperty("--fill", String(stage !== OVERVIEW && k < stage ? 1 : begun));
      step.classList.toggle("done", k < stage);
      if (k === lit) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    });
    this.#chapters.forEach((chapter, k) => {
      chapter.classList.toggle("now", STAGES[lit]?.chapter === CHAPTERS[k]);
    });
    const name = playing ? "Pause" : "Play";
    if (this.#play.ariaLabel === name) return;
    this.#play.ariaLabel = name;
    this.#play.title = `${name} (space)`;
    this.#play.replaceChildren(icon(name));
  }
}

/**
 * A pointer on the steps goes to the place that it points at, and takes it along while it is down; on the
 * name of a chapter it goes to the first of its steps.
 * @param {HTMLElement} segments
 * @param {readonly HTMLElement[]} steps
 * @param {Acts["scrub"]} scrub
 */
function scrubbed(segments, steps, scrub) {
  /** @type {number | null} */
  let from = null;
  const follow = (/** @type {number} */ x, /** @type {boolean} */ moved) => {
    const spans = steps.map((step) => step.getBoundingClientRect());
    scrub(placeAt(spans, x) / steps.length, moved);
  };
  const end = () => {
    from = null;
  };
  segments.addEventListener("pointerdown", (event) => {
    const name = /** @type {Element} */ (event.target).closest(".chapter > b");
    from = event.clientX;
    segments.setPointerCapture(event.pointerId);
    follow(name?.nextElementSibling?.getBoundingClientRect().left ?? from, false);
  });
  segments.addEventListener("pointermove", ({ clientX: x }) => {
    if (from !== null && Math.abs(x - from) > DRAGGED) follow(x, true);
  });
  segments.addEventListener("pointerup", end);
  segments.addEventListener("pointercancel", end);
}

/**
 * Which of several spans lies at x, and the share of it before x; gaps belong to what comes before them.
 * @param {readonly {left: number, width: number}[]} spans
 * @param {number} x
 */
export function placeAt(spans, x) {
  const k = Math.max(
    spans.findLastIndex(({ left }) => x >= left),
    0,
  );
  return k + clamp((x - spans[k].left) / spans[k].width, 0, 0.9999);
}
