/**
 * What stands in a module's binary beside its interface: sections, memory, and how large each function is.
 *
 * @module
 */
import { Reader } from "../host/vm/binary.js";

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

/** What the binary consists of. */
export interface Contents {
  readonly sections: readonly Section[];
  readonly memories: readonly Memory[];
  readonly functions: readonly FunctionSize[];
  readonly importedFunctions: number;
  /** The index of the start function. */
  readonly start: number | undefined;
  /** The indices of exported functions, by name. */
  readonly exported: ReadonlyMap<string, number>;
  /** Who made the module, by its `producers` section: "language: Rust", "processed-by: rustc 1.80". */
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
  for (let at = 8; at < bytes.length;) {
    const head = new Reader(bytes, at, bytes.length);
    const id = head.byte();
    const size = head.uint();
    const section = new Reader(bytes, head.at, head.at + size);
    let name = sectionNames[id] ?? `section ${id}`;
    if (id === 0) {
      name = section.text();
      if (name === "name") names = functionNames(bytes, section);
      else if (name === "producers") producers.push(...producersIn(section));
    } else if (id === 2) importedFunctions = readImports(section, memories);
    else if (id === 5) memories.push(...section.list(() => limits(section, false)));
    else if (id === 7) readExports(section, exported);
    else if (id === 8) start = section.uint();
    else if (id === 10) sizes.push(...codeSizes(section));
    sections.push({ name, custom: id === 0, bytes: section.end - at });
    at = section.end;
  }
  const exportedAs = new Map([...exported].map(([name, index]) => [index, name]));
  const functions = sizes.map((size, i) => {
    const index = importedFunctions + i;
    return { index, name: names.get(index) ?? exportedAs.get(index) ?? `func ${index}`, bytes: size };
  });
  return { sections, memories, functions, importedFunctions, start, exported, producers };
}

/** Notes imported memories; answers how many functions are imported. */
function readImports(section: Reader, memories: Memory[]): number {
  let functions = 0;
  section.list(() => {
    section.text();
    section.text();
    const kind = section.byte();
    if (kind === 0) {
      functions++;
      section.uint();
    } else if (kind === 1) {
      section.byte();
      limits(section, true);
    } else if (kind === 2) memories.push(limits(section, true));
    else if (kind === 3) section.at += 2;
    else {
      section.byte();
      section.uint();
    }
  });
  return functions;
}

function readExports(section: Reader, functions: Map<string, number>): void {
  section.list(() => {
    const name = section.text();
    const isFunction = section.byte() === 0;
    const index = section.uint();
    if (isFunction) functions.set(name, index);
  });
}

function limits(section: Reader, imported: boolean): Memory {
  const flags = section.byte();
  const initialPages = section.uint();
  const maximumPages = (flags & 1) === 1 ? section.uint() : null;
  return { initialPages, maximumPages, imported, shared: (flags & 2) !== 0, is64: (flags & 4) !== 0 };
}

/** Each function's bytes, with those that tell its length. */
function codeSizes(section: Reader): number[] {
  return section.list(() => {
    const before = section.at;
    const size = section.uint();
    section.at += size;
    return section.at - before;
  });
}

/** The part of the `name` section that names functions. */
function functionNames(bytes: Uint8Array, section: Reader): Map<number, string> {
  const names = new Map<number, string>();
  try {
    while (section.at < section.end) {
      const id = section.byte();
      const size = section.uint();
      const part = new Reader(bytes, section.at, section.at + size);
      section.at += size;
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
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const head = new Reader(bytes, at, bytes.length);
    const id = head.byte();
    const size = head.uint();
    const section = new Reader(bytes, head.at, head.at + size);
    if (id !== 0 || section.text() !== "name") parts.push(bytes.subarray(at, section.end));
    at = section.end;
  }
  return Buffer.concat(parts);
}
