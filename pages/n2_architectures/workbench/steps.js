// @ts-check
// What an arrow key makes of a size: the next one that can be built beside the others.

/** @typedef {import("./blueprint.js").Blueprint} Blueprint */
/** @typedef {import("./blueprint.js").Field} Field */

/** @type {Partial<Record<Field, number>>} */
const WIDE = {
  vocab_size: 64,
  context_length: 64,
  d_ff: 64,
  d_expert: 64,
  kv_rank: 64,
  q_rank: 64,
  sliding_window: 64,
};
/** @type {Partial<Record<Field, number>>} */
const EVEN = { head_width: 2, rope_width: 2 };

/**
 * @param {Blueprint} plan
 * @param {Field} field a size
 * @param {1 | -1} by
 * @param {readonly [number, number]} limits
 */
export function stepped(plan, field, by, [least, most]) {
  const now = Number(plan[field]);
  if (field === "n_kv_heads") return divisor(now, plan.n_heads, by, () => true);
  const isShared = plan.head_width === 0;
  if (field === "n_heads" && isShared) {
    const turns = plan.position === "rope" && plan.attention === "heads";
    return divisor(now, plan.d_model, by, (heads) => !turns || (plan.d_model / heads) % 2 === 0);
  }
  const step = field === "d_model" && isShared ? 2 * plan.n_heads : (WIDE[field] ?? EVEN[field] ?? 1);
  const next = now + by * step;
  return next < least || next > most ? now : next;
}

/**
 * The next divisor of a whole that will do; where there is none, the same number.
 * @param {number} now
 * @param {number} whole
 * @param {1 | -1} by
 * @param {(each: number) => boolean} does
 */
function divisor(now, whole, by, does) {
  for (let each = now + by; each >= 1 && each <= whole; each += by) if (whole % each === 0 && does(each)) return each;
  return now;
}
