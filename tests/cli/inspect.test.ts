import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { NotWasm, inspect } from "../../src/inspect/index.js";
import { Reader } from "../../src/wasm/reader.js";
import { assemble } from "../support/assemble.js";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";
import { cli, temporaryFolder } from "./support.js";
import { writeFileSync } from "node:fs";

const marker = '(func $abi) (export "proxy_abi_version_0_2_1" (func $abi))';
const allocator =
  '(func $alloc (param i32) (result i32) (i32.const 0)) (export "proxy_on_memory_allocate" (func $alloc))';
const memory = '(memory 1) (export "memory" (memory 0))';
const least = `${memory} ${marker} ${allocator}`;

/** The findings of a module from text, as "level rule". */
async function findings(text: string): Promise<string[]> {
  const { findings: all } = await inspect(assemble(text));
  return all.filter(({ rule }) => rule !== "names").map(({ level, rule }) => `${level} ${rule}`);
}

test("the least module that Envoy loads has nothing found against it", async () => {
  const inspection = await inspect(assemble(least));
  assert.equal(inspection.loads, true);
  assert.equal(inspection.abiVersion, "0.2.1");
  assert.deepEqual(inspection.memory?.initialPages, 1);
  assert.deepEqual(await findings(least), []);
});

const broken: readonly (readonly [string, string, string])[] = [
  ["no ABI version", `${memory} ${allocator}`, "error abi-version"],
  ["no allocator", `${memory} ${marker}`, "error allocator"],
  ["no memory", `${marker} ${allocator}`, "error memory"],
  [
    "an import that no host has",
    `(import "env" "abort" (func (param i32 i32 i32 i32))) ${least}`,
    "error import-unknown",
  ],
  [
    "an import of another ABI",
    `(import "env" "proxy_clear_route_cache" (func (result i32))) ${least}`,
    "error import-unknown",
  ],
  [
    "an import of another type",
    `(import "env" "proxy_log" (func (param i32))) ${least}`,
    "error import-type",
  ],
  ["an imported global", `(import "env" "g" (global i32)) ${least}`, "error import-kind"],
  [
    "an imported memory",
    `(import "env" "memory" (memory 1)) (export "memory" (memory 0)) ${marker} ${allocator}`,
    "error import-memory",
  ],
  [
    "a callback of another type",
    `${least} (func $h (param i32)) (export "proxy_on_request_headers" (func $h))`,
    "error export-type",
  ],
  [
    "a callback that no host calls",
    `${least} (func $h (param i32 i32 i32)) (export "proxy_on_grpc_trailing_metadata" (func $h))`,
    "warning export-unknown",
  ],
  [
    "a start section that calls the host",
    `(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
     ${least} (func $inner (drop (call $log (i32.const 0) (i32.const 0) (i32.const 0)))) (func $s (call $inner)) (start $s)`,
    "error start-section",
  ],
  [
    "an _initialize that calls the host",
    `(import "env" "proxy_done" (func $done (result i32)))
     ${least} (func $i (drop (call $done))) (export "_initialize" (func $i))`,
    "error load",
  ],
  [
    "an _initialize that calls the host when the environment says so",
    `(import "env" "proxy_done" (func $done (result i32)))
     (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
     ${least} (func $i (drop (call $sizes (i32.const 0) (i32.const 4)))
       (if (i32.load (i32.const 0)) (then (drop (call $done))))) (export "_initialize" (func $i))`,
    "warning initialize",
  ],
  ["32 MiB at the beginning", least.replace("(memory 1)", "(memory 512)"), "warning memory-size"],
  ["shared memory", least.replace("(memory 1)", "(memory 1 2 shared)"), "error memory-shared"],
  ["too little memory", least.replace("(memory 1)", "(memory 1 2)"), "warning memory-limit"],
  [
    "tail calls",
    `${least} (func $t (param i32) (result i32) (return_call $t (local.get 0)))`,
    "warning feature",
  ],
  ["SIMD", `${least} (func $v (result v128) (v128.const i64x2 0 0))`, "note feature"],
  [
    "an _initialize that never ends well",
    `${least} (func $i (unreachable)) (export "_initialize" (func $i))`,
    "error load",
  ],
];

for (const [what, text, finding] of broken)
  test(`${what}: ${finding}`, async () => {
    const found = await findings(text);
    assert.ok(found.includes(finding), found.join(", "));
  });

test("an _initialize that calls the host on a path that it never takes has nothing found against it", async () => {
  const found = await findings(
    `(import "env" "proxy_done" (func $done (result i32)))
     ${least} (func $i (if (i32.load (i32.const 0)) (then (drop (call $done))))) (export "_initialize" (func $i))`,
  );
  assert.deepEqual(found, []);
});

/** A module that imports this function of WASI. */
const ofWasi = (name: string, type: string): string =>
  `(import "wasi_snapshot_preview1" "${name}" (func ${type})) ${least}`;

