// @ts-check
// Plotly's charts: loaded when the first is drawn, in the theme's colours, changed in place.

import { make } from "./elements.js";
import { PLOTLY, TEMPLATE } from "./served.js";

/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {{data: Record<string, any>[], layout?: Record<string, any>}} Figure */
/**
 * The node of a chart. Once it is drawn, Plotly has given it `data`, `layout` and `on`.
 * @typedef {HTMLElement & {data?: any[], layout?: any, _fullLayout?: any,
 *   on?: (event: string, listener: (told: any) => any) => void}} PlotNode
 */
/**
 * @typedef {{
 *   react: (node: HTMLElement, data: any, layout: any, config: Record<string, unknown>) => Promise<unknown>,
 *   downloadImage: (figure: {data: any, layout: any}, options: Record<string, unknown>) => Promise<string>,
 *   Plots: {resize: (node: HTMLElement) => unknown},
 * } & Record<string, any>} Library
 */

const loaded = () => /** @type {Window & {Plotly?: Library}} */ (window).Plotly;

/** @type {Promise<Library> | undefined} */
let library;

function plotly() {
  library ??= new Promise((done, fail) => {
    const present = loaded();
    if (present) return done(present);
    const failed = () => {
      library = undefined;
      fail(new Error("Plotly did not load"));
    };
    const arrived = () => done(/** @type {Library} */ (loaded()));
    return document.head.append(make("script", { src: PLOTLY, onload: arrived, onerror: failed }));
  });
  return library;
}

const MIXED = /color-mix\(in srgb, var\(--([\w-]+)\) (\d+)%, var\(--([\w-]+)\)\)/g;
const NAMED = /var\(--([\w-]+)\)/g;

/**
 * A figure with each `var(--role)` as the colour that it has now.
 * @param {any} spec
 * @param {Palette} palette
 * @returns {any}
 */
function coloured(spec, palette) {
  if (typeof spec === "string") {
    return spec
      .replace(MIXED, (_, second, share, first) => palette.between(first, second, share / 100))
      .replace(NAMED, (_, role) => palette.colour(role));
  }
  if (Array.isArray(spec)) return spec.map((part) => coloured(part, palette));
  if (!spec || typeof spec !== "object" || ArrayBuffer.isView(spec)) return spec;
  return Object.fromEntries(Object.entries(spec).map(([name, part]) => [name, coloured(part, palette)]));
}

/** @type {CSSStyleSheet | undefined} */
let rules;

/**
 * Plotly writes its style rules into the document, where a shadow root does not see them.
 * @param {Node} root
 */
function lendStyle(root) {
  if (!(root instanceof ShadowRoot)) return;
  if (!rules) {
    const own = /** @type {HTMLStyleElement | null} */ (document.getElementById("plotly.js-style-global"));
    rules = new CSSStyleSheet();
    rules.replaceSync(Array.from(own?.sheet?.cssRules ?? [], (rule) => rule.cssText).join("\n"));
  }
  if (!root.adoptedStyleSheets.includes(rules)) root.adoptedStyleSheets.push(rules);
}

/** @type {WeakMap<HTMLElement, Figure>} */
const asked = new WeakMap();
/** @type {WeakMap<HTMLElement, Promise<PlotNode>>} */
const busy = new WeakMap();

/**
 * A Plotly chart in `node`, changed in place: colours as `var(--role)`, the template of figures/theme.py.
 * Resolves to the node once it is drawn; `node.on?.("plotly_click", …)` and the like work from then on.
 * Of several calls while one is drawn, the last counts.
 * @param {PlotNode} node
 * @param {Figure} figure
 * @param {Palette} palette
 * @returns {Promise<PlotNode>}
 */
export function plot(node, figure, palette) {
  asked.set(node, figure);
  const before = busy.get(node) ?? Promise.resolve(node);
  const drawn = before.then(() => (asked.get(node) === figure ? draw(node, figure, palette) : node));
  busy.set(node, drawn);
  return drawn;
}

/**
 * @param {PlotNode} node
 * @param {Figure} figure
 * @param {Palette} palette
 */
async function draw(node, { data, layout = {} }, palette) {
  const made = await plotly().catch(() => null);
  if (!made) {
    node.textContent = "The chart could not be drawn: its library did not load. Reload the page.";
    return node;
  }
  if (!node.isConnected) return node; // taken away meanwhile: it has no colours any more
  lendStyle(node.getRootNode());
  const drawn = coloured({ data, layout: { ...layout, template: TEMPLATE, autosize: true } }, palette);
  const config = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: "reset" };
  await made.react(node, drawn.data, drawn.layout, config);
  return node;
}

/**
 * The width has changed.
 * @param {PlotNode} node
 */
export function fit(node) {
  if (node.data && node.isConnected) loaded()?.Plots.resize(node);
}

/**
 * A chart as an SVG file.
 * @param {PlotNode} node
 * @param {string} filename
 * @param {Record<string, unknown>} [changes] of the layout
 * @param {number} [least] width
 */
export function save(node, filename, changes = {}, least = 0) {
  const figure = { data: node.data, layout: { ...node.layout, ...changes } };
  const width = Math.max(node.clientWidth, least);
  return loaded()?.downloadImage(figure, { format: "svg", filename, width, height: node.clientHeight });
}
