/** Random handlers: statements and expressions of a language that is a part of both. */
import { classes } from "./library.js";
import { randomNumbers } from "./drive.js";

export type Type =
  | "i32"
  | "string"
  | "i32[]"
  | "string[]"
  | "Map<string, i32>"
  | "Base"
  | "Box<string>"
  | "StaticArray<i32>"
  | "Fn"
  | "Fn[]"
  | "Holder";

export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly constant: boolean;
}

export abstract class Generator {
  protected readonly random: () => number;
  protected lines: string[] = [];
  protected names = 0;
  protected indent = 0;
  /** The function that is being written: calls go to later ones only, or to itself with one less of \`d\`. */
  protected level = 0;
  protected loops = 0;
  protected scopes: Variable[][] = [[]];
  /** Whether what is written must not wait, as it is called by a list's method. */
  protected quiet = false;
  /** How many functions without a name of their own are around what is written. */
  protected within = 0;

  constructor(
    seed: number,
    protected readonly functions: number,
  ) {
    this.random = randomNumbers(seed);
  }

  program(cases: number): string {
    const sub = ["C0", "C1", "C2"].map((name, index) => this.subclass(name, index));
    const functions: string[] = [];
    for (let k = this.functions - 1; k >= 0; k--) functions.push(this.function(k));
    const handlers = Array.from({ length: cases }, (_, k) => this.handler(k));
    return [classes, ...sub, ...functions, ...handlers].join("\n");
  }

  protected pick<T>(...values: T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }

  protected chance(p: number): boolean {
    return this.random() < p;
  }

  protected write(line: string): void {
    this.lines.push("  ".repeat(this.indent) + line);
  }

  private begin(variables: Variable[]): void {
    this.lines = [];
    this.indent = 1;
    this.names = 0;
    this.loops = 0;
    this.scopes = [variables];
  }

  private subclass(name: string, index: number): string {
    this.level = this.functions - 1; // methods call nothing but waits and the last function
    this.begin([
      { name: "a", type: "i32", constant: false },
      { name: "d", type: "i32", constant: true },
    ]);
    this.write("const d = 0;");
    this.statements(3, "i32");
    const field = index === 0 ? "" : `  extra: string = ws("x${index}");\n`;
    return `class ${name} extends ${index === 2 ? "C1" : "Base"} {\n${field}  go(a: i32): i32 {\n${this.lines.join("\n")}\n    return add(a, this.n + this.text.length);\n  }\n}`;
  }

  private function(k: number): string {
    this.level = k;
    this.begin([
      { name: "a", type: "i32", constant: false },
      { name: "s", type: "string", constant: false },
      { name: "d", type: "i32", constant: true },
    ]);
    this.write("if (d <= 0) return a;");
    this.statements(5, "i32");
    return `function f${k}(a: i32, s: string, d: i32): i32 {\n${this.lines.join("\n")}\n  return ${this.int(2)};\n}`;
  }

  private handler(k: number): string {
    this.level = -1;
    this.begin([
      { name: "a", type: "i32", constant: false },
      { name: "out", type: "string", constant: false },
    ]);
    this.write("const d = 2;");
    this.write('let out = "";');
    this.statements(9, "string");
    const seen = this.scopes[0]!.filter(({ name }) => name !== "out").map((variable) => this.show(variable));
    return `function case${k}(a: i32): string {\n${this.lines.join("\n")}\n  return out + "|" + ${seen.join(' + "," + ')};\n}`;
  }

  /** Writes a statement with a function in it; false when it has none. */
  protected abstract closureStatement(): boolean;

  /** A number that a function answers with; undefined when there is none. */
  protected abstract closureCall(depth: number): string | undefined;

  /** A string of what a variable holds. */
  private show({ name, type }: Variable): string {
    switch (type) {
      case "Fn":
        return `str(${name}(3))`;
      case "Fn[]":
        return `str(each(${name}, 4))`;
      case "Holder":
        return `str(${name}.run(5))`;
      case "i32":
        return `str(${name})`;
      case "string":
        return `cut(${name})`;
      case "i32[]":
      case "string[]":
      case "StaticArray<i32>":
        return `${name}.join("/")`;
      case "Map<string, i32>":
        return `str(sum(${name}))`;
      case "Base":
        return `${name}.text + str(${name}.n)`;
      case "Box<string>":
        return `cut(${name}.value)`;
    }
  }

  protected all(type: Type): Variable[] {
    return this.scopes.flat().filter((variable) => variable.type === type);
  }

  protected fresh(type: Type, constant = false): string {
    const name = `v${this.names++}`;
    this.scopes.at(-1).push({ name, type, constant });
    return name;
  }

  protected block(count: number, result: string): void {
    this.indent++;
    this.scopes.push([]);
    this.statements(count, result);
    this.scopes.pop();
    this.indent--;
  }

