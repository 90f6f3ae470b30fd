// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { stacked } from "../../../pages/n1_forward_pass/embed/search_planes.js";
import { describedLevels, searchFinding, stepTold } from "../../../pages/n1_forward_pass/embed/search_words.js";

const PLACES = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0.5, 0.5],
];
const GRAPH = {
  ids: [7, 8, 9, 10],
  pieces: [" cat", " dog", " king", " queen"],
  levels: [1, 0, 0, 0],
  entry: 0,
  m: 2,
  links: [/** @type {[number, number][]} */ ([[0, 1]]), []],
  vocab_size: 100,
};
const WALK = {
  ...{ id: 9, piece: " king", ef: 6, nearest: [3, 1], true: [3, 0], comparisons: 4, cosines: [0.1, 0.2, 1, 0.625] },
  visits: [
    { level: 1, node: 0, compared: [], found: [0] },
    { level: 0, node: 0, compared: [1], found: [1, 0] },
    { level: 0, node: 1, compared: [2, 3], found: [2, 3, 1, 0] },
  ],
};

test("a word stands at the same place of every level's sheet", () => {
  const { planes, height } = stacked(PLACES, 3, 1000);
  assert.equal(planes.length, 3);
  for (const { at, corners } of planes) {
    const [left, top] = at(2);
    const [, low] = at(0);
    assert.ok(top < low);
    for (const [x, y] of [0, 1, 2, 3].map(at)) {
      assert.ok(x > 0 && x < 1000);
      assert.ok(y > corners[0][1] && y < corners[2][1]);
    }
    assert.ok(left > at(0)[0]); // the sheet is slanted
  }
  assert.ok(planes[0].corners[2][1] <= height);
  assert.ok(planes[2].corners[2][1] < planes[1].corners[0][1]);
});

test("a search and its steps are told", () => {
  const said = searchFinding(GRAPH, WALK).flat().join(" ");
  assert.match(said, /“king” {2}compares 4 of 4 words and finds 1 of the 2 nearest: queen, dog/);
  assert.match(
    stepTold(GRAPH, WALK, 0),
    /“cat” on level 1 is where every search enters\. Its cosine with “king” is 0\.10/,
  );
  assert.match(stepTold(GRAPH, WALK, 1), /No link leads nearer, so the search goes down to level 0\./);
  assert.match(stepTold(GRAPH, WALK, 2), /compared with 1 word that is linked.*nearest other word so far is “dog”/);
  const last = stepTold(GRAPH, WALK, 3);
  assert.match(last, /“king” is compared with 2 words.*“queen”, with cosine 0\.6[23].*so the search ends/);
  assert.match(describedLevels(GRAPH, WALK), /4 words on 2 levels/);
});
