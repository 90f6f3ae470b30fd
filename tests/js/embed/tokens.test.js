// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { read, siblingOf, twinOf } from "../../../pages/n1_forward_pass/embed/lookup.js";
import { inCommon, MARKS, marked } from "../../../pages/n1_forward_pass/embed/map_marks.js";
import { numbered, spaced } from "../../../pages/n1_forward_pass/embed/token_name.js";

const pieces = ["cat", " cat", "Cat", " Cats", "scatter", " dog", "\x16", "<|endoftext|>", "\n", " "];

test("tokens are written with their space, bytes as numbers", () => {
  assert.deepEqual(pieces.map(spaced).slice(1), [
    ..."␣cat Cat ␣Cats scatter ␣dog ⟨16⟩".split(" "),
    "⟨end of text⟩",
    "↵",
    "␣",
  ]);
  assert.deepEqual(numbered([5, 1, 5], [" dog", " cat", " dog"]), ["␣dog₁", "␣cat", "␣dog₃"]);
});

test("marks name their tokens; of none there is nothing to say", () => {
  const kinds = Object.fromEntries(MARKS.map((mark) => [mark.name, mark]));
  const found = (/** @type {string} */ name) => pieces.filter((_, i) => marked(kinds[name], pieces)[i]);
  assert.deepEqual(found("space first"), [" cat", " Cats", " dog", " "]);
  assert.deepEqual(found("capital"), ["Cat", " Cats"]);
  assert.deepEqual(found("no letter"), ["\x16", "\n", " "]);
  assert.deepEqual(found("common"), []);
  assert.equal(inCommon(kinds.capital, pieces), " The stronger dots, 2 tokens, begin with a capital letter.");
  assert.equal(inCommon(kinds["-ed"], pieces), "");
});

test("rows, positions and sums; the same token elsewhere; one that differs in its space", () => {
  const header = { key: "", total: 3, token: 0, d_model: 2, vocab_size: 9, placed: true, table: "" };
  const tensor = (/** @type {number[]} */ ...values) => ({ shape: [3, 2], values: Float32Array.from(values) });
  const lookup = read({
    header: { ...header, ids: [1, 0, 1], pieces: [" cat", "cat", " cat"] },
    arrays: { rows: tensor(3, 4, 0, 1, 3, 4), places: tensor(1, 0, 0, 2, -1, 0) },
  });
  assert.deepEqual(
    lookup.sum.map((vector) => [...vector]),
    [
      [4, 4],
      [0, 3],
      [2, 4],
    ],
  );
  assert.equal(lookup.top, 3 * Math.sqrt(51 / 6));
  assert.deepEqual(
    [0, 1, 2].map((token) => twinOf(lookup, token)),
    [2, -1, 0],
  ); // by id
  assert.deepEqual(
    [0, 1, 2].map((token) => siblingOf(lookup, token)),
    [1, 0, 1],
  );
});
