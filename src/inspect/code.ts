/**
 * Finds the facts about a module's code that matter to a host: the features of WebAssembly that it needs, and the functions that
 * each function calls. Binaryen, which comes with the compiler, reads the code.
 *
 * @module
 */

/** Features of WebAssembly beyond its first version. */
export type Feature =
  | "sign extension"
  | "bulk memory"
  | "saturating conversions"
  | "multiple results"
  | "reference types"
  | "SIMD"
  | "threads"
  | "tail calls"
  | "exceptions"
  | "garbage collection";

/** The facts about a module's code. */
export interface Code {
  readonly features: ReadonlySet<Feature>;
  /** The functions that each function of the module calls by index. */
  readonly calls: readonly ReadonlySet<number>[];
}

const marks: readonly (readonly [Feature, RegExp])[] = [
  ["sign extension", /\.extend(8|16|32)_s\b/],
  ["bulk memory", /\((memory\.(copy|fill|init)|data\.drop|table\.(copy|init)|elem\.drop)\b/],
  ["saturating conversions", /\.trunc_sat_/],
  ["multiple results", /\(result \w+ \w+/],
  ["reference types", /\b(externref|ref\.(null|func|is_null)|table\.(get|set|grow|size|fill))\b/],
  ["SIMD", /\b(v128|[if]\d+x\d+)\b/],
  ["threads", /\b(atomic\.|memory\.atomic)/],
  ["tail calls", /\(return_call/],
  ["exceptions", /\((try|try_table|throw|throw_ref|rethrow)\b/],
  ["garbage collection", /\((struct|array|ref\.(cast|test|i31)|i31|call_ref)\b/],
];

/** Reads the code; undefined where the compiler's package is not installed, or knows less than the module needs. */
export async function readCode(bytes: Uint8Array, importedFunctions: number): Promise<Code | undefined> {
  let text: string;
  try {
    const { default: binaryen } = await import("assemblyscript/binaryen");
    const module = binaryen.readBinary(bytes);
    text = module.emitText();
    module.dispose();
  } catch {
    return undefined;
  }
  return readText(text, importedFunctions);
}

/** Reads Binaryen's text: each function begins with a line ` (func $name`, and ends before the next line so indented. */
function readText(text: string, importedFunctions: number): Code {
  const features = new Set<Feature>();
  const indices = new Map<string, number>();
  const bodies: string[][] = [];
  let body: string[] | undefined;
  let imported = 0;
  for (const line of text.split("\n")) {
    if (line.startsWith(" (")) {
      body = undefined;
      const name = /^ \((?:import .*\()?func (\S+?)\)?(?: |$)/.exec(line)?.[1];
      if (name !== undefined && line.startsWith(" (import")) indices.set(name, imported++);
      else if (name !== undefined) {
        indices.set(name, importedFunctions + bodies.length);
        bodies.push((body = []));
        find(line, features);
      }
    } else if (body !== undefined) {
      body.push(line);
      find(line, features);
    }
  }
  const calls = bodies.map((lines) => {
    const called = new Set<number>();
    for (const line of lines) {
      const target = /\((?:return_)?call (\S+?)\)?$/.exec(line)?.[1];
      const index = target === undefined ? undefined : indices.get(target);
      if (index !== undefined) called.add(index);
    }
    return called;
  });
  return { features, calls };
}

function find(line: string, features: Set<Feature>): void {
  for (const [feature, mark] of marks) if (!features.has(feature) && mark.test(line)) features.add(feature);
}

/** All functions that a call of the function `from` may reach through direct calls. */
export function reachable(code: Code, importedFunctions: number, from: number): Set<number> {
  const seen = new Set([from]);
  for (const index of seen) for (const next of code.calls[index - importedFunctions] ?? []) seen.add(next);
  return seen;
}
