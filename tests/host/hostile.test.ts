/**
 * Modules that mean no good, or are broken: a clear error, and the host lives on. `loading.test.ts` has those that do
 * not load, `every-call.test.ts` bad addresses.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "binaryen";
import { sectionsOf } from "../../src/wasm/reader.js";
import { EnvoyCrash, LoadError, TimeLimitExceeded, createHost } from "../../src/testing/index.js";

const marker = '(func (export "proxy_abi_version_0_2_1"))';
const allocator = '(func (export "malloc") (param i32) (result i32) (i32.const 1024))';
const memory = '(memory (export "memory") 1)';

/** A module of these parts, beside what every module needs. */
function wat(parts: string, { base = `${marker}${allocator}${memory}`, imports = "" } = {}): Uint8Array {
  const module = binaryen.parseText(`(module ${imports} ${base} ${parts})`);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

const log = '(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))';
const headersCallback = (body: string, locals = ""): string =>
  `(func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) ${locals} ${body})`;

async function refusal(wasm: Uint8Array): Promise<string> {
  try {
    await createHost({ wasm });
  } catch (error) {
    assert.ok(error instanceof LoadError, String(error));
    assert.match(error.remedy, /^[A-Z].*[a-z].*\.$/, "what to do, in a sentence");
    return error.reason;
  }
  throw new Error("the module was accepted");
}

/** Where the sections of a module end: cut there, it is a module that lacks what follows. */
function borders(module: Uint8Array): number[] {
  const ends = [8];
  for (const { bytes } of sectionsOf(module)) ends.push(ends.at(-1) + bytes.length);
  return ends;
}

test("hostile: what is no module, or an incomplete one", async () => {
  const whole = wat(headersCallback("(i32.const 0)"));
  const ends = borders(whole);
  assert.equal(ends.at(-1), whole.length);
  for (let length = 0; length < whole.length; length++) {
    const reason = await refusal(whole.subarray(0, length));
    if (length > 8 && !ends.includes(length)) assert.match(reason, /corrupted/, `cut at ${length}`);
    // Behind a section it is a module, in which something that it needs is not there.
    else assert.match(reason, /corrupted|ABI version|malloc|^The plugin failed to load$/, `cut at ${length}`);
  }
  assert.equal((await (await createHost({ wasm: whole })).request()).status, 200);
});

test("hostile: a module with one wrong byte is refused, or serves", async () => {
  const whole = wat(headersCallback("(i32.const 0)"));
  let refused = 0;
  for (let at = 0; at < whole.length; at++) {
    const flipped = Uint8Array.from(whole);
    flipped[at]! ^= 0xff;
    try {
      const host = await createHost({ wasm: flipped, mayFail: true });
      assert.ok([200, 503].includes((await host.request()).status), `byte ${at}`);
    } catch (error) {
      // Whatever else is thrown is a fault of the host.
      assert.ok(error instanceof LoadError || error instanceof EnvoyCrash, `byte ${at}: ${String(error)}`);
      refused++;
    }
  }
  assert.ok(refused > whole.length / 2, `${refused} of ${whole.length}`);
});

test("hostile: a bomb of memory is stopped at 1 GiB", async () => {
  const wasm = wat(
    headersCallback(
      "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 1024)) (i32.const -1)))) (drop (call $log (i32.const 2) (i32.const 0) (i32.const 1))) (i32.const 0)",
    ),
    { imports: log },
  );
  const host = await createHost({ wasm });
  assert.equal((await host.request()).status, 200);
  assert.equal(host.messages.length, 1);
  await assert.rejects(
    createHost({ wasm: wat("", { base: `${marker}${allocator}(memory (export "m") 16385)` }) }),
    LoadError,
  );
});

test("hostile: an allocator that calls the host, traps, or lies", async () => {
  const get =
    '(import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))(import "env" "proxy_set_effective_context" (func $eff (param i32) (result i32)))';
  const read = headersCallback(
    "(drop (call $log (i32.const 2) (i32.const 0) (call $get (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 64) (i32.const 68)))) (i32.const 0)",
  );
  const data = '(data (i32.const 0) ":path and more")';
  const withAllocator = (body: string): Uint8Array =>
    wat(`${read}${data}`, {
      imports: log + get,
      base: `${marker}${memory}(func (export "malloc") (param i32) (result i32) ${body})`,
    });
  for (const body of ["(call $eff (i32.const 1))", "(unreachable)"]) {
    const host = await createHost({ mayFail: true, wasm: withAllocator(body) });
    const response = await host.request();
    assert.equal(response.status, 503, "the guest goes on to the end of its callback, then the stream fails");
    assert.equal(host.messages[0]!.length, 6, "the host function answers InvalidMemoryAccess");
  }
  for (const body of ["(i32.const 0)", "(i32.const -8)"]) {
    const host = await createHost({ wasm: withAllocator(body) });
    assert.equal((await host.request()).status, 200);
    assert.equal(host.messages[0]!.length, 6);
  }
});

test("hostile: endless recursion is a trap like others, and the host lives on", async () => {
  const wasm = wat(`(func $deep (call $deep)) ${headersCallback("(call $deep) (i32.const 0)")}`);
  const host = await createHost({ wasm, mayFail: true });
  assert.equal((await host.request()).status, 503);
  assert.ok(host.logs.some(({ message }) => message.includes("Maximum call stack size exceeded")));
  const other = await createHost({ wasm: wat(headersCallback("(i32.const 0)")) });
  assert.equal((await other.request()).status, 200);
});

test("hostile: where Envoy would crash, a host that is told to survive goes on", async () => {
  const wasm = wat(
    '(func (export "proxy_on_log") (param i32) (drop (call $local (i32.const 403) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const -1))))',
    {
      imports:
        '(import "env" "proxy_send_local_response" (func $local (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))',
    },
  );
  const strict = await createHost({ wasm });
  await assert.rejects(strict.request(), /Envoy 1\.40 crashes here: proxy_send_local_response in on_log/);
  const host = await createHost({ wasm, survive: true });
  assert.equal((await host.request()).status, 200);
  assert.ok(host.logs.some(({ level, message }) => level === "critical" && message.includes("crashes here")));
});

test("hostile: an endless loop ends at the time limit that a test sets", async () => {
  const endless = "(loop $again (br $again))";
  const host = await createHost({ wasm: wat(headersCallback(`${endless} (i32.const 0)`)), timeLimit: 100 });
  await assert.rejects(host.request(), TimeLimitExceeded);
  await assert.rejects(host.request(), TimeLimitExceeded);
  const start = wat(
    `(func (export "proxy_on_vm_start") (param i32 i32) (result i32) ${endless} (i32.const 1))`,
  );
  await assert.rejects(createHost({ wasm: start, timeLimit: 100 }), TimeLimitExceeded);
  const other = await createHost({ wasm: wat(headersCallback("(i32.const 0)")), timeLimit: 1000 });
  assert.equal((await other.request()).status, 200);
});
