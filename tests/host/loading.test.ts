/** Which modules load, and what is said of those that do not: the host, and a real Envoy, to which all are given at once. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import binaryen from "binaryen";
import { pluginConfig } from "../../src/envoy/bootstrap.js";
import { LoadError, createHost } from "../../src/testing/index.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";

interface Case {
  readonly name: string;
  /** Text of a module's parts, or the file's bytes. */
  readonly module: string | Uint8Array;
  /** What is said; undefined for a module that loads. */
  readonly refused?: string;
  /** Its memory has addresses of 64 bits, which not each version of Node has. */
  readonly needs64?: boolean;
}

/** Whether this Node has memories with addresses of 64 bits. */
const has64 = WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 4, 1]));

const abi = (version: string): string => `(func (export "proxy_abi_version_${version}"))`;
const allocator = '(func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024))';
const memory = '(memory (export "memory") 1)';
const base = abi("0_2_1") + allocator + memory;
const missing = "Failed to load Wasm module due to a missing import: ";
const mismatch = "Failed to load Wasm module due to an import type mismatch: ";
const noAbi = "Missing or unknown Proxy-Wasm ABI version";
const corrupted = "Failed to parse corrupted Wasm module";
const headers = (params: string): string =>
  `(func (export "proxy_on_request_headers") (param ${params}) (result i32) (i32.const 0))`;
const callback = (name: string, body: string): string =>
  `(func (export "${name}") (param i32 i32) (result i32) ${body})`;

const cases: readonly Case[] = [
  // The ABI
  { name: "ABI 0.2.1", module: base + headers("i32 i32 i32") },
  { name: "ABI 0.2.0", module: abi("0_2_0") + allocator + memory + headers("i32 i32 i32") },
  { name: "ABI 0.1.0", module: abi("0_1_0") + allocator + memory + headers("i32 i32") },
  {
    name: "ABI 0.1.0 with a later callback",
    module: abi("0_1_0") + allocator + memory + headers("i32 i32 i32"),
    refused:
      "Bad function signature for: proxy_on_request_headers, want: i32 i32 -> i32, but the module exports: i32 i32 i32 -> i32",
  },
  { name: "no ABI", module: allocator + memory, refused: noAbi },
  { name: "ABI 0.3.0", module: abi("0_3_0") + allocator + memory, refused: noAbi },
  {
    name: "the ABI as a global",
    module: `(global (export "proxy_abi_version_0_2_1") i32 (i32.const 0)) ${allocator} ${memory}`,
    refused: noAbi,
  },
  {
    name: "two ABIs: the first counts",
    module: `(import "env" "proxy_get_log_level" (func (param i32) (result i32))) ${abi("0_2_0")} ${base}`,
    refused: `${missing}env.proxy_get_log_level`,
  },
  // Imports
  {
    name: "AssemblyScript's abort",
    module: `(import "env" "abort" (func)) ${base}`,
    refused: `${missing}env.abort`,
  },
  {
    name: "a memory, which host functions then use",
    module: `(import "env" "memory" (memory 2)) (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
      ${abi("0_2_1")} ${allocator} ${callback("proxy_on_vm_start", "(i32.eqz (call $log (i32.const 2) (i32.const 65536) (i32.const 4)))")}`,
  },
  {
    name: "a memory that it exports, too",
    module: `(import "js" "mem" (memory 1 20000)) (export "memory" (memory 0)) ${abi("0_2_1")} ${allocator}`,
  },
  { name: "a table", module: `(import "env" "table" (table 1 funcref)) ${base}` },
  {
    name: "a memory of 64 bits",
    module: `${abi("0_2_1")} ${allocator} (memory (export "memory") i64 1)`,
    needs64: true,
  },
  { name: "a global", module: `(import "env" "g" (global i32)) ${base}`, refused: `${missing}env.g` },
  {
    name: "no function of WASI",
    module: `(import "wasi_snapshot_preview1" "nope" (func)) ${base}`,
    refused: `${missing}wasi_snapshot_preview1.nope`,
  },
  {
    name: "a function of ABI 0.1.0",
    module: `(import "env" "proxy_continue_request" (func (result i32))) ${base}`,
    refused: `${missing}env.proxy_continue_request`,
  },
  {
    name: "a function of another type",
    module: `(import "env" "proxy_done" (func (param i32) (result i32))) ${base}`,
    refused: `${mismatch}env.proxy_done, want: i32 -> i32, but host exports: void -> i32`,
  },
  {
    name: "all WASI that Envoy has, in its older name",
    module: `(import "wasi_unstable" "fd_write" (func (param i32 i32 i32 i32) (result i32))) ${base}`,
  },
  // Exports
  {
    name: "no allocator",
    module: abi("0_2_1") + memory,
    refused: "Wasm module is missing malloc function.",
  },
  {
    name: "an allocator of another type",
    module: `${abi("0_2_1")} ${memory} (func (export "malloc") (param i64) (result i32) (i32.const 0))`,
    refused: "Bad function signature for: malloc, want: i32 -> i32, but the module exports: i64 -> i32",
  },
  {
    name: "malloc is enough",
    module: `${abi("0_2_1")} ${memory} (func (export "malloc") (param i32) (result i32) (i32.const 8))`,
  },
  {
    name: "a main of another type",
    module: `${base} (func (export "_initialize")) (func (export "main") (result i32) (i32.const 0))`,
    refused: "Bad function signature for: main, want: i32 i32 -> i32, but the module exports: void -> i32",
  },
  { name: "a memory of another name", module: `${abi("0_2_1")} ${allocator} (memory (export "m") 1)` },
  { name: "no memory", module: abi("0_2_1") + allocator },
  // Files
  { name: "no module", module: new TextEncoder().encode("hello world"), refused: corrupted },
  { name: "an empty file", module: new Uint8Array(0), refused: "failed to load" },
  { name: "a few bytes", module: Uint8Array.of(0, 97, 115, 109), refused: noAbi },
  { name: "a header alone", module: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), refused: noAbi },
  { name: "a module that is cut off", module: assemble(base).subarray(0, -20), refused: corrupted },
  // Start
  {
    name: "a call that is not allowed yet",
    module: `(import "env" "proxy_set_tick_period_milliseconds" (func $tick (param i32) (result i32)))
      ${base} (func (export "_initialize") (drop (call $tick (i32.const 5))))`,
    refused: "Function: _initialize failed: Uncaught Error: restricted_callback",
  },
  {
    name: "a log message while it starts",
    module: `(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
      ${base} (func (export "_initialize") (drop (call $log (i32.const 2) (i32.const 0) (i32.const 1))))`,
  },
  {
    name: "a trap in _initialize",
    module: `${base} (func (export "_initialize") (unreachable))`,
    refused: "Function: _initialize failed: Uncaught RuntimeError: unreachable",
  },
  {
    name: "a trap in _start, which _initialize replaces",
    module: `${base} (func (export "_initialize")) (func (export "_start") (unreachable))`,
  },
  {
    name: "on_vm_start answers 0",
    module: base + callback("proxy_on_vm_start", "(i32.const 0)"),
    refused: "Failed to start base Wasm",
  },
  { name: "on_vm_start answers 2", module: base + callback("proxy_on_vm_start", "(i32.const 2)") },
  {
    name: "on_configure answers 0",
    module: base + callback("proxy_on_configure", "(i32.const 0)"),
    refused: "Failed to configure base Wasm plugin",
  },
  {
    name: "on_configure traps",
    module: base + callback("proxy_on_configure", "(unreachable)"),
    refused: "Function: proxy_on_configure failed: Uncaught RuntimeError: unreachable",
  },
  {
    name: "a trap in the plugin's on_context_create does not stop it",
    module: `${base} (func (export "proxy_on_context_create") (param i32 i32) (unreachable))`,
  },
];

