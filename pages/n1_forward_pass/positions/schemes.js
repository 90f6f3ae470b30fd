// @ts-check
// The five schemes: what they are called, where each acts, and whose numbers its picture shows.

/**
 * `at` is the place in the block: added to the embedding, turning q and k, added to the scores, nowhere.
 * @typedef {{id: string, name: string, place: string, at: "embed" | "rotate" | "bias" | "nowhere", formula: string,
 *   tag: "live" | "published", where: string}} Scheme
 */

/** @type {Scheme[]} */
export const SCHEMES = [
  {
    id: "sinusoidal",
    name: "Sinusoidal",
    place: "added to the embedding",
    at: "embed",
    formula: "x + (sin pθ, cos pθ)",
    tag: "published",
    where:
      "Fixed waves, one sine and one cosine per speed θ, added before the first layer (arXiv 1706.03762). " +
      "Nothing is learnt.",
  },
  {
    id: "learned",
    name: "Learned",
    place: "added to the embedding",
    at: "embed",
    formula: "x + table[p]",
    tag: "live",
    where: "One trained row per position, added before the first layer (GPT-2). There is no row beyond the last.",
  },
  {
    id: "rope",
    name: "RoPE",
    place: "turns queries and keys",
    at: "rotate",
    formula: "R(p) q,  R(p) k",
    tag: "live",
    where:
      "In every layer, each pair of numbers of q and k turns like the hand of a clock, by p times the pair’s speed θ " +
      "(arXiv 2104.09864).",
  },
  {
    id: "alibi",
    name: "ALiBi",
    place: "added to the scores",
    at: "bias",
    formula: "q·k / √d − slope · distance",
    tag: "published",
    where:
      "In every layer, a fixed penalty per word of distance, steeper in one head than in another (arXiv 2108.12409).",
  },
  {
    id: "none",
    name: "None",
    place: "acts nowhere",
    at: "nowhere",
    formula: "softmax(q·k / √d) v",
    tag: "live",
    where: "Only the causal mask can tell the order (arXiv 2305.19466).",
  },
];

/** What the tag at a picture means. */
export const MEANING = {
  live: "Computed just now, by the model named here",
  published: "A formula from a paper, evaluated exactly; the models here were not trained with it",
};
