/**
 * Reads a module's imports and exports from its binary.
 *
 * @module
 */
import type { Reader } from "./reader.js";

export type Kind = "function" | "table" | "memory" | "global" | "tag";

/** How many elements a table has, or pages a memory. */
export interface Limits {
  readonly flags: number;
  readonly initial: number;
  readonly maximum: number | undefined;
}

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly kind: Kind;
  /** The index of its type, of a function. */
  readonly type: number;
  /** Of a table or a memory. */
  readonly limits: Limits | undefined;
}

export interface Export {
  readonly name: string;
  readonly kind: Kind;
  readonly index: number;
}

const kinds: readonly Kind[] = ["function", "table", "memory", "global", "tag"];

/** Tells whether a memory has 64-bit addresses. */
export const is64 = ({ flags }: Limits): boolean => (flags & 4) !== 0;

export const isShared = ({ flags }: Limits): boolean => (flags & 2) !== 0;

export function readLimits(section: Reader): Limits {
  const flags = section.byte();
  const initial = section.uint();
  return { flags, initial, maximum: (flags & 1) === 1 ? section.uint() : undefined };
}

export function readImports(section: Reader): Import[] {
  return section.list(() => {
    const module = section.text();
    const name = section.text();
    const kind = kinds[section.byte()] ?? "tag";
    let type = 0;
    let limits: Limits | undefined;
    if (kind === "function") type = section.uint();
    else if (kind === "memory") limits = readLimits(section);
    else if (kind === "table") {
      section.byte();
      limits = readLimits(section);
    } else {
      section.byte();
      if (kind === "tag") section.uint();
      else section.byte();
    }
    return { module, name, kind, type, limits };
  });
}

export function readExports(section: Reader): Export[] {
  return section.list(() => ({
    name: section.text(),
    kind: kinds[section.byte()] ?? "tag",
    index: section.uint(),
  }));
}
