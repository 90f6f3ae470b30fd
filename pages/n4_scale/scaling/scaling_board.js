// @ts-check
// The plane of model sizes and training tokens under a scaling law: a point that the hand moves, and
// what follows from it.

import { remember, rememberSoon, whenSent } from "../../../ui/kit/address.js";
import { check, radios, slider } from "../../../ui/kit/controls.js";
import { find, make } from "../../../ui/kit/elements.js";
import { follow } from "../../../ui/kit/follow.js";
import { scientific, short } from "../../../ui/kit/format.js";
import { onKeys } from "../../../ui/kit/keys.js";
import { mount } from "../../../ui/kit/mount.js";
import { Palette } from "../../../ui/kit/palette.js";
import { fit } from "../../../ui/kit/plot.js";
import { drawIsoflops } from "./isoflop_chart.js";
import { drawTerms } from "./loss_terms.js";
import { frameOf, onPlane, SIZES, TEXTS } from "./plane_frame.js";
import { planeMap } from "./plane_map.js";
import { planePoint } from "./plane_point.js";
import { drawTable } from "./rule_table.js";
import { best, budget, loss } from "./scaling_laws.js";
import { nats, perParameter } from "./scaling_text.js";
import { drawServing } from "./serving_chart.js";

/** @typedef {import("../../../ui/kit/mount.js").Page} Page */
/** @typedef {import("./plane_frame.js").Frame} Frame */
/** @typedef {import("./plane_map.js").KnownModel} KnownModel */
/** @typedef {import("./rule_table.js").BudgetRule} BudgetRule */
/** @typedef {import("./rule_table.js").SizeRule} SizeRule */
/** @typedef {import("./scaling_laws.js").KaplanConstants} KaplanConstants */
/** @typedef {import("./scaling_laws.js").ParametricConstants} ParametricConstants */
/**
 * The laws and what is known, and the law and the point in the address; `shown`: the name, among these, of the
 * model that the reader has chosen.
 * @typedef {{laws: Record<string, ParametricConstants | KaplanConstants>, models: KnownModel[], rule: number,
 *   sizes: SizeRule[], chinchilla: BudgetRule, ours: KnownModel[], shown: string | null, law: string, n: number,
 *   d: number}} ScalingData
 */
/**
 * What was sent last; the law, the point and the tokens served that the reader has chosen; the plane
 * as it is drawn, and what of it the pointer holds.
 * @typedef {{data: ScalingData, law: string, n: number, d: number, served: number, frame: Frame,
 *   held: "point" | "budget" | null, palette: Palette, sliders: Sliders}} State
 */
/** @typedef {Record<"n" | "d" | "c", import("../../../ui/kit/controls.js").Slider>} Sliders */

const SERVED = { least: 1e9, first: 1e13, most: 1e15 }; // tokens
const STEP = 10 ** 0.04; // of an arrow key, and with Shift:
const STRIDE = 10 ** 0.2;

export default mount((root, page) => {
  const palette = new Palette(root);
  /** @type {State | undefined} */
  let state;
  const once = (/** @type {(state: State) => unknown} */ act) => state && act(state);
  const sliders = makeSliders(root, page, once);
  listen(root, page, once);
  whenSent(root, (place) => once((state) => moveTo(root, page, state, sentTo(state, place))));
  return {
    receive(/** @type {ScalingData} */ data) {
      const { law, n, d } = data;
      const was = state?.data;
      nameShown(root, data);
      if (state && data.shown === was?.shown && law === was.law && n === was.n && d === was.d) {
        state.data = data;
        return undefined;
      }
      const { served = SERVED.first } = state ?? {};
      state = { ...{ data, law, n, d, served, sliders, palette, held: null }, frame: measured(root) };
      nameLaws(root, page, state);
      return draw(root, state);
    },
    stop: follow(root, () => {
      palette.forget();
      if (!state) return;
      state.frame = measured(root);
      draw(root, state);
      fit(find(root, ".iso-plot"));
      fit(find(root, ".serve-plot"));
    }),
  };
});

/**
 * Where the page sends its pictures.
 * @param {State} state
 * @param {Record<string, string>} to
 */
const sentTo = ({ n, d }, to) => ({ n: Number(to.params || n), d: Number(to.train || d) });

