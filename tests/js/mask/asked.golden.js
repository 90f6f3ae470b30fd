// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { addRows, future, gradients, questions, readFlow } from "../../../pages/n1_forward_pass/mask/flow_heard.js";
import { futureFelt, workOf } from "../../../pages/n1_forward_pass/mask/flow_sentences.js";
import { addLayer, maskPass, weightRow } from "../../../pages/n1_forward_pass/mask/mask_pass.js";
import { golden, near } from "../golden.js";

const HALF = 1e-3; // weights travel as 16-bit floats
const bytes = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text, "base64"));

test("a layer that was asked for joins the pass", () => {
  const pass = maskPass(bytes(golden.pass));
  assert.deepEqual([...pass.weights.keys()], [0]);
  addLayer(pass, bytes(golden.layer));
  golden.weights.forEach((/** @type {number[][][][]} */ layers, /** @type {number} */ which) => {
    for (const [layer, heads] of layers.entries()) {
      for (const [head, rows] of heads.entries()) {
        for (const [i, row] of rows.entries()) near(weightRow(pass, which, { layer, head }, i), row, HALF);
      }
    }
  });
});

test("gradients are asked for row by row, the row looked at first, and counted once all are there", () => {
  const flow = readFlow(bytes(golden.flow));
  const { n } = flow;
  assert.equal(futureFelt(flow, "other"), "not computed yet");
  assert.equal(gradients(flow, "other", 0), undefined);
  const asked = questions(flow, n - 1).map(({ first }) => Number(first));
  assert.equal(asked[0], n - 1);
  assert.deepEqual([...asked].sort(), [...Array(n).keys()]);
  addRows(flow, bytes(golden.rows[n - 1]));
  assert.equal(futureFelt(flow, "other"), `1 of ${n} rows so far`);
  assert.equal(workOf(flow, true), `1 of ${n} rows`);
  assert.equal(questions(flow, n - 1).length, n - 1);
  for (const row of golden.rows) addRows(flow, bytes(row));
  assert.deepEqual(questions(flow, 0), []);
  for (const [query, row] of golden.gradients.entries()) near(gradients(flow, "other", query) ?? [], row, HALF);
  const { cells, felt } = future(flow, "other");
  assert.equal(cells, (n * (n - 1)) / 2);
  assert.ok(felt > 0);
});