function assemble(text: string): Uint8Array {
  const module = binaryen.parseText(`(module ${text})`);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

const bytesOf = ({ module }: Case): Uint8Array => (typeof module === "string" ? assemble(module) : module);

for (const one of cases)
  test(`host: loading: ${one.name}`, async () => {
    const outcome = await createHost({ wasm: bytesOf(one), mayFail: true }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (one.needs64 === true && !has64) {
      assert.ok(outcome instanceof LoadError, String(outcome));
      assert.match(outcome.reason, /no memories with addresses of 64 bits/);
      assert.match(outcome.remedy, /^Envoy 1.40 takes such a module/);
      return;
    }
    if (one.refused === undefined) {
      assert.equal(outcome, undefined);
      return;
    }
    assert.ok(outcome instanceof LoadError, String(outcome));
    assert.ok(outcome.reason.includes(one.refused), outcome.reason);
    assert.match(outcome.remedy, /^[A-Z].*\.$/, "what to do, in a sentence");
  });

envoyTest("envoy: loading: it takes and refuses the same", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-loading-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const type = "type.googleapis.com/envoy";
  const listeners = cases.map((one, i) => {
    const wasm = join(folder, `${i}.wasm`);
    writeFileSync(wasm, bytesOf(one));
    return {
      "@type": `${type}.config.listener.v3.Listener`,
      name: `l${i}`,
      address: { socket_address: { address: "127.0.0.1", port_value: 0 } },
      filter_chains: [
        {
          filters: [
            {
              name: "wasm",
              typed_config: {
                "@type": `${type}.extensions.filters.network.wasm.v3.Wasm`,
                config: pluginConfig({ wasm, name: `p${i}` }),
              },
            },
            {
              name: "proxy",
              typed_config: {
                "@type": `${type}.extensions.filters.network.tcp_proxy.v3.TcpProxy`,
                stat_prefix: "proxy",
                cluster: "side",
              },
            },
          ],
        },
      ],
    };
  });
  const lds = join(folder, "lds.json");
  writeFileSync(lds, JSON.stringify({ version_info: "1", resources: listeners }));
  const envoy = await startEnvoy(t, {
    clusters: { side: 1 },
    edit: (config) => {
      config.node = { id: "n", cluster: "c" };
      config.dynamic_resources = { lds_config: { path_config_source: { path: lds } } };
    },
  });
  // What is said of a plugin stands before the line that its listener is refused.
  const said = new Map<number, string>();
  let before = "";
  for (const line of envoy.log.split("\n")) {
    before += `${line}\n`;
    const refused = /lds: listener 'l(\d+)' config rejected: (.*)/.exec(line);
    if (refused === null) continue;
    assert.match(refused[2]!, /Unable to create Wasm plugin p\d+/);
    said.set(Number(refused[1]), before);
    before = "";
  }
  const wrong = cases.flatMap(({ name, refused }, i) => {
    const text = said.get(i);
    if (refused === undefined) return text === undefined ? [] : [`${name}: Envoy refuses it:\n${text}`];
    if (text === undefined) return [`${name}: Envoy takes it`];
    return text.includes(refused) ? [] : [`${name}: Envoy says\n${text}`];
  });
  assert.deepEqual(wrong, []);
});
