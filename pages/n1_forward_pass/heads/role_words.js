// @ts-check
// The wall of heads in words: who attends to what, which role a head plays and how well.

import { range } from "../../../ui/kit/arithmetic.js";
import { percent } from "../../../ui/kit/format.js";
import { causalRow, slice } from "../../../ui/kit/tensors.js";
import { quote, visible } from "../../../ui/kit/words.js";
import { agreed, everyHead, favourite, headName } from "./head_rows.js";
import { roleIndex } from "./heads_scene.js";
import { bestRoles, isPlayable, isShown, score, strongest, targetsOf } from "./role_scores.js";

/** @import { HeadAt } from "./head_rows.js" */
/** @import { RoleFacts, Scene } from "./heads_scene.js" */
/** @import { Segment } from "../../../ui/kit/elements.js" */

/** @type {Record<string, string>} */
const LOOKS_AT = {
  previous_token: "the token before",
  current_token: "itself",
  first_token: "the first token",
  duplicate_token: "earlier copies of the same token",
  induction: "the token after an earlier copy",
  punctuation: "punctuation marks",
  line_break: "ends of lines",
};
const LEGEND =
  "Each small map is one head: a row attends, a column is attended to. Its letter is a role measured on other text: " +
  "p previous token, i induction, d duplicate, m punctuation marks, s itself. It is grey where your sentence shows " +
  "less than half of it.";

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
 * To which word does this one attend most in each head, and how many heads agree?
 * @param {Scene} scene
 * @returns {Segment[]}
 */
function agreement({ header, arrays, words, choice }) {
  const { token } = choice.place;
  const heads = everyHead(header.view);
  /** @type {Segment} */
  const from = ["query", quote(words[token])];
  if (token === 0) {
    return [from, ` comes first, so all ${heads.length} heads can only attend to it. Choose a later token.`];
  }
  const most = heads.map(({ layer, head }) => slice(arrays.favourites, layer, head)[token]);
  const ranked = agreed(most).map(({ word, count }) => {
    /** @type {Segment} */
    const name = ["key", word === token ? "itself" : quote(words[word])];
    return { name, count };
  });
  if (ranked.length === 1) return [`In all ${heads.length} heads `, from, " attends most to ", ranked[0].name];
  const [{ name, count }, ...others] = ranked.slice(0, 3);
  return [
    `In the ${heads.length} heads, `,
    from,
    ` attends most to ${ranked.length} different tokens: `,
    ...[name, ` in ${count} ${count === 1 ? "head" : "heads"}`],
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
    ...[`In head ${headName(best)}, `, /** @type {Segment} */ (["query", quote(words[token])])],
    found ? " attends to what followed it before: " : " attends most to ",
    .../** @type {Segment[]} */ (
      read.flatMap((j, rank) => [rank ? " and " : "", ["key", quote(words[j])], ` (${percent(row[j])})`])
    ),
    ". The model’s first guess for the next token is ",
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
  const is = `Head ${headName(best)} plays the role “${title}” most clearly: `;
  const here = percent(score(live, role, best));
  if (!measured) return [is, ["attention", `${here} of its attention`], " on your text"];
  const recorded = `${percent(score(measured, role, best))} of its attention`;
  /** @type {Segment[]} */
  const said = [is, ["positive", recorded], " when it was measured"];
  if (!isPlayable(arrays, role)) return [...said, ", but your text gives it nothing to find"];
  return [...said, ", ", ["attention", here], " on your text"];
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
      : `Blue: attention weight recorded on ${role.on} (a uniform head: ${percent(role.chance)}).`;
  const meaning = `${role.meaning[0].toUpperCase()}${role.meaning.slice(1)}.`;
  return `${meaning} ${level} Violet: on your text (a uniform head: ${percent(role.even)}).`;
}

/**
 * The roles that a head was clearly measured to play, by their index: for induction both halves.
 * @param {Scene} scene
 * @param {HeadAt} at
 */
export function clearRoles({ header, arrays: { measured, inducing } }, at) {
  if (!measured) return [];
  return range(header.roles.length).filter((role) => {
    const { clear, name } = header.roles[role];
    if (name === "induction" && inducing && !slice(inducing, at.layer)[at.head]) return false;
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
      const faded = isShown(scene.arrays, scene.header.roles[role], role, at) ? "" : " Your text does not show it.";
      return `${title}: ${meaning}. ${recorded} (a uniform head: ${evenly(chance)}); on your text ${here}.${faded}`;
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
      ? `${percent(score(live, role, at))} on your text. Outlined: where such a head attends`
      : "nothing in your text to attend to";
    return `${header.roles[role].title}: ${recorded}${here}.`;
  }
  if (!measured) return "No roles are recorded for this model. Choose one above to measure it on your text.";
  const [first, second] = bestRoles(measured, at).map((index) => {
    const { name, chance } = header.roles[index];
    return { text: `${LOOKS_AT[name]} ${percent(score(measured, index, at))}`, even: evenly(chance) };
  });
  const ranked = `${first.text} (a uniform head: ${first.even}), ${second.text} (${second.even})`;
  return `${clearRoles(scene, at).length ? "" : "No clear role. "}Attention measured on other text: ${ranked}.`;
}
