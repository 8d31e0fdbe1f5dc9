/** What a module may call while it starts: Envoy decides, and the embedded host answers the same. */
import assert from "node:assert/strict";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import binaryen from "binaryen";
import { EnvoyStartError } from "../../src/envoy/index.js";
import { wasiFunctions } from "../../src/host/abi/signatures.js";
import { Host, VirtualLoop } from "../../src/host/index.js";
import { envoyTest, startEnvoy } from "../support/envoy.js";

/** A module whose `_initialize` calls the functions of WASI. */
function moduleCalling(names: readonly string[]): Uint8Array {
  const module = new binaryen.Module();
  const calls = names.map((name) => {
    const [parameters, result] = wasiFunctions.get(name)!.split(" -> ") as [string, string];
    const types = parameters === "void" ? [] : parameters.split(" ");
    const resultType = result === "i32" ? binaryen.i32 : binaryen.none;
    const binaryenTypes = types.map((type) => (type === "i32" ? binaryen.i32 : binaryen.i64));
    const type = types.length === 0 ? binaryen.none : binaryen.createType(binaryenTypes);
    module.addFunctionImport(name, "wasi_snapshot_preview1", name, type, resultType);
    const zero = (type: string): number => (type === "i32" ? module.i32.const(16) : module.i64.const(0n));
    const call = module.call(name, types.map(zero), resultType);
    return resultType === binaryen.none ? call : module.drop(call);
  });
  const { none, i32 } = binaryen;
  const add = (name: string, parameters: number, result: number, body: number): void => {
    module.addFunction(name, parameters, result, [], body);
    module.addFunctionExport(name, name);
  };
  add("_initialize", none, none, module.block(null, calls));
  add("proxy_abi_version_0_2_1", none, none, module.nop());
  add("proxy_on_memory_allocate", i32, i32, module.i32.const(1024));
  module.setMemory(1, -1, "memory");
  return module.emitBinary();
}

const refused = ["fd_close", "fd_read", "fd_seek", "path_open", "proc_exit", "sched_yield"];
const allowed = [...wasiFunctions.keys()].filter((name) => !refused.includes(name));

async function inHost(wasm: Uint8Array): Promise<void> {
  await Host.start({ loop: new VirtualLoop(), clusters: {}, filters: [{ wasm }] });
}

async function inEnvoy(t: TestContext, wasm: Uint8Array): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "proxy-wasm-as-start-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "start.wasm"), wasm);
  await startEnvoy(t, { filters: [{ wasm: join(folder, "start.wasm") }] });
}

envoyTest(
  "_initialize may call all of WASI but what closes, reads, seeks, opens, yields or exits",
  async (t) => {
    const wasm = moduleCalling(allowed);
    await inHost(wasm);
    await inEnvoy(t, wasm);
  },
);

for (const name of refused)
  envoyTest(`_initialize may not call ${name}`, async (t) => {
    const wasm = moduleCalling([name]);
    const message = /Function: _initialize failed: Uncaught Error: restricted_callback/;
    await assert.rejects(inHost(wasm), message);
    await assert.rejects(inEnvoy(t, wasm), (error: unknown) => {
      assert.ok(error instanceof EnvoyStartError);
      assert.match(error.log, message);
      return true;
    });
  });
