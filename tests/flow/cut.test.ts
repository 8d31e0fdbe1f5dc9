import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFilter } from "../support/compile.js";
import { FlowHost } from "./support/host.js";

/** How many requests are cut; a day's worth with `CUT_REQUESTS=100000`. */
const rounds = Number(process.env["CUT_REQUESTS"] ?? 4000);

for (const path of [
  "/signal",
  "/signal-limit",
  "/queue",
  "/queue-limit",
  "/sleep",
  "/call",
  "/race",
  "/alarm",
  "/next",
]) {
  test(`requests that are cut while they wait leave nothing behind: ${path}`, async () => {
    const host = new FlowHost(await compileFilter("tests/flow/filters/cut.ts"));
    const cut = (count: number): void => {
      for (let i = 0; i < count; i++) {
        host.end(host.begin({ ":path": path }));
        // The host answers or gives up on calls, sooner or later.
        while (host.calls.length > 100) host.settle(host.calls[0]!, "");
      }
    };
    // Some stay, among which the others have to be found.
    const stay = Array.from({ length: 100 }, () => host.begin({ ":path": path }));
    // The heap finds its size.
    cut(8000);
    const before = host.pages;
    cut(rounds);
    assert.equal(host.pages, before);
    for (const stream of stay) host.end(stream);
    cut(100);
    assert.equal(host.pages, before);
    assert.deepEqual(host.logs, []);
  });
}
