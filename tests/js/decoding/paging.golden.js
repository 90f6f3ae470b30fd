// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { requestsOf, simulate, waste } from "../../../pages/n4_scale/decoding/paging.js";
import { golden } from "../golden.js";

test("every step of every memory", () => {
  for (const { page, moments } of golden.runs) {
    const found = simulate(golden.requests, { size: 200, mostNew: 40, page });
    const plain = found.map(({ running, ...counts }) => ({
      running: running.map(({ request, places, written }) => [request, places, written]),
      ...counts,
    }));
    assert.deepEqual(plain, moments);
  }
});

test("pages waste less than one piece each, whatever the seed", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const requests = requestsOf(seed, 40, 64, 192);
    assert.deepEqual(requestsOf(seed, 40, 64, 192), requests);
    const [piece, paged] = [0, 16].map((page) => waste(simulate(requests, { size: 1024, mostNew: 192, page })));
    assert.ok(paged < 0.15 && piece > 0.3, `${seed}: ${paged}, ${piece}`);
  }
});
