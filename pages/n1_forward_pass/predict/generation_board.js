// @ts-check
// Writing on, one token at a time: written on the server with `generate`, a stretch at a time, played here.
// `more` asks for the next stretch of the text that it names, `go` for another text with the settings in the
// address, `take` for the text up to the step shown.

import { hear, recall, remember } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { slider } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { plural } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { visible } from "../../../ui/kit/words.js";
import { writeButton } from "../../../ui/kit/write_button.js";
import { drawCache } from "./cache_picture.js";
import { ending, headline } from "./generation.js";
import { inUse, nextSeed, SHAPING } from "./sampling_settings.js";
import { drawStep } from "./written_step.js";

/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/** @typedef {import("./generation.js").GenerationData} GenerationData */
/** @typedef {import("./sampling_settings.js").SamplingSettings} SamplingSettings */
/** @typedef {import("../../../ui/kit/write_button.js").WriteButton} WriteButton */
/**
 * The text as far as it is written, a node for each of its tokens, the step that is shown, the clock
 * while it plays; whether another text was asked for.
 * @typedef {{data: GenerationData, nodes: HTMLElement[], at: number, clock: ReturnType<typeof setInterval> | undefined,
 *   asked: boolean, button: WriteButton, palette: Palette, page: Page}} State
 */

const BEAT = 350; // milliseconds a step while playing

export default mount((root, page) => {
  const palette = new Palette(root);
  /** @type {State | undefined} */
  let state;
  const more = () => page.setTriggerValue("more", { of: state?.data.pass_key, at: Date.now() });
  const button = writeButton(find(root, ".go"), more);
  listen(root, page, (act) => state && act(state));
  hear(root, () => state && tellSettings(root, state));
  const unfollow = follow(root, () => {
    palette.forget();
    if (state) show(root, state);
  });
  return {
    receive(/** @type {GenerationData} */ data) {
      if (!state) offerLengths(root, data.settings.sample_length);
      const asked = state?.asked ?? false;
      if (state?.data.pass_key === data.pass_key) state.data = data;
      else {
        if (state) leave(root, state);
        state = { data, nodes: [], at: 0, clock: undefined, asked: false, button, palette, page };
      }
      state.asked = false;
      if (!state.clock) state.at = Math.max(0, data.steps.length - 1);
      draw(root, state);
      if (asked) begin(root, state);
      else button.answered(data.done, nameOf(data));
    },
    stop() {
      unfollow();
      if (state) leave(root, state);
    },
  };
});

/**
 * Nobody waits for the rest of this text any more.
 * @param {HTMLElement} root
 * @param {State} state
 */
function leave(root, state) {
  state.button.stop();
  play(root, state, false);
}

/**
 * The rest is asked for, and played from the first step.
 * @param {HTMLElement} root
 * @param {State} state
 */
function begin(root, state) {
  const { button, data } = state;
  button.answered(true, nameOf(data));
  if (!data.done) button.run();
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) play(root, state, true, 0);
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(act: (state: State) => void) => void} once there is a state
 */
function listen(root, page, once) {
  /** @type {(selector: string, kind: string, act: (state: State) => void) => void} */
  const on = (selector, kind, act) => find(root, selector).addEventListener(kind, () => once(act));
  const ask = (/** @type {State} */ state) => {
    play(root, state, false);
    state.asked = true;
    page.setTriggerValue("go", Date.now());
  };
  const time = find(root, ".time", HTMLInputElement);
  on(".go", "click", (state) => write(root, state, ask));
  on(".take", "click", (state) => page.setTriggerValue("take", state.at + 1));
  on(".another", "click", (state) => {
    remember("sample_seed", nextSeed(state.data.settings.sample_seed));
    ask(state);
  });
  on(".back", "click", (state) => go(root, state, state.at - 1));
  on(".forward", "click", (state) => go(root, state, state.at + 1));
  on(".time", "input", (state) => go(root, state, Number(time.value) - 1));
  on(".without", "change", (state) => go(root, state, state.at));
  on(".play", "click", (state) => play(root, state, !state.clock, state.at === state.nodes.length - 1 ? 0 : state.at));
}

/**
 * The large button: stop, another text, the rest of this one, or what is written once more.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {(state: State) => void} ask for another text
 */
function write(root, state, ask) {
  const { button, data } = state;
  if (button.isRunning()) return button.stop();
  if (areChanged(data.settings)) return ask(state);
  if (data.done) return play(root, state, true, 0);
  return button.run();
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

/** @param {GenerationData} data */
function nameOf({ settings, done }) {
  if (areChanged(settings)) return "Write with these";
  return done ? "Write" : "Write on";
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function tellSettings(root, { data, button }) {
  const used = data.settings;
  const changed = areChanged(used);
  const now = changed ? `; now set: ${inUse(inAddress(used))}` : "";
  find(root, ".settings").textContent = `written with ${inUse(used)}${now}`;
  find(root, ".story").classList.toggle("stale", changed);
  if (!button.isRunning()) button.answered(data.done, nameOf(data));
}

/**
 * All that is written.
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
  tellSettings(root, state);
  find(root, ".progress").textContent = data.done ? "" : `${n} of ${plural(data.asked, "token")} written`;
  find(root, ".finding").textContent = headline(data);
  state.nodes = data.steps.map(({ piece }, i) =>
    make(
      "button",
      { type: "button", title: `step ${i + 1}`, onclick: () => go(root, state, i) },
      piece.trim() || visible(piece),
    ),
  );
  find(root, ".story").replaceChildren(data.prompt.join(""), ...story(data, state.nodes));
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
 * Start or stop; at the end it waits for what is being written.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {boolean} wanted
 * @param {number} [from]
 */
function play(root, state, wanted, from = state.at) {
  clearInterval(state.clock);
  state.clock = undefined;
  find(root, ".play").textContent = wanted ? "❚❚ pause" : "▶ play";
  if (!wanted || !state.nodes.length) return;
  go(root, state, from);
  state.clock = setInterval(() => {
    if (state.at < state.nodes.length - 1) go(root, state, state.at + 1);
    else if (!state.button.isRunning()) play(root, state, false);
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
