/** Traces that nobody has written by `--record`: broken, huge, of wrong types, or meant to harm. */
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { LoadError, callText } from "../../src/host/index.js";
import { TraceReader, knownModule, mostTelling, replay } from "../../src/replay/index.js";
import type { Replayed, Trace } from "../../src/replay/index.js";
import { createHost } from "../../src/testing/index.js";
import { compileFilter } from "../support/compile.js";

let wasm: Uint8Array;
/** A trace of `--record`, and the same as Envoy would log it. */
let recorded: string[];
let logged: string[];

before(async () => {
  const file = await compileFilter("tests/places/filters/bugs.ts");
  wasm = readFileSync(file);
  const trace = join(tmpdir(), `proxy-wasm-as-hostile-${process.pid}.jsonl`);
  const calls: string[] = [];
  const host = await createHost({
    ...{ wasm: file, upstream: {}, mayFail: true, record: trace },
    onCall: (call) => void calls.push(callText(call)),
  });
  for (const path of ["/fine", "/divide", "/poke"])
    await host.request({ path, mayHang: true }).catch(() => undefined);
  await new Promise((done) => setImmediate(done));
  recorded = readFileSync(trace, "utf8").trimEnd().split("\n");
  rmSync(trace);
  logged = calls.map((call) => `[2026-11-23 01:23:13.316][7][trace][wasm] [wasm_vm.cc:39] ${call}`);
});

function read(text: string): Trace {
  const reader = new TraceReader(knownModule(wasm));
  reader.add(Buffer.from(text));
  return reader.end();
}

async function replayed(text: string): Promise<Replayed | undefined> {
  const vm = mostTelling(read(text));
  return vm === undefined ? undefined : await replay(vm, wasm);
}

