/** What several streams, and plugins, of one VM have of each other's fate. A scenario has one request at a time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestHost, TestHostOptions, TestStream } from "../../src/testing/index.js";
import { createHost } from "../../src/testing/index.js";
import { compilePuppet } from "../parity/puppet.js";

const call = "http auth :method=GET,:path=/,:authority=auth";

async function puppet(options: TestHostOptions = {}, root = ""): Promise<TestHost> {
  const wasm = await compilePuppet();
  return createHost({
    mayFail: true,
    wasm,
    pluginConfig: `script|${root}`,
    upstream: {},
    clusters: { auth: "hold" },
    ...options,
  });
}

function post(host: TestHost, script: string): TestStream {
  const headers = { "x-script": script, "content-length": "3" };
  return host.open({ method: "POST", headers }).sendHeaders();
}

const get = (host: TestHost, script: string): ReturnType<TestHost["request"]> =>
  host.request({ headers: { "x-script": script } });

for (const failurePolicy of ["FAIL_CLOSED", "FAIL_OPEN"] as const)
  test(`vms: after a trap, ${failurePolicy}: who fails when`, async () => {
    const host = await puppet({ failurePolicy });
    const paused = host.open({ headers: { "x-script": `qh:${call};ret 1` } }).sendHeaders(true);
    const running = post(host, "qb:bst 0");
    const trapped = await get(host, "qh:trap");
    assert.deepEqual([trapped.status, trapped.details], [503, "wasm_fail_stream"]);
    assert.equal(running.isOver, false, "a stream in flight fails at its next callback, and not before");
    running.send("abc", true);
    await host.idle();
    assert.deepEqual([running.status, running.response().details], [503, "wasm_fail_stream"]);
    host.calls.find(({ cluster }) => cluster === "auth")!.answer({});
    await host.tick(1000);
    assert.equal(paused.isOver, false, "a stream that is held stays so for ever");
    const later = await get(host, "qh:ret 0");
    assert.equal(later.status, failurePolicy === "FAIL_OPEN" ? 200 : 503);
  });

test("vms: FAIL_RELOAD makes a new VM once the backoff is over", async () => {
  const host = await puppet({ failurePolicy: "FAIL_RELOAD", reloadBackoff: 2000 });
  assert.equal((await get(host, "qh:trap")).status, 503);
  await host.tick(1000);
  assert.equal((await get(host, "qh:ret 0")).status, 503);
  await host.tick(1000);
  const served = await get(host, "qh:ret 0");
  assert.equal(served.status, 200);
  assert.ok(served.trace.includes("[host->vm] proxy_on_context_create(2, 1)"), "ids begin anew");
});

test("vms: a plugin that asks for time is deleted when it says proxy_done, others at once", async () => {
  const host = await puppet({}, "cfg:tick 50|done:ret 0|tick#2:done");
  const ends = (): string[] => host.trace.filter((line) => /^\[host->vm\] proxy_on_(done|delete)/.test(line));
  host.close();
  assert.deepEqual(ends(), ["[host->vm] proxy_on_done(1)"]);
  await host.tick(60);
  assert.equal(ends().length, 1);
  await host.tick(60);
  assert.deepEqual(ends(), ["[host->vm] proxy_on_done(1)", "[host->vm] proxy_on_delete(1)"]);
  const other = await puppet();
  other.close();
  assert.equal(other.trace.filter((line) => line.startsWith("[host->vm] proxy_on_delete(1)")).length, 1);
});

test("vms: plugins share a VM by id, module and configuration, and a context by name, root id and configuration", async () => {
  const wasm = await compilePuppet();
  const plugin = (name: string, vmId: string, vmConfiguration = ""): object => ({
    wasm,
    name,
    vmId,
    vmConfiguration,
    configuration: `${name}|`,
  });
  const filters = [
    plugin("a", "1"),
    plugin("a", "1"),
    plugin("b", "1"),
    plugin("c", "2"),
    plugin("d", "1", "x"),
  ];
  const host = await createHost({
    mayFail: true,
    filters: filters as NonNullable<TestHostOptions["filters"]>,
  });
  const roots = host.trace.filter((line) => /^\[host->vm\] proxy_on_context_create\(\d+, 0\)/.test(line));
  assert.deepEqual(
    roots.map((line) => /\((.*)\)/.exec(line)![1]),
    ["1, 0", "2, 0", "1, 0", "1, 0"],
    "a and b in one VM, c and d in others",
  );
  assert.equal(host.trace.filter((line) => line.startsWith("[host->vm] proxy_on_vm_start(")).length, 4);
});
