// @ts-check
// What the pictures of a stream say in words.

import { range } from "../../../ui/kit/arithmetic.js";
import { count, number, signed } from "../../../ui/kit/format.js";
import { quote } from "../../../ui/kit/words.js";
import { degrees } from "./residual_stream.js";
import { kindOf, pushed, pushes, ROLES, said, settled, size, sublayer, summed, top, word } from "./streams.js";

/** @typedef {import("../../../ui/kit/elements.js").Segment} Segment */
/** @typedef {import("./streams.js").Look} Look */

/**
 * What became of one word.
 * @param {Look} look
 * @returns {Segment[]}
 */
export function finding(look) {
  const { streams } = look;
  const { lengths, sizes } = word(look);
  const first = lengths[0];
  const last = lengths[streams.stations - 1];
  const most = range(streams.stations)
    .slice(1)
    .reduce((a, b) => (sizes[b] > sizes[a] ? b : a));
  const from = `from length ${size(first)}${summed(streams) ? " (token + position)" : ""}`;
  return [
    "The vector of ",
    ["residual", said(look)],
    ` ${last >= first ? "grows" : "shrinks"} ${from} to ${size(last)}${course(look)}. The longest addition is by `,
    [ROLES[kindOf(streams, most)], sublayer(most)],
    ` (${size(sizes[most])}). The early guess is `,
    ["prediction", top(look, 0)],
    ` ${since(look)}.`,
  ];
}

/** @param {Look} look */
function since(look) {
  const layer = settled(look);
  if (layer === 0) return "from layer 1 on";
  return layer === look.streams.header.n_layers - 1 ? "only after the last layer" : `from layer ${layer + 1} on`;
}

/**
 * Which layer most of the growth comes from, and whether the length falls after it.
 * @param {Look} look
 */
function course(look) {
  const layers = range(look.streams.header.n_layers);
  const ends = [0, ...layers.map((layer) => layer + 1)].map((layer) => word(look).lengths[2 * layer]);
  const grown = ends[layers.length] - ends[0];
  const layer = layers.find((i) => grown > 0 && ends[i + 1] - ends[i] > grown / 2);
  if (layer === undefined) return "";
  const most = `, most of it in layer ${layer + 1}`;
  const later = layers.filter((i) => i > layer);
  if (!later.some((i) => ends[i + 1] < ends[i])) return most;
  return `${most}, then ${later.some((i) => ends[i + 1] > ends[i]) ? "up and down" : "down"}`;
}

/**
 * A token whose stream is far longer than the others'; none where there is no such token.
 * @param {Look} look
 * @returns {Segment[]}
 */
export function massive({ streams }) {
  const found = streams.header.massive;
  if (!found) return [];
  const { token, first, last, length, others } = found;
  const name = quote(streams.labels[token]);
  return [
    ["residual", `${name} is an exception. `],
    `After layers ${first + 1} to ${last + 1} its length is up to ${count(Math.round(length))} (there, the ` +
      `others’ median is ${count(Math.round(others))}). A few huge numbers, massive activations, make it so ` +
      "(Sun et al. 2024, arXiv 2402.17762).",
  ];
}

/**
 * What happens at one station.
 * @param {Look} look
 * @param {number} k
 * @returns {Segment[]}
 */
export function column(look, k) {
  const { stations } = look.streams;
  if (k === 0) return start(look);
  return k === stations ? end(look) : addition(look, k);
}

/** @param {Look} look */
function whole(look) {
  const likeliest = top(look, 0);
  return look.target ? `lead of ${likeliest} over ${top(look, 1)}` : `logit of ${likeliest}`;
}

/**
 * @param {Look} look
 * @param {number} k
 */
const share = (look, k) => `${signed(pushes(look)[k])} to the ${whole(look)} (${number(pushed(look))})`;

/**
 * @param {Look} look
 * @returns {Segment[]}
 */
function start(look) {
  const rows = `the token’s row${summed(look.streams) ? " and its position’s, added" : ""}`;
  const long = size(word(look).lengths[0]);
  return [
    "The stream starts as ",
    ["residual", "the embedding"],
    `, ${long} long: ${rows}. It gives ${share(look, 0)}.`,
  ];
}

/**
 * @param {Look} look
 * @returns {Segment[]}
 */
function end(look) {
  const { stations, arrays } = look.streams;
  const given = arrays.bias
    ? `its bias gives ${share(look, stations)}`
    : `it has no bias, so the ${whole(look)}, ${number(pushed(look))}, is the sum of all pushes`;
  const brings = ` brings the stream from length ${size(word(look).lengths[stations - 1])} to a common length`;
  return [["residual", "The final norm"], `${brings}, and the unembedding reads it; ${given}.`];
}

/**
 * @param {Look} look
 * @param {number} k
 * @returns {Segment[]}
 */
function addition(look, k) {
  const { streams } = look;
  const { lengths, sizes, cosines } = word(look);
  const who = sublayer(k);
  const angle = Math.round(degrees(cosines[k]));
  return [
    [ROLES[kindOf(streams, k)], who[0].toUpperCase() + who.slice(1)],
    ` adds a vector of length ${size(sizes[k])}, ${turn(cosines[k])} (${angle}°, cosine ${number(cosines[k])}). `,
    `The length goes from ${size(lengths[k - 1])} to ${size(lengths[k])}. `,
    `By itself, this addition gives ${share(look, k)}.`,
  ];
}

/** @param {number} cosine */
function turn(cosine) {
  const angle = degrees(cosine);
  if (angle > 100) return "partly against the stream";
  return angle < 80 ? "partly along the stream" : "nearly at a right angle to the stream";
}