/** Numbers that look random, the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

const nasty: readonly unknown[] = [
  ...[null, true, -1, 1.5, 1e999, 2 ** 53, "", "x", "18446744073709551615", "99999999999999999999"],
  ...[[], {}, [null], [[]], [-1], { base64: "%" }, { base64: 5 }, { u64: "x" }, { u64: "-1" }],
  ...["\x1b[31m", "__proto__", "constructor", "proxy_on_log", "env.proxy_log", Array(40).fill(1)],
];

test("a changed trace parts, ends or is no trace: never an error of the reader's or the host's own", async () => {
  const next = numbers(22);
  const ends = new Map<string, number>();
  for (let round = 0; round < 600; round++) {
    const lines = [...(round % 3 === 2 ? logged : recorded)];
    const said: string[] = [];
    for (let change = 0; change <= next(3); change++) {
      const at = next(lines.length);
      const line = lines[at]!;
      if (next(6) === 0) lines.splice(at, 1);
      else if (next(5) === 0) lines.splice(at, 0, lines[next(lines.length)]!);
      else if (next(4) === 0) lines[at] = line.slice(0, next(line.length));
      else if (line.startsWith("{")) {
        const content = JSON.parse(line) as Record<string, unknown>;
        const keys = [...Object.keys(content), "result", "handed", "passed", "call", "host"];
        const key = keys[next(keys.length)]!;
        const list = content[key];
        if (Array.isArray(list) && list.length > 0 && next(2) === 0)
          list[next(list.length)] = nasty[next(nasty.length)];
        else content[key] = nasty[next(nasty.length)];
        // JSON has no infinity, but a number may be too large for any other.
        lines[at] = JSON.stringify(content).replace(/null/, () => (next(2) === 0 ? "1e999" : "null"));
      } else lines[at] = line.replace(/\d+(?=\)$)/, () => String(nasty[next(10)]));
      said.push(lines[at] ?? "");
    }
    try {
      const result = await replayed(lines.join("\n"));
      ends.set(result?.end ?? "none", (ends.get(result?.end ?? "none") ?? 0) + 1);
      const text = JSON.stringify({ ...result, cutAt: undefined }, (key, value: unknown) =>
        key === "stack" ? undefined : typeof value === "bigint" ? String(value) : value,
      );
      assert.doesNotMatch(text, /TypeError|RangeError|SyntaxError|\\u001b/);
    } catch (error) {
      if (error instanceof LoadError) continue;
      throw new Error(`${String(error)}, with ${said.join("\nand  ")}`, { cause: error });
    }
  }
  for (const end of ["same", "parted", "cut"])
    assert.ok((ends.get(end) ?? 0) > 20, `${end}: ${ends.get(end)}`);
});

test("what a trace tells reaches no terminal as it is", async () => {
  const evil = "\x1b]0;owned\x07";
  const lines = recorded.map((line) => line.replaceAll("unreachable", evil));
  const failed = lines.findIndex((line) => line.includes('"failed"'));
  lines[failed] = JSON.stringify({
    ...(JSON.parse(lines[failed]!) as object),
    message: `Function: x failed: ${evil}`,
  });
  lines.splice(1, 0, JSON.stringify({ format: "proxy-wasm-as trace", version: evil }));
  lines.push(JSON.stringify({ vm: "1", call: `proxy_on_log${evil}`, args: [1] }));
  const trace = read(lines.join("\n"));
  assert.deepEqual(trace.notes, [
    "The trace does not tell its version; this proxy-wasm-as reads version 1.",
    "A line is no part of a trace, or cut.",
  ]);
  const told = JSON.stringify(trace.vms, (key, value: unknown) =>
    key === "passed" || key === "handed" ? undefined : value,
  );
  assert.doesNotMatch(told, /\\u001b|\\u0007/);
});

test("a trace is found behind other lines; its lines are counted from the file's first", () => {
  const banner = ["", "> my-first@1.0.0 test", "> proxy-wasm-as test"];
  for (const lines of [recorded, logged]) {
    const [plain, behind] = [read(lines.join("\n")), read([...banner, ...lines].join("\r\n"))];
    assert.equal(behind.vms.length, plain.vms.length);
    assert.equal(behind.vms[0]!.callbacks[0]!.line, plain.vms[0]!.callbacks[0]!.line + banner.length);
  }
  assert.equal(read(`\ufeff${recorded.join("\n")}`).by, "proxy-wasm-as");
});

test("versions of another time are told once; VMs without a call are none", () => {
  const later = Array<string>(1000).fill('{"format":"proxy-wasm-as trace","version":9}');
  assert.deepEqual(read(later.join("\n")), {
    by: "proxy-wasm-as",
    vms: [],
    notes: ["The trace has version 9; this proxy-wasm-as reads version 1."],
  });
  assert.deepEqual(read('{"vm":"1","size":7}\n{"vm":"2","return":"env.proxy_log","result":0}').vms, []);
});

test("lines of millions of characters cost no more than reading them, and too long ones are told", () => {
  const started = process.cpuUsage();
  for (const part of ["wasm log ", "Function: a failed: ", "[host->vm] a", "[vm<-host] a return: 1 ", "\t"])
    read(`${logged[0]}\n${part.repeat(2_000_000 / part.length)}\n${logged[1]}`);
  read(`${recorded[0]}\n${"[".repeat(2_000_000)}\n{"vm":"1","call":${"[".repeat(1_000_000)}`);
  const { user } = process.cpuUsage(started);
  assert.ok(user < 3e6, `${user / 1e6} s`);

  const reader = new TraceReader(knownModule(wasm));
  reader.add(Buffer.from(`${recorded.join("\n")}\n`));
  const piece = Buffer.alloc(1 << 20, "x");
  for (let i = 0; i < 70; i++) reader.add(piece);
  reader.add(Buffer.from("\n"));
  assert.deepEqual(reader.end().notes, ["A line is longer than 32 MiB and left out."]);
});

test("an allocation of any size in a log takes no memory", async () => {
  const lines = logged.map((line) =>
    line.includes("proxy_on_memory_allocate(") ? line.replace(/\(\d+\)/, "(99999999999)") : line,
  );
  assert.notDeepEqual(lines, logged);
  const result = await replayed(lines.join("\n"));
  assert.ok(result!.missing.some(({ size }) => size === 99999999999));
});
