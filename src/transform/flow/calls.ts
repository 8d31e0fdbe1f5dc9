/**
 * Which functions call which, and which may therefore wait.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import { PACKAGE } from "../source/syntax.js";

/** A function of the module. */
interface FunctionNode {
  readonly signature: string;
  /** The functions that it calls by name. */
  readonly direct: Set<string>;
  /** The signatures of what it calls through the table. */
  readonly indirect: Set<string>;
}

const NAME = String.raw`\$(?:"((?:[^"\\]|\\.)*)"|([^\s()]+))`;
const FUNCTION = new RegExp(`^ \\(func ${NAME}(.*)$`);
const TYPE = /^ \(type \$(\S+) \(func(.*)\)\)$/;
const CALL = new RegExp(`\\(call ${NAME}`, "g");
const INDIRECT = /\(call_indirect (?:\$\S+ )?\(type \$([^\s()]+)\)/g;

/**
 * Functions of this package that call the user's functions outside of flows: timers, answers, factories. A function that waits
 * there fails with a message, so no function stays suspended in their middle.
 */
const OUTSIDE = new RegExp(`^${PACKAGE}assembly/(?:callbacks/|context/|services/|flow/cleanup/CleanupOf)`);

/** `i32 i32>i32` for what stands behind a function's or a type's name. */
function signatureOf(header: string): string {
  const types = (what: string): string[] =>
    [...header.matchAll(new RegExp(`\\(${what} ([^()]*)\\)`, "g"))].flatMap(([, list]) =>
      list!.split(" ").filter((word) => !word.startsWith("$")),
    );
  return `${types("param").join(" ")}>${types("result").join(" ")}`;
}

/** The calls of a compiled module. */
export class CallGraph {
  private readonly functions = new Map<string, FunctionNode>();
  /** The functions in the table, by signature. */
  private readonly tabled = new Map<string, string[]>();

  /** With `everything`, also what the package calls outside of flows. */
  constructor(module: binaryenTypes.Module, everything = false) {
    const types = new Map<string, string>();
    const table: string[] = [];
    let node: FunctionNode | undefined;
    let outside = false;
    for (const line of module.emitText().split("\n")) {
      const type = TYPE.exec(line);
      if (type !== null) types.set(type[1]!, signatureOf(type[2]!));
      const header = FUNCTION.exec(line);
      if (header !== null) {
        node = { signature: signatureOf(header[3]!), direct: new Set(), indirect: new Set() };
        const name = header[1] ?? header[2]!;
        outside = !everything && OUTSIDE.test(name);
        this.functions.set(name, node);
      } else if (/^ \(elem /.test(line)) {
        for (const match of line.slice(line.indexOf(")")).matchAll(new RegExp(NAME, "g")))
          table.push(match[1] ?? match[2]!);
      } else if (node !== undefined) {
        for (const match of line.matchAll(CALL)) node.direct.add(match[1] ?? match[2]!);
        if (!outside) for (const match of line.matchAll(INDIRECT)) node.indirect.add(types.get(match[1]!)!);
      }
    }
    for (const name of table) {
      const signature = this.functions.get(name)?.signature;
      if (signature === undefined) continue;
      this.tabled.set(signature, [...(this.tabled.get(signature) ?? []), name]);
    }
  }

  /** The functions that may be under way when `target` is called, up to `border`, which is not among them. */
  callersOf(target: string, border: string): Set<string> {
    const callers = this.invert();
    const found = new Set([target]);
    for (const name of found)
      for (const caller of callers.get(name) ?? []) if (caller !== border) found.add(caller);
    return found;
  }

  /** The functions that `name` calls; through the table, all that have a fitting signature. */
  calleesOf(name: string): Set<string> {
    const node = this.functions.get(name);
    const callees = new Set(node?.direct);
    for (const signature of node?.indirect ?? [])
      for (const callee of this.tabled.get(signature) ?? []) callees.add(callee);
    return callees;
  }

  /** Takes note that a function has been emptied. */
  forgetCalls(name: string): void {
    const node = this.functions.get(name);
    node?.direct.clear();
    node?.indirect.clear();
  }

  /** Tells whether `caller` calls `callee` by name. */
  callsDirectly(caller: string, callee: string): boolean {
    return this.functions.get(caller)?.direct.has(callee) ?? false;
  }

  /** Tells whether the module has a function of this name. */
  has(name: string): boolean {
    return this.functions.has(name);
  }

  /** Functions of `among` without which no other of them could be under way more than once; as few as can be told quickly. */
  recursion(among: ReadonlySet<string>): Set<string> {
    const found = new Set<string>();
    for (;;) {
      const others = new Set([...among].filter((name) => !found.has(name)));
      const recursive = new Set([...others].filter((name) => this.reachableFrom(name, others).has(name)));
      if (recursive.size === 0) return found;
      // The one through which most ways lead.
      const ways = (name: string): number => {
        const callers = [...recursive].filter((caller) => this.calleesOf(caller).has(name)).length;
        return callers * [...this.calleesOf(name)].filter((callee) => recursive.has(callee)).length;
      };
      found.add([...recursive].reduce((best, name) => (ways(name) > ways(best) ? name : best)));
    }
  }

  /** The functions of `among` that a call of `name` can lead to. */
  reachableFrom(name: string, among: ReadonlySet<string>): Set<string> {
    const reached = new Set<string>();
    const visit = (from: string): void => {
      for (const callee of this.calleesOf(from)) if (among.has(callee)) reached.add(callee);
    };
    visit(name);
    for (const callee of reached) visit(callee);
    return reached;
  }

  /** For each of `among`, the greatest sum of weights along calls that begins with it; none of them may be recursive. */
  longestPaths(among: ReadonlySet<string>, weight: (name: string) => number): (name: string) => number {
    const longest = new Map<string, number>();
    const from = (name: string): number => {
      let sum = longest.get(name);
      if (sum === undefined) {
        const below = [...this.calleesOf(name)].filter((callee) => among.has(callee)).map(from);
        longest.set(name, (sum = weight(name) + Math.max(0, ...below)));
      }
      return sum;
    };
    return from;
  }

  private invert(): Map<string, string[]> {
    const callers = new Map<string, string[]>();
    for (const name of this.functions.keys()) {
      for (const callee of this.calleesOf(name)) {
        if (!callers.has(callee)) callers.set(callee, []);
        callers.get(callee)!.push(name);
      }
    }
    return callers;
  }
}
