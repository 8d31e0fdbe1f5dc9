/** Parts of a VM for themselves: its memory, WASI, and what is said of calls, traps and modules that do not load. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exportType, importNames, importType } from "../../src/host/abi/signatures.js";
import { EndJoiner } from "../../src/host/server/end-joiner.js";
import { resetReason } from "../../src/host/server/errors.js";
import { pairsOf } from "../../src/host/server/http1-cluster.js";
import { readModule } from "../../src/host/vm/binary.js";
import { backtrace, describe, framesOf } from "../../src/host/vm/backtrace.js";
import { callText, unsigned } from "../../src/host/vm/host-call.js";
import { VirtualLoop } from "../../src/host/vm/loop.js";
import { GuestMemory } from "../../src/host/vm/memory.js";
import { missingImport } from "../../src/host/vm/remedies.js";
import { allowedAtStart, allowedInAllocator, allowedInStartSection } from "../../src/host/vm/restrictions.js";
import { wasi } from "../../src/host/vm/wasi.js";
import { assemble } from "../support/assemble.js";
import { until } from "../support/wait.js";

const SIZE = 65536;

test("a memory is read and written up to its last byte, and not beyond, also once it has grown", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const guest = new GuestMemory(memory);
  assert.equal(guest.size, SIZE);
  for (const [size, grow] of [
    [SIZE, false],
    [2 * SIZE, true],
  ] as const) {
    if (grow) memory.grow(1);
    assert.ok(guest.write(size - 2, Uint8Array.of(0xe9, 7)));
    assert.deepEqual(guest.read(size - 2, 2), Uint8Array.of(0xe9, 7));
    assert.equal(guest.readText(size - 2, 1), "\xe9");
    assert.equal(guest.write(size - 1, Uint8Array.of(1, 2)), false);
    assert.deepEqual([guest.read(size - 1, 2), guest.readText(size - 1, 2)], [undefined, undefined]);
    assert.deepEqual(guest.read(size, 0), new Uint8Array(0));
    assert.equal(guest.read(size + 1, 0), undefined);
    assert.ok(guest.writeU32(size - 4, 0xfffefdfc));
    assert.equal(guest.readU32(size - 4), 0xfffefdfc);
    assert.deepEqual(guest.read(size - 4, 4), Uint8Array.of(0xfc, 0xfd, 0xfe, 0xff));
    assert.deepEqual([guest.writeU32(size - 3, 0), guest.readU32(size - 3)], [false, undefined]);
    assert.ok(guest.writeU64(size - 8, -2n));
    assert.deepEqual(guest.read(size - 8, 8), Uint8Array.of(0xfe, ...Array<number>(7).fill(0xff)));
    assert.equal(guest.writeU64(size - 7, 0n), false);
  }
  // Addresses and lengths have no sign.
  assert.deepEqual(
    [guest.read(-1, 1), guest.read(0, -1), guest.readU32(-4)],
    [undefined, undefined, undefined],
  );
  const copy = guest.read(0, 1)!;
  copy[0] = 9;
  assert.deepEqual(guest.read(0, 1), Uint8Array.of(0));
});

interface Machine {
  readonly guest: GuestMemory;
  readonly lines: string[];
  readonly call: (name: string, ...args: (number | bigint)[]) => unknown;
}

function machine(polls = true): Machine {
  const guest = new GuestMemory(new WebAssembly.Memory({ initial: 1 }));
  const lines: string[] = [];
  const vm = {
    guest,
    options: { environment: ["A=1", "BC="] },
    context: { logPrefix: "p", id: 5 },
    environment: {
      loop: new VirtualLoop(1_700_000_000_123),
      log: (entry: Record<string, unknown>) =>
        lines.push(
          `${entry["level"] as string} ${entry["from"] as string} ${entry["contextId"] as number} ${entry["message"] as string}`,
        ),
      rules: { polls },
      random: (bytes: Uint8Array) => bytes.fill(7),
    },
  };
  return { guest, lines, call: (name, ...args) => wasi.get(name)!(vm as never, ...(args as never[])) };
}

const [ok, badFile, notFolder, fault, invalid, noEntry, noSystem, unsupported] = [
  0, 8, 20, 21, 28, 44, 52, 58,
];
const end = SIZE - 2;

test("what a module exports has its function's type, or none", () => {
  const { imports, exports } = readModule(
    assemble(`(import "env" "memory" (memory 1)) (import "env" "log" (func $log (param i64) (result i32)))
      (global (export "number") i32 (i32.const 7)) (export "memory" (memory 0)) (export "log" (func $log))
      (func (export "own") (param i32 i32))`),
  );
  assert.deepEqual(imports.map(({ name, kind, type }) => [name, kind, type]).sort(), [
    ["log", "function", "i64 -> i32"],
    ["memory", "memory", ""],
  ]);
  assert.deepEqual(exports.map(({ name, kind, type }) => [name, kind, type]).sort(), [
    ["log", "function", "i64 -> i32"],
    ["memory", "memory", ""],
    ["number", "global", ""],
    ["own", "function", "i32 i32 -> void"],
  ]);
});

test("WASI: the environment's size and texts", () => {
  const { guest, call } = machine();
  assert.equal(call("environ_sizes_get", 8, 12), ok);
  assert.deepEqual([guest.readU32(8), guest.readU32(12)], [2, 8]);
  assert.equal(call("environ_get", 16, 100), ok);
  assert.deepEqual([guest.readU32(16), guest.readU32(20)], [100, 104]);
  assert.equal(guest.readText(100, 8), "A=1\0BC=\0");
  assert.deepEqual([call("environ_sizes_get", end, 0), call("environ_sizes_get", 0, end)], [fault, fault]);
  assert.deepEqual([call("environ_get", end, 0), call("environ_get", 0, end)], [fault, fault]);
  guest.writeU32(8, 9);
  assert.equal(call("args_sizes_get", 8, 12), ok);
  assert.deepEqual([guest.readU32(8), guest.readU32(12)], [0, 0]);
  assert.deepEqual([call("args_sizes_get", end, 0), call("args_sizes_get", 0, end)], [fault, fault]);
});

test("WASI: clocks, and random bytes", () => {
  const { guest, call } = machine();
  for (const clock of [0, 1]) {
    assert.equal(call("clock_time_get", clock, 0n, 8), ok);
    const [low, high] = [guest.readU32(8)!, guest.readU32(12)!];
    assert.equal((BigInt(high) << 32n) | BigInt(low), 1_700_000_000_123_000_000n);
    assert.equal(call("clock_res_get", clock, 16), ok);
    assert.deepEqual([guest.readU32(16), guest.readU32(20)], [1, 0]);
    assert.deepEqual(
      [call("clock_time_get", clock, 0n, end), call("clock_res_get", clock, end)],
      [fault, fault],
    );
  }
  for (const clock of [2, 3, -1])
    assert.deepEqual(
      [call("clock_time_get", clock, 0n, 8), call("clock_res_get", clock, 8)],
      [unsupported, unsupported],
    );
  assert.equal(call("random_get", 30, 3), ok);
  assert.deepEqual(guest.read(29, 5), Uint8Array.of(0, 7, 7, 7, 0));
  assert.deepEqual([call("random_get", end, 0), call("random_get", end, 3)], [ok, fault]);
  assert.deepEqual([call("random_get", 0, 65536), call("random_get", 0, 65537)], [ok, invalid]);
  assert.equal(call("random_get", 0, -1), invalid);
});

test("WASI: what is written to standard output and error is a line of the log", () => {
  const { guest, lines, call } = machine();
  guest.write(100, new Uint8Array(Buffer.from("one é\n\n")));
  guest.writeU32(0, 100);
  guest.writeU32(4, 4);
  guest.writeU32(8, 104);
  guest.writeU32(12, 4);
  assert.equal(call("fd_write", 1, 0, 2, 40), ok);
  assert.equal(guest.readU32(40), 8);
  assert.equal(call("fd_write", 2, 8, 1, 40), ok);
  assert.equal(call("fd_pwrite", 1, 0, 1, 0n, 44), ok);
  assert.equal(guest.readU32(44), 4);
  assert.deepEqual(lines, ["info p 5 one é\n", "error p 5 é\n", "info p 5 one "]);
  lines.length = 0;
  assert.equal(call("fd_write", 1, 0, 0, 40), ok);
  assert.equal(guest.readU32(40), 0);
  assert.deepEqual([call("fd_write", 0, 0, 1, 40), call("fd_write", 3, 0, 1, 40)], [badFile, badFile]);
  assert.deepEqual([call("fd_write", 1, end, 1, 40), call("fd_write", 1, SIZE - 4, 1, 40)], [fault, fault]);
  guest.writeU32(0, SIZE);
  assert.equal(call("fd_write", 1, 0, 1, 40), fault);
  assert.deepEqual(lines, []);
  assert.equal(call("fd_write", 1, 8, 1, end), fault);
});

test("WASI: standard output and error are devices that can be written, other files are none", () => {
  const { guest, call } = machine();
  const files = ["fd_allocate", "fd_datasync", "fd_fdstat_set_rights", "fd_filestat_set_size"];
  for (const name of [...files, "fd_filestat_set_times", "fd_sync"])
    assert.deepEqual(
      [0, 1, 2, 3].map((fd) => call(name, fd)),
      [badFile, ok, ok, badFile],
      name,
    );
  for (const fd of [1, 2]) {
    guest.write(0, new Uint8Array(24).fill(9));
    assert.equal(call("fd_fdstat_get", fd, 0), ok);
    const stat = new Uint8Array(25);
    stat[0] = 2;
    stat[8] = 64;
    assert.deepEqual(guest.read(0, 25), stat);
    guest.write(0, new Uint8Array(9).fill(9));
    assert.equal(call("fd_tell", fd, 0), ok);
    assert.deepEqual(guest.read(0, 9), Uint8Array.of(...Array<number>(8).fill(0), 9));
    assert.deepEqual([call("fd_fdstat_get", fd, SIZE - 23), call("fd_tell", fd, SIZE - 7)], [fault, fault]);
  }
  assert.deepEqual([call("fd_fdstat_get", 0, 0), call("fd_tell", 3, 0)], [badFile, badFile]);
  assert.deepEqual(
    [
      [1, 2],
      [2, 1],
      [1, 3],
      [0, 2],
    ].map(([from, to]) => call("fd_renumber", from!, to!)),
    [unsupported, unsupported, badFile, badFile],
  );
});

test("WASI: what there is not answers in a way of its own, with zeros where results would be", () => {
  const { guest, call } = machine();
  for (const [status, names] of [
    [ok, ["args_get", "fd_seek", "fd_close", "fd_advise", "sched_yield"]],
    [badFile, ["fd_filestat_get", "fd_prestat_get"]],
    [noEntry, ["path_open"]],
    [noSystem, ["fd_read"]],
    [
      unsupported,
      [
        ...["path_create_directory", "path_filestat_get", "path_filestat_set_times", "path_link"],
        ...["path_remove_directory", "path_rename", "path_symlink", "path_unlink_file", "sock_shutdown"],
      ],
    ],
    [undefined, ["proc_exit"]],
  ] as const)
    for (const name of names) assert.equal(call(name, 1, 2, 3), status, name);
  for (const [name, status, bytes, before] of [
    ["fd_readdir", notFolder, 4, [1, 2, 3, 0n]],
    ["path_readlink", unsupported, 4, [1, 2, 3, 4, 5]],
    ["sock_accept", unsupported, 8, [1, 2]],
    ["sock_send", unsupported, 4, [1, 2, 3, 4]],
    ["poll_oneoff", ok, 4, [1, 2, 3]],
  ] as const) {
    guest.write(0, new Uint8Array(9).fill(9));
    assert.equal(call(name, ...before, 0), status, name);
    assert.deepEqual(
      guest.read(0, 9),
      Uint8Array.from({ length: 9 }, (_, index) => (index < bytes ? 0 : 9)),
      name,
    );
    assert.equal(call(name, ...before, end), fault, name);
  }
  guest.write(0, new Uint8Array(9).fill(9));
  assert.equal(call("sock_recv", 1, 2, 3, 4, 0, 4), unsupported);
  assert.deepEqual(guest.read(0, 9), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 9));
  assert.deepEqual(
    [call("sock_recv", 1, 2, 3, 4, end, 0), call("sock_recv", 1, 2, 3, 4, 0, end)],
    [fault, fault],
  );
  assert.equal(machine(false).call("poll_oneoff", 1, 2, 3, end), noSystem);
});

test("what may be called before a module is ready", () => {
  for (const name of [
    "fd_close",
    "fd_read",
    "fd_seek",
    "path_open",
    "proc_exit",
    "sched_yield",
    "env.proxy_done",
  ])
    assert.ok(!allowedAtStart.has(name), name);
  for (const name of ["env.proxy_log", "env.emscripten_notify_memory_growth", "fd_write", "random_get"])
    assert.ok(allowedAtStart.has(name), name);
  const log = ["env.emscripten_notify_memory_growth", "env.proxy_log"];
  assert.deepEqual([...allowedInAllocator], [...log, "fd_write", "clock_time_get", "poll_oneoff"]);
  for (const name of ["env.proxy_log", "clock_time_get", "environ_get", "poll_oneoff"])
    assert.ok(!allowedInStartSection.has(name), name);
  // Each is a function that there is.
  const all = new Set(
    importNames("0.2.1").map(([module, name]) => (module === "env" ? `env.${name}` : name)),
  );
  for (const name of [...allowedAtStart, ...allowedInAllocator, ...allowedInStartSection])
    assert.ok(all.has(name), name);
});

test("functions have their types by the ABI's version", () => {
  for (const [version, name, type] of [
    ["0.2.1", "proxy_log", "i32 i32 i32 -> i32"],
    ["0.2.1", "proxy_done", "void -> i32"],
    ["0.2.1", "proxy_get_log_level", "i32 -> i32"],
    ["0.2.0", "proxy_get_log_level", undefined],
    ["0.1.0", "proxy_continue_request", "void -> i32"],
    ["0.2.0", "proxy_continue_request", undefined],
  ] as const)
    assert.equal(importType(version, "env", name), type, `${version} ${name}`);
  for (const module of ["wasi_snapshot_preview1", "wasi_unstable"])
    assert.equal(importType("0.2.1", module, "fd_write"), "i32 i32 i32 i32 -> i32");
  for (const module of ["wasi", "js"]) assert.equal(importType("0.2.1", module, "fd_write"), undefined);
  assert.equal(exportType("0.1.0", "proxy_on_request_headers"), "i32 i32 -> i32");
  assert.equal(exportType("0.1.0", "proxy_on_response_headers"), "i32 i32 -> i32");
  assert.equal(exportType("0.2.0", "proxy_on_request_headers"), "i32 i32 i32 -> i32");
  assert.equal(exportType("0.1.0", "proxy_on_foreign_function"), undefined);
  assert.equal(exportType("0.2.1", "proxy_on_foreign_function"), "i32 i32 i32 -> void");
  assert.equal(exportType("0.2.1", "other"), undefined);
});

test("an import that is missing has a remedy by its module and name", () => {
  for (const [module, name, remedy] of [
    [
      "env",
      "proxy_continue_request",
      /^It belongs to ABI 0\.1\.0, and this module is built for 0\.2\.1: use one SDK's/,
    ],
    ["env", "abort", /^It is AssemblyScript's own: let your asconfig\.json extend/],
    ["env", "console.log", /^It is AssemblyScript's own/],
    ["env", "Math.random", /^It is AssemblyScript's own/],
    ["env", "aborted", /^Envoy 1\.40 has no such function: take out what calls it\.$/],
    ["wasi_snapshot_preview1", "nope", /^Envoy has no such function of WASI/],
    ["js", "abort", /^Envoy gives modules functions of .* alone: take out the imports of "js"\.$/],
  ] as const)
    assert.match(missingImport("0.2.1", module, name), remedy);
  assert.match(
    missingImport("0.1.0", "env", "proxy_continue_stream"),
    /^It belongs to ABI 0\.2\.0 and 0\.2\.1, and/,
  );
});

test("a call as text: its direction, its numbers without a sign, and its result", () => {
  const call = {
    into: "module",
    from: "",
    name: "f",
    arguments: [-1, -1n, 5],
    isOver: false,
    result: undefined,
  } as const;
  assert.equal(callText(call), "[host->vm] f(4294967295, 18446744073709551615, 5)");
  assert.equal(callText({ ...call, into: "host", from: "env", arguments: [] }), "[vm->host] env.f()");
  assert.equal(callText({ ...call, isOver: true }), "[host<-vm] f return: void");
  assert.equal(
    callText({ ...call, into: "host", from: "env", isOver: true, result: 0 }),
    "[vm<-host] env.f return: 0",
  );
  assert.deepEqual([unsigned(-2), unsigned(2n ** 64n)], ["4294967294", "0"]);
});

test("a trap's functions are read from the engine's stack, and told as Envoy tells them", () => {
  const error = new Error("x");
  error.stack = [
    "RuntimeError: unreachable",
    "    at assembly/index/f (wasm://wasm/module-1a2b:wasm-function[3]:0x1f0)",
    "    at module.assembly/index/g (wasm://wasm/1a2b:wasm-function[12]:0x20)",
    "    at wasm://wasm/1a2b:wasm-function[4]:0x10",
    "    at call (file:///host.js:1:2)",
  ].join("\n");
  const frames = framesOf(error, 16);
  assert.deepEqual(frames, [
    { index: 3, offset: 0x1e0, name: "assembly/index/f" },
    { index: 12, offset: 0x10, name: "assembly/index/g" },
    { index: 4, offset: 0, name: undefined },
  ]);
  assert.deepEqual(backtrace(frames), [
    "Proxy-Wasm plugin in-VM backtrace:",
    ...["  0:  0x1e0 - assembly/index/f", "  1:  0x10 - assembly/index/g", "  2:  0x0 - wasm-function[4]"],
  ]);
  assert.deepEqual(
    [backtrace([]), framesOf("text", 0), framesOf(Object.assign(new Error(), { stack: undefined }), 0)],
    [[], [], []],
  );
  assert.deepEqual([describe(new TypeError("a")), describe("b")], ["TypeError: a", "b"]);
});

test("the last data and the end are one event, when the end comes at once", async () => {
  const told: string[] = [];
  const joiner = new EndJoiner((bytes, isEnd) => told.push(`${Buffer.from(bytes).toString()} ${isEnd}`));
  joiner.data(Buffer.from("a"));
  joiner.data(Buffer.from("b"));
  assert.deepEqual(told, ["a false"]);
  joiner.end();
  assert.deepEqual(told, ["a false", "b true"]);
  joiner.data(Buffer.from("c"));
  await until(() => told.length === 3);
  joiner.end();
  joiner.flush(true);
  assert.deepEqual(told.slice(2), ["c false", " true"]);
});

test("failures of a connection in Envoy's words, and Node's flat lists as pairs", () => {
  const reason = (code?: string): string =>
    resetReason(Object.assign(new Error(), code === undefined ? {} : { code }));
  for (const code of ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "ETIMEDOUT", "EAI_AGAIN"])
    assert.equal(reason(code), "remote connection failure", code);
  assert.equal(reason("HPE_INVALID_VERSION"), "protocol error");
  for (const code of ["ECONNRESET", "XHPE_", undefined]) assert.equal(reason(code), "connection termination");
  assert.deepEqual(pairsOf(["A", "B", "c", "D"]), [
    ["a", "B"],
    ["c", "D"],
  ]);
  assert.deepEqual(pairsOf([]), []);
});
