// @ts-check
// A preset with a hand's edits: the configuration that results, or why there is none.

import { outOfRange, problem } from "./blueprint.js";
import { totalParameters } from "./consequences.js";
import { ZERO } from "./fields.js";

/** @typedef {import("./blueprint.js").Blueprint} Blueprint */
/** @typedef {import("./blueprint.js").Limits} Limits */
/** @typedef {{limits: Limits, choices: Record<string, string[]>}} Rules */

const MOST = 1e15; // parameters: what is below is counted exactly
const TOO_MANY =
  "That makes more than 10¹⁵ parameters, which is more than is counted here. Make one of the sizes smaller.";

/**
 * `field` is the one that is to blame, if it is one alone.
 * @param {Blueprint} preset
 * @param {Record<string, string>} edits
 * @param {Rules} rules
 * @returns {{plan: Blueprint | null, problem: string, field: string}}
 */
export function edited(preset, edits, rules) {
  const plan = { ...preset };
  for (const [field, text] of Object.entries(edits)) {
    const { value, problem: why } = meant(field, text, rules);
    if (why) return { plan: null, problem: why, field };
    Object.assign(plan, { [field]: value });
  }
  const why = problem(plan, rules.limits) || (totalParameters(plan) > MOST ? TOO_MANY : "");
  const named = Object.keys(edits).filter((field) => why.includes(field));
  return { plan: why ? null : plan, problem: why, field: named.at(-1) ?? "" };
}

/**
 * @param {string} field
 * @param {string} text
 * @param {Rules} rules
 */
function meant(field, text, { limits, choices }) {
  if (choices[field])
    return choices[field].includes(text)
      ? { value: text, problem: "" }
      : { value: "", problem: `${field} is “${text}”. It must be one of ${choices[field].join(", ")}.` };
  if (!limits[field])
    return ["yes", "no"].includes(text)
      ? { value: text === "yes", problem: "" }
      : { value: false, problem: `${field} is “${text}”. It must be yes or no.` };
  if (text === ZERO[field]) return { value: 0, problem: "" };
  const digits = text.replace(/[,\s_’']/g, "");
  if (!/^\d{1,15}$/.test(digits))
    return { value: 0, problem: outOfRange(field, text === "" ? "empty" : `“${text}”`, limits[field]) };
  return { value: Number(digits), problem: "" };
}
