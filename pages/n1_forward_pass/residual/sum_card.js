// @ts-check
// The stream as a sum: the embedding and all additions, vector by vector.

import { largest } from "../../../ui/kit/arithmetic.js";
import { find } from "../../../ui/kit/elements.js";
import { bracketed, number } from "../../../ui/kit/format.js";
import { kindOf, layerOf, ROLES, size, word } from "./streams.js";
import { strip, stripHeading } from "./strips.js";

/** @typedef {import("./streams.js").Look} Look */
/**
 * `read` is the index of the number that is read; in contrast each row is drawn by its own largest.
 * @typedef {{read: number, contrast: boolean, heading: string}} Reading
 */

/**
 * @param {HTMLElement} card
 * @param {Look} look
 * @param {Reading} reading
 */
export function drawSum(card, look, reading) {
  const { stations } = look.streams;
  find(card, "h4").textContent = `${stations} vectors add up to what the final norm reads`;
  find(card, ".sub").textContent = "A skip connection carries the stream past each sublayer.";
  find(card, ".strips").replaceChildren(
    stripHeading("what is added", reading.heading, reading.read),
    ...rows(look, reading),
  );
  find(card, ".caption").textContent = caption(look, reading);
}

/**
 * A bar's full height for all rows: three times the mean size of a number at the end.
 * @param {Look} look
 */
const peak = (look) => (3 * word(look).lengths[look.streams.stations - 1]) / Math.sqrt(look.streams.width);

/**
 * @param {Look} look
 * @param {Reading} reading
 */
function rows(look, { read, contrast }) {
  const { streams } = look;
  const { added, stream, sizes, lengths } = word(look);
  const top = (/** @type {number[]} */ values) => (contrast ? largest(values) : peak(look));
  const additions = added.map((values, k) => {
    const role = ROLES[kindOf(streams, k)];
    const what = k ? `+ ${layerOf(k)} ${k % 2 ? "attention" : "MLP"}` : "embedding";
    return strip({ kind: role, what, values, top: top(values), role, read, end: size(sizes[k]), station: k });
  });
  const last = stream[streams.stations - 1];
  const end = size(lengths[streams.stations - 1]);
  const whole = { kind: "total", what: "= stream", values: last, top: top(last), role: "residual", read, end };
  return [...additions, strip({ ...whole, station: streams.stations })];
}

/**
 * @param {Look} look
 * @param {Reading} reading
 */
function caption(look, { read, contrast }) {
  const { added, stream } = word(look);
  const last = look.streams.stations - 1;
  const sum = `${bracketed(added[0][read])} + … + ${bracketed(added[last][read])} = ${number(stream[last][read])}`;
  const cut = contrast ? "" : ` Bars longer than ±${size(peak(look))} are cut (dark ends).`;
  return `Number ${read + 1}: ${sum}. The lengths do not add up, as the vectors’ directions differ.${cut}`;
}
