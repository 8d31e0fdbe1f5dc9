/** Compiles a plain module of tests/std/filters, and calls its exports with strings and byte arrays. */
import { type ASUtil, instantiateSync } from "@assemblyscript/loader";
import { runAsc } from "../../scripts/compilers.js";
import { root } from "../support/paths.js";

/** What exports take and answer here; strings and Uint8Arrays are copied. */
export type Value = string | Uint8Array | number | bigint | boolean | null;
type Exports = Record<string, (...values: (number | bigint)[]) => number | bigint>;

/** The module `tests/std/filters/<name>.ts`, compiled as a release build without the users' configuration. */
async function compile(name: string, options: readonly string[]): Promise<Uint8Array> {
  const entry = `tests/std/filters/${name}.ts`;
  const parameters = [
    entry,
    "--outFile=module.wasm",
    "--config=none",
    "--runtime=minimal",
    "--exportRuntime",
    "--use=PROXY_WASM_AS=1",
    "-O3",
    "--shrinkLevel=2",
    `--baseDir=${root}`,
    ...options,
  ];
  const { message, files } = await runAsc(parameters);
  const binary = files.find(([file]) => file.endsWith(".wasm"))?.[1];
  if (binary === undefined) throw new Error(`${entry} does not compile:\n${message}`);
  return binary;
}

export class Module {
  private debt = 0;

  private constructor(
    readonly exports: ASUtil & Exports,
    private readonly bytesId: number,
  ) {}

  static async load(
    name: string,
    imports: Record<string, Record<string, unknown>> = {},
    options: readonly string[] = [],
    change: (binary: Uint8Array) => Uint8Array = (binary) => binary,
  ): Promise<Module> {
    const binary = change(await compile(name, options));
    const { exports } = instantiateSync<Exports>(binary, imports);
    const id = (exports as unknown as Record<string, { valueOf(): number }>)["u8ArrayId"];
    return new Module(exports, id === undefined ? 0 : Number(id.valueOf()));
  }

  private enter(value: Value): number | bigint {
    if (typeof value === "string") return this.exports.__pin(this.exports.__newString(value));
    if (value instanceof Uint8Array) return this.exports.__pin(this.exports.__newArray(this.bytesId, value));
    if (value === null) return 0;
    return typeof value === "bigint" ? value : Number(value);
  }

  /** Calls an export; collects garbage now and then, as the SDK does between callbacks. */
  number(name: string, ...values: Value[]): number {
    for (const value of values)
      this.debt += 64 + (typeof value === "object" || typeof value === "string" ? (value?.length ?? 0) : 0);
    if (this.debt > 1 << 18) this.collect();
    const entered = values.map((value) => this.enter(value));
    const result = Number(this.exports[name]!(...entered));
    values.forEach((value, i) => {
      if (typeof value === "string" || value instanceof Uint8Array)
        this.exports.__unpin(entered[i] as number);
    });
    return result;
  }

  collect(): void {
    this.exports.__collect();
    this.debt = 0;
  }

  /** The size of the module's memory. */
  get size(): number {
    return this.exports.memory!.buffer.byteLength;
  }

  text(name: string, ...values: Value[]): string | null {
    const result = this.number(name, ...values);
    return result === 0 ? null : this.exports.__getString(result);
  }

  bytes(name: string, ...values: Value[]): Buffer | null {
    const result = this.number(name, ...values);
    return result === 0 ? null : Buffer.from(this.exports.__getUint8Array(result));
  }

  /** The elements of an array of texts; none for null. */
  texts(name: string, ...values: Value[]): (string | null)[] {
    const result = this.number(name, ...values);
    if (result === 0) return [];
    return this.exports
      .__getArray(result)
      .map((text) => (text === 0 ? null : this.exports.__getString(text)));
  }
}
