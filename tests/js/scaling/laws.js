// @ts-check
// Two laws by their printed constants, and one that was fitted again.

/** @typedef {import("../../../pages/n4_scale/scaling/scaling_laws.js").ParametricConstants} Parametric */
/** @typedef {import("../../../pages/n4_scale/scaling/scaling_laws.js").KaplanConstants} Kaplan */

const named = { title: "", source: "" };

/** @type {{chinchilla: Parametric, refit: Parametric, kaplan: Kaplan}} */
export const LAWS = {
  chinchilla: { kind: "parametric", ...named, e: 1.69, a: 406.4, b: 410.7, alpha: 0.34, beta: 0.28 },
  refit: { kind: "parametric", ...named, e: 1.8172, a: 482.01, b: 2085.43, alpha: 0.3478, beta: 0.3658 },
  kaplan: {
    ...{ kind: "kaplan", ...named, n_c: 6.4e13, d_c: 1.8e13, alpha_n: 0.076, alpha_d: 0.103 },
    ...{ n_at_pf_day: 1.3e9, growth: 0.73, d_at_pf_day: 2e10, d_growth: 0.27 },
  },
};
