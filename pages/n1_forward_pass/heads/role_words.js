// @ts-check
// The wall of heads in words: who reads what, which role a head plays and how well.

import { range } from "../../../ui/kit/arithmetic.js";
import { percent } from "../../../ui/kit/format.js";
import { causalRow, slice } from "../../../ui/kit/tensors.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { agreed, everyHead, favourite, headName } from "./head_rows.js";
import { roleIndex } from "./heads_scene.js";
import { bestRoles, isPlayable, score, strongest, targetsOf } from "./role_scores.js";

/** @import { HeadAt } from "./head_rows.js" */
/** @import { RoleFacts, Scene } from "./heads_scene.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

/** @type {Record<string, string>} */
const LOOKS_AT = {
  previous_token: "the word before",
  current_token: "itself",
  first_token: "the first word",
  duplicate_token: "earlier copies of the same word",
  induction: "what followed the same word before",
  punctuation: "punctuation marks",
  line_break: "ends of lines",
};
const LEGEND =
  "Each small map is one head: its rows read, its columns are read. A name in the corner is a role that the head was " +
  "clearly measured to play, pale where your text shows it less than half as much. An induction head reads what " +
  "followed an earlier copy of the same token, so it needs a text that repeats.";

/**
 * The headline.
 * @param {Scene} scene
 * @returns {Segment[]}
 */
export function finding(scene) {
  const role = roleIndex(scene);
  if (role < 0) return agreement(scene);
  return induced(scene, role) ?? player(scene, role);
}

/**
 * Which word does each head read most from this one, and how many heads agree?
 * @param {Scene} scene
 * @returns {Segment[]}
 */
function agreement({ header, arrays, words, choice }) {
  const { token } = choice.place;
  const heads = everyHead(header.view);
  /** @type {Segment} */
  const from = ["query", quote(words[token])];
  if (token === 0) {
    return [from, ` comes first: all ${heads.length} heads can only read the word itself. Choose a later word.`];
  }
  const most = heads.map(({ layer, head }) => slice(arrays.favourites, layer, head)[token]);
  const ranked = agreed(most).map(({ word, count }) => {
    /** @type {Segment} */
    const name = ["key", word === token ? "itself" : quote(words[word])];
    return { name, count };
  });
  if (ranked.length === 1) return [`All ${heads.length} heads read `, ranked[0].name, " most from ", from];
  const [{ name, count }, ...others] = ranked.slice(0, 3);
  return [
    `The ${heads.length} heads have ${ranked.length} favourites for `,
    ...[from, ": ", name, ` in ${count} ${count === 1 ? "head" : "heads"}`],
    .../** @type {Segment[]} */ (others.flatMap((each) => [", ", each.name, ` in ${each.count}`])),
  ];
}

/**
 * Where the word occurred before: what the best induction head makes of it.
 * @param {Scene} scene
 * @param {number} role
 * @returns {Segment[] | null}
 */
function induced({ header, arrays, words, choice, layers }, role) {
  const { token } = choice.place;
  const followed = targetsOf(arrays, role, token);
  if (header.roles[role].name !== "induction" || followed.length === 0) return null;
  const best = strongest(arrays, role, everyHead(header.view));
  const weights = layers.of(best.layer);
  if (!weights) return null;
  const row = causalRow(weights, 0, best.head, token);
  const most = favourite(row);
  const found = followed.includes(most);
  const read = found ? followed.sort((a, b) => row[b] - row[a]).slice(0, 2) : [most];
  return [
    ...[`Head ${headName(best)} looks from `, /** @type {Segment} */ (["query", quote(words[token])])],
    found ? " to what followed it before: " : " to ",
    .../** @type {Segment[]} */ (
      read.flatMap((j, rank) => [rank ? " and " : "", ["key", quote(words[j])], ` (${percent(row[j])})`])
    ),
    "; the model goes on with ",
    ["prediction", quote(visible(header.guesses[token]))],
    ` (${percent(arrays.confidence.values[token])})`,
  ];
}

