import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { callText } from "../../src/host/index.js";
import { createHost } from "../../src/testing/index.js";
import { cli, start, temporaryFolder } from "../cli/support.js";
import { projectWith, succeeds } from "../places/project.js";
import { request } from "../support/http.js";

const lines = (text: string): string[] => text.split("\n");

test("a trace of run --record is replayed: the same end, a bug at its place, and where another module parts", async (t) => {
  const { folder, placeOf } = projectWith(t, "bugs.ts");
  succeeds(folder, "build");
  const running = await start(["run", "--port", "0", "--record", "t.jsonl"], folder);
  await request(running.port, { path: "/fine" });
  await request(running.port, { path: "/divide" });
  await request(running.port, { path: "/fine" });
  assert.equal(await running.interrupt(), 130);

  const { status, stdout, stderr } = cli(["replay", "t.jsonl"], { cwd: folder });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /The module goes the trace's way to the end/);
  assert.match(stdout, /A bug in proxy_on_request_headers, line \d+ of the trace/);
  assert.ok(stdout.includes(placeOf("rule.limit % by").replace(/\d+$/, "")), stdout);
  // What catches the bug is no place of it.
  assert.doesNotMatch(stdout, /~lib/);
  assert.ok(!stdout.includes("not have these"), stdout);
  assert.deepEqual(
    lines(stdout).filter((line) => line.length > 80),
    [],
  );

  // A run builds another module than the one that is shipped, of the same sources: they are not what differs.
  const recorded = readFileSync(join(folder, "t.jsonl"), "utf8");
  writeFileSync(join(folder, "other.jsonl"), recorded.replaceAll('":path"', '":pa"'));
  const other = cli(["replay", "other.jsonl"], { cwd: folder });
  assert.equal(other.status, 1);
  assert.match(other.stdout, /They part in proxy_on_request_headers\([^]*argument 2 differs/);
  assert.doesNotMatch(other.stdout, /another|Changed/);
  // Without the sources' digests a size is all that is known.
  writeFileSync(
    join(folder, "other.jsonl"),
    recorded.replaceAll('":path"', '":pa"').replace(/,"sources":\{.*?\}/, ""),
  );
  assert.match(
    cli(["replay", "other.jsonl"], { cwd: folder }).stdout.replace(/\s+/g, " "),
    /recorded with another module, or another build of it: that one had [\d,]+ bytes, build\/plugin\.wasm has [\d,]+ bytes\./,
  );

  // The bug mended: both part where it was.
  const source = join(folder, "assembly", "index.ts");
  writeFileSync(source, readFileSync(source, "utf8").replace("text.length - 7", "7"));
  succeeds(folder, "build");
  const mended = cli(["replay", "t.jsonl"], { cwd: folder });
  assert.equal(mended.status, 1, mended.stdout + mended.stderr);
  assert.match(mended.stdout, /They part in proxy_on_request_headers\(/);
  assert.match(mended.stdout, /module {2}proxy_get_log_level\(\)/);
  assert.ok(mended.stdout.includes("assembly/index.ts:"), mended.stdout);
  assert.match(mended.stdout, /^Changed since the trace was recorded: assembly\/index\.ts\.$/m);
  assert.deepEqual(
    lines(mended.stdout).filter((line) => line.length > 80),
    [],
  );
});

test("own tests record with --record; a trace of a single host has what it was told", async (t) => {
  const { folder } = projectWith(t, "bugs.ts");
  writeFileSync(
    join(folder, "test", "filter.test.js"),
    `import { test } from "node:test";
import { createHost } from "proxy-wasm-as/testing";
test("goes", async () => {
  const host = await createHost({ wasm: "build/plugin.wasm" });
  await host.request({ path: "/fine" });
});
`,
  );
  succeeds(folder, "test", "--record", "t.jsonl");
  assert.match(
    readFileSync(join(folder, "t.jsonl"), "utf8"),
    /^\{"format":"proxy-wasm-as trace","version":1\}\n/,
  );
  const json = JSON.parse(succeeds(folder, "replay", "t.jsonl", "--json")) as {
    end: string;
    missing: unknown[];
  };
  assert.equal(json.end, "same");
  assert.deepEqual(json.missing, []);
});

test("a log in Envoy's form: trap, threads, several VMs, cut lines, another module", async (t) => {
  const { folder, placeOf } = projectWith(t, "bugs.ts");
  succeeds(folder, "build");
  const wasm = join(folder, "build", "plugin.wasm");
  const calls: string[] = [];
  const host = await createHost({
    wasm,
    mayFail: true,
    onCall: (call) => void calls.push(callText(call)),
  });
  await host.request({ path: "/fine" });
  await host.request({ path: "/poke", mayHang: true });
  const failure = host.logs.find(({ message }) => message.startsWith("Function: "));
  const form = (thread: number, text: string): string =>
    `[2026-11-23 01:23:13.316][${thread}][trace][wasm] [source/extensions/common/wasm/wasm_vm.cc:39] ${text}`;
  const file = join(folder, "envoy.log");
  const replayed = (
    log: readonly string[],
    ...more: string[]
  ): { status: number | null; stdout: string; stderr: string } => {
    writeFileSync(file, `${log.join("\n")}\n`);
    return cli(["replay", "envoy.log", ...more], { cwd: folder });
  };
  const path = ["--value", "request header :path=/fine", "--value", "request header :path=/poke"];
  const whole = calls.map((call) => form(7, call));
  if (failure !== undefined) whole.push(form(7, failure.message.split("\n")[0]!));

  const blind = replayed(whole);
  assert.match(
    blind.stdout + blind.stderr,
    /request header :path: 5 bytes, line \d+|all request headers: \d+ bytes/,
  );
  assert.match(blind.stdout, /--value 'request header :path=…'/);

  const told = replayed(whole, ...path);
  assert.match(told.stdout, /A bug in proxy_on_request_headers/, told.stderr);
  assert.ok(told.stdout.includes(placeOf("load<i32>").replace(/\d+$/, "")), told.stdout);
  assert.deepEqual(
    lines(told.stdout).filter((line) => line.length > 80),
    [],
  );

  // Two threads whose lines are mixed, each with a VM of its own.
  const other = calls.slice(0, calls.length / 2).map((call) => form(8, call));
  const mixed = whole.flatMap((line, i) => (i < other.length ? [line, other[i]!] : [line]));
  const two = replayed(mixed, ...path);
  assert.match(two.stdout, /The trace has 2 VMs; this is VM 1/);
  assert.match(two.stdout, /A bug in proxy_on_request_headers/);

  // A line that is cut within, and a log that ends within a call.
  const end = calls.findIndex((call) => call.startsWith("[vm->host] env.proxy_get_header_map")) + 1;
  const cut = replayed(whole.slice(0, end));
  assert.match(cut.stdout, /The trace breaks off in proxy_on_request_headers, line \d+/, cut.stderr);
  assert.match(cut.stdout, /^ {4}at .*onRequestHeaders/m);
  const half = replayed(
    whole.map((line, i) => (i === end ? line.slice(0, -8) : line)),
    ...path,
  );
  assert.match(half.stdout, /A line is cut/);

  const none = replayed(["[2026-11-23 01:23:13.316][7][info][main] starting"]);
  assert.equal(none.status, 1);
  assert.match(none.stderr, /envoy\.log has no call of this module/);

  // Of another module's callbacks nothing is replayed.
  const strange = replayed(
    [
      ...whole,
      form(7, "[host->vm] proxy_on_queue_ready(1, 2)"),
      form(7, "[host<-vm] proxy_on_queue_ready return: void"),
    ],
    ...path,
  );
  assert.match(strange.stdout, /A callback is left out, which this module does not export/);
});

test("a log that begins after the start: the module is started without it", async (t) => {
  const { folder } = projectWith(t, "bugs.ts");
  succeeds(folder, "build");
  const calls: string[] = [];
  const host = await createHost({
    wasm: join(folder, "build", "plugin.wasm"),
    onCall: (call) => void calls.push(callText(call)),
  });
  await host.request({ path: "/fine" });
  const from = calls.findIndex((call) => call.startsWith("[host->vm] proxy_on_request_headers"));
  writeFileSync(
    join(folder, "late.log"),
    calls
      .slice(from)
      .map((call) => `2026-11-23T01:23:13.316012Z\ttrace\tenvoy wasm wasm_vm.cc:39\t${call}\tthread=12\n`)
      .join(""),
  );
  const { status, stdout, stderr } = cli(["replay", "late.log", "--value", "request header :path=/fine"], {
    cwd: folder,
  });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /begins after the VM's start/);
  assert.match(stdout, /goes the trace's way to the end/);
});

test("nonsense is no trace, of whatever form", (t) => {
  const folder = temporaryFolder(t);
  const wasm = join(folder, "plugin.wasm");
  cpSync(join(import.meta.dirname, "..", "..", "package.json"), wasm);
  writeFileSync(
    join(folder, "x.log"),
    '{"format":"proxy-wasm-as trace","version":9}\n{"vm":1,"call":[]}\n{"vm":"a","call":"main","args":["x"]}\n',
  );
  const noModule = cli(["replay", "x.log", "--wasm", wasm], { cwd: folder });
  assert.equal(noModule.status, 1);
  assert.match(noModule.stderr, /plugin\.wasm does not start/);
});
