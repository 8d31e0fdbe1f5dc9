import { readFileSync } from "node:fs";

/**
 * The module in `file`, with a clock that stands still: a real host's cannot be stopped, so the host's function is replaced
 * by one inside the module. Nothing else of the module changes.
 */
export async function freezeClock(file: string, seconds: number): Promise<Uint8Array> {
  const { default: binaryen } = await import("assemblyscript/binaryen").catch(() => {
    throw new Error("env.time_secs needs the compiler: npm install --save-dev assemblyscript@0.28");
  });
  const module = binaryen.readBinary(readFileSync(file));
  try {
    // Two halves: how i64 constants are passed differs between the versions of binaryen that asc brings along.
    const { low, high } = split(BigInt(seconds) * 1_000_000_000n);
    for (let i = module.getNumFunctions() - 1; i >= 0; i--) {
      const { name, module: from, base } = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
      const isProxy = from === "env" && base === "proxy_get_current_time_nanoseconds";
      const isWasi = from?.startsWith("wasi") === true && base === "clock_time_get";
      if (!isProxy && !isWasi) continue;
      const { i32 } = module;
      const params = isProxy ? [binaryen.i32] : [binaryen.i32, binaryen.i64, binaryen.i32];
      const address = (): number => module.local.get(params.length - 1, binaryen.i32);
      const stores = [
        i32.store(0, 1, address(), i32.const(low), "0"),
        i32.store(4, 1, address(), i32.const(high), "0"),
      ];
      module.removeFunction(name);
      const body = module.block(null, [...stores, i32.const(0)], binaryen.i32);
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
