// @ts-check
// How many tokens a size needed for a loss, between two of its trainings.

/** @typedef {{n: number, flops: number, tokens: number[], losses: number[]}} RungData */

/**
 * On a straight line between the two trainings beside the loss, where tokens are logarithmic. Infinite
 * where the longest training did not reach it, 0 where the shortest was already below.
 * @param {RungData} rung
 * @param {number} loss
 */
export function tokensNeeded({ tokens, losses }, loss) {
  if (loss > losses[0]) return 0;
  const i = losses.findIndex((each) => each <= loss);
  if (i < 0) return Infinity;
  if (i === 0) return tokens[0];
  const share = (losses[i - 1] - loss) / (losses[i - 1] - losses[i]);
  return tokens[i - 1] * (tokens[i] / tokens[i - 1]) ** share;
}