/**
 * Which head plays the role best.
 * @param {Scene} scene
 * @param {number} role
 * @returns {Segment[]}
 */
function player({ header, arrays }, role) {
  const { measured, live } = arrays;
  const best = strongest(arrays, role, everyHead(header.view));
  const title = header.roles[role].title.toLowerCase();
  const is = `Head ${headName(best)} is the strongest for “${title}”: `;
  const here = percent(score(live, role, best));
  if (!measured) return [is, ["attention", `${here} of its weight`], ", on your text"];
  const recorded = `${percent(score(measured, role, best))} of its weight`;
  /** @type {Segment[]} */
  const said = [is, ["positive", recorded], ", measured"];
  if (!isPlayable(arrays, role)) return [...said, "; your text gives it nothing to find"];
  return [...said, "; ", ["attention", here], " on your text"];
}

/**
 * What the colours and names on the wall mean.
 * @param {Scene} scene
 */
export function explanation(scene) {
  const role = scene.header.roles[roleIndex(scene)];
  if (!role) return LEGEND;
  const level =
    role.chance === null
      ? "Nothing was recorded for this model."
      : `Blue: its share recorded on ${role.on} (a head looking evenly: ${percent(role.chance)}).`;
  const meaning = `${role.meaning[0].toUpperCase()}${role.meaning.slice(1)}.`;
  return `${meaning} ${level} Violet: on your text (looking evenly: ${percent(role.even)}).`;
}

/**
 * The roles that a head was clearly measured to play, by their index.
 * @param {Scene} scene
 * @param {HeadAt} at
 */
export function clearRoles({ header, arrays: { measured } }, at) {
  if (!measured) return [];
  return range(header.roles.length).filter((role) => {
    const { clear } = header.roles[role];
    return clear !== null && score(measured, role, at) >= clear;
  });
}

/**
 * A head's clear roles with their two scores, for who points at its map.
 * @param {Scene} scene
 * @param {HeadAt} at
 */
export function clearWords(scene, at) {
  const { measured, live } = scene.arrays;
  if (!measured) return "";
  return clearRoles(scene, at)
    .map((role) => {
      const { title, meaning, on, chance } = scene.header.roles[role];
      const recorded = `${percent(score(measured, role, at))} on ${on}`;
      const here = isPlayable(scene.arrays, role) ? percent(score(live, role, at)) : "nothing to find";
      return `${title}: ${meaning}. ${recorded} (a head looking evenly: ${evenly(chance)}); on your text ${here}.`;
    })
    .join("\n");
}

const evenly = (/** @type {RoleFacts["chance"]} */ chance) => percent(chance ?? NaN);

/**
 * What a head is known for: the chosen role, else those that it was measured to play most.
 * @param {Scene} scene
 * @param {HeadAt} at
 */
export function known(scene, at) {
  const { header, arrays } = scene;
  const { measured, live } = arrays;
  const role = roleIndex(scene);
  if (role >= 0) {
    const recorded = measured ? `${percent(score(measured, role, at))} measured, ` : "";
    const here = isPlayable(arrays, role)
      ? `${percent(score(live, role, at))} on your text; outlined: where such a head looks`
      : "no place in your text to look at";
    return `${header.roles[role].title}: ${recorded}${here}.`;
  }
  if (!measured) return "No recorded roles for this model: choose one above to measure it on your text.";
  const [first, second] = bestRoles(measured, at).map((index) => {
    const { name, chance } = header.roles[index];
    return { text: `${LOOKS_AT[name]} ${percent(score(measured, index, at))}`, even: evenly(chance) };
  });
  const ranked = `${first.text} (a head looking evenly: ${first.even}), ${second.text} (${second.even})`;
  return `${clearRoles(scene, at).length ? "" : "No clear role. "}Measured beforehand: ${ranked}.`;
}
