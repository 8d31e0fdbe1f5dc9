import { Glob } from "../../../assembly/std/glob";

let glob: Glob | null = null;

export function compile(pattern: string, separator: string): bool {
  glob = Glob.compile(pattern, separator);
  return glob !== null;
}

export function matches(text: string): bool {
  return glob!.test(text);
}

/** Compiles with the default separator. */
export function test(pattern: string, text: string): bool {
  return Glob.compile(pattern)!.test(text);
}

export function errorAt(pattern: string): i32 {
  return Glob.errorAt(pattern);
}

export function escape(text: string): string {
  return Glob.escape(text);
}