const measured = (/** @type {HTMLElement} */ root) => frameOf(find(root, ".plane").clientWidth);
const lawOf = (/** @type {State} */ state) => state.data.laws[state.law];

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(act: (state: State) => unknown) => void} once there is a state
 * @returns {Sliders}
 */
function makeSliders(root, page, once) {
  const power = (/** @type {number} */ x) => short(10 ** x);
  const between = (/** @type {readonly [number, number]} */ [min, max]) => ({
    ...{ min: Math.log10(min), max: Math.log10(max), step: 0.01, value: Math.log10(min) },
    show: power,
  });
  const move = (/** @type {"n" | "d"} */ name) => (/** @type {number} */ to) =>
    once((state) => moveTo(root, page, state, { n: state.n, d: state.d, [name]: 10 ** to }));
  const spend = (/** @type {number} */ to) => once((state) => moveTo(root, page, state, spent(state, 10 ** to)));
  const sliders = {
    n: slider({ label: "parameters N", ...between(SIZES), change: move("n") }),
    d: slider({ label: "tokens D", ...between(TEXTS), change: move("d") }),
    c: slider({ label: "budget C", ...between([1e14, 1e28]), show: (x) => scientific(10 ** x), change: spend }),
  };
  find(root, ".sliders").append(...Object.values(sliders));
  const serve = (/** @type {number} */ to) =>
    once(async (state) => {
      state.served = 10 ** to;
      await serving(root, state);
      page.drawn();
    });
  const range = { ...between([SERVED.least, SERVED.most]), step: 0.05, value: Math.log10(SERVED.first) };
  find(root, ".served").append(slider({ label: "tokens of use", ...range, change: serve }));
  return sliders;
}

/**
 * The same tokens per parameter with another budget.
 * @param {{n: number, d: number}} point
 * @param {number} c
 */
function spent({ n, d }, c) {
  const times = Math.sqrt(c / budget(n, d));
  return { n: n * times, d: d * times };
}

const cheapestPoint = (/** @type {State} */ state) => best(lawOf(state), budget(state.n, state.d));

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {(act: (state: State) => unknown) => void} once
 */
function listen(root, page, once) {
  const plane = find(root, ".plane");
  /** @type {(to: (state: State) => {n: number, d: number}) => void} */
  const move = (to) => once((state) => moveTo(root, page, state, to(state)));
  find(root, ".best").addEventListener("click", () => move(cheapestPoint));
  for (const name of ["Gopher", "Chinchilla"]) {
    find(root, `.${name.toLowerCase()}`).addEventListener("click", () => move(({ data }) => pointOf(data, name)));
  }
  find(root, ".shown").addEventListener("click", () => move(({ data }) => pointOf(data, String(data.shown))));
  onKeys(plane, keys(root, move));
  plane.addEventListener("pointerdown", (event) =>
    once((state) => {
      const grip = event.target instanceof Element && event.target.classList.contains("grip");
      state.held = grip ? "budget" : "point";
      plane.setPointerCapture(event.pointerId);
      move((now) => pulled(root, now, event));
    }),
  );
  plane.addEventListener("pointermove", (event) =>
    once(({ held }) => held && move((state) => pulled(root, state, event))),
  );
  for (const end of ["pointerup", "pointercancel"]) {
    plane.addEventListener(end, () =>
      once((state) => {
        state.held = null;
      }),
    );
  }
}

/**
 * A button that leads to the model shown, if it is on the plane.
 * @param {HTMLElement} root
 * @param {ScalingData} data
 */
function nameShown(root, { shown }) {
  const button = find(root, ".shown");
  button.hidden = shown === null;
  button.textContent = shown;
}

/**
 * @param {ScalingData} data
 * @param {string} name
 */
function pointOf({ models, ours }, name) {
  const known = [...models, ...ours].find((model) => model.name === name);
  const { n_parameters: n, n_tokens: d } = /** @type {KnownModel} */ (known);
  return { n, d };
}

/**
 * @param {HTMLElement} root
 * @param {(to: (state: State) => {n: number, d: number}) => void} move
 * @returns {import("../../../ui/kit/keys.js").Acts}
 */
