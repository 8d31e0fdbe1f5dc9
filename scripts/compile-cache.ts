/**
 * Remembers what the compiler made of the same parameters, on disk and between processes. A result is good while each file
 * that the compiler asked for has the same bytes, each that it asked for in vain is still not there, and the compiler and
 * this package's transform are the same.
 */
import { createHash } from "node:crypto";
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The result of a compilation. */
export interface Compiled {
  /** The compiler's messages when it fails. */
  readonly message: string | undefined;
  /** The files that it would write. */
  readonly files: readonly (readonly [name: string, contents: Buffer<ArrayBuffer>])[];
}

/** Each file that the compiler asked for, with the hash of its bytes; null for one that was not there. */
export type Reads = readonly (readonly [path: string, hash: string | null])[];

interface Entry {
  readonly reads: Reads;
  readonly message?: string;
  readonly files: readonly (readonly [name: string, base64: string])[];
}

const hashOf = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("base64");

/** The module `file` and all that it imports by a relative path. */
function closure(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  for (const [, path] of readFileSync(file, "utf8").matchAll(/\b(?:from|import) ?\(?"(\.[^"]+\.js)"/g))
    closure(join(dirname(file), path!), known);
  return known;
}

/** A key that changes when the compiler or the transform does. */
export function toolchain(folder = root): string {
  const files = [
    ...closure(join(folder, "dist", "transform", "index.js")),
    ...["package-lock.json", "package.json", "scripts/compiler.mjs"].map((name) => join(folder, name)),
    ...["assemblyscript", "binaryen"].map((name) => join(root, "node_modules", name, "package.json")),
  ];
  const hash = createHash("sha256").update(process.version);
  for (const file of files.sort()) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("base64");
}

/** Another transform is code that nobody looks at here, and a library's folder is listed. */
function isPlain(parameters: readonly string[], reads: Reads): boolean {
  if (parameters.some((each) => /^--(transform|lib)\b/.test(each))) return false;
  return reads.every(
    ([path, hash]) =>
      hash === null ||
      !path.endsWith(".json") ||
      !/"(transform|lib)"/.test(readFileSync(path, "utf8")) ||
      realpathSync(path) === realpathSync(join(root, "asconfig.json")),
  );
}

/** How long a result is kept that was not made anew. */
const DAYS = 14;

export class CompileCache {
  private readonly known = new Map<string, readonly [stamp: string, hash: string]>();
  private tools: string | undefined;

  constructor(private readonly folder = join(root, ".cache", "compiled")) {}

  /** The result of an earlier run with these parameters, if it would be the same today. */
  find(parameters: readonly string[]): Compiled | undefined {
    let entry: Entry;
    try {
      entry = JSON.parse(readFileSync(this.path(parameters), "utf8")) as Entry;
    } catch {
      return undefined; // none, or none that can be read
    }
    if (!entry.reads.every(([path, hash]) => this.hash(path) === hash)) return undefined;
    const files = entry.files.map(([name, text]) => [name, Buffer.from(text, "base64")] as const);
    return { message: entry.message, files };
  }

  /** Keeps a result. A process that reads meanwhile gets this one or the one before, whole. */
  keep(parameters: readonly string[], reads: Reads, { message, files }: Compiled): void {
    if (!isPlain(parameters, reads)) return;
    const coded = files.map(([name, contents]) => [name, contents.toString("base64")] as const);
    const entry: Entry = { reads, ...(message !== undefined && { message }), files: coded };
    mkdirSync(this.folder, { recursive: true });
    const path = this.path(parameters);
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(entry));
    renameSync(`${path}.${process.pid}`, path);
  }

  /** Removes what nobody made for two weeks. */
  clean(now = Date.now()): void {
    mkdirSync(this.folder, { recursive: true });
    for (const name of readdirSync(this.folder)) {
      const path = join(this.folder, name);
      const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: now };
      if (now - mtimeMs > DAYS * 86_400_000) rmSync(path, { force: true });
    }
  }

  private path(parameters: readonly string[]): string {
    this.tools ??= toolchain();
    const name = createHash("sha256")
      .update(JSON.stringify([this.tools, parameters]))
      .digest("hex");
    return join(this.folder, `${name.slice(0, 32)}.json`);
  }

  /** The hash of a file's bytes, which are read only when its time or size is another. */
  private hash(path: string): string | null {
    const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (stats === undefined || !stats.isFile()) return null;
    const stamp = `${stats.mtimeNs} ${stats.ctimeNs} ${stats.size} ${stats.ino}`;
    const known = this.known.get(path);
    if (known?.[0] === stamp) return known[1];
    const hash = hashOf(readFileSync(path));
    this.known.set(path, [stamp, hash]);
    return hash;
  }
}