test("of WASI, what came with Envoy 1.39 is warned of, and what all Envoys have is not", async () => {
  const added = [
    ["fd_tell", "(param i32 i32) (result i32)"],
    ["path_filestat_get", "(param i32 i32 i32 i32 i32) (result i32)"],
  ] as const;
  const old = [
    ["fd_write", "(param i32 i32 i32 i32) (result i32)"],
    ["clock_time_get", "(param i32 i64 i32) (result i32)"],
    ["random_get", "(param i32 i32) (result i32)"],
  ] as const;
  for (const [name, type] of added)
    assert.ok((await findings(ofWasi(name, type))).includes("warning import-wasi"), name);
  for (const [name, type] of old) assert.deepEqual(await findings(ofWasi(name, type)), [], name);
});

test("a number without end, or longer than any, is no part of a module", () => {
  const endless = Uint8Array.from([...new Array<number>(200_000).fill(0x80), 0]);
  const reader = new Reader(endless);
  assert.throws(() => reader.uint(), RangeError);
  assert.ok(reader.at < 20, `it is read to byte ${reader.at}`);
});

test("a name that nearly is a callback's is recognised", async () => {
  const { findings: all } = await inspect(
    assemble(`${least} (func $h (param i32 i32 i32)) (export "proxy_on_grpc_trailing_metadata" (func $h))`),
  );
  assert.match(all[0]!.message, /is proxy_on_grpc_receive_trailing_metadata meant\?/);
});

test("every function's bytes are counted, and the sections are the whole file", async () => {
  const binary = readFileSync(await buildExample("rate-limit"));
  const { sections, functions, callbacks } = await inspect(binary);
  assert.equal(
    sections.reduce((sum, { bytes }) => sum + bytes, 8),
    binary.length,
  );
  const code = sections.find(({ name }) => name === "code")!.bytes;
  const inFunctions = functions.reduce((sum, { bytes }) => sum + bytes, 0);
  assert.ok(code - inFunctions > 0 && code - inFunctions < 16, `${code} ${inFunctions}`);
  assert.ok(callbacks.includes("proxy_on_request_headers"));
  assert.ok(functions.some(({ name }) => name === "proxy_on_request_headers"));
});

test("a debug build's functions have the names of their sources", async () => {
  const binary = readFileSync(await compileFilter("examples/hello/assembly/index.ts", { target: "debug" }));
  const { functions } = await inspect(binary);
  assert.ok(
    functions.some(({ name }) => /Hello#onRequestHeaders/.test(name)),
    functions.map(({ name }) => name).join(" "),
  );
});

test("each example is a module that Envoy loads, without warnings", async () => {
  for (const name of ["hello", "rate-limit", "service-queue", "tcp-metrics"]) {
    const { loads, findings: all } = await inspect(readFileSync(await buildExample(name)));
    assert.ok(loads, name);
    assert.deepEqual(
      all.filter(({ level }) => level === "warning"),
      [],
      name,
    );
  }
});

test("any cut of a module is refused or read, and never breaks the reader", async () => {
  const binary = readFileSync(await buildExample("hello"));
  for (let end = 0; end < binary.length; end += 97)
    await assert.rejects(inspect(binary.subarray(0, end)), (error) => error instanceof NotWasm || end < 9);
});

test("the command prints a page of 80 columns, and JSON for programs", async () => {
  const file = await buildExample("hello");
  const { status, stdout, stderr } = cli(["inspect", file]);
  assert.equal(status, 0, stderr);
  assert.ok(
    stdout.split("\n").every((line) => line.length <= 80 || line.includes("sha256")),
    stdout,
  );
  assert.doesNotMatch(stdout, /\u001b/);
  assert.match(stdout, /Envoy 1\.40\s+loads it/);
  assert.match(stdout, /callbacks \(2\)\n {2}proxy_on_request_headers proxy_on_response_headers\n/);
  const { bytes, loads, imports } = JSON.parse(cli(["inspect", file, "--json"]).stdout) as {
    bytes: number;
    loads: boolean;
    imports: unknown[];
  };
  assert.equal(bytes, readFileSync(file).length);
  assert.equal(loads, true);
  assert.equal(imports.length, 4);
});

test("the command ends with 1 for what Envoy does not load, and with one line for what is no module", (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, "broken.wasm");
  writeFileSync(file, assemble(`${memory} ${allocator}`));
  const { status, stdout } = cli(["inspect", file]);
  assert.equal(status, 1);
  assert.match(stdout, /error: no export says the ABI version/);
  for (const [what, message] of [
    [join(root, "package.json"), /is no module: it does not begin like a WebAssembly module\.\n$/],
    [
      join(folder, "missing.wasm"),
      /^There is no file .*missing\.wasm; build it first \(npm run build\)\.\n$/,
    ],
    [folder, /is a folder; build it first/],
  ] as const) {
    const result = cli(["inspect", what]);
    assert.equal(result.status, 1);
    assert.match(result.stderr, message);
    assert.equal(result.stderr.split("\n").length, 2);
  }
});