function keys(root, move) {
  /** @type {(to: (state: State, by: number) => {n: number, d: number}) => (event: KeyboardEvent) => void} */
  const step = (to) => (event) => {
    move((state) => to(state, event.shiftKey ? STRIDE : STEP));
    find(root, ".spoken").textContent = find(root, ".finding").textContent;
  };
  return {
    ArrowRight: step(({ n, d }, by) => ({ n: n * by, d })),
    ArrowLeft: step(({ n, d }, by) => ({ n: n / by, d })),
    ArrowUp: step(({ n, d }, by) => ({ n, d: d * by })),
    ArrowDown: step(({ n, d }, by) => ({ n, d: d / by })),
    "+": step(({ n, d }, by) => ({ n: n * by, d: d * by })),
    "-": step(({ n, d }, by) => ({ n: n / by, d: d / by })),
    Enter: step(cheapestPoint),
  };
}

/**
 * Where the pointer pulls the point, or the budget's line by its grip.
 * @param {HTMLElement} root
 * @param {State} state
 * @param {PointerEvent} event
 */
function pulled(root, state, event) {
  const box = find(root, ".plane svg", SVGSVGElement).getBoundingClientRect();
  const n = state.frame.x.invert(event.clientX - box.left);
  const d = state.frame.y.invert(event.clientY - box.top);
  return state.held === "budget" ? spent(state, budget(n, d)) : { n, d };
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 * @param {{n: number, d: number}} point
 */
async function moveTo(root, page, state, point) {
  Object.assign(state, onPlane(point));
  rememberSoon("params", state.n.toPrecision(4));
  rememberSoon("train", state.d.toPrecision(4));
  await update(root, state);
  page.drawn();
}

/**
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {State} state
 */
function nameLaws(root, page, state) {
  const names = Object.keys(state.data.laws);
  const choose = async (/** @type {number} */ i) => {
    state.law = names[i];
    remember("law", state.law);
    await draw(root, state);
    page.drawn();
  };
  radios(find(root, ".laws"), "Law", names.length, (i) => state.data.laws[names[i]].title, choose);
}

/**
 * All that the law decides, and the point.
 * @param {HTMLElement} root
 * @param {State} state
 */
function draw(root, state) {
  const law = lawOf(state);
  const { width, height } = state.frame;
  const map = planeMap(state.frame, law, state.data);
  const moving = make("g", { class: "moving" });
  find(root, ".plane").replaceChildren(make("svg", { viewBox: `0 0 ${width} ${height}`, height }, map, moving));
  check(find(root, ".laws"), Object.keys(state.data.laws).indexOf(state.law));
  find(root, ".source").textContent = law.source;
  drawTable(root, state.data, state.law);
  return update(root, state);
}

/**
 * What follows the point.
 * @param {HTMLElement} root
 * @param {State} state
 */
function update(root, state) {
  const { n, d, sliders, palette } = state;
  const law = lawOf(state);
  const c = budget(n, d);
  sliders.n.set(Math.log10(n));
  sliders.d.set(Math.log10(d));
  sliders.c.set(Math.log10(c));
  find(root, ".moving", SVGGElement).replaceChildren(...planePoint(state.frame, law, n, d));
  tellFinding(root, state);
  drawTerms(root, law, n, d);
  return Promise.all([drawIsoflops(root, law, c, palette), serving(root, state)]);
}

/**
 * @param {HTMLElement} root
 * @param {State} state
 */
function serving(root, state) {
  const law = lawOf(state);
  return drawServing(root, law, loss(law, state.n, state.d), state.served, state.palette);
}

/**
 * How the law would spend the point's budget.
 * @param {HTMLElement} root
 * @param {State} state
 */
function tellFinding(root, state) {
  const { n, d } = state;
  const top = cheapestPoint(state);
  const finding = find(root, ".finding");
  finding.replaceChildren(
    "For ",
    make("b", { class: "feed-forward" }, `${scientific(budget(n, d))} FLOP`),
    ", this law’s best model has ",
    make("b", { class: "attention" }, `${short(top.n)} parameters and reads ${short(top.d)} tokens`),
    `: ${perParameter(top.d / top.n)} tokens per parameter`,
    lawOf(state).kind === "kaplan" ? " if 6 N D is the budget" : "",
  );
  const point = `${short(n)} parameters, ${short(d)} tokens, loss ${nats(loss(lawOf(state), n, d))} nats`;
  find(root, ".plane").setAttribute(
    "aria-label",
    `Plane of parameters and tokens. The point: ${point}. ${finding.textContent}.`,
  );
}
