/**
 * Starts the compiled module once, as a host does when it loads it: `_initialize` runs what stands at the top of files. It asks
 * the host for nothing but the environment, so what it does here it does everywhere.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";

/** How the start went: what the module called that hosts do not allow yet, or why it trapped. */
export interface Start {
  readonly forbidden?: string;
  readonly trap?: string;
}

/** The host functions that a module may call while the VM starts. */
export const ALLOWED: ReadonlySet<string> = new Set(["proxy_log", "environ_sizes_get", "environ_get"]);

/** Thrown by host functions that are not allowed yet. */
class Forbidden extends Error {
  constructor(readonly hostFunction: string) {
    super(hostFunction);
  }
}

/** Starts the module with a host that allows what all hosts do. */
export function tryStart(module: binaryenTypes.Module): Start {
  let compiled: WebAssembly.Module;
  try {
    compiled = new WebAssembly.Module(
      (module as unknown as { emitBinary(): Uint8Array<ArrayBuffer> }).emitBinary(),
    );
  } catch {
    return {}; // asc validates the module and says what is wrong with it
  }
  let memory: WebAssembly.Memory | undefined;
  let logged = "";
  const read = (address: number, size: number): string =>
    memory === undefined ? "" : new TextDecoder().decode(new Uint8Array(memory.buffer, address, size));
  const host =
    (name: string) =>
    (first: number, second: number, third: number): number => {
      if (!ALLOWED.has(name)) throw new Forbidden(name);
      if (name === "proxy_log") logged = read(second, third);
      else if (name === "environ_sizes_get" && memory !== undefined) {
        const view = new DataView(memory.buffer);
        view.setUint32(first, 0);
        view.setUint32(second, 0);
      }
      return 0;
    };
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(compiled))
    if (kind === "function") (imports[from] ??= {})[name] = host(name);
  try {
    const { exports } = new WebAssembly.Instance(compiled, imports);
    memory = exports["memory"] as WebAssembly.Memory;
    (exports["_initialize"] as (() => void) | undefined)?.();
  } catch (error) {
    if (error instanceof Forbidden) return { forbidden: error.hostFunction };
    if (error instanceof WebAssembly.LinkError) return {};
    const reason = logged.startsWith("abort: ")
      ? logged.slice("abort: ".length) || "an operation without a result, such as a division by zero"
      : String((error as Error).message);
    return { trap: reason };
  }
  return {};
}
