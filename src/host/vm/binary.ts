/**
 * Reads of a module what `WebAssembly.Module` does not tell: the types of its functions.
 *
 * @module
 */
import { textOf } from "../abi/text.js";
import type { AbiVersion, Signature } from "../abi/signatures.js";
import { type Kind, type Limits, is64, readExports, readImports, readLimits } from "../../wasm/interface.js";
import { PREAMBLE, type Reader, SectionId, sectionsOf } from "../../wasm/reader.js";
import { Writer, unsigned } from "../../wasm/writer.js";
import { LoadError } from "./errors.js";
import { corrupted, noModule } from "./remedies.js";

export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: Kind;
  /** Of a function. */
  readonly type: Signature;
  /** Of a memory or table. */
  readonly limits: Limits | undefined;
}

export interface ModuleExport {
  readonly name: string;
  readonly kind: Kind;
  /** Of a function. */
  readonly type: Signature;
}

/** The parts of a module's binary that the host reads. */
export interface ModuleInfo {
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  readonly hasStart: boolean;
  /** By the marker that is exported first; undefined without one. */
  readonly abiVersion: AbiVersion | undefined;
  /** Tells whether its memory has addresses of 64 bits. */
  readonly has64: boolean;
  /** The module with its memory limited to what Envoy's V8 allows. */
  readonly binary: Uint8Array;
}

const valueTypes: Readonly<Record<number, string>> = {
  0x7f: "i32",
  0x7e: "i64",
  0x7d: "f32",
  0x7c: "f64",
  0x7b: "v128",
  0x70: "funcref",
  0x6f: "externref",
};

const versions: Readonly<Record<string, AbiVersion>> = {
  proxy_abi_version_0_1_0: "0.1.0",
  proxy_abi_version_0_2_0: "0.2.0",
  proxy_abi_version_0_2_1: "0.2.1",
};

/** Envoy starts V8 with `--wasm_max_mem_pages=16384`: 1 GiB. */
export const MAX_PAGES = 16384;

/** Reads a module; throws `LoadError` with Envoy's words when it is none. */
export function readModule(bytes: Uint8Array): ModuleInfo {
  if (bytes.length === 0) throw new LoadError("The plugin failed to load", noModule);
  // Envoy looks at the first bytes of longer files alone.
  if (bytes.length < PREAMBLE) throw new LoadError("Missing or unknown Proxy-Wasm ABI version", noModule);
  if (textOf(bytes.subarray(0, 4)) !== "\0asm")
    throw new LoadError("Failed to parse corrupted Wasm module", noModule);
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw new LoadError("Failed to parse corrupted Wasm module", corrupted);
    throw error;
  }
}

function read(bytes: Uint8Array): ModuleInfo {
  const types: Signature[] = [];
  const functions: Signature[] = [];
  const imports: ModuleImport[] = [];
  const exports: ModuleExport[] = [];
  const limited = new Writer().add(bytes.subarray(0, PREAMBLE));
  let hasStart = false;
  let has64 = false;
  for (const { id, bytes: all, content } of sectionsOf(bytes)) {
    let copy = all;
    if (id === SectionId.Type) readTypes(content, types);
    else if (id === SectionId.Import)
      for (const { module, name, kind, type: index, limits } of readImports(content)) {
        const type = kind === "function" ? (types[index] ?? "unknown") : "";
        imports.push({ module, name, kind, type, limits });
        if (kind === "function") functions.push(type);
      }
    else if (id === SectionId.Function)
      functions.push(...content.list(() => types[content.uint()] ?? "unknown"));
    else if (id === SectionId.Memory) {
      const limited = limitMemories(content);
      has64 ||= limited === "64 bits";
      if (limited instanceof Uint8Array) copy = limited;
    } else if (id === SectionId.Export)
      for (const { name, kind, index } of readExports(content))
        exports.push({ name, kind, type: kind === "function" ? (functions[index] ?? "unknown") : "" });
    else if (id === SectionId.Start) hasStart = true;
    limited.add(copy);
  }
  const marker = exports.find(({ name, kind }) => kind === "function" && versions[name] !== undefined);
  const abiVersion = marker === undefined ? undefined : versions[marker.name];
  return { imports, exports, hasStart, abiVersion, has64, binary: limited.bytes() };
}

function readTypes(section: Reader, types: Signature[]): void {
  const valueType = (): string => valueTypes[section.byte()] ?? "ref";
  const count = section.uint();
  for (let i = 0; i < count; i++) {
    // Other forms (groups, structures) belong to features whose functions Envoy's interface does not use.
    if (section.byte() !== 0x60) return;
    const params = section.list(valueType);
    const results = section.list(valueType);
    types.push(`${params.join(" ") || "void"} -> ${results.join(" ") || "void"}`);
  }
}

/** The memory section with no memory above the limit; undefined when it may stay. */
function limitMemories(section: Reader): Uint8Array | "64 bits" | undefined {
  const memories = section.list(() => readLimits(section));
  const content = unsigned(memories.length);
  let changed = false;
  for (const limits of memories) {
    if (is64(limits)) return "64 bits";
    const { flags, initial, maximum } = limits;
    if (initial > MAX_PAGES)
      throw new LoadError(
        `Failed to load Wasm module: ${initial} pages of memory are more than ${MAX_PAGES}`,
        "Envoy gives a module 1 GiB at most: let it begin with less.",
      );
    if (maximum === undefined || maximum > MAX_PAGES) changed = true;
    content.push(flags | 1, ...unsigned(initial), ...unsigned(Math.min(maximum ?? MAX_PAGES, MAX_PAGES)));
  }
  return changed ? new Writer().add([SectionId.Memory]).addSized(content).bytes() : undefined;
}
