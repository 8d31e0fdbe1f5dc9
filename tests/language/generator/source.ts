/** What the generator's parts share: chance, and the variables that a place sees. */
import { Random } from "../../std/random.js";

export type Type =
  | "number"
  | "string"
  | "boolean"
  | "string | null"
  | "number | undefined"
  | "string[]"
  | "number[]"
  | "Map<string, number>"
  | "Map<string, string>"
  | "Set<string>"
  | "Box"
  | "Box | null"
  | "() => number"
  | "(s: string) => string";

export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly constant: boolean;
}

/** Text that grows, and what can be named in it. */
export class Source {
  readonly random: Random;
  private names = 0;
  private scopes: Variable[][] = [[]];
  private lines: string[] = [];
  private indent = 1;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  below(limit: number): number {
    return this.random.below(limit);
  }

  pick<T>(...values: readonly T[]): T {
    return this.random.pick(values);
  }

  /** True once in `n` times. */
  once(n: number): boolean {
    return this.below(n) === 0;
  }

  fresh(): string {
    return `v${this.names++}`;
  }

  write(line: string): void {
    this.lines.push("  ".repeat(this.indent) + line);
  }

  text(): string {
    return this.lines.join("\n");
  }

  declare(name: string, type: Type, constant: boolean): void {
    this.scopes.at(-1).push({ name, type, constant });
  }

  /** The variables of a type that can be named here. */
  seen(type: Type, changed = false): Variable[] {
    return this.scopes.flat().filter((known) => known.type === type && !(changed && known.constant));
  }

  /** Writes lines in braces, in which more can be named. */
  block(head: string, inside: () => void, tail = "}"): void {
    this.write(`${head}{`);
    this.indent++;
    this.scopes.push([]);
    inside();
    this.scopes.pop();
    this.indent--;
    this.write(tail);
  }

  /** An expression that may name `variables`. */
  within<T>(variables: readonly Variable[], make: () => T): T {
    this.scopes.push([...variables]);
    const made = make();
    this.scopes.pop();
    return made;
  }
}
