// @ts-check
// Writing on, one token at a time: recorded on the server with `generate`, played here. `go` asks for
// another recording with the settings in the address, `take` for the text up to the step shown.

import { hear, recall, remember } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { visible } from "../../../ui/kit/words.js";
import { drawCache } from "./cache_picture.js";
import { ending, headline, plural } from "./generation.js";
import { inUse, nextSeed, SHAPING } from "./sampling_settings.js";
import { drawWays } from "./two_ways.js";
import { drawStep } from "./written_step.js";

/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/** @typedef {import("./generation.js").GenerationData} GenerationData */
/** @typedef {import("./sampling_settings.js").SamplingSettings} SamplingSettings */
/**
 * The recording, a node for each of its tokens, the step that is shown, the clock while it plays;
 * whether another one was asked for.
 * @typedef {{data: GenerationData, nodes: HTMLElement[], at: number, clock: ReturnType<typeof setInterval> | undefined,
 *   asked: boolean, palette: Palette, page: Page}} State
 */

const BEAT = 350; // milliseconds a step while playing

export default mount((root, page) => {
  const palette = new Palette(root);
  /** @type {State | undefined} */
  let state;
  listen(root, page, (act) => state && act(state));
  hear(root, () => state && tellSettings(root, state.data.settings));
  const unfollow = follow(root, () => {
    palette.forget();
    if (state) show(root, state);
  });
  return {
    receive(/** @type {GenerationData} */ data) {
      const was = state;
      if (data.pass_key === was?.data.pass_key) return;
      if (was) play(root, was, false);
      else offerLengths(root, data.settings.sample_length);
      state = {
        data,
        nodes: [],
        at: Math.max(0, data.steps.length - 1),
        clock: undefined,
        asked: false,
        palette,
        page,
      };
      draw(root, state);
      if (was?.asked && !matchMedia("(prefers-reduced-motion: reduce)").matches) play(root, state, true);
    },
    stop() {
      unfollow();
      if (state) play(root, state, false);
    },
  };
});

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(act: (state: State) => void) => void} once there is a state
 */
function listen(root, page, once) {
  /** @type {(selector: string, kind: string, act: (state: State) => void) => void} */
  const on = (selector, kind, act) => find(root, selector).addEventListener(kind, () => once(act));
  const ask = (/** @type {State} */ state) => {
    state.asked = true;
    page.setTriggerValue("go", Date.now());
  };
  const time = find(root, ".time", HTMLInputElement);
  on(".go", "click", (state) => (areChanged(state.data.settings) ? ask(state) : play(root, state, true, 0)));
  on(".take", "click", (state) => page.setTriggerValue("take", state.at + 1));
  on(".another", "click", (state) => {
    remember("sample_seed", nextSeed(state.data.settings.sample_seed));
    ask(state);
  });
  on(".back", "click", (state) => go(root, state, state.at - 1));
  on(".forward", "click", (state) => go(root, state, state.at + 1));
  on(".time", "input", (state) => go(root, state, Number(time.value) - 1));
  on(".without", "change", (state) => go(root, state, state.at));
  on(".play", "click", (state) => play(root, state, !state.clock));
}

/**
 * @param {HTMLElement} root
 * @param {number} value
 */
function offerLengths(root, value) {
  const change = (/** @type {number} */ n) => remember("sample_length", n);
  find(root, ".lengths").append(slider({ label: "tokens", min: 8, max: 64, step: 8, value, show: String, change }));
}

/**
 * The settings as the address says them now; those of the recording where it says none.
 * @param {SamplingSettings} used
 */
function inAddress(used) {
  const now = Object.entries(used).map(([name, value]) => {
    const said = Number(recall(name) || value);
    return [name, Number.isFinite(said) ? said : value];
  });
  return /** @type {SamplingSettings} */ (Object.fromEntries(now));
}

/**
 * Whether the sliders say something else by now than the text was written with.
 * @param {SamplingSettings} used
 */
function areChanged(used) {
  const now = inAddress(used);
  return [...SHAPING, /** @type {const} */ ("sample_length")].some((name) => now[name] !== used[name]);
}

/**
 * @param {HTMLElement} root
 * @param {SamplingSettings} used
 */
function tellSettings(root, used) {
  const changed = areChanged(used);
  const now = changed ? `; now set: ${inUse(inAddress(used))}` : "";
  find(root, ".settings").textContent = `written with ${inUse(used)}${now}`;
  find(root, ".story").classList.toggle("stale", changed);
  find(root, ".go").textContent = changed ? "Write with these" : "Write";
}

/**
 * All of a recording.
 * @param {HTMLElement} root
 * @param {State} state
 */
function draw(root, state) {
  const { data } = state;
  const n = data.steps.length;
  find(root, ".seed").textContent = `seed ${data.settings.sample_seed}`;
  find(root, ".time", HTMLInputElement).max = String(Math.max(1, n));
  for (const control of root.querySelectorAll(".transport > *, .take")) control.toggleAttribute("disabled", n === 0);
  find(root, ".write").classList.toggle("full", n === 0);
  tellSettings(root, data.settings);
  find(root, ".finding").textContent = headline(data);
  state.nodes = data.steps.map(({ piece }, i) =>
    make(
      "button",
      { type: "button", title: `step ${i + 1}`, onclick: () => go(root, state, i) },
      piece.trim() || visible(piece),
    ),
  );
  find(root, ".story").replaceChildren(data.prompt.join(""), ...story(data, state.nodes));
  drawWays(root, data);
  show(root, state);
}

/**
 * The new tokens with the blanks between them, and why they end.
 * @param {GenerationData} data
 * @param {HTMLElement[]} nodes
 */
function story(data, nodes) {
  const blank = (/** @type {string} */ piece) => (piece.trim() ? (piece.match(/^\s*/)?.[0] ?? "") : "\u200b");
  const end = ending(data);
  const told = end && nodes.length ? [" ", make("span", { class: "end" }, end)] : [];
  return [...nodes.flatMap((node, i) => [blank(data.steps[i].piece), node]), ...told];
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 * @param {number} step
 */
function go(root, state, step) {
  state.at = clamp(step, 0, Math.max(0, state.nodes.length - 1));
  show(root, state);
  state.page.drawn();
}

/**
 * Start or stop; from the beginning, if it stands at the end.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {boolean} wanted
 * @param {number} [from]
 */
function play(root, state, wanted, from = state.at) {
  const last = state.nodes.length - 1;
  clearInterval(state.clock);
  state.clock = undefined;
  find(root, ".play").textContent = wanted ? "❚❚ pause" : "▶ play";
  if (!wanted || last < 0) return;
  go(root, state, from === last ? 0 : from);
  state.clock = setInterval(() => {
    if (state.at < last) go(root, state, state.at + 1);
    else play(root, state, false);
  }, BEAT);
}

/**
 * What follows the step.
 * @param {HTMLElement} root
 * @param {State} state
 */
function show(root, { data, nodes, at, palette }) {
  for (const [i, node] of nodes.entries()) {
    node.classList.toggle("here", i === at);
    node.classList.toggle("later", i > at);
  }
  const n = nodes.length;
  find(root, ".time", HTMLInputElement).value = String(at + 1);
  find(root, ".at").textContent = n ? `step ${at + 1} of ${n}` : "";
  find(root, ".take").textContent = n ? `take ${plural(at + 1, "token")} into my text` : "nothing to take";
  drawStep(find(root, ".step"), data, at);
  drawCache(root, data, at, palette);
}
