/** A short soak; `npm run soak -- --requests 1000000` is a long one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { soakInHost } from "./in-host.js";
import { describe, grows, slopeOf } from "./slope.js";

test("slopeOf answers the slope of a line and no error", () => {
  const slope = slopeOf([0, 1, 2, 3].map((at) => ({ at: at * 1e6, value: 5 + 2 * at })));
  assert.ok(Math.abs(slope.perMillion - 2) < 1e-9 && slope.error < 1e-9);
  assert.ok(grows(slope, 4e6, 1));
  assert.ok(!grows(slope, 4e6, 10));
});

test("soak: mixed traffic in the embedded host neither takes more memory nor more work with time", async (t) => {
  const { pages, operators, requests } = await soakInHost(8000, () => undefined);
  t.diagnostic(describe("memory", "pages", pages));
  t.diagnostic(describe("work", "operators", operators));
  assert.ok(!grows(pages, requests, 0.5), describe("memory", "pages", pages));
  assert.ok(!grows(operators, requests, operators.first / 100), describe("work", "operators", operators));
});

test("soak: a filter that keeps every path is seen to grow", async () => {
  const { pages, requests } = await soakInHost(8000, () => undefined, "tests/soak/filters/leak.ts");
  assert.ok(grows(pages, requests, 0.5), describe("memory", "pages", pages));
});
