import { createHash } from "node:crypto";
import { exportType } from "../host/abi/signatures.js";
import type { AbiVersion } from "../host/abi/signatures.js";
import { LoadError, readModule } from "../host/index.js";
import type { ModuleInfo } from "../host/index.js";
import { readContents } from "./binary.js";
import type { Contents, FunctionSize, Memory, Section } from "./binary.js";
import { readCode } from "./code.js";
import type { Code } from "./code.js";
import type { FunctionNames, HeldModule } from "./hosts.js";
import { lint, startVaries } from "./lint.js";
import type { Finding } from "./lint.js";
import { tryModule } from "./trial.js";

/** A function or other thing that passes the module's border. Types are written `i32 i64 -> i32`. */
export interface Crossing {
  readonly name: string;
  readonly kind: string;
  readonly type: string;
}

/** All that can be said of a module without traffic. */
export interface Inspection {
  readonly bytes: number;
  readonly sha256: string;
  readonly abiVersion: AbiVersion | null;
  /** Tells whether Envoy 1.40 loads it: there is no finding of level "error". */
  readonly loads: boolean;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** Names as `env.proxy_log`. */
  readonly imports: readonly Crossing[];
  readonly exports: readonly Crossing[];
  /** Those exports that a host calls because of something that happens. */
  readonly callbacks: readonly string[];
  readonly memory: Memory | null;
  readonly sections: readonly Section[];
  /** The module's own functions, largest first. */
  readonly functions: readonly FunctionSize[];
  /** Features of WebAssembly beyond its first version; null when the code could not be read. */
  readonly features: readonly string[] | null;
  readonly producers: readonly string[];
}

/** Nobody can say anything of these bytes. */
export class NotWasm extends Error {
  override readonly name = "NotWasm";
}

/**
 * Looks into a module of any SDK, and starts it in the embedded host without traffic. Throws `NotWasm` for bytes that
 * are no module, with the reason.
 *
 * @example
 * const { loads, findings } = await inspect(readFileSync("build/plugin.wasm"));
 */
export async function inspect(bytes: Uint8Array): Promise<Inspection> {
  const { info, contents } = read(bytes);
  const code = await readCode(bytes, contents.importedFunctions);
  const subject = { bytes: bytes.length, info, contents, code };
  let findings = lint(subject);
  if (findings.every(({ level }) => level !== "error")) {
    const { stage, message } = await tryModule(bytes);
    // A function that ran in the trial runs in every host, unless the module asks the host for something first.
    if (stage !== "load" && !startVaries(subject))
      findings = findings.filter(({ rule }) => rule !== "initialize");
    if (stage === "load") findings.unshift({ level: "error", rule: "load", message });
    if (stage === "start")
      findings.push({
        level: "note",
        rule: "start",
        message: `without a configuration and root id it does not start: ${message}`,
      });
  }
  return describe(bytes, info, contents, code, findings);
}

/** Reads the parts of a module that `holdAgainst` needs. Throws as `inspect` does. */
export async function heldModule(bytes: Uint8Array, names?: FunctionNames): Promise<HeldModule> {
  const { info, contents } = read(bytes);
  const code = await readCode(bytes, contents.importedFunctions);
  return { bytes, info, contents, code, ...(names !== undefined && { names }) };
}

/** The same without reading the code and without starting the module, in a few milliseconds. */
export function outline(bytes: Uint8Array): Inspection {
  const { info, contents } = read(bytes);
  const findings = lint({ bytes: bytes.length, info, contents, code: undefined });
  return describe(bytes, info, contents, undefined, findings);
}

function describe(
  bytes: Uint8Array,
  info: ModuleInfo,
  contents: Contents,
  code: Code | undefined,
  findings: readonly Finding[],
): Inspection {
  return {
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    abiVersion: info.abiVersion ?? null,
    loads: findings.every(({ level }) => level !== "error"),
    findings,
    imports: info.imports.map(({ module, name, kind, type }) => ({ name: `${module}.${name}`, kind, type })),
    exports: info.exports.map(({ name, kind, type }) => ({ name, kind, type })),
    callbacks: info.exports
      .filter(({ name }) => /^(proxy_on_|envoy_on_)/.test(name) && name !== "proxy_on_memory_allocate")
      .filter(({ name }) => exportType(info.abiVersion ?? "0.2.1", name) !== undefined)
      .map(({ name }) => name),
    memory: contents.memories[0] ?? null,
    sections: contents.sections,
    functions: [...contents.functions].sort((a, b) => b.bytes - a.bytes),
    features: code === undefined ? null : [...code.features],
    producers: contents.producers,
  };
}

function read(bytes: Uint8Array): { info: ModuleInfo; contents: Contents } {
  if (bytes.length < 8 || bytes[0] !== 0 || Buffer.from(bytes.subarray(1, 4)).toString("latin1") !== "asm")
    throw new NotWasm("it does not begin like a WebAssembly module");
  if (bytes[4] !== 1) throw new NotWasm("it is a WebAssembly component, not a module");
  try {
    new WebAssembly.Module(bytes as BufferSource);
  } catch (error) {
    throw new NotWasm((error as Error).message.replace(/^WebAssembly\.Module\(\): /, ""));
  }
  try {
    return { info: readModule(bytes), contents: readContents(bytes) };
  } catch (error) {
    if (error instanceof LoadError) throw new NotWasm(error.reason);
    if (error instanceof RangeError) throw new NotWasm(error.message);
    throw error;
  }
}
