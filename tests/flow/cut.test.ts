import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFilter } from "../support/compile.js";
import { FlowHost } from "./support/host.js";

/** How many requests are cut; `cut.long.test.ts` has more. */
const rounds = Number(process.env["CUT_REQUESTS"] ?? 4000);

/** What is begun and cut, in flows and in classes. */
const paths: Readonly<Record<string, readonly string[]>> = {
  cut: [
    ...["/signal", "/signal-limit", "/queue", "/queue-limit", "/sleep", "/call", "/race", "/alarm", "/next"],
    ...["/grpc", "/all", "/untaken", "/flight", "/text", "/chunk"],
  ],
  "cut-classes": ["/call", "/grpc", "/stream", "/message", "/after", "/every", "/part"],
};

for (const [filter, list] of Object.entries(paths))
  for (const path of list)
    test(`requests that are cut while they wait leave nothing behind: ${filter}, ${path}`, async () => {
      const host = new FlowHost(await compileFilter(`tests/flow/filters/${filter}.ts`), true);
      const withBody = path === "/text" || path === "/chunk";
      /** Operators for each request. */
      const cut = (count: number): number => {
        const before = host.operators;
        for (let i = 0; i < count; i++) {
          host.end(host.begin({ ":path": path }, withBody));
          // The host answers or gives up on calls, sooner or later.
          while (host.calls.length > 100) host.settle(host.calls[0]!, "");
          while (host.grpc.length > 200) {
            // Behind those that stay: a stream that nobody wants any more is broken off with its first message.
            const token = host.grpc[path === "/message" ? 100 : 0]!;
            if (path === "/message") host.sendGrpc(token);
            else host.failGrpc(token);
            assert.ok(!host.grpc.includes(token), "it is broken off");
          }
        }
        return (host.operators - before) / count;
      };
      // Some stay, among which the others have to be found.
      const stay = Array.from({ length: 100 }, () => host.begin({ ":path": path }, withBody));
      const first = cut(2000);
      // The heap finds its size.
      cut(6000);
      const before = host.pages;
      cut(Math.max(rounds - 2000, 0));
      const last = cut(2000);
      assert.equal(host.pages, before);
      // Collections fall into the one or the other.
      assert.ok(last < first * 1.5, `${first} operators for each at first, ${last} at last`);
      for (const stream of stay) host.end(stream);
      cut(100);
      assert.equal(host.pages, before);
      assert.deepEqual(host.logs, []);
    });