  protected statements(count: number, result: string): void {
    for (let i = 0; i < count; i++) this.statement(result);
  }

  private statement(result: string): void {
    if (this.chance(0.2) && this.closureStatement()) return;
    const deep = this.scopes.length > 3;
    const kind = Math.floor(this.random() * (deep ? 9 : 16));
    switch (kind) {
      case 0: {
        const value = this.int(3);
        return this.write(`let ${this.fresh("i32")} = ${value};`);
      }
      case 1: {
        const value = this.text(3);
        return this.write(`let ${this.fresh("string")} = ${value};`);
      }
      case 2:
        return this.declare();
      case 3: {
        const target = this.pick(...this.all("i32").filter(({ constant }) => !constant));
        if (target === undefined) return;
        return this.write(
          this.chance(0.3)
            ? `${target.name} = add(${target.name}, ${this.int(2)});`
            : `${target.name} = ${this.int(3)};`,
        );
      }
      case 4: {
        const target = this.pick(...this.all("string").filter(({ constant }) => !constant));
        if (target === undefined) return;
        return this.write(`${target.name} = cut(${this.pick("", `${target.name} + `)}${this.text(3)});`);
      }
      case 5:
      case 6:
        return this.change();
      case 7:
        if (this.quiet) return;
        return this.write(`${this.pick("w", "z")}(${this.int(1)});`);
      case 8: {
        if (this.loops > 0 && this.chance(0.4))
          return this.write(`if (${this.condition(1)}) ${this.pick("break", "continue")};`);
        if (this.chance(0.25))
          return this.write(
            `if (${this.condition(1)}) return ${result === "i32" ? this.int(2) : this.text(2)};`,
          );
        if (this.quiet) return;
        return this.write(`${this.pick("w", "z")}(${this.int(2)});`);
      }
      case 9:
      case 10:
      case 11: {
        this.write(`if (${this.condition(2)}) {`);
        this.block(3, result);
        if (this.chance(0.6)) {
          this.write("} else {");
          this.block(2, result);
        }
        return this.write("}");
      }
      case 12:
      case 13: {
        if (this.loops >= 2) return;
        const name = `i${this.names++}`;
        const bound = this.pick("3", "2", "mod(" + this.int(1) + ", 4)");
        this.write(`for (let ${name} = 0; ${name} < ${bound}; ${name}++) {`);
        this.scopes.push([{ name, type: "i32", constant: true }]);
        this.loops++;
        this.block(3, result);
        this.loops--;
        this.scopes.pop();
        return this.write("}");
      }
      case 14: {
        this.write(`switch (mod(${this.int(2)}, 4)) {`);
        // In a switch "break" would leave that, not the loop.
        const loops = this.loops;
        this.loops = 0;
        for (const label of ["case 0", "case 1", "case 2", "default"]) {
          this.write(`${label}: {`);
          this.block(2, result);
          if (this.chance(0.6)) this.write("  break;");
          this.write("}");
        }
        this.loops = loops;
        return this.write("}");
      }
      default: {
        if (this.loops >= 2) return;
        const name = `n${this.names++}`;
        this.write(`let ${name} = ${this.pick("3", "2")};`);
        this.write(`while (${name}-- > 0 && ${this.condition(1)}) {`);
        this.loops++;
        this.block(3, result);
        this.loops--;
        return this.write("}");
      }
    }
  }

  private declare(): void {
    const type = this.pick<Type>(
      "i32[]",
      "string[]",
      "Map<string, i32>",
      "Base",
      "Box<string>",
      "StaticArray<i32>",
      "i32[]",
      "string[]",
    );
    let value: string;
    if (type === "i32[]") value = `[${this.int(2)}, ${this.int(2)}, ${this.int(1)}]`;
    else if (type === "string[]") value = `[${this.text(2)}, ${this.text(2)}]`;
    else if (type === "Map<string, i32>") value = "new Map<string, i32>()";
    else if (type === "Base") value = `new ${this.pick("C0", "C1", "C2")}(${this.int(2)})`;
    else if (type === "StaticArray<i32>") value = "cells(3)";
    else value = `new Box<string>(${this.text(2)})`;
    if (type === "Base" && (this.quiet || this.level === this.functions - 1)) return; // a method would make objects for ever
    this.write(`let ${this.fresh(type)}: ${type} = ${value};`);
  }

