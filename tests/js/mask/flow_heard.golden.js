// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { future, heard, nHeard, readFlow } from "../../../pages/n1_forward_pass/mask/flow_heard.js";
import { range } from "../../../ui/kit/arithmetic.js";
import { golden } from "../golden.js";

for (const [k, wanted] of golden.cases.entries()) {
  const flow = readFlow(new Uint8Array(Buffer.from(wanted.packed, "base64")));
  const queries = range(flow.n);
  test(`mask ${k + 1}`, () => {
    for (const [layer, rows] of wanted.heard.entries()) {
      assert.deepEqual(
        queries.map((query) => Array.from(heard(flow, layer, query))),
        rows,
      );
      assert.deepEqual(
        queries.map((query) => nHeard(flow, layer, query)),
        wanted.counted[layer],
      );
    }
    assert.deepEqual(future(flow, "other"), { cells: wanted.cells, felt: wanted.felt });
    assert.deepEqual(future(flow, "trained"), { cells: wanted.cells, felt: 0 });
  });
}
