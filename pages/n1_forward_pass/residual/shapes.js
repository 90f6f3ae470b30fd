// @ts-check
// The shapes that the lesson's pictures are drawn of.

import { make } from "../../../ui/kit/elements.js";

/**
 * @param {string} kind
 * @param {number} x
 * @param {number} y
 * @param {string} content
 * @param {"start" | "middle" | "end"} [anchor]
 */
export const text = (kind, x, y, content, anchor = "middle") =>
  make("text", { class: kind, x, y, "text-anchor": anchor }, content);

/**
 * @param {string} kind
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {number} [rx]
 */
export const rect = (kind, { x, y, width, height }, rx = 3) =>
  make("rect", { class: kind, x, y, width: Math.max(0, width), height: Math.max(0, height), rx });

/**
 * @param {string} kind
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
export const line = (kind, x1, y1, x2, y2) => make("line", { class: kind, x1, y1, x2, y2 });
