/**
 * Lowering of a source: what each construct becomes in AssemblyScript.
 *
 * @module
 */
import { bigSources } from "../../transform/compiler/big.js";
import type { LoweredText, Remark } from "../../transform/compiler/parser-hook.js";
import { undefinedSources } from "../../transform/compiler/values.js";
import { childrenOf, walk, type Syntax } from "./tree.js";
import { forgetMarkedFields } from "./marked-fields.js";
import { parseTypeScript } from "./parse.js";
import { join, type Piece } from "./pieces.js";
import { sentences, type SentenceName } from "../sentences/table.js";
import { declaredNames, hasTexts } from "./scope.js";

/** A function that lowers a construct; undefined leaves it as it is, with its parts lowered. */
export type Rule = (node: never, lowering: Lowering) => Piece[] | undefined;

const rules = new Map<string, Rule[]>();

/** Has the nodes of the given type lowered by `rule`, where no rule before it does. */
export function addRule<T>(
  type: string,
  rule: (node: T, lowering: Lowering) => Piece[] | undefined,
  first = false,
): void {
  if (!rules.has(type)) rules.set(type, []);
  if (first) rules.get(type)!.unshift(rule);
  else rules.get(type)!.push(rule);
}

/** The lowering of one source. */
export class Lowering {
  private readonly imports = new Map<string, Set<string>>();
  private readonly parents = new Map<Syntax, Syntax>();
  private readonly tail: Piece[][] = [];
  private readonly remarks: Remark[] = [];
  private readonly declared = new Set<string>();
  private readonly bases = new Map<string, string>();
  private readonly numeric = new Set<string>();
  private readonly textEnums = new Set<string>();
  private readonly enums = new Set<string>();
  private readonly numberAliases = new Set<string>();
  private readonly booleanAliases = new Set<string>();
  private names = 0;

  constructor(
    readonly text: string,
    readonly path: string,
    readonly root: Syntax,
  ) {
    this.link(root);
  }

  private link(node: Syntax): void {
    for (const name of declaredNames(node)) this.declared.add(name);
    if (node.type === "ClassDeclaration" && node.id && node.superClass?.type === "Identifier")
      this.bases.set(node.id.name, node.superClass.name);
    if (node.type === "TSEnumDeclaration") this.enums.add(node.id.name);
    if (node.type === "TSEnumDeclaration") (hasTexts(node) ? this.textEnums : this.numeric).add(node.id.name);
    if (
      node.type === "TSTypeAliasDeclaration" &&
      /^(number|boolean|[iuf]\d+|bool)$/.test(this.textOf(node.typeAnnotation))
    )
      this.numeric.add(node.id.name);
    if (node.type === "TSTypeAliasDeclaration" && /^number$/.test(this.textOf(node.typeAnnotation)))
      this.numberAliases.add(node.id.name);
    if (node.type === "TSTypeAliasDeclaration" && /^bool(ean)?$/.test(this.textOf(node.typeAnnotation)))
      this.booleanAliases.add(node.id.name);
    for (const child of childrenOf(node)) {
      this.parents.set(child, node);
      this.link(child);
    }
  }

  /** The node that `node` is a part of, without parentheses. */
  parent(node: Syntax): Syntax | undefined {
    let parent = this.parents.get(node);
    while (parent?.type === "ParenthesizedExpression") parent = this.parents.get(parent);
    return parent;
  }

  /** Tells whether a name is one of the language's own: nothing in the source declares it. */
  isGlobal(name: string): boolean {
    return !this.declared.has(name);
  }

  /** The class that a class of this source extends. */
  baseOf(name: string): string | undefined {
    return this.bases.get(name);
  }

  /** Tells whether a name is that of an enum of numbers in this source, or stands for a type of numbers. */
  isNumericName(name: string): boolean {
    return this.numeric.has(name);
  }

  /** Tells whether a name is that of an enum of texts in this source: as a type, it is a text. */
  isTextEnum(name: string): boolean {
    return this.textEnums.has(name);
  }

  /** Tells whether a name is that of an enum in this source. */
  isEnum(name: string): boolean {
    return this.enums.has(name);
  }

  /** The result of `find` for the value of the source's only constant or parameter of a name. */
  shown<T>(name: string, find: (init: Syntax) => T | undefined): T | undefined {
    const found: (T | undefined)[] = [];
    walk(this.root, (node) => {
      const { type, id, left, init, right } = node as unknown as Record<string, Syntax | undefined>;
      const target =
        (type as unknown) === "VariableDeclarator"
          ? id
          : (type as unknown) === "AssignmentPattern"
            ? left
            : undefined;
      const value = init ?? right;
      if (target?.type === "Identifier" && target.name === name) found.push(value ? find(value) : undefined);
      for (const parameter of (node as { params?: Syntax[] }).params ?? []) {
        const { type: kind, name: own, typeAnnotation } = parameter as unknown as Record<string, unknown>;
        if (kind === "Identifier" && own === name)
          found.push(
            /^:\s*(string|number)$/.test(typeAnnotation ? this.textOf(typeAnnotation) : "")
              ? (this.textOf(typeAnnotation).replace(/^:\s*/, "") as T)
              : undefined,
          );
      }
    });
    return found.length === 1 ? found[0] : undefined;
  }

