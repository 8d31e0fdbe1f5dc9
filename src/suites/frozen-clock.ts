import { readFileSync } from "node:fs";

/**
 * The module in `file`, with a clock that stands still: a real host's cannot be stopped, so the host's function is replaced
 * by one inside the module. Nothing else of the module changes.
 */
export async function freezeClock(file: string, seconds: number): Promise<Uint8Array> {
  const { default: binaryen } = await import("binaryen").catch(() => {
    throw new Error(
      "env.time_secs needs binaryen, which assemblyscript brings along: npm install assemblyscript",
    );
  });
  const module = binaryen.readBinary(readFileSync(file));
  try {
    const { low, high } = split(BigInt(seconds) * 1_000_000_000n);
    for (let i = module.getNumFunctions() - 1; i >= 0; i--) {
      const { name, module: from, base } = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
      const isProxy = from === "env" && base === "proxy_get_current_time_nanoseconds";
      const isWasi = from?.startsWith("wasi") === true && base === "clock_time_get";
      if (!isProxy && !isWasi) continue;
      const { i32, i64 } = module;
      const params = isProxy ? [binaryen.i32] : [binaryen.i32, binaryen.i64, binaryen.i32];
      const address = i32.add(i32.const(0), module.local.get(params.length - 1, binaryen.i32));
      const store = i64.store(0, 1, address, i64.const(low, high), "0");
      module.removeFunction(name);
      const body = module.block(null, [store, i32.const(0)], binaryen.i32);
      module.addFunction(name, binaryen.createType(params), binaryen.i32, [], body);
    }
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

function split(value: bigint): { low: number; high: number } {
  return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)) };
}
