// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { headName } from "../../../pages/n1_forward_pass/at_a_glance/shares.js";

const induction = { name: "induction", measured: 0.78, here: 0.5, shown: true };
const named = (/** @type {object} */ changed) => headName([[null, { ...induction, ...changed }]], 0, 1);

test("a head is called by its measured role, and what this text shows of it is said", () => {
  assert.equal(headName([[null]], 0, 0), "Head 1.1");
  assert.equal(headName([], 3, 2), "Head 4.3");
  assert.match(named({}), /^Head 1\.2: an induction head\. On repeated random tokens, it gave 78 % /);
  assert.match(named({}), /On your text it is 50 %\.$/);
});

test("a name that the text does not show says so", () => {
  assert.match(named({ here: 0.1, shown: false }), /On your text it is 10 %, too little to show the role\.$/);
  assert.match(
    named({ here: null, shown: false }),
    /Your text has nothing of this kind, so it does not show the role\.$/,
  );
  assert.match(named({ name: "first", measured: 0.6 }), /On other text, it gave 60 % /);
});
