// @ts-check
// Edits by hand, the address, what differs, the marks in code.
import assert from "node:assert/strict";
import { test } from "node:test";
import { edited } from "../../../pages/n2_architectures/workbench/edited.js";
import { differing, FIELDS, rowsFor } from "../../../pages/n2_architectures/workbench/fields.js";
import { differences } from "../../../pages/n2_architectures/workbench/line_diff.js";
import { read, typed, written } from "../../../pages/n2_architectures/workbench/plan_address.js";
import { stepped } from "../../../pages/n2_architectures/workbench/steps.js";

/** @typedef {import("../../../pages/n2_architectures/workbench/blueprint.js").Blueprint} Blueprint */

/** @type {Blueprint} */
const GPT2 = {
  ...{ vocab_size: 50257, context_length: 1024, d_model: 768, n_layers: 12, n_heads: 12, n_kv_heads: 12, d_ff: 3072 },
  ...{ head_width: 0, stack: "decoder", attention: "heads", position: "learned", norm: "layer_norm" },
  ...{ block: "pre_norm", activation: "gelu_tanh", attention_bias: true, feed_forward_bias: true },
  ...{
    tied_embeddings: true,
    qk_norm: false,
    sliding_window: 0,
    global_every: 0,
    q_rank: 0,
    kv_rank: 512,
    rope_width: 64,
  },
  ...{
    value_width: 128,
    n_experts: 0,
    n_active: 2,
    n_shared: 0,
    d_expert: 2048,
    n_dense_layers: 0,
    router_bias: false,
  },
};
/** @type {import("../../../pages/n2_architectures/workbench/edited.js").Rules} */
const RULES = {
  limits: {
    d_model: [1, 1_000_000],
    n_layers: [1, 10_000],
    n_heads: [1, 10_000],
    n_kv_heads: [1, 10_000],
    vocab_size: [1, 10_000_000],
    d_ff: [1, 1e7],
  },
  choices: { norm: ["layer_norm", "rms_norm"] },
};

test("an edit is a number, a choice or a switch", () => {
  const { plan, problem } = edited(GPT2, { d_model: "1,536", norm: "rms_norm", tied_embeddings: "no" }, RULES);
  assert.equal(problem, "");
  assert.deepEqual(plan, { ...GPT2, d_model: 1536, norm: "rms_norm", tied_embeddings: false });
});

test("what is no number is told, with the field that is to blame", () => {
  for (const [text, said] of [
    ["", "n_layers is empty. It must be a whole number from 1 to 10,000."],
    ["twelve", "n_layers is “twelve”. It must be a whole number from 1 to 10,000."],
    ["1.5", "n_layers is “1.5”. It must be a whole number from 1 to 10,000."],
    ["-3", "n_layers is “-3”. It must be a whole number from 1 to 10,000."],
    ["0", "n_layers is 0. It must be a whole number from 1 to 10,000."],
    ["99999999999999", "n_layers is 99,999,999,999,999. It must be a whole number from 1 to 10,000."],
  ]) {
    const found = edited(GPT2, { n_layers: text }, RULES);
    assert.deepEqual(found, { plan: null, problem: said, field: "n_layers" });
  }
  assert.match(edited(GPT2, { norm: "<script>" }, RULES).problem, /must be one of layer_norm, rms_norm/);
  assert.match(edited(GPT2, { tied_embeddings: "perhaps" }, RULES).problem, /must be yes or no/);
});

test("heads that do not divide, and what is too large to be counted", () => {
  const found = edited(GPT2, { n_heads: "7" }, RULES);
  assert.equal(found.plan, null);
  assert.match(found.problem, /^n_heads = 7 does not divide d_model = 768\./);
  assert.equal(found.field, "n_heads");
  const huge = { d_model: "960000", n_layers: "10000", d_ff: "10000000" };
  assert.match(edited(GPT2, huge, RULES).problem, /more than 10¹⁵ parameters/);
});

test("a configuration goes through the address and back", () => {
  const isPreset = (/** @type {string} */ name) => name === "llama-3.1-405b";
  const isField = (/** @type {string} */ name) => FIELDS.some(({ field }) => field === name);
  const draft = { preset: "llama-3.1-405b", edits: { n_layers: "12", norm: "layer_norm", n_heads: "" } };
  assert.deepEqual(read(written(draft), isPreset, isField), draft);
  assert.equal(read("gpt9~n_layers~3", isPreset, isField), null);
  assert.deepEqual(read("llama-3.1-405b~<b>~3~n_layers", isPreset, isField), { preset: "llama-3.1-405b", edits: {} });
  assert.equal(typed(` 1~2${"3".repeat(99)}`).length, 24);
});

test("what differs is counted among the settings that matter", () => {
  assert.deepEqual(differing(GPT2, GPT2), []);
  assert.deepEqual(differing(GPT2, { ...GPT2, n_active: 5, kv_rank: 3 }), []); // no experts, no ranks
  assert.deepEqual(differing(GPT2, { ...GPT2, d_model: 12, norm: "rms_norm" }), ["d_model", "norm"]);
  const routed = { ...GPT2, n_experts: 8 };
  assert.ok(differing(GPT2, routed).includes("n_active"));
  assert.ok(!rowsFor([GPT2]).some(({ field }) => field === "n_active" || field === "kv_rank"));
  assert.ok(rowsFor([GPT2, routed]).some(({ field }) => field === "n_active"));
});

test("an arrow key goes to the next size that can be built", () => {
  /** @type {[number, number]} */
  const limits = [1, 1_000_000];
  assert.equal(stepped(GPT2, "n_layers", 1, limits), 13);
  assert.equal(stepped({ ...GPT2, n_layers: 1 }, "n_layers", -1, limits), 1);
  assert.equal(stepped(GPT2, "n_heads", 1, limits), 16);
  assert.equal(stepped(GPT2, "n_heads", -1, limits), 8);
  assert.equal(stepped(GPT2, "n_kv_heads", -1, limits), 6);
  assert.equal(stepped(GPT2, "n_kv_heads", 1, limits), 12); // no more than the heads
  assert.equal(stepped(GPT2, "d_model", 1, limits), 792);
  for (const by of /** @type {const} */ ([1, -1])) {
    const rotary = { ...GPT2, position: "rope", d_model: 36, n_heads: 6, n_kv_heads: 6 };
    const heads = stepped(rotary, "n_heads", by, limits);
    assert.equal(edited(rotary, { n_heads: String(heads), n_kv_heads: String(heads) }, RULES).problem, "");
  }
});

test("lines that have no partner", () => {
  assert.deepEqual(differences(["a", "b", "c"], ["a", "x", "c", "d"]), [
    [false, true, false],
    [false, true, false, true],
  ]);
  assert.deepEqual(differences([], ["a"]), [[], [true]]);
});
