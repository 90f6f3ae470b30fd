// @ts-check
// One word's joins as a tree, and as a list of steps.

import { clamp } from "../../../ui/kit/arithmetic.js";
import { find, make } from "../../../ui/kit/elements.js";
import { count, plural } from "../../../ui/kit/format.js";
import { face } from "../../../ui/kit/words.js";
import { hex, partial, piece } from "./byte_text.js";
import { depth } from "./merge_scale.js";
import { grow } from "./word_growth.js";
import { said } from "./wording.js";

/** @import { TokenizeWord } from "./merge_replay.js" */
/** @import { Reading } from "./text_reading.js" */
/** @import { Grown, Growth } from "./word_growth.js" */

const STEPS = 12; // listed below the tree
const RISE = 50;
const TALL = 28;

/**
 * @param {HTMLElement} section
 * @param {Reading} reading
 * @param {number} k
 * @param {TokenizeWord} word
 */
export function drawTree(section, reading, k, word) {
  const growth = grow(word, k);
  const made = growth.nodes.slice(word.bytes.length);
  const more = made.length - STEPS;
  const box = find(section, ".picture");
  find(section, "h4").textContent = heading(word, growth);
  find(section, ".sub").textContent = explained(word, reading);
  box.replaceChildren(picture(word, growth, box.clientWidth, reading.header.n_merges));
  find(section, ".steps").replaceChildren(
    ...made.slice(0, STEPS).map(step),
    ...(more > 0 ? [make("li", {}, `${more} more`)] : []),
  );
}

/**
 * @param {TokenizeWord} word
 * @param {Growth} growth
 */
function heading({ bytes, joins }, { tops }) {
  const name = said(bytes);
  const ended = tops.length === 1 ? "one token" : plural(tops.length, "token");
  if (bytes.length === 1) return `${name} is a single byte, so there is nothing to join`;
  return joins.length ? `How ${name} grows into ${ended}` : `No pair in ${name} was ever learnt, so it stays ${ended}`;
}

/**
 * @param {TokenizeWord} word
 * @param {Reading} reading
 */
function explained({ joins }, { here }) {
  if (joins.length)
    return "Read from the bottom. Each step joins the pair with the lowest merge number, written under the new box.";
  return here.size ? "Choose a longer word above to see one grow." : "Type an English word to see one grow.";
}

/** @param {Grown} node */
const sum = ({ under }) => under.map((part) => said(part.bytes)).join(" + ");

/**
 * @param {Grown} node
 * @param {number} i
 */
const step = (node, i) =>
  make("li", { class: node.later ? "" : "done" }, `${i + 1}. `, make("b", {}, sum(node)), ` · ${count(node.merge)}`);

/**
 * @param {TokenizeWord} word
 * @param {Growth} growth
 * @param {number} room
 * @param {number} total
 */
function picture({ bytes, joins }, { nodes, tops, levels }, room, total) {
  const n = bytes.length;
  const wide = clamp((room - 4) / n, 24, 62);
  const height = levels * RISE + TALL + 16;
  const [ends, y] = [new Set(tops), (/** @type {Grown} */ node) => height - 14 - TALL - node.depth * RISE];
  const [from, to] = [`${said(bytes)} from ${plural(n, "byte")}`, plural(tops.length, "token")];
  return make(
    "svg",
    {
      width: n * wide + 4,
      height,
      viewBox: `-2 -2 ${n * wide + 4} ${height + 2}`,
      role: "img",
      "aria-label": `${from} by ${plural(joins.length, "join")} to ${to}`,
    },
    nodes.flatMap((node) => node.under.map((part) => link(part, node, wide, y))),
    nodes.map((node) => box(node, wide, y(node), total, ends.has(node))),
  );
}

/**
 * @param {Grown} from
 * @param {Grown} to
 * @param {number} wide
 * @param {(node: Grown) => number} y
 */
function link(from, to, wide, y) {
  const [x, top, end, foot] = [from.x * wide, y(from), to.x * wide, y(to) + TALL];
  return make("path", {
    class: to.later ? "later" : "",
    d: `M${x} ${top}C${x} ${top - 14} ${end} ${foot + 24} ${end} ${foot + 13}`,
  });
}

/**
 * @param {Grown} node
 * @param {number} wide of a byte
 * @param {number} y
 * @param {number} total
 * @param {boolean} end whether it stays as a token
 */
function box(node, wide, y, total, end) {
  const [raw, x] = [partial(node.bytes), node.x * wide];
  const shown = face(piece(node.bytes)).textContent ?? "";
  const least = Math.min(shown.length * (raw ? 7.6 : 9.5) + 16, node.bytes.length * wide - 5);
  const width = Math.max(wide - 5, least);
  const text = (/** @type {number} */ dy, /** @type {string} */ kind, /** @type {string} */ content) =>
    make("text", { class: kind, x, y: y + dy, "text-anchor": "middle" }, content);
  const rect = make("rect", { x: x - width / 2, y, width, height: TALL, rx: 7 });
  rect.style.setProperty("--depth", depth(node.merge, total));
  return make(
    "g",
    { class: `${node.later ? "later" : ""}${end ? " end" : ""}` },
    rect,
    text(19, `letters${raw ? " raw" : ""}`, shown),
    node.merge > 0 && text(TALL + 12, "merge", count(node.merge)),
    make("title", {}, node.merge ? `merge ${count(node.merge)}: ${sum(node)}` : `byte ${hex(node.bytes)}`),
  );
}
