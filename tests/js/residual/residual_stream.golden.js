// @ts-check
import { test } from "node:test";
import { streamOf } from "../../../pages/n1_forward_pass/residual/residual_stream.js";
import { golden, near } from "../golden.js";

/** @typedef {{added: number[][], halves: number[][], stream: number[][], lengths: number[], sizes: number[],
 *   cosines: number[]}} Case */

const HALF = 2 ** -11; // of a number, at most, is lost when it is kept with 16 bits

test("the stream is the running sum of what is added", () => {
  for (const { added, stream, lengths, sizes, cosines } of /** @type {Case[]} */ (golden.cases)) {
    const word = streamOf(added);
    near(word.stream.flat(), stream.flat());
    near(word.lengths, lengths);
    near(word.sizes, sizes);
    near(word.cosines.slice(1), cosines);
  }
});

test("from the 16 bits that are sent", () => {
  for (const { added, halves, stream } of /** @type {Case[]} */ (golden.cases)) {
    const lost = added.reduce(
      (sums, vector) => sums.map((sum, i) => sum + HALF * Math.abs(vector[i])),
      added[0].map(() => 1e-6),
    );
    const word = streamOf(halves);
    const last = stream.length - 1;
    near(
      word.stream[last].map((x, i) => (x - stream[last][i]) / lost[i]),
      lost.map(() => 0),
      1,
    );
  }
});
