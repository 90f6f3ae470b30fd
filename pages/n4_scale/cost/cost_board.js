// @ts-check
// What a text costs, in this model and in known ones: arithmetic at any length, and the caches.

import { rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { clamp } from "../../../ui/kit/arithmetic.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { count } from "../../../ui/kit/format.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit } from "../../../ui/kit/plot.js";
import { drawArithmetic } from "./arithmetic_card.js";
import { drawCaches, PRECISIONS } from "./cache_card.js";
import { drawCrossovers } from "./crossover_table.js";
import { drawLengths, LONGEST } from "./length_chart.js";

/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/** @typedef {import("./costs.js").ShapeCosts} ShapeCosts */
/**
 * The model, the tokens of the reader's text, the length in the address; the model's shape comes first.
 * @typedef {{model: string, tokens: number, n: number, shapes: ShapeCosts[]}} CostData
 */
/**
 * What was sent last, the length and the shape that the reader looks at, the caches' settings.
 * @typedef {import("./cache_card.js").Kept & {data: CostData, n: number, shape: number, palette: Palette,
 *   length: import("../../../ui/kit/controls.js").Slider}} State
 */

const power = (/** @type {number} */ x) => count(2 ** x);

export default mount((root, page) => {
  const palette = new Palette(root);
  /** @type {State | undefined} */
  let state;
  const once = (/** @type {(state: State) => unknown} */ act) => state && act(state);
  const length = listen(root, page, once);
  whenSent(root, (place) =>
    once(async (state) => {
      if (place.length) state.n = clamp(Number(place.length), 1, 2 ** LONGEST);
      await arithmetic(root, state);
      page.drawn();
    }),
  );
  return {
    receive(/** @type {CostData} */ data) {
      const was = state?.data;
      state ??= { data, n: data.n, shape: 0, palette, length, context: 4096, batch: 1, precision: 1, all: false };
      state.data = data;
      if (was && was.tokens !== data.tokens) setLength(state, data.tokens);
      else if (was?.n !== data.n) state.n = data.n;
      if (was?.model !== data.model) nameShapes(root, page, state);
      return draw(root, state);
    },
    stop: follow(root, () => {
      palette.forget();
      if (!state) return;
      draw(root, state);
      fit(find(root, ".curves"));
    }),
  };
});

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(act: (state: State) => unknown) => void} once there is a state
 * @returns the slider of the length
 */
function listen(root, page, once) {
  const change = (/** @type {number} */ n) =>
    once(async (state) => {
      setLength(state, n);
      await arithmetic(root, state);
      page.drawn();
    });
  const keep = (/** @type {Partial<import("./cache_card.js").Kept>} */ changes) =>
    once((state) => {
      Object.assign(state, changes);
      drawCaches(root, state.data.shapes, state);
      page.drawn();
    });
  const precision = make("div", { class: "chips" });
  radios(
    precision,
    "Numbers",
    PRECISIONS.length,
    (i) => PRECISIONS[i].name,
    (i) => keep({ precision: i }),
  );
  check(precision, 1);
  const steps = { step: 1, show: power };
  const each = (/** @type {number} */ to) => keep({ context: 2 ** to });
  const many = (/** @type {number} */ to) => keep({ batch: 2 ** to });
  find(root, ".settings").append(
    slider({ label: "tokens each", min: 5, max: 17, value: 12, ...steps, change: each }),
    slider({ label: "conversations", min: 0, max: 8, value: 0, ...steps, change: many }),
    precision,
  );
  find(root, ".mine").addEventListener("click", () => once(({ data }) => change(data.tokens)));
  find(root, ".more").addEventListener("click", () => once(({ all }) => keep({ all: !all })));
  const longest = { min: 0, max: LONGEST, step: 0.05, value: 4, show: power };
  const length = slider({ label: "tokens n", ...longest, change: (to) => change(Math.round(2 ** to)) });
  find(root, ".length").append(length);
  return length;
}

/**
 * @param {State} state
 * @param {number} n
 */
function setLength(state, n) {
  state.n = n;
  rememberSoon("length", n);
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 */
function nameShapes(root, page, state) {
  const choose = async (/** @type {number} */ i) => {
    state.shape = i;
    await draw(root, state);
    page.drawn();
  };
  const { shapes } = state.data;
  radios(find(root, ".shapes"), "Shape", shapes.length, (i) => shapes[i].title, choose);
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function draw(root, state) {
  check(find(root, ".shapes"), state.shape);
  const own = state.shape === 0;
  const source = find(root, ".source");
  source.className = `tag ${own ? "live" : "published"} source`;
  source.textContent = own ? "live" : state.data.shapes[state.shape].source;
  drawCaches(root, state.data.shapes, state);
  drawCrossovers(root, state.data.shapes, state.shape);
  return arithmetic(root, state);
}

/**
 * What follows the length.
 * @param {HTMLElement} root
 * @param {State} state
 */
function arithmetic(root, { data, shape, n, length, palette }) {
  length.set(Math.log2(n));
  const own = shape === 0;
  const text = own && n === data.tokens ? "your text" : "a text";
  drawArithmetic(root, data.shapes[shape], n, text, own);
  return drawLengths(root, data.shapes[shape], n, palette);
}
