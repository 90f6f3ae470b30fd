// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { finder, pieces } from "../../ui/kit/terms.js";

const TERMS = [
  { place: "#term-token", says: "A word or a piece.", forms: ["token", "tokens"] },
  { place: "#term-attention-weight", says: "How strongly.", forms: ["attention weight", "attention weights"] },
  { place: "#term-attention", says: "A sum.", forms: ["attention"] },
  { place: "#term-bpe", says: "A way.", forms: ["BPE"] },
];
const found = finder(TERMS);
const never = () => false;

/** @param {string} prose */
const shown = (prose, known = never) =>
  pieces(prose, found, known).map((part) => (typeof part === "string" ? part : `[${part.text}]`));

test("a term is marked where it is first named, whatever its form", () => {
  assert.deepEqual(shown("Each token reads other tokens."), ["Each ", "[token]", " reads other tokens."]);
  assert.deepEqual(shown("Tokens by bpe"), ["[Tokens]", " by ", "[bpe]"]);
});

test("the longest form counts, and only whole words", () => {
  assert.deepEqual(shown("attention weights"), ["[attention weights]"]);
  assert.deepEqual(shown("on-token inattention"), ["on-token inattention"]);
});

test("the reader's words and what is known stay as they are", () => {
  assert.deepEqual(shown("“a token” and “token"), ["“a token” and “token"]);
  const known = (/** @type {{place: string}} */ { place }) => place === "#term-token";
  assert.deepEqual(pieces("a token", found, known), ["a token"]);
});

test("nothing is lost", () => {
  const prose = "The attention weight of a token, and of “my attention”, is BPE.";
  const text = pieces(prose, found, never).map((part) => (typeof part === "string" ? part : part.text));
  assert.equal(text.join(""), prose);
});
