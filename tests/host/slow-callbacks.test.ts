/** Tests warn of callbacks that take longer than a host gives them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HostCall } from "../../src/host/index.js";
import { createHost } from "../../src/testing/index.js";
import { SlowCallbacks } from "../../src/testing/slow-callbacks.js";
import { compileFilterText } from "../support/compile.js";

function call(into: "module" | "host", name: string, isOver: boolean): HostCall {
  return { into, from: "", name, arguments: [], isOver, result: undefined };
}

/** A callback that takes `before` and `after` milliseconds around a host function, which takes `host`. */
function run(slow: SlowCallbacks, from: number, before: number, host: number, after: number): void {
  const name = "proxy_on_request_headers";
  slow.called(call("module", name, false), from);
  slow.called(call("host", "proxy_get_property", false), from + before);
  // The host has the module make room, which takes no time here.
  slow.called(call("module", "proxy_on_memory_allocate", false), from + before + host);
  slow.called(call("module", "proxy_on_memory_allocate", true), from + before + host);
  slow.called(call("host", "proxy_get_property", true), from + before + host);
  slow.called(call("module", name, true), from + before + host + after);
}

test("a callback is slow when its own time passes the limit three times in a row", (t) => {
  t.mock.method(process, "emitWarning", () => undefined);
  const slow = new SlowCallbacks(1);
  run(slow, 0, 0.6, 5, 0.6);
  run(slow, 10, 0.6, 5, 0.6);
  run(slow, 20, 0.4, 50, 0.4); // fast enough: the host's time is not its own
  run(slow, 100, 2, 0, 0);
  run(slow, 200, 0, 0, 3);
  assert.deepEqual(slow.warnings, []);
  for (let i = 3; i < 9; i++) run(slow, i * 100, 2, 1, 2);
  assert.deepEqual(slow.warnings, [
    "proxy_on_request_headers took 2.0, 3.0, 4.0 ms; a host of the project gives a callback 1 ms, and ends it then",
  ]);
});

test("a host warns of a slow callback, and of no other", async (t) => {
  const said: unknown[] = [];
  t.mock.method(process, "emitWarning", (warning: unknown) => said.push(warning));
  const wasm = await compileFilterText(`
    import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";

    class Slow extends HttpContext {
      onRequestHeaders(): FilterHeadersStatus {
        let hash: u32 = 1;
        const turns = this.request.headers.has("x-slow") ? 9000000 : 10;
        for (let i = 0; i < turns; i++) hash = (hash ^ i) * 16777619;
        this.request.headers.set("x-hash", hash.toString());
        return FilterHeadersStatus.Continue;
      }
    }
    registerHttpFilter<Slow>();
  `);
  const host = await createHost({ wasm, callbackLimit: 1 });
  for (let i = 0; i < 2; i++) await host.request({ headers: { "x-slow": "1" } });
  assert.deepEqual(host.warnings, []);
  await host.request({ headers: { "x-slow": "1" } });
  assert.equal(host.warnings.length, 1);
  assert.match(host.warnings[0]!, /^proxy_on_request_headers took /);
  assert.deepEqual(said, host.warnings);
  const without = await createHost({ wasm });
  for (let i = 0; i < 3; i++) await without.request({ headers: { "x-slow": "1" } });
  assert.deepEqual(without.warnings, []);
});
