// @ts-check
// The sliders that shape the probabilities, and four settings by name.

import { range } from "../../../ui/kit/arithmetic.js";
import { slider } from "../../../ui/kit/controls.js";
import { make } from "../../../ui/kit/elements.js";
import { number } from "../../../ui/kit/format.js";
import { OFF, SHAPING, TITLES } from "./sampling_settings.js";

/** @typedef {import("../../../ui/kit/sampling.js").Sampling} Sampling */

const PRESETS = [
  { name: "as it is", temperature: 1, ...OFF },
  { name: "greedy", temperature: 0, ...OFF },
  { name: "careful", temperature: 0.7, ...OFF, top_p: 0.9 },
  { name: "wild", temperature: 1.6, ...OFF },
];
// Small numbers of tokens one by one, then ever larger steps; the last stop is off.
const TOP_K = [...range(20).map((i) => i + 1), 25, 30, 40, 50, 64, 80, 100, 128, 160, 200, 256, OFF.top_k];

const stopOf = (/** @type {number} */ k) => TOP_K.findIndex((stop) => stop === OFF.top_k || (k > 0 && stop >= k));
const unless = (/** @type {number} */ off) => (/** @type {number} */ x) => (x === off ? "off" : number(x));

/** @typedef {{said: string, min: number, max: number, step: number, show: (x: number) => string}} Range */
/** @type {Record<keyof Sampling, Range>} */
const SLIDES = {
  temperature: {
    said: "Below 1 it sharpens the probabilities, above 1 it flattens them. 0 always takes the most probable token.",
    ...{ min: 0, max: 2, step: 0.05 },
    show: (x) => (x === 0 ? "greedy" : number(x)),
  },
  top_k: {
    said: "Keep the k most probable tokens.",
    ...{ min: 0, max: TOP_K.length - 1, step: 1 },
    show: (x) => String(TOP_K[x] || "off"),
  },
  top_p: {
    said: "Keep the fewest tokens whose probabilities together reach p.",
    ...{ min: 0.05, max: 1, step: 0.01 },
    show: unless(OFF.top_p),
  },
  min_p: {
    said: "Keep the tokens that are at least p times as probable as the first.",
    ...{ min: 0, max: 1, step: 0.01 },
    show: unless(OFF.min_p),
  },
};

/**
 * Fill the box; what is returned shows settings on the controls.
 * @param {HTMLElement} box
 * @param {Sampling} settings
 * @param {(changes: Partial<Sampling>) => void} set
 */
export function samplingControls(box, settings, set) {
  const stop = (/** @type {Sampling} */ of, /** @type {keyof Sampling} */ name) =>
    name === "top_k" ? stopOf(of.top_k) : of[name];
  const sliders = SHAPING.map((name) => {
    const { said, ...slide } = SLIDES[name];
    const change = (/** @type {number} */ x) => set({ [name]: name === "top_k" ? TOP_K[x] : x });
    const made = slider({ label: TITLES[name], value: stop(settings, name), ...slide, change });
    made.append(make("small", {}, said));
    return made;
  });
  const presets = PRESETS.map(({ name, ...changes }) =>
    make("button", { type: "button", onclick: () => set(changes) }, name),
  );
  box.replaceChildren(make("div", { class: "chips", role: "group", "aria-label": "Settings" }, presets), ...sliders);
  return (/** @type {Sampling} */ now) => {
    for (const [i, name] of SHAPING.entries()) sliders[i].set(stop(now, name));
    for (const [i, preset] of PRESETS.entries()) {
      const pressed = SHAPING.every((name) => preset[name] === now[name]);
      presets[i].setAttribute("aria-pressed", String(pressed));
    }
  };
}
