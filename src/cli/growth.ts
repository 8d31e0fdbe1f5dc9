/**
 * Compares the sizes of a module's functions with those of the last build.
 *
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Inspection } from "../inspect/index.js";
import { cacheFolder } from "./cache.js";

/** A module's parts, by name, in bytes. */
export interface Sizes {
  readonly bytes: number;
  readonly functions: Readonly<Record<string, number>>;
  readonly data: number;
  readonly imports: readonly string[];
}

/** A part that has another size than before; one that is new or gone had or has 0 bytes. */
export interface Change {
  readonly name: string;
  readonly difference: number;
}

export function sizesOf({ functions, sections, imports }: Inspection, bytes: number): Sizes {
  const byName: Record<string, number> = {};
  for (const { name, bytes: size } of functions) byName[name] = (byName[name] ?? 0) + size;
  const data = sections.find(({ name, custom }) => name === "data" && !custom)?.bytes ?? 0;
  return { bytes, functions: byName, data, imports: imports.map(({ name }) => name) };
}

/** The differences, the largest ones first. */
export function compare(before: Sizes, after: Sizes): Change[] {
  const names = new Set([...Object.keys(before.functions), ...Object.keys(after.functions)]);
  const changes = [...names].map((name) => ({
    name,
    difference: (after.functions[name] ?? 0) - (before.functions[name] ?? 0),
  }));
  changes.push({ name: "data (texts and constants)", difference: after.data - before.data });
  return changes
    .filter(({ difference }) => difference !== 0)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}

/** Notes a build's sizes; answers those of the build before, undefined without one. */
export function remember(file: string, sizes: Sizes): Sizes | undefined {
  const folder = join(cacheFolder(), "builds");
  const record = join(folder, `${createHash("sha256").update(file).digest("hex").slice(0, 16)}.json`);
  const before = recall(record);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(record, JSON.stringify(sizes));
  } catch {
    // a folder that cannot be written to: the next build compares with an older one, or none
  }
  return before;
}

function recall(record: string): Sizes | undefined {
  try {
    const sizes = JSON.parse(readFileSync(record, "utf8")) as Sizes;
    return typeof sizes.bytes === "number" && typeof sizes.functions === "object" ? sizes : undefined;
  } catch {
    return undefined; // the first build, or half a record
  }
}
