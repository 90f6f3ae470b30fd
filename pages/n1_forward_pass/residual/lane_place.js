// @ts-check
// Where things stand in the lane: a column for each station, four rows below one another.

/** @typedef {"length" | "angle" | "guess" | "push"} Row */
/**
 * `gutter` is the room of the rows' names, `step` a column's width, `x` a column's middle; a roomy
 * column has room for words.
 * @typedef {{width: number, height: number, gutter: number, step: number, roomy: boolean,
 *   x: (k: number) => number, rows: Record<Row, {top: number, height: number}>}} Place
 */

const HEAD = 40; // px of the headings
const GUTTER = 124; // px of the rows' names

/** @param {number} seen width in CSS pixels */
export const gutterOf = (seen) => (seen > 700 ? GUTTER : 0);

/**
 * @param {number} columns
 * @param {number} width in CSS pixels
 * @param {number} seen of it at a time
 * @returns {Place}
 */
export function placed(columns, width, seen) {
  const gutter = gutterOf(seen);
  const step = (width - gutter) / columns;
  const rows = stacked([
    ["length", lengthHeight(width)],
    ["angle", 66],
    ["guess", 34],
    ["push", 104],
  ]);
  const height = rows.push.top + rows.push.height;
  return { width, height, gutter, step, roomy: step >= 50, x: (k) => gutter + (k + 0.5) * step, rows };
}

/** @param {number} width */
function lengthHeight(width) {
  if (width > 1500) return 250;
  return width > 700 ? 190 : 170;
}

/** @param {[Row, number][]} heights */
function stacked(heights) {
  const rows = /** @type {Place["rows"]} */ ({});
  let top = HEAD;
  for (const [name, height] of heights) {
    rows[name] = { top, height };
    top += height;
  }
  return rows;
}
