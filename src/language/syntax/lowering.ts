/**
 * Lowering of a source: what each construct becomes in AssemblyScript.
 *
 * @module
 */
import type { LoweredText } from "../../transform/compiler/parser-hook.js";
import type { Syntax } from "./parse.js";
import { parseTypeScript } from "./parse.js";
import { join, type Piece } from "./pieces.js";

/** What a construct becomes; undefined when it stays as it is, with what is lowered below it. */
export type Rule = (node: never, lowering: Lowering) => Piece[] | undefined;

const rules = new Map<string, Rule[]>();

/** Has the nodes of the given type lowered by `rule`, where no rule before it does. */
export function addRule<T>(type: string, rule: (node: T, lowering: Lowering) => Piece[] | undefined): void {
  if (!rules.has(type)) rules.set(type, []);
  rules.get(type)!.push(rule as Rule);
}

/** The lowering of one source. */
export class Lowering {
  private readonly imports = new Map<string, Set<string>>();
  private readonly parents = new Map<Syntax, Syntax>();
  private readonly tail: Piece[][] = [];
  private names = 0;

  constructor(
    readonly text: string,
    readonly path: string,
    readonly root: Syntax,
  ) {
    this.link(root);
  }

  private link(node: Syntax): void {
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
    const syntax = node as Syntax;
    for (const rule of rules.get(syntax.type) ?? []) {
      const pieces = rule(syntax as never, this);
      if (pieces !== undefined) return pieces;
    }
    return this.inside(syntax);
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
  run(): LoweredText | undefined {
    const pieces = [...this.raw(0, this.root.start), ...this.lower(this.root)];
    pieces.push(...this.raw(this.root.end, this.text.length));
    const end = { start: this.text.length, end: this.text.length };
    for (const more of this.tail) pieces.push(...this.make(end, "\n"), ...more);
    for (const [file, names] of this.imports) {
      const list = [...names].map((name) => `${name} as __language_${name}`).join(", ");
      const path = `~lib/proxy-wasm-as/assembly/language/${file}`;
      pieces.push(...this.make(end, `\nimport { ${list} } from "${path}";`));
    }
    return join(pieces, this.text);
  }
}

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: Syntax): Syntax[] {
  const children: Syntax[] = [];
  const add = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(add);
    else if (typeof value === "object" && value !== null && "type" in value && "start" in value)
      children.push(value as Syntax);
  };
  for (const [key, value] of Object.entries(node)) {
    if (key === "loc" || key === "extra" || key.endsWith("Comments") || key === "tokens" || key === "errors")
      continue;
    add(value);
  }
  return children.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** What the compiler shall parse instead of `text`; undefined when that is `text` itself. */
export function lowerText(text: string, path: string): LoweredText | undefined {
  const file = parseTypeScript(text);
  if (file === undefined) return undefined;
  return new Lowering(text, path, file.program as Syntax).run();
}
