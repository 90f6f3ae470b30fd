// @ts-check
// What is said of a picture, its patches, its attention and its positions.

import { count, number, percent } from "../../../ui/kit/format.js";
import { best, weightsOf } from "./patch_answer.js";
import { cutting } from "./patches.js";

/** @import { Segment } from "../../../ui/kit/elements.js" */
/** @import { Answer, Choice } from "./patch_answer.js" */

/**
 * @param {Answer} answer
 * @param {number} size
 * @returns {Segment[]}
 */
export function cutSays({ arrays: { picture } }, size) {
  const { n, width } = cutting(picture.shape, size);
  return [
    "The picture becomes ",
    ["attention", `${count(n)} tokens`],
    `: one for each patch of ${size} × ${size} pixels, `,
    ["key", `${count(width)} numbers`],
    " each",
  ];
}

/**
 * @param {Answer} answer
 * @param {number} size
 */
export function shapesSay({ arrays: { picture } }, size) {
  const [height, wide, channels] = picture.shape;
  const { rows, columns, n, width } = cutting(picture.shape, size);
  return (
    `(${height}, ${wide}, ${channels}) → (${rows} · ${columns}, ${size} · ${size} · ${channels}) = ` +
    `(${n}, ${count(width)}). ` +
    `Both hold ${count(height * wide * channels)} numbers: nothing is added and nothing is lost.`
  );
}

/**
 * Where a patch stands, in the picture and in the table.
 * @param {readonly number[]} shape
 * @param {number} size
 * @param {number} i
 */
export function placeSays(shape, size, i) {
  const { columns } = cutting(shape, size);
  const row = Math.floor(i / columns);
  const column = i % columns;
  const sum = `${row} · ${columns} + ${column + 1} = ${i + 1}`;
  return `Patch ${i + 1}: row ${row + 1}, column ${column + 1}. In raster order that is ${sum}.`;
}

/**
 * @param {Answer} answer
 * @returns {Segment[]}
 */
export function namedAs({ header, arrays: { chances } }) {
  const found = best(chances.values);
  const name = header.kinds[found];
  const chance = ` with a probability of ${percent(chances.values[found])}`;
  if (!header.shape) return ["The model names your picture ", ["prediction", `“${name}”`], chance];
  const judged = name === header.shape ? ", and this is right" : `. It was drawn as “${header.shape}”`;
  return ["The model names this picture ", ["prediction", `“${name}”`], chance, judged];
}

/**
 * @param {Answer} answer
 * @param {Choice} choice
 */
export function attentionSays(answer, choice) {
  const { toClass, toPatches } = weightsOf(answer, choice);
  const found = best(toPatches);
  const who = choice.byClass ? "the class token" : `patch ${choice.patch + 1}`;
  const whose = `In layer ${choice.layer + 1}, head ${choice.head + 1}, ${who} attends `;
  const equal = percent(1 / (toPatches.length + 1));
  const weight = `weight ${percent(toPatches[found])}, where equal weights would be ${equal}`;
  const most = `most to patch ${found + 1} (${weight})`;
  return toClass > toPatches[found]
    ? `${whose}most to the class token (weight ${percent(toClass)}). Among the patches it attends ${most}.`
    : `${whose}${most}.`;
}

/**
 * @param {Answer} answer
 * @returns {Segment[]}
 */
export function positionsSay({ header: { near } }) {
  const [beside, , elsewhere] = near.map((cosine) => number(cosine));
  const learnt = near[0] > near[2] + 0.1 ? "Learned positions find their neighbours" : "Learned positions";
  return [
    `${learnt}: the mean cosine is `,
    ["attention", beside],
    ` between places next to each other, and ${elsewhere} between other rows and columns`,
  ];
}

/** @param {Answer} answer */
export function linesSay({ header: { near } }) {
  const [, line, elsewhere] = near.map((cosine) => number(cosine));
  const said = `Further along the same row or column the mean is ${line}, and in other rows and columns ${elsewhere}. `;
  return near[1] > near[2] + 0.1
    ? `${said}So the model has also learnt what a row and a column are.`
    : `${said}So this small model has learnt which places are near, but no whole rows and columns.`;
}