  /** Tells whether a name stands for the type `number` in this source. */
  isNumberAlias(name: string): boolean {
    return this.numberAliases.has(name);
  }

  /** Tells whether a name stands for the type `boolean` in this source. */
  isBooleanAlias(name: string): boolean {
    return this.booleanAliases.has(name);
  }

  /** Refuses a node: the sentence says what to write instead, and `detail` names the fault if that helps. */
  refuse(node: unknown, sentence: SentenceName, detail = ""): undefined {
    const { start, end } = node as Syntax;
    const text = `${sentences[sentence]}${detail === "" ? "" : ` (${detail})`}.`;
    if (!this.remarks.some((remark) => remark.start === start && remark.text === text))
      this.remarks.push({ start, end, text });
    return undefined;
  }

  /** The original text of a node. */
  textOf(node: unknown): string {
    const { start, end } = node as Syntax;
    return this.text.slice(start, end);
  }

  /** A name that nothing else has. */
  name(what: string): string {
    return `__${what}${this.names++}`;
  }

  /** The name under which the front end's own `name` can be called. */
  import(file: string, name: string): string {
    if (!this.imports.has(file)) this.imports.set(file, new Set());
    this.imports.get(file)!.add(name);
    return `__language_${name}`;
  }

  /** Has a file of the front end's own compiled, for what is marked. */
  use(file: string): void {
    if (!this.imports.has(file)) this.imports.set(file, new Set());
  }

  /** Puts a declaration at the end of the module. */
  append(pieces: Piece[]): void {
    this.tail.push(pieces);
  }

  /** The original text between two places. */
  raw(start: number, end: number): Piece[] {
    return start < end ? [{ text: this.text.slice(start, end), start, end, exact: true }] : [];
  }

  /** New text in the place of `node`, with pieces in it. */
  make(node: unknown, ...parts: (string | readonly Piece[])[]): Piece[] {
    const { start, end } = node as Syntax;
    return parts.flatMap((part) =>
      typeof part === "string" ? (part === "" ? [] : [{ text: part, start, end, exact: false }]) : part,
    );
  }

  /** A node, lowered. */
  lower(node: unknown): Piece[] {
    return this.byRule(node as Syntax) ?? this.inside(node);
  }

  /** A node as a rule for it lowers it; undefined where none does. */
  byRule(node: Syntax): Piece[] | undefined {
    for (const rule of rules.get(node.type) ?? []) {
      const pieces = rule(node as never, this);
      if (pieces !== undefined) return pieces;
    }
    return undefined;
  }

  /** Has a node that is not in the source stand where another one stands. */
  replace(node: Syntax, by: Syntax): void {
    const parent = this.parents.get(node);
    if (parent !== undefined) this.parents.set(by, parent);
  }

  /** A node's own text, with what is below it lowered. */
  inside(node: unknown, from?: number, to?: number): Piece[] {
    const { start, end } = node as Syntax;
    const last = to ?? end;
    let position = from ?? start;
    const pieces: Piece[] = [];
    for (const child of childrenOf(node as Syntax)) {
      if (child.start < position || child.end > last) continue; // `{ x }` has `x` twice
      pieces.push(...this.raw(position, child.start), ...this.lower(child));
      position = child.end;
    }
    pieces.push(...this.raw(position, last));
    return pieces;
  }

  /** The whole source, lowered. */
  run(): LoweredText {
    const pieces = [...this.raw(0, this.root.start), ...this.lower(this.root)];
    pieces.push(...this.raw(this.root.end, this.text.length));
    const end = { start: this.text.length, end: this.text.length };
    for (const more of this.tail) pieces.push(...this.make(end, "\n"), ...more);
    for (const [file, names] of this.imports) {
      const list = [...names].map((name) => `${name} as __language_${name}`).join(", ");
      const path = `~lib/proxy-wasm-as/assembly/language/${file}`;
      const what = names.size > 0 ? `{ ${list} } from ` : "";
      pieces.push(...this.make(end, `\nimport ${what}"${path}";`));
    }
    return join(pieces, this.remarks);
  }
}

/** The text that the compiler parses instead of `text`; undefined when that is not TypeScript. */
export function lowerText(text: string, path: string): LoweredText | undefined {
  const file = parseTypeScript(text);
  if (file === undefined) return undefined;
  if (/\bundefined\b|\w\?\s*:/.test(text)) undefinedSources.add(path);
  else undefinedSources.delete(path);
  bigSources.delete(path);
  forgetMarkedFields(path);
  return new Lowering(text, path, file.program as Syntax).run();
}
