// @ts-check
// What stands in a formula gives, as printed, the result as printed, or has "≈".
import assert from "node:assert/strict";
import { test } from "node:test";
import { entropyLine, few, odds, stats, surpriseLine } from "../../../pages/n1_forward_pass/predict/surprise_text.js";
import { number } from "../../../ui/kit/format.js";
import { lots } from "../../../ui/kit/sampling.js";
import { computes, read } from "../reading.js";

const draw = lots(2);
const NATS = [0, 1e-4, 0.02, 9.17, 14, ...Array.from({ length: 200 }, () => 12 * draw())];

test("−ln of the share", () => {
  const exact = NATS.map((nats) => {
    const line = surpriseLine("cat", 2, nats);
    const [, share, result] = /^“cat” had rank 3: −ln (\S+) (. .+) nats$/.exec(line) ?? assert.fail(line);
    return computes(result, number(-Math.log(read(share))), line);
  });
  assert.ok(exact.includes(true) && exact.includes(false));
  assert.match(surpriseLine("cat", 2, -Math.log(1e-4)), /−ln 1\.0·10⁻⁴ = 9\.21 nats/);
});

test("the loss in bits, and e to the loss", () => {
  const exact = NATS.map((mean) => {
    const [loss, perplexity] = stats({
      ...{ pass_key: "", pieces: [], nats: [mean], entropy: [mean / 2], ranks: [], expected: [], mean },
      ...{ uniform: 8.3, vocab: 4096, n_bytes: 3, bits_per_byte: 1 },
    });
    const told = /^([=≈] \S+) bits a token, over 1 token\./.exec(loss.said)?.[1] ?? assert.fail(loss.said);
    const said = /^perplexity (.) e to the loss$/.exec(perplexity.name)?.[1] ?? assert.fail(perplexity.name);
    computes(told, number(read(loss.value) / Math.LN2), loss.value);
    return computes(`${said} ${perplexity.value}`, number(Math.exp(read(loss.value)), 1), loss.value);
  });
  assert.ok(exact.includes(true) && exact.includes(false));
});

test("entropy, and e to the power of it", () => {
  for (const entropy of NATS) {
    const line = entropyLine(entropy, entropy + 1);
    const [, nats, power, result] =
      /^The entropy is (\S+) nats\. e\^(\S+) (. \S+): .* is higher\.$/.exec(line) ?? assert.fail(line);
    assert.equal(nats, power);
    computes(result, number(Math.exp(read(power)), 1), line);
  }
  assert.match(entropyLine(2, 1), /is not higher\.$/);
});

test("the mean entropy stands beside the loss", () => {
  const data = { pass_key: "", pieces: [], nats: [1, 3], entropy: [1, 2], ranks: [], expected: [], mean: 2 };
  const told = stats({ ...data, uniform: 8.3, vocab: 4096, n_bytes: 3, bits_per_byte: 1 });
  assert.equal(told.find(({ name }) => name === "mean entropy")?.value, "1.500");
});

test("a text of one token has no loss", () => {
  const nothing = { pass_key: "", pieces: [], nats: [], entropy: [], ranks: [], expected: [], mean: null };
  assert.deepEqual(stats({ ...nothing, uniform: 8.3, vocab: 4096, n_bytes: 0, bits_per_byte: null }), []);
});

test("small surprises and long odds", () => {
  assert.deepEqual([0, 0.003, 0.5, 12.34].map(few), ["0.00", "< 0.01", "0.50", "12.3"]);
  assert.deepEqual([Math.log(2), Math.log(4096)].map(odds), ["1 chance in 2.0", "1 chance in 4,096"]);
});
