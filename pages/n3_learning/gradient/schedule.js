// @ts-check
// Warm-up, plateau and decay, as transformer_core/training/optimizer.py has them; the tests hold both equal.

const EARLY = 1e-3; // so that the first step is above 0
const LEAST = 0.01; // of the peak, at the end

/**
 * Share of the peak learning rate at `progress` (0 to 1) through the training.
 * @param {number} progress
 * @param {number} warmup share of the training
 * @param {number} decay share of the training
 */
export function scheduled(progress, warmup, decay) {
  const up = warmup ? (progress + EARLY) / warmup : 1;
  return Math.min(1, up, decay ? Math.max(LEAST, (1 - progress) / decay) : 1);
}

/**
 * The mean of each number and those before it, at most so many.
 * @param {number[]} values
 * @param {number} span
 */
export const smoothed = (values, span) =>
  values.map((_, i) => {
    const near = values.slice(Math.max(0, i - span + 1), i + 1);
    return near.reduce((a, b) => a + b, 0) / near.length;
  });
