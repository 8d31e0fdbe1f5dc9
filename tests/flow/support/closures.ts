/** Statements with functions that hold what is around them, made before a wait and called after it. */
import { Generator, type Variable } from "./generator.js";

const number = (name: string): Variable => ({ name, type: "i32", constant: false });

export class ClosureGenerator extends Generator {
  protected override closureStatement(): boolean {
    if (this.within >= 2) return false;
    switch (Math.floor(this.random() * 9)) {
      case 0:
      case 1:
        this.arrow(this.pick(": Fn", ""));
        return true;
      case 2:
        this.nested();
        return true;
      case 3:
        return this.list();
      case 4:
        return this.kept();
      case 5:
      case 6:
        return this.method();
      case 7:
        return this.madeInLoop();
      default:
        return this.made();
    }
  }

  protected override closureCall(depth: number): string | undefined {
    if (this.quiet || this.within > 1 || this.loops > 1) return undefined;
    // In a function those of before only: what a list or an object holds could be that function itself.
    const others = this.within > 0 ? [] : [...this.all("Fn[]"), ...this.all("Holder")];
    const target = this.pick(...this.all("Fn"), ...others);
    if (target === undefined) return undefined;
    const argument = this.int(depth - 1);
    if (target.type === "Holder") return `${target.name}.run(${argument})`;
    if (target.type === "Fn[]")
      return this.chance(0.5)
        ? `each(${target.name}, ${argument})`
        : `${target.name}[mod(${this.int(0)}, ${target.name}.length)](${argument})`;
    const list = this.pick(...this.all("i32[]"));
    switch (Math.floor(this.random() * 4)) {
      case 0:
        return `twice(${target.name}, ${argument})`;
      case 1:
        return list === undefined ? undefined : `over(${list.name}, ${target.name})`;
      default:
        return `${target.name}(${argument})`;
    }
  }

  /** Writes the body of a function, between `head` and `tail`. */
  private body(head: string, tail: string, parameters: Variable[], quiet = false): void {
    const before = { loops: this.loops, quiet: this.quiet };
    this.write(head);
    this.loops = 0;
    this.quiet ||= quiet;
    this.within++;
    this.scopes.push(parameters);
    this.block(this.pick(1, 2, 3), "i32");
    this.indent++;
    this.write(`return ${this.int(1)};`);
    this.indent--;
    this.scopes.pop();
    this.within--;
    Object.assign(this, before);
    this.write(tail);
  }

  /** A name that what is written meanwhile does not see: a function that called itself would not end. */
  private name(): string {
    return `v${this.names++}`;
  }

  private declared(name: string, type: Variable["type"]): void {
    this.scopes.at(-1).push({ name, type, constant: true });
  }

  private arrow(type: string): void {
    const name = this.name();
    const parameter = `p${this.names++}`;
    this.body(`const ${name}${type} = (${parameter}: i32): i32 => {`, "};", [number(parameter)]);
    this.declared(name, "Fn");
  }

  private nested(): void {
    const name = this.name();
    const parameter = `p${this.names++}`;
    this.body(`function ${name}(${parameter}: i32): i32 {`, "}", [number(parameter)]);
    const held = this.name();
    this.write(`const ${held}: Fn = ${name};`);
    this.declared(held, "Fn");
  }

  private list(): boolean {
    if (this.within > 0) return false;
    const lists = this.all("Fn[]");
    const functions = this.all("Fn");
    const parameter = `p${this.names++}`;
    if (lists.length > 0 && this.loops < 2) {
      const list = this.pick(...lists).name;
      this.write(`if (${list}.length < 5) {`);
      this.body(`  ${list}.push((${parameter}: i32): i32 => {`, "  });", [number(parameter)]);
      this.write("}");
      return true;
    }
    if (functions.length === 0) return false;
    const name = this.name();
    this.write(`const ${name}: Fn[] = [${functions.map((f) => f.name).join(", ")}];`);
    this.declared(name, "Fn[]");
    return true;
  }

