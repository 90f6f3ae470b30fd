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
      "Fixed waves, one sine and one cosine for each speed θ, are added before layer 1 (Vaswani et al. 2017). " +
      "Nothing is learnt.",
  },
  {
    id: "learned",
    name: "Learned",
    place: "added to the embedding",
    at: "embed",
    formula: "x + table[p]",
    tag: "live",
    where:
      "One trained vector per position is added before layer 1, as in GPT-2. The table ends with the trained length.",
  },
  {
    id: "rope",
    name: "RoPE",
    place: "turns queries and keys",
    at: "rotate",
    formula: "R(p) q,  R(p) k",
    tag: "live",
    where: "In every layer, each pair of numbers of q and k turns by θ per position (Su et al. 2021).",
  },
  {
    id: "alibi",
    name: "ALiBi",
    place: "added to the scores",
    at: "bias",
    formula: "q·k / √d − slope · distance",
    tag: "published",
    where:
      "In every layer, each token of distance lowers the score by a fixed slope, which differs from head to head " +
      "(Press et al. 2021).",
  },
  {
    id: "none",
    name: "None",
    place: "acts nowhere",
    at: "nowhere",
    formula: "softmax(q·k / √d + mask) v",
    tag: "live",
    where: "Only the causal mask carries information about the order (Kazemnejad et al. 2023).",
  },
];

/** What the tag at a picture means. */
export const MEANING = {
  live: "Computed just now, by the model named here",
  published: "A formula from a paper, evaluated exactly; the models here were not trained with it",
};
