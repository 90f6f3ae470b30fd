// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { placeAt, share, tokens, viewOf } from "../../../pages/n1_forward_pass/predict/prediction.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { golden, near } from "../golden.js";

const TAIL = 2e-4; // of a share, and the hundredth of a count: what 16 bits of the tail cost

for (const { packed, places } of golden.cases) {
  const sent = /** @type {import("../../../pages/n1_forward_pass/predict/prediction.js").Predictions} */ (
    unpack(new Uint8Array(Buffer.from(packed, "base64")))
  );
  for (const { at, left } of places) {
    for (const { settings, kept, shares } of left) {
      test(`after word ${at}, ${JSON.stringify(settings)}`, () => {
        const place = placeAt(sent, at);
        const view = viewOf(sent, at, place, { ...sent.header.settings, ...settings });
        const found = range(shares.length).map((rank) => share(view, rank));
        near(found, shares, TAIL);
        const wanted = Number(Object.values(kept).at(-1));
        assert.ok(Math.abs(tokens(view, view.left.n) - wanted) <= wanted / 100, `${view.left.n} for ${wanted}`);
      });
    }
  }
}
