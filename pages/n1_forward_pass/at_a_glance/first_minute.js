// @ts-check
// A reader's first minute: ten seconds of a pass at the first visit, and the tour. Their scripts come when
// they are wanted.

import { focusField, go, recall } from "../../../ui/kit/address.js";
import { find } from "../../../ui/kit/elements.js";

/** @import { Palette } from "../../../ui/kit/palette.js" */
/** @import { SmallMaps } from "./small_maps.js" */
/** @import { Tour } from "./tour.js" */
/** @import { Acts, Now } from "./tour_stops.js" */
/** @import { Trace } from "./trace.js" */

const SEEN = "forward-pass-seen";
const MOST_TOKENS = 24;
const ESSENTIALS = "essentials"; // the short way through the lessons

/**
 * Whether this is a first visit, without a link to something else; from now on it is not.
 * @param {Trace} trace
 */
function isFirstVisit(trace) {
  const come = new URL(performance.getEntriesByType("navigation")[0]?.name ?? location.href);
  if (come.search || come.pathname !== location.pathname) return false; // Streamlit drops what says nothing new
  if (trace.n > MOST_TOKENS || !trace.lens(trace.n - 1)) return false;
  try {
    if (localStorage.getItem(SEEN)) return false;
    localStorage.setItem(SEEN, "1");
    return localStorage.getItem(SEEN) === "1";
  } catch {
    return false; // it could not be kept that this was seen
  }
}

/** This page on the short way through the lessons. */
function withPath() {
  const address = new URL(location.href);
  address.searchParams.set("path", ESSENTIALS);
  return address.href;
}

export class FirstMinute {
  #begun = false;
  /** @type {Now | null} */
  #now = null;
  /** @type {Tour | null} */
  #tour = null;

  /**
   * @param {HTMLElement} root
   * @param {Palette} palette
   * @param {Acts} acts
   */
  constructor(root, palette, acts) {
    this.root = root;
    this.palette = palette;
    this.acts = acts;
    find(root, ".take-tour").addEventListener("click", () => this.#takeTour(0));
    find(root, ".short-way").addEventListener("click", () => go(withPath()));
  }

  /**
   * What is on screen now.
   * @param {Now} now
   * @param {SmallMaps} maps
   */
  show(now, maps) {
    this.#now = now;
    find(this.root, ".short-way").hidden = recall("path") === ESSENTIALS;
    this.#tour?.show(now);
    if (this.#begun) return;
    this.#begun = true;
    if (new URLSearchParams(location.search).has("tour")) this.#takeTour(null);
    else if (isFirstVisit(now.trace)) this.#play(now.trace, maps);
  }

  /** @param {number | null} stop from 0; null: the one that the address asks for */
  async #takeTour(stop) {
    const [{ Tour }, { askedStop }] = await Promise.all([import("./tour.js"), import("./tour_stops.js")]);
    this.#tour ??= new Tour(this.root, this.acts);
    if (this.#now) this.#tour.show(this.#now);
    const wanted = stop ?? askedStop(location.search);
    if (wanted !== null) this.#tour.go(wanted);
  }

  /**
   * @param {Trace} trace
   * @param {SmallMaps} maps
   */
  async #play(trace, maps) {
    const [{ Hero }, { HeroStage }] = await Promise.all([import("./hero.js"), import("./hero_stage.js")]);
    const ways = { tour: () => this.#takeTour(0), ownWords: () => focusField("text") };
    new Hero(this.root, trace, new HeroStage(trace, maps, this.palette), ways).play();
  }
}
