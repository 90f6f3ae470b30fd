// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { positionsOf } from "../../../pages/n1_forward_pass/positions/position_data.js";
import { scoreAt, withQuery } from "../../../pages/n1_forward_pass/positions/rope_choice.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { unpack } from "../../../ui/kit/tensors.js";
import { golden, near } from "../golden.js";

/** @typedef {import("../../../pages/n1_forward_pass/positions/position_data.js").Sent} Sent */

const HALF = 0.005; // what queries and keys of 16 bits leave of a score

const sent = /** @type {Sent} */ (unpack(new Uint8Array(Buffer.from(golden.packed, "base64"))));
const rope = positionsOf(sent).rope ?? assert.fail("no queries and keys were sent");
const at = (/** @type {number} */ layer, /** @type {number} */ head) => ({
  ...{ layer, head, query: 0, key: 0, stand: { query: 0, key: 0 }, tied: true },
});

test("from the 16 bits that are sent: where the words really stand, they score as the model's do", () => {
  for (const [layer, heads] of golden.scores.entries()) {
    for (const [head, rows] of heads.entries()) {
      for (const [query, row] of rows.entries()) {
        const own = range(query + 1).map((key) => scoreAt(rope, { ...at(layer, head), query, key }, query, key));
        near(own, row.slice(0, query + 1), HALF);
        const { key, stand } = withQuery(rope, at(layer, head), query);
        assert.deepEqual(stand, { query, key });
        near([row[key]], [Math.max(...row.slice(0, Math.max(query, 1)))], HALF);
      }
    }
  }
});
