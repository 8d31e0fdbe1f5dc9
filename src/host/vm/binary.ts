/**
 * Reads of a module what `WebAssembly.Module` does not tell: the types of its functions.
 *
 * @module
 */
import { concat, textOf } from "../abi/text.js";
import type { AbiVersion, Signature } from "../abi/signatures.js";
import { LoadError } from "./errors.js";
import { corrupted, noModule } from "./remedies.js";

export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: "function" | "table" | "memory" | "global" | "tag";
  /** Of a function. */
  readonly type: Signature;
}

export interface ModuleExport {
  readonly name: string;
  readonly kind: ModuleImport["kind"];
  /** Of a function. */
  readonly type: Signature;
}

/** What stands in a module's binary. */
export interface ModuleInfo {
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  readonly hasStart: boolean;
  /** By the marker that is exported first; undefined without one. */
  readonly abiVersion: AbiVersion | undefined;
  /** The module with its memory limited to what Envoy's V8 allows. */
  readonly binary: Uint8Array;
}

const kinds = ["function", "table", "memory", "global", "tag"] as const;

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
const MAX_PAGES = 16384;

/** Reads one section. */
export class Reader {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
    readonly end: number,
  ) {
    if (end > bytes.length) throw new RangeError("the module ends within a section");
  }

  byte(): number {
    if (this.at >= this.end) throw new RangeError("a section ends too early");
    return this.bytes[this.at++]!;
  }

  /** An unsigned LEB128 number. */
  uint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      if (factor > 2 ** 56) throw new RangeError("a number is too long");
    }
  }

  text(): string {
    const length = this.uint();
    const start = this.at;
    this.at += length;
    if (this.at > this.end) throw new RangeError("a name ends too late");
    return textOf(this.bytes.subarray(start, this.at));
  }

  list<T>(item: () => T): T[] {
    const count = this.uint();
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(item());
    return items;
  }
}

function uint(value: number): number[] {
  const bytes = [];
  while (value > 127) {
    bytes.push((value % 128) + 128);
    value = Math.floor(value / 128);
  }
  return [...bytes, value];
}

/** Reads a module; throws `LoadError` with Envoy's words when it is none. */
export function readModule(bytes: Uint8Array): ModuleInfo {
  if (bytes.length === 0) throw new LoadError("The plugin failed to load", noModule);
  // Envoy looks at the first bytes of longer files alone.
  if (bytes.length < 8) throw new LoadError("Missing or unknown Proxy-Wasm ABI version", noModule);
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
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  let hasStart = false;
  for (let at = 8; at < bytes.length;) {
    const head = new Reader(bytes, at, bytes.length);
    const id = head.byte();
    const size = head.uint();
    const section = new Reader(bytes, head.at, head.at + size);
    let copy = bytes.subarray(at, section.end);
    if (id === 1) readTypes(section, types);
    else if (id === 2) readImports(section, types, imports, functions);
    else if (id === 3) functions.push(...section.list(() => types[section.uint()] ?? "unknown"));
    else if (id === 5) copy = limitMemories(section) ?? copy;
    else if (id === 7) readExports(section, functions, exports);
    else if (id === 8) hasStart = true;
    parts.push(copy);
    at = section.end;
  }
  const marker = exports.find(({ name, kind }) => kind === "function" && versions[name] !== undefined);
  const abiVersion = marker === undefined ? undefined : versions[marker.name];
  return { imports, exports, hasStart, abiVersion, binary: concat(parts) };
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

function readImports(
  section: Reader,
  types: readonly Signature[],
  imports: ModuleImport[],
  functions: Signature[],
): void {
  const count = section.uint();
  for (let i = 0; i < count; i++) {
    const module = section.text();
    const name = section.text();
    const kind = kinds[section.byte()] ?? "tag";
    let type = "";
    if (kind === "function") {
      type = types[section.uint()] ?? "unknown";
      functions.push(type);
    } else if (kind === "global") section.at += 2;
    else if (kind === "tag") {
      section.byte();
      section.uint();
    } else {
      if (kind === "table") section.byte();
      readLimits(section);
    }
    imports.push({ module, name, kind, type });
  }
}

function readLimits(section: Reader): { flags: number; initial: number; maximum: number | undefined } {
  const flags = section.byte();
  const initial = section.uint();
  return { flags, initial, maximum: (flags & 1) === 1 ? section.uint() : undefined };
}

function readExports(section: Reader, functions: readonly Signature[], exports: ModuleExport[]): void {
  const count = section.uint();
  for (let i = 0; i < count; i++) {
    const name = section.text();
    const kind = kinds[section.byte()] ?? "tag";
    const index = section.uint();
    exports.push({ name, kind, type: kind === "function" ? (functions[index] ?? "unknown") : "" });
  }
}

/** The memory section with no memory above the limit; undefined when it may stay. */
function limitMemories(section: Reader): Uint8Array | undefined {
  const content: number[] = [];
  let changed = false;
  const memories = section.list(() => readLimits(section));
  content.push(...uint(memories.length));
  for (const { flags, initial, maximum } of memories) {
    if (flags > 3) return undefined; // 64-bit addresses
    if (initial > MAX_PAGES)
      throw new LoadError(
        `Failed to load Wasm module: ${initial} pages of memory are more than ${MAX_PAGES}`,
        "Envoy gives a module 1 GiB at most: let it begin with less.",
      );
    if (maximum === undefined || maximum > MAX_PAGES) changed = true;
    content.push(flags | 1, ...uint(initial), ...uint(Math.min(maximum ?? MAX_PAGES, MAX_PAGES)));
  }
  return changed ? Uint8Array.from([5, ...uint(content.length), ...content]) : undefined;
}
