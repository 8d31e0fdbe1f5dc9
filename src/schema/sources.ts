/**
 * The sources that configuration classes stand in, and what names mean there.
 *
 * @module
 */
import type { ClassDeclaration } from "@babel/types";
import { parseTypeScript } from "../language/syntax/parse.js";
import { walk, type Syntax } from "../language/syntax/tree.js";
import { SchemaError } from "./model.js";

/** The beginning of the paths of the package's own sources, as the compiler has them. */
export const PACKAGE_SOURCES = "~lib/proxy-wasm-as/";

/** The text of a source; undefined when there is none. Paths end in `.ts` and use `/`. */
export type ReadSource = (path: string) => string | undefined;

/** The origin of an imported name: `foreign` is its name in the source of `from`. */
interface Imported {
  readonly from: string;
  readonly foreign: string;
}

export type Declared = Syntax & { id?: { name: string } | null };

/** One source. */
export class SourceFile {
  readonly declared = new Map<string, Declared>();
  readonly imported = new Map<string, Imported>();
  readonly passedOn: string[] = [];
  /** The values of constants. */
  readonly constants = new Map<string, Syntax>();

  constructor(
    readonly path: string,
    readonly text: string,
    readonly root: Syntax,
  ) {
    for (const statement of (root as unknown as { body: Syntax[] }).body) this.take(statement);
  }

  private take(statement: Syntax): void {
    switch (statement.type) {
      case "ImportDeclaration":
        for (const specifier of statement.specifiers)
          if (specifier.type === "ImportSpecifier")
            this.imported.set(specifier.local.name, {
              from: statement.source.value,
              foreign: nameOf(specifier.imported),
            });
        break;
      case "ExportNamedDeclaration":
        if (statement.declaration) this.take(statement.declaration as Syntax);
        for (const specifier of statement.specifiers)
          if (statement.source && specifier.type === "ExportSpecifier")
            this.imported.set(nameOf(specifier.exported), {
              from: statement.source.value,
              foreign: nameOf(specifier.local),
            });
        break;
      case "ExportAllDeclaration":
        this.passedOn.push(statement.source.value);
        break;
      case "VariableDeclaration":
        if (statement.kind === "const")
          for (const { id, init } of statement.declarations)
            if (id.type === "Identifier" && init) this.constants.set(id.name, init as Syntax);
        break;
      case "ClassDeclaration":
      case "TSInterfaceDeclaration":
      case "TSTypeAliasDeclaration":
      case "TSEnumDeclaration":
        if (statement.id) this.declared.set((statement.id as { name: string }).name, statement);
        break;
    }
  }

  /** Fails at a node. */
  fail(node: unknown, message: string): never {
    const before = this.text.slice(0, (node as Syntax).start).split("\n");
    throw new SchemaError(message, this.path, before.length, before.at(-1).length + 1);
  }

  textOf(node: unknown): string {
    const { start, end } = node as Syntax;
    return this.text.slice(start, end);
  }
}

function nameOf(node: { type: string; name?: string; value?: string }): string {
  return node.name ?? node.value ?? "";
}

/** The functions that read a class. */
const READERS = new Set(["readConfig", "readJsonConfig"]);

/** A call of `readConfig<T>()`. */
export interface Call {
  readonly file: SourceFile;
  readonly node: Syntax;
  /** `T`, as it is written. */
  readonly type: Syntax | undefined;
}

/** All sources that are looked at. */
export class Sources {
  private readonly files = new Map<string, SourceFile | undefined>();

  constructor(private readonly read: ReadSource) {}

  file(path: string): SourceFile | undefined {
    if (this.files.has(path)) return this.files.get(path);
    const text = this.read(path);
    const parsed = text === undefined ? undefined : parseTypeScript(text);
    const file = parsed === undefined ? undefined : new SourceFile(path, text!, parsed.program as Syntax);
    this.files.set(path, file);
    return file;
  }

  /** The source that an import names; undefined when it is neither one of the user's own nor of the package's `std`. */
  imported(from: string, by: SourceFile): SourceFile | undefined {
    const part = /^proxy-wasm-as\/(assembly\/std\/\w+)$/.exec(from);
    if (part !== null) return this.file(`${PACKAGE_SOURCES}${part[1]!}.ts`);
    if (!from.startsWith(".")) return undefined;
    const parts = by.path.split("/").slice(0, -1);
    for (const part of from.split("/")) {
      if (part === "..") {
        if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
        else parts.push("..");
      } else if (part !== ".") parts.push(part);
    }
    const path = parts.join("/").replace(/\.ts$/, "");
    return this.file(`${path}.ts`) ?? this.file(`${path}/index.ts`);
  }

  /** The declaration of a name, and the file that it is in. */
  find(
    name: string,
    file: SourceFile,
    seen = new Set<SourceFile>(),
  ): { node: Declared; file: SourceFile } | undefined {
    if (seen.has(file)) return undefined;
    seen.add(file);
    const own = file.declared.get(name);
    if (own !== undefined) return { node: own, file };
    const imported = file.imported.get(name);
    if (imported !== undefined) {
      const other = this.imported(imported.from, file);
      return other === undefined ? undefined : this.find(imported.foreign, other, seen);
    }
    for (const from of file.passedOn) {
      const other = this.imported(from, file);
      const found = other === undefined ? undefined : this.find(name, other, seen);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The calls of `readConfig` in a source. */
  calls(file: SourceFile): Call[] {
    const names = new Set<string>();
    for (const [local, { from, foreign }] of file.imported)
      if (READERS.has(foreign) && /(^|\/)std\/config$/.test(from)) names.add(local);
    const found: Call[] = [];
    const mentions = /\breadConfig\b|\breadJsonConfig\b/.test(file.text);
    if (!mentions) return found;
    walk(file.root, (node) => {
      if (node.type !== "CallExpression") return;
      const callee = node.callee as Syntax;
      const reads =
        callee.type === "Identifier"
          ? names.has(callee.name)
          : callee.type === "MemberExpression" &&
            callee.property.type === "Identifier" &&
            READERS.has(callee.property.name);
      if (reads) found.push({ file, node, type: (node.typeParameters?.params as Syntax[] | undefined)?.[0] });
    });
    return found;
  }

  /** A source and all of the user's own that it imports. */
  reachable(path: string): SourceFile[] {
    const found: SourceFile[] = [];
    const add = (file: SourceFile | undefined): void => {
      if (file === undefined || found.includes(file)) return;
      found.push(file);
      for (const statement of (file.root as unknown as { body: Syntax[] }).body) {
        const { source } = statement as unknown as { source?: { value: string } | null };
        if (source?.value.startsWith(".")) add(this.imported(source.value, file));
      }
    };
    add(this.file(path));
    return found;
  }
}

export type ClassNode = ClassDeclaration & Syntax;