  /** In an object's field. */
  private kept(): boolean {
    const held = this.pick(...this.all("Fn"));
    if (held === undefined || this.within > 0) return false;
    const holder = this.pick(...this.all("Holder"));
    if (holder !== undefined && this.chance(0.5)) {
      this.write(`${holder.name}.f = ${this.pick(held.name, `later(${held.name}, ${this.int(1)})`)};`);
      return true;
    }
    const name = this.name();
    this.write(`const ${name} = new Holder(${held.name});`);
    this.declared(name, "Holder");
    return true;
  }

  /** Given to a list's method, in which nothing waits. */
  private method(): boolean {
    const numbers = this.all("i32[]");
    const texts = this.all("string[]");
    const list = numbers.length > 0 ? this.pick(...numbers).name : this.name();
    if (numbers.length === 0) {
      this.write(`const ${list}: i32[] = [${this.int(1)}, ${this.int(0)}, 3];`);
      this.declared(list, "i32[]");
    }
    const name = this.name();
    const x = `p${this.names++}`;
    const head = `(${x}: i32): i32 => {`;
    switch (Math.floor(this.random() * 5)) {
      case 0:
        this.body(`const ${name} = ${list}.map(${head}`, "});", [number(x)], true);
        this.declared(name, "i32[]");
        return true;
      case 1: {
        const sum = this.pick(...this.all("i32").filter(({ constant }) => !constant));
        if (sum === undefined) return false;
        this.write(`${list}.forEach((${x}: i32): void => { ${sum.name} = add(${sum.name}, ${x}); });`);
        return true;
      }
      case 2: {
        const y = `p${this.names++}`;
        const parameters = [number(y), number(x)];
        this.body(
          `const ${name} = ${list}.reduce((${y}: i32, ${x}: i32): i32 => {`,
          "}, 1);",
          parameters,
          true,
        );
        this.declared(name, "i32");
        return true;
      }
      case 3: {
        const by = this.int(0);
        this.write(`const ${name} = ${list}.filter((${x}: i32): boolean => mod(${x}, 5) != mod(${by}, 5));`);
        this.write(`${name}.push(${by});`);
        this.declared(name, "i32[]");
        return true;
      }
      default: {
        const text = this.pick(...texts);
        const by = this.pick(...this.all("string"));
        if (text === undefined || by === undefined) return false;
        this.write(
          `const ${name} = ${text.name}.map((${x}: string): string => { ${by.constant ? "" : `${by.name} = cut(${by.name} + "m"); `}return cut(${x} + ${by.name}); });`,
        );
        this.declared(name, "string[]");
        return true;
      }
    }
  }

  /** Each turn of the loop has variables of its own, which its function holds. */
  private madeInLoop(): boolean {
    if (this.within > 0 || this.loops > 0 || this.quiet) return false;
    const name = this.name();
    const x = `p${this.names++}`;
    const turn = this.name();
    const list = this.pick(...this.all("i32[]"));
    this.write(`const ${name}: Fn[] = [];`);
    const of = list === undefined || this.chance(0.5);
    this.write(
      of
        ? `for (let ${turn} = 0; ${turn} < 3; ${turn}++) {`
        : `for (const ${turn} of ${list.name}.slice(0, 3)) {`,
    );
    const own = this.name();
    this.write(`  let ${own} = add(${turn}, ${this.int(1)});`);
    this.scopes.push([
      { name: turn, type: "i32", constant: true },
      { name: own, type: "i32", constant: false },
    ]);
    this.indent++;
    this.body(`${name}.push((${x}: i32): i32 => {`, "});", [number(x)]);
    this.write(`${own} = add(${own}, w(mod(${turn}, 7)));`);
    this.indent--;
    this.scopes.pop();
    this.write("}");
    this.write(`${name}.push(counter(${this.int(0)}));`);
    this.declared(name, "Fn[]");
    return true;
  }

  /** By another function, which may wait before it answers. */
  private made(): boolean {
    if (this.quiet || this.within > 1) return false;
    const held = this.pick(...this.all("Fn"));
    const value = held === undefined ? `counter(${this.int(1)})` : `later(${held.name}, ${this.int(1)})`;
    const name = this.name();
    this.write(`const ${name} = ${value};`);
    this.declared(name, "Fn");
    return true;
  }
}
