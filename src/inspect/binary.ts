/**
 * Reads the contents of a module's binary beside its interface: sections, memory, and the size of each function.
 *
 * @module
 */
import { type Limits, is64, isShared, readExports, readImports, readLimits } from "../wasm/interface.js";
import { PREAMBLE, type Reader, SectionId, sectionsOf } from "../wasm/reader.js";

/** A part of the file. */
export interface Section {
  /** As the WebAssembly specification calls it; a custom section's own name. */
  readonly name: string;
  readonly custom: boolean;
  /** The whole section's, header included. */
  readonly bytes: number;
}

/** A memory, in pages of 64 KiB. */
export interface Memory {
  readonly initialPages: number;
  /** Null without a limit. */
  readonly maximumPages: number | null;
  readonly imported: boolean;
  readonly shared: boolean;
  readonly is64: boolean;
}

/** A function of the module itself. */
export interface FunctionSize {
  readonly index: number;
  /** From the `name` section, else the name it is exported under, else `func 12`. */
  readonly name: string;
  readonly bytes: number;
}

/** The contents of a binary. */
export interface Contents {
  readonly sections: readonly Section[];
  readonly memories: readonly Memory[];
  readonly functions: readonly FunctionSize[];
  readonly importedFunctions: number;
  /** The index of the start function. */
  readonly start: number | undefined;
  /** The indices of exported functions, by name. */
  readonly exported: ReadonlyMap<string, number>;
  /** The tools that made the module, by its `producers` section: "language: Rust", "processed-by: rustc 1.80". */
  readonly producers: readonly string[];
}

const sectionNames = [
  ...["custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element"],
  ...["code", "data", "data count", "tag"],
];

/** Reads a module that WebAssembly has accepted; throws `RangeError` when a section's lengths do not fit. */
export function readContents(bytes: Uint8Array): Contents {
  const sections: Section[] = [];
  const memories: Memory[] = [];
  const sizes: number[] = [];
  const producers: string[] = [];
  let names = new Map<number, string>();
  let importedFunctions = 0;
  let start: number | undefined;
  const exported = new Map<string, number>();
  for (const { id, bytes: all, content } of sectionsOf(bytes)) {
    let name = sectionNames[id] ?? `section ${id}`;
    if (id === SectionId.Custom) {
      name = content.text();
      if (name === "name") names = functionNames(content);
      else if (name === "producers") producers.push(...producersIn(content));
    } else if (id === SectionId.Import)
      for (const { kind, limits } of readImports(content)) {
        if (kind === "function") importedFunctions++;
        else if (kind === "memory") memories.push(memoryOf(limits!, true));
      }
    else if (id === SectionId.Memory)
      memories.push(...content.list(() => memoryOf(readLimits(content), false)));
    else if (id === SectionId.Export)
      for (const { name: as, kind, index } of readExports(content)) {
        if (kind === "function") exported.set(as, index);
      }
    else if (id === SectionId.Start) start = content.uint();
    else if (id === SectionId.Code) sizes.push(...codeSizes(content));
    sections.push({ name, custom: id === SectionId.Custom, bytes: all.length });
  }
  const exportedAs = new Map([...exported].map(([name, index]) => [index, name]));
  const functions = sizes.map((size, i) => {
    const index = importedFunctions + i;
    return { index, name: names.get(index) ?? exportedAs.get(index) ?? `func ${index}`, bytes: size };
  });
  return { sections, memories, functions, importedFunctions, start, exported, producers };
}

function memoryOf(limits: Limits, imported: boolean): Memory {
  const { initial, maximum } = limits;
  return {
    initialPages: initial,
    maximumPages: maximum ?? null,
    imported,
    shared: isShared(limits),
    is64: is64(limits),
  };
}

/** Each function's bytes, with those that tell its length. */
function codeSizes(section: Reader): number[] {
  return section.list(() => {
    const before = section.at;
    section.part(section.uint());
    return section.at - before;
  });
}

/** The part of the `name` section that names functions. */
function functionNames(section: Reader): Map<number, string> {
  const names = new Map<number, string>();
  try {
    while (section.at < section.end) {
      const id = section.byte();
      const part = section.part(section.uint());
      if (id === 1) part.list(() => names.set(part.uint(), part.text()));
    }
  } catch {
    // names are for people: a damaged section leaves some out
  }
  return names;
}

function producersIn(section: Reader): string[] {
  try {
    return section
      .list(() => {
        const field = section.text();
        return section.list(() => `${field}: ${section.text()} ${section.text()}`.trim());
      })
      .flat();
  } catch {
    return []; // so are those who made it
  }
}

/** The module without the names of its functions. */
export function withoutNames(bytes: Uint8Array): Uint8Array {
  const parts = [bytes.subarray(0, PREAMBLE)];
  for (const { id, bytes: all, content } of sectionsOf(bytes))
    if (id !== SectionId.Custom || content.text() !== "name") parts.push(all);
  return Buffer.concat(parts);
}

/** The same module without the address of its source map. */
export function withoutSourceMap(bytes: Uint8Array): Uint8Array {
  const parts = [bytes.subarray(0, PREAMBLE)];
  for (const { id, bytes: all, content } of sectionsOf(bytes))
    if (id !== SectionId.Custom || content.text() !== "sourceMappingURL") parts.push(all);
  return Buffer.concat(parts);
}
