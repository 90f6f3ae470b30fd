// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { adamw, muon, orthogonalise, sgd, singularValues } from "../../../pages/n3_learning/gradient/optimizers.js";
import { golden, near } from "../golden.js";

const MADE = { sgd: sgd(0), momentum: sgd(0.9), adamw: adamw(golden.decay), muon: muon(0.95, golden.decay) };

for (const { gradients, paths, orthogonal, singular } of golden.cases) {
  const { rows, columns } = gradients[0];
  for (const [name, optimizer] of Object.entries(MADE)) {
    test(`${name}, ${rows} × ${columns}: every step`, () => {
      let w = paths[name][0];
      let state = null;
      for (const [i, g] of gradients.entries()) {
        ({ w, state } = optimizer.step(w, g, state, golden.rate));
        near(w.values, paths[name][i + 1].values, 1e-9);
      }
    });
  }

  test(`${rows} × ${columns}: orthogonalised, and singular values`, () => {
    for (const [i, g] of gradients.entries()) {
      near(orthogonalise(g).values, orthogonal[i].values, 1e-9);
      near(singularValues(g), singular[i], 1e-7);
      assert.equal(singularValues(g).length, Math.min(rows, columns));
    }
  });
}
