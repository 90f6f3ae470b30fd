// @ts-check
// What the notes and cards print, on every head of real passes: each formula gives, with its numbers
// as they are printed, the result as it is printed, or says "≈".

import assert from "node:assert/strict";
import { test } from "node:test";
import { CARDS, TITLES } from "../../../pages/n1_forward_pass/at_a_glance/cards.js";
import { facts } from "../../../pages/n1_forward_pass/at_a_glance/facts.js";
import { shareLines } from "../../../pages/n1_forward_pass/at_a_glance/formulas.js";
import { NOTES, place } from "../../../pages/n1_forward_pass/at_a_glance/notes.js";
import { summary } from "../../../pages/n1_forward_pass/at_a_glance/shares.js";
import { Trace } from "../../../pages/n1_forward_pass/at_a_glance/trace.js";
import { golden } from "../golden.js";

/** @import { Facts } from "../../../pages/n1_forward_pass/at_a_glance/facts.js" */
/** @import { Text } from "../../../pages/n1_forward_pass/at_a_glance/marks.js" */

const BROKEN = /undefined|null|NaN|Infinity|not a number|\[object/;

/** @type {Facts[]} every key of every row of every head */
const everywhere = [];
const bytesOf = (/** @type {string} */ packed) => new Uint8Array(Buffer.from(packed, "base64"));
for (const { packed, layers, lenses } of golden.passes) {
  const trace = new Trace(bytesOf(packed));
  for (const layer of layers) trace.addLayer(bytesOf(layer));
  for (const lens of lenses) trace.addLens(bytesOf(lens));
  for (let layer = 0; layer < trace.model.n_layers; layer++) {
    for (let head = 0; head < trace.model.n_heads; head++) {
      for (let row = 0; row < trace.n; row++) {
        for (let key = 0; key <= row; key++) {
          const look = {
            row,
            key,
            layer,
            reached: layer,
            head,
            stage: -1,
            share: 1,
            acts: true,
            fresh: 0,
            keyMarked: true,
          };
          everywhere.push(facts(trace, look, { temperature: 1.3, topP: 0.6 }));
        }
      }
    }
  }
}

/**
 * Marked text as it is read out.
 * @param {readonly Text[]} texts
 * @returns {string}
 */
const plain = (texts) => texts.map((text) => (typeof text === "string" ? text : plain(text.inside))).join("");

/** @param {string} text */
const read = (text) => Number(text.replace(/[()%]/g, "").trim().replace("−", "-"));

/**
 * "=" stands where the result is what `made` is when it is written with as many digits, and there only.
 * @param {string} sign
 * @param {number} made
 * @param {string} shown
 * @param {string} line
 */
function check(sign, made, shown, line) {
  const unit = 10 ** -(/\.(\d+)/.exec(shown)?.[1].length ?? 0);
  const off = Math.abs(made - read(shown)) / unit;
  assert.ok(sign === "=" ? off <= 0.5 + 1e-6 : off >= 0.5 - 1e-6, `${line} (${made})`);
}

test("from a score to a share", () => {
  for (const f of everywhere) {
    const [dot, scaled, softmax] = shareLines(f).map(plain);
    const [, width, first, score] = /^÷ √(\d+) ([=≈]) (\S+)$/.exec(scaled) ?? [];
    check(first, read(dot.split(" = ")[1]) / Math.sqrt(Number(width)), score, `${dot} ${scaled}`);
    const parts = /^e(\S+) − (\S+) \/ Σ ([=≈]) (\S+) \/ (\S+) ([=≈]) (\S+)$/.exec(softmax);
    assert.ok(parts, softmax);
    const [, own, top, second, above, below, third, share] = parts;
    check(second, Math.exp(read(own) - read(top)), above, softmax);
    check(third, read(above) / read(below), share, softmax);
  }
});

test("a title that divides says what comes out", () => {
  for (const f of everywhere) {
    const { title } = NOTES.scale(f);
    const parts = /^Dividing by √(\d+) = (\S+) turns the score (\S+) into (about )?(\S+)$/.exec(title);
    assert.ok(parts, title);
    check("=", Math.sqrt(Number(parts[1])), parts[2], title);
    check(parts[4] ? "≈" : "=", read(parts[3]) / Math.sqrt(Number(parts[1])), parts[5], title);
  }
});

const rows = everywhere.filter(({ key }) => key === 0);
const linesOf = (/** @type {"embed" | "unembed"} */ id) => rows.flatMap((f) => (NOTES[id](f).numbers ?? []).map(plain));

test("an embedding as a sum, where the model adds positions", () => {
  const sums = linesOf("embed").filter((line) => !line.startsWith("first numbers"));
  assert.equal(sums.length > 0, rows[0].model.position === "learned");
  for (const line of sums) {
    const [, row, added, place, sign, x] = /^(\S+) ([+−]) (\S+) ([=≈]) (\S+)$/.exec(line) ?? [];
    check(sign, read(row) + (added === "+" ? read(place) : -read(place)), x, line);
  }
});

test("guesses from logits", () => {
  for (const line of linesOf("unembed")) {
    const [, logit, logSum, sign, share] = /^e(\S+) − (\S+) ([=≈]) ((?:[<>] )?\S+) %/.exec(line) ?? [];
    if (!/[<>]/.test(share)) check(sign, 100 * Math.exp(read(logit) - read(logSum)), share, line);
  }
});

test("the sum below the table of a row", () => {
  for (const f of rows) {
    const card = CARDS.attention(f);
    const powers = card.flatMap((part) => (part.kind === "table" ? part.rows : [])).map((cells) => read(cells[3]));
    const below = card.map((part) => (part.kind === "shapes" ? part.text : "")).join();
    const [, sign, total] = /e\^\(s − max\) ([=≈]) ([\d.]+)/.exec(below) ?? [];
    check(
      sign,
      powers.reduce((sum, x) => sum + x, 0),
      total,
      below,
    );
  }
});

test("no note, card or sentence says what is no number", () => {
  for (const f of rows) {
    const said = [summary(f), ...Object.values(TITLES).map((title) => title(f))];
    for (const [id, write] of Object.entries(NOTES)) {
      const note = write(f);
      said.push(place(/** @type {keyof typeof NOTES} */ (id), f), note.title, ...note.text, note.shapes ?? "");
      said.push(plain(note.formula ?? []), ...(note.numbers ?? []).map(plain), ...(note.costs ?? []).flat());
    }
    for (const part of Object.values(CARDS).flatMap((card) => card(f))) {
      said.push(...(part.kind === "table" ? part.rows.flat() : [part.text]));
    }
    const broken = said.filter((text) => BROKEN.test(text));
    assert.deepEqual(broken, []);
  }
});