  /** Changes an array, a map or an object. */
  private change(): void {
    const target = this.pick(
      ...this.scopes.flat().filter(({ type }) => !["i32", "string", "Fn", "Fn[]", "Holder"].includes(type)),
    );
    if (target === undefined) return;
    const { name, type } = target;
    switch (type) {
      case "i32[]":
        return this.write(
          this.chance(0.5)
            ? `if (${name}.length < 12) ${name}.push(${this.int(2)});`
            : `${name}[mod(${this.int(1)}, ${name}.length)] = ${this.int(2)};`,
        );
      case "string[]":
        return this.write(
          this.chance(0.5)
            ? `if (${name}.length < 8) ${name}.push(cut(${this.text(2)}));`
            : `${name}[mod(${this.int(1)}, ${name}.length)] = cut(${this.text(2)});`,
        );
      case "StaticArray<i32>":
        return this.write(`${name}[${this.pick("0", "1", "2")}] = ${this.int(2)};`);
      case "Map<string, i32>":
        return this.write(`${name}.set(cut(${this.text(1)}), ${this.int(2)});`);
      case "Base":
        return this.write(
          this.chance(0.5)
            ? `${name}.n = ${this.int(2)};`
            : `${name}.text = cut(${name}.text + ${this.text(1)});`,
        );
      default:
        return this.write(`${name}.value = cut(${this.text(2)});`);
    }
  }

  private condition(depth: number): string {
    if (depth > 0 && this.chance(0.25))
      return `(${this.condition(depth - 1)} ${this.pick("&&", "||")} ${this.condition(depth - 1)})`;
    if (this.chance(0.2)) return `${this.text(depth)}.length > ${this.pick("3", "5")}`;
    return `mod(${this.int(depth)}, ${this.pick("2", "3", "5")}) ${this.pick("==", ">", "<")} 1`;
  }

  protected int(depth: number): string {
    const leaf = (): string => {
      const variables = this.all("i32");
      return this.chance(0.6) && variables.length > 0
        ? this.pick(...variables).name
        : String(Math.floor(this.random() * 100));
    };
    if (depth <= 0) return leaf();
    const called = this.chance(0.2) ? this.closureCall(depth) : undefined;
    if (called !== undefined) return called;
    const next = (): string => this.int(depth - 1);
    const kind = Math.floor(this.random() * 12);
    if (this.quiet && [3, 4, 5, 6, 7, 10].includes(kind)) return leaf();
    switch (kind) {
      case 0:
        return `add(${next()}, ${next()})`;
      case 1:
        return `mul(${next()}, ${next()})`;
      case 2:
        return `mod(${next()}, ${this.pick("7", "10", "3")})`;
      case 3:
      case 4:
        return `w(${next()})`;
      case 5:
        return `z(${next()})`;
      case 6:
        return this.chance(0.5) ? `both(${next()}, ${next()})` : `${this.text(depth - 1)}.length`;
      case 7: {
        if (this.loops > 1 || this.within > 0) return leaf();
        const callee = this.level + 1 + Math.floor(this.random() * 2);
        if (this.level >= 0 && this.chance(0.3) && this.level < this.functions - 1)
          return `f${this.level}(${next()}, ${this.text(1)}, d - 1)`;
        return callee < this.functions ? `f${callee}(${next()}, ${this.text(1)}, d)` : leaf();
      }
      case 8: {
        const array = this.pick(...this.all("i32[]"), ...this.all("StaticArray<i32>"));
        return array === undefined ? leaf() : `${array.name}[mod(${next()}, ${array.name}.length)]`;
      }
      case 9: {
        const map = this.pick(...this.all("Map<string, i32>"));
        return map === undefined ? leaf() : `get(${map.name}, ${this.text(1)})`;
      }
      case 10: {
        const object = this.pick(...this.all("Base"));
        if (object === undefined || this.level === this.functions - 1) return leaf();
        return this.chance(0.5) ? `${object.name}.go(${next()})` : `${object.name}.twice(${next()})`;
      }
      default:
        return `(${this.condition(depth - 1)} ? ${next()} : ${next()})`;
    }
  }

  protected text(depth: number): string {
    const leaf = (): string => {
      const variables = this.all("string");
      return this.chance(0.6) && variables.length > 0
        ? this.pick(...variables).name
        : `"${this.pick("a", "bc", "def", "")}"`;
    };
    if (depth <= 0) return leaf();
    const next = (): string => this.text(depth - 1);
    const kind = Math.floor(this.random() * 8);
    if (this.quiet && [2, 4].includes(kind)) return leaf();
    switch (kind) {
      case 0:
        return `(${next()} + ${next()})`;
      case 1:
        return `str(${this.int(depth - 1)})`;
      case 2:
        return `ws(str(${this.int(depth - 1)}))`;
      case 3: {
        const array = this.pick(...this.all("string[]"));
        return array === undefined
          ? leaf()
          : `${array.name}[mod(${this.int(depth - 1)}, ${array.name}.length)]`;
      }
      case 4: {
        const box = this.pick(...this.all("Box<string>"));
        return box === undefined ? leaf() : `${box.name}.swap(cut(${next()}))`;
      }
      case 5:
        return `\`\${${this.int(depth - 1)}}-\${${next()}}\``;
      default:
        return leaf();
    }
  }
}
