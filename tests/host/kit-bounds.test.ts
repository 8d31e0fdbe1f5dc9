/** A host of the test kit answers its ten-thousandth request like its first. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Metrics } from "../../src/host/index.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";

const hello = (): Promise<string> => compileFilter("examples/hello/assembly/index.ts");

test("kit: what a host keeps is bounded, and what a response tells is its own", async () => {
  const host = await createHost({ wasm: await hello() });
  for (let i = 0; i < 6_000; i++) {
    const response = await host.request({ path: `/${i}` });
    assert.equal(response.upstream!.path, `/${i}`);
    if (i % 500 !== 0) continue;
    assert.ok(response.trace[0]!.startsWith("[host->vm] proxy_on_"), response.trace[0]);
    assert.equal(response.trace.length, response.hostCalls.length + response.refusals.length);
  }
  assert.ok(host.trace.length < 20_000, `${host.trace.length} lines`);
  assert.ok(host.calls.length < 2_000, `${host.calls.length} requests`);
  assert.equal(host.calls.at(-1)!.path, "/5999");
  assert.ok(host.refusals.length < 20_000);
});

test("kit: timers that were cancelled are gone, so that the next is found at once", async () => {
  const host = await createHost({ wasm: await hello() });
  for (let i = 0; i < 100; i++) await host.request();
  assert.equal((host.loop as unknown as { timers: Set<unknown> }).timers.size, 0);
});

test("kit: a request costs the same however many came before: steps, not seconds", async () => {
  const host = await createHost({ wasm: await hello() });
  // What a request looks at: entries of the lists that the host keeps.
  let looked = 0;
  const counted = <T>(list: readonly T[]): readonly T[] =>
    new Proxy(list, {
      get: (target, key, receiver): unknown => {
        if (typeof key === "string" && /^\d+$/.test(key)) looked++;
        return Reflect.get(target, key, receiver);
      },
    });
  const { recent } = host as unknown as { recent: Record<string, { list: readonly unknown[] }> };
  for (const kept of Object.values(recent)) Object.assign(kept, { list: counted(kept.list) });
  const steps = async (count: number): Promise<number> => {
    looked = 0;
    for (let i = 0; i < count; i++) await host.request();
    return looked / count;
  };
  const first = await steps(20);
  await steps(700);
  const later = await steps(20);
  assert.ok(first > 0 && later <= first * 1.5, `${first}, then ${later}`);
});

test("kit: histograms count what they get and do not keep it", async () => {
  const wasm = await compileFilter("tests/envoy/filters/state.ts");
  const host = await createHost({ wasm });
  for (let i = 0; i < 3; i++) await host.request({ headers: { "x-do": "count" } });
  assert.equal(host.metrics()["sizes"], 3);
  assert.match(host.prometheus(), /^sizes_sum\{\} 300$/m);
  const kept = (host as unknown as { host: { metrics: Metrics } }).host.metrics
    .list()
    .find(({ name }) => name === "sizes")!;
  assert.ok(!Object.values(kept).some(Array.isArray));
});
