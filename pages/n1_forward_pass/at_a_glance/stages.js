// @ts-check
// The steps of a pass, the columns of the picture that they belong to, and how far each has come.

/** @typedef {"tokens" | "embed" | "qkv" | "attention" | "mlp" | "predict"} Column */

const LISTED = /** @type {const} */ ([
  ["tokens", "tokens", "tokens", "Read"],
  ["embed", "embed", "embed", "Read"],
  ["norm", "norm", "qkv", "Ask"],
  ["qkv", "Q K V", "qkv", "Ask"],
  ["scores", "QKᵀ", "attention", "Compare"],
  ["scale", "÷ √d", "attention", "Compare"],
  ["mask", "mask", "attention", "Compare"],
  ["softmax", "softmax", "attention", "Compare"],
  ["mix", "· V", "attention", "Gather"],
  ["add", "+ residual", "attention", "Gather"],
  ["mlp", "MLP", "mlp", "Transform"],
  ["add2", "+ residual", "mlp", "Transform"],
  ["layers", "layers", "mlp", "Repeat"],
  ["unembed", "unembed", "predict", "Predict"],
  ["sample", "sample", "predict", "Predict"],
]);

/** @typedef {typeof LISTED[number][0]} StageId */
/** @typedef {typeof LISTED[number][3]} Chapter */
/** @typedef {{id: StageId, label: string, column: Column, chapter: Chapter, index: number}} Stage */

/** @type {readonly Stage[]} */
export const STAGES = LISTED.map(([id, label, column, chapter], index) => ({ id, label, column, chapter, index }));
/** What a pass does, in the order in which it does it. */
export const CHAPTERS = [...new Set(STAGES.map(({ chapter }) => chapter))];
export const INDEX = /** @type {Record<StageId, number>} */ (
  Object.fromEntries(STAGES.map(({ id, index }) => [id, index]))
);
export const OVERVIEW = -1;
export const LAST = STAGES.length - 1;

/** The stage looked at, and the share of it that has happened: 1 or more when it has. */
/** @typedef {{stage: number, share: number}} Moment */

/**
 * Share of a stage that has happened: 1 in the overview and for stages behind us, 0 ahead.
 * @param {Moment} moment
 * @param {StageId} id
 */
export function reach({ stage, share }, id) {
  const k = INDEX[id];
  if (stage === OVERVIEW || k < stage) return 1;
  return k > stage ? 0 : share;
}

/**
 * From 0 to 1, slowly at both ends.
 * @param {number} t
 */
export function ease(t) {
  if (t < 0) return 0;
  return t > 1 ? 1 : t * t * (3 - 2 * t);
}

/** @type {Record<Column, StageId>} */
const MAIN = { tokens: "tokens", embed: "embed", qkv: "qkv", attention: "softmax", mlp: "mlp", predict: "unembed" };

/**
 * The step that an open part explains: the current one if it belongs there, else its main one.
 * @param {Column} column
 * @param {number} stage
 */
export const explained = (column, stage) => (STAGES[stage]?.column === column ? STAGES[stage].id : MAIN[column]);

/**
 * Whether the one key that is read most is marked at this stage.
 * @param {number} stage
 */
export const marksKey = (stage) => stage === OVERVIEW || (stage >= INDEX.scores && stage <= INDEX.mix);
