/** AssemblyScript without the SDK's build: plain exported functions, called from Node. */
import { readFileSync } from "node:fs";
import { instantiateSync } from "@assemblyscript/loader";
import { compileFilter } from "./compile.js";

/** What a module takes and answers: texts, bytes, lists of texts, numbers. */
export type Value = string | Uint8Array | readonly string[] | number | bigint | boolean;

export interface PlainModule {
  /** Calls a function that answers a text. */
  text(name: string, ...parameters: Value[]): string;
  /** Calls a function that answers a list of texts; null for texts that are null. */
  texts(name: string, ...parameters: Value[]): (string | null)[];
  /** Calls a function that answers a number; a reference is its address. */
  number(name: string, ...parameters: Value[]): number;
  /** The size of the module's memory in bytes. */
  memorySize(): number;
}

/**
 * Compiles the file `entry` (from the repository's top folder) and starts it. It exports `BYTES` and `TEXTS`, the ids of
 * `Uint8Array` and `Array<string>`, when it takes such.
 */
export async function startPlainModule(entry: string): Promise<PlainModule> {
  const options = ["--config=none", "--runtime=minimal", "--exportRuntime", "--use=abort=", "-O3"];
  const file = await compileFilter(entry, { options });
  const { exports } = instantiateSync<Record<string, unknown>>(readFileSync(file), {});
  const { __newString, __newArray, __getString, __getArray, __pin, __unpin, __collect, memory } = exports;

  const lower = (value: Value): number | bigint | boolean => {
    if (typeof value === "string") return __pin(__newString(value));
    if (value instanceof Uint8Array) return __pin(__newArray(id("BYTES"), value));
    if (typeof value === "object") {
      const texts = value.map((text) => __pin(__newString(text)));
      const list = __pin(__newArray(id("TEXTS"), texts));
      for (const text of texts) __unpin(text);
      return list;
    }
    return value;
  };
  const id = (name: string): number => (exports[name] as { value: number }).value;

  const call = <T>(name: string, parameters: readonly Value[], lift: (result: number) => T): T => {
    const lowered = parameters.map(lower);
    const result = lift((exports[name] as (...all: unknown[]) => number)(...lowered));
    for (const [index, parameter] of parameters.entries())
      if (typeof parameter === "object" || typeof parameter === "string") __unpin(lowered[index] as number);
    __collect();
    return result;
  };

  return {
    text: (name, ...parameters) => call(name, parameters, (result) => __getString(result)),
    texts: (name, ...parameters) =>
      call(name, parameters, (result) =>
        __getArray(result).map((text) => (text === 0 ? null : __getString(text))),
      ),
    number: (name, ...parameters) => call(name, parameters, (result) => result),
    memorySize: () => (memory as WebAssembly.Memory).buffer.byteLength,
  };
}
