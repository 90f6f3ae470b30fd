// @ts-check
// Elements: made with their attributes and children, found by a selector. Text is never markup.

// biome-ignore format: a list
const SVG_TAGS = /** @type {const} */ ([
  "svg", "g", "path", "line", "text", "tspan", "circle", "rect", "polyline", "polygon", "title", "defs", "clipPath",
  "linearGradient", "stop",
]);
const DRAWN = new Set(/** @type {readonly string[]} */ (SVG_TAGS));

/** @typedef {typeof SVG_TAGS[number]} SvgTag */
/**
 * @template {string} T
 * @typedef {T extends SvgTag ? SVGElementTagNameMap[T]
 *   : T extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[T] : HTMLElement} Made
 */
/** @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Attribute */
/** @typedef {Node | string | number | boolean | null | undefined | readonly Child[]} Child */

/**
 * An element with attributes: a function is a listener (`onclick`), `true` an empty attribute; what
 * is false, null or undefined is left out, among attributes and children alike.
 * @template {string} T
 * @param {T} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {...Child} children
 * @returns {Made<T>}
 */
export function make(tag, attributes = {}, ...children) {
  const node = DRAWN.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) give(node, name, value);
  for (const child of /** @type {unknown[]} */ (children).flat(Infinity)) {
    if (child instanceof Node) node.append(child);
    else if (child !== null && child !== undefined && child !== false) node.append(String(child));
  }
  return /** @type {Made<T>} */ (/** @type {unknown} */ (node));
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {Attribute} value
 */
function give(node, name, value) {
  if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
  else if (value !== undefined && value !== null && value !== false)
    node.setAttribute(name, value === true ? "" : String(value));
}

/**
 * The element that a board's markup must have, of the kind that is named.
 * @template {Element} [E=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} [kind]
 * @returns {E}
 */
export function find(root, selector, kind) {
  const node = root.querySelector(selector);
  if (node instanceof (kind ?? HTMLElement)) return /** @type {E} */ (node);
  throw new Error(`no ${kind?.name ?? "HTMLElement"} at ${selector}`);
}

/** @typedef {string | readonly [role: string, text: string]} Segment */

/**
 * Prose from segments: a string, or [role, text] in the colour of that role (`b.query`).
 * @param {readonly Segment[]} segments
 * @returns {(string | HTMLElement)[]}
 */
export const rich = (segments) =>
  segments.map((part) => (typeof part === "string" ? part : make("b", { class: part[0] }, part[1])));
