// @ts-check
// Elements that several parts are made of.

import { make } from "../../../ui/kit/elements.js";

/** @import { Box } from "./layout.js" */
/** @import { Text } from "./marks.js" */

/**
 * Marked text as nodes.
 * @param {readonly Text[]} texts
 * @returns {(string | HTMLElement)[]}
 */
export const nodes = (texts) =>
  texts.map((text) =>
    typeof text === "string" ? text : make(text.tag, { class: text.name ?? null }, ...nodes(text.inside)),
  );

/**
 * @param {Record<string, import("../../../ui/kit/elements.js").Attribute>} attributes
 * @param {...import("../../../ui/kit/elements.js").Child} inside
 */
export const button = (attributes, ...inside) => make("button", { type: "button", ...attributes }, ...inside);

/** @param {number} x */
export const px = (x) => `${Math.round(x)}px`;

/**
 * @param {HTMLElement} node
 * @param {Box} box
 */
export function put(node, { left, top, width, height }) {
  Object.assign(node.style, { left: px(left), top: px(top), width: px(width), height: px(height) });
}

/**
 * Mark the one of several buttons that is chosen.
 * @param {Iterable<Element>} buttons
 * @param {number} chosen
 */
export function press(buttons, chosen) {
  Array.from(buttons).forEach((each, k) => {
    each.setAttribute("aria-pressed", String(k === chosen));
  });
}

/**
 * @param {HTMLCanvasElement} canvas
 */
export const penOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
