// @ts-check
// What is kept of n tokens, in bytes; the core's golden cases hold it.

export const BYTES = 2; // of a number of 16 bits

/**
 * Numbers that are kept.
 * @typedef {{title: string, tokens: number, n: number, n_layers: number, d_model: number, per_token: number,
 *   lstm: number, mamba: number, hybrid_layers: number}} StateData
 */
/** @typedef {"cache" | "hybrid" | "mamba" | "lstm"} Kept */

/**
 * @param {StateData} data
 * @param {number} n
 * @returns {Record<Kept, number>}
 */
export function keptBytes({ per_token, lstm, mamba, n_layers, hybrid_layers }, n) {
  const share = hybrid_layers / n_layers;
  return {
    cache: BYTES * per_token * n,
    hybrid: BYTES * (share * per_token * n + (1 - share) * mamba),
    mamba: BYTES * mamba,
    lstm: BYTES * lstm,
  };
}

/**
 * The first token at which the cache is larger than a state.
 * @param {number} perToken
 * @param {number} state
 */
export const overtakes = (perToken, state) => Math.floor(state / perToken) + 1;
