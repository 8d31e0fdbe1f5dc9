/**
 * Remembers what the compiler made of the same parameters, on disk and between processes. A result is good while each file
 * that the compiler asked for has the same bytes, each that it asked for in vain is still not there, and the compiler and
 * this package's transform are the same.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The result of a compilation. */
export interface Compiled {
  /** The compiler's messages when it fails. */
  readonly message: string | undefined;
  /** The compiler's warnings when it succeeds. */
  readonly warnings?: string | undefined;
  /** The files that it would write. */
  readonly files: readonly (readonly [name: string, contents: Buffer<ArrayBuffer>])[];
}

/** Each file that the compiler asked for, with the hash of its bytes; null for one that was not there. */
export type Reads = readonly (readonly [path: string, hash: string | null])[];

/** The part of a result that is kept in the second line of a file; the first line has the reads. */
interface Answer {
  readonly message?: string;
  readonly warnings?: string;
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

/**
 * The files of the transforms that parameters name, which the compiler does not ask for; undefined when they are not all known: for
 * one that lies elsewhere or reads files itself, or for a library, which is a folder.
 */
function transformReads(parameters: readonly string[]): Reads | undefined {
  const reads: [string, string][] = [];
  for (const [index, parameter] of parameters.entries()) {
    if (/^--(transform=|lib\b)/.test(parameter)) return undefined;
    if (parameter !== "--transform") continue;
    const file = join(root, parameters[index + 1] ?? "");
    if (!existsSync(file)) return undefined;
    for (const path of closure(file)) {
      const text = readFileSync(path, "utf8");
      if (text.includes("node:fs")) return undefined;
      reads.push([path, hashOf(text)]);
    }
  }
  return reads;
}

/** Tells whether configurations name no other transform, which is code that nobody looks at here, and no library. */
function isPlain(reads: Reads): boolean {
  return reads.every(
    ([path, hash]) =>
      hash === null ||
      !path.endsWith(".json") ||
      !/"(transform|lib)"/.test(readFileSync(path, "utf8")) ||
      realpathSync(path) === realpathSync(join(root, "asconfig.json")),
  );
}

/**
 * Names that hold wherever a project is: those of a test lie in a temporary folder, which is another one each time. All but the
 * folder's own name is the same, and so is what is compiled there.
 */
class Names {
  private readonly home: string | undefined;

  constructor(folder: string) {
    const temporary = realpathSync(tmpdir()) + sep;
    if (folder.startsWith(temporary)) this.home = temporary + folder.slice(temporary.length).split(sep)[0];
  }

  /** Tells whether the folder is a temporary one. */
  get isTemporary(): boolean {
    return this.home !== undefined;
  }

  /** Tells the results in temporary folders apart, by the hashes of the files there: many tests make a project and change it. */
  variant(reads: Reads): string {
    if (this.home === undefined) return "";
    return `.${hashOf(JSON.stringify(reads.filter(([path]) => path.startsWith(HOME))))
      .replace(/\W/g, "")
      .slice(0, 16)}`;
  }

  kept(name: string): string {
    return this.home === undefined ? name : name.replaceAll(this.home, HOME);
  }

  here(name: string): string {
    return this.home === undefined ? name : name.replaceAll(HOME, this.home);
  }

  /** Tells whether a file holds the temporary folder's name, which is not looked for in what is kept. */
  isIn(contents: Buffer): boolean {
    return this.home !== undefined && contents.includes(this.home);
  }
}

/** In the place of a temporary folder's name. */
const HOME = "<temporary>";

/** How long a result is kept that was not made anew. */
const DAYS = 14;

export class CompileCache {
  private readonly known = new Map<string, readonly [stamp: string, hash: string]>();
  private tools: string | undefined;

  constructor(private readonly folder = join(root, ".cache", "compiled")) {}

  /** The result of an earlier run with these parameters in this folder, if it would be the same today. */
  find(parameters: readonly string[], folder = root): Compiled | undefined {
    const names = new Names(folder);
    const key = this.key(parameters, folder, names);
    const isSame = ([path, hash]: Reads[number]): boolean => this.hash(names.here(path)) === hash;
    for (const name of names.isTemporary ? readdirSync(this.folder) : [`${key}.json`]) {
      if (!name.startsWith(key)) continue;
      try {
        const [reads, answer] = readFileSync(join(this.folder, name), "utf8").split("\n") as [string, string];
        if (!(JSON.parse(reads) as Reads).every(isSame)) continue;
        const { message, warnings, files } = JSON.parse(answer) as Answer;
        return {
          message: message && names.here(message),
          warnings: warnings && names.here(warnings),
          files: files.map(([file, text]) => [file, Buffer.from(text, "base64")] as const),
        };
      } catch {
        // none, or none that can be read
      }
    }
    return undefined;
  }

  /** Keeps a result. A process that reads meanwhile gets this one or the one before, whole. */
  keep(parameters: readonly string[], reads: Reads, result: Compiled, folder = root): void {
    const { message, warnings, files } = result;
    const names = new Names(folder);
    const others = transformReads(parameters);
    if (others === undefined || !isPlain(reads) || files.some(([, contents]) => names.isIn(contents))) return;
    const answer: Answer = {
      ...(message !== undefined && { message: names.kept(message) }),
      ...(warnings !== undefined && { warnings: names.kept(warnings) }),
      files: files.map(([name, contents]) => [name, contents.toString("base64")] as const),
    };
    const keptReads = [...reads, ...others].map(([path, hash]) => [names.kept(path), hash] as const);
    mkdirSync(this.folder, { recursive: true });
    const name = `${this.key(parameters, folder, names)}${names.variant(keptReads)}.json`;
    const path = join(this.folder, name);
    writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(keptReads)}\n${JSON.stringify(answer)}`);
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

  private key(parameters: readonly string[], folder: string, names: Names): string {
    this.tools ??= toolchain();
    const key = [this.tools, ...[folder, ...parameters].map((each) => names.kept(each))];
    return createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 32);
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
