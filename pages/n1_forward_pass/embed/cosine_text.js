// @ts-check
// A cosine to read.

import { number } from "../../../ui/kit/format.js";

/**
 * Never in powers of ten, also near 0.
 * @param {number} cosine
 * @param {number} [digits]
 */
export const cosineText = (cosine, digits = 2) => number(cosine, digits, 0);
