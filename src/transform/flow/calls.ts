/**
 * Which functions call which, and which may therefore wait.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import { UncountedError, skipLocals, skipOperator } from "../../wasm/instructions.js";
import { Reader, SectionId, sectionsOf } from "../../wasm/reader.js";
import { BuildError } from "../build-error.js";
import type { CompilerHooks } from "../compiler/compiler.js";
import { functionsOf } from "../module/expressions.js";
import { PACKAGE } from "../source/syntax.js";

type Binaryen = CompilerHooks["binaryen"];

/** A function of the module. */
interface FunctionNode {
  readonly signature: string;
  /** The functions that it calls by name. */
  readonly direct: Set<string>;
  /** The signatures of what it calls through the table. */
  readonly indirect: Set<string>;
}

/**
 * Functions of this package that call the user's functions outside of flows: timers, answers, factories. A function that waits
 * there fails with a message, so no function stays suspended in their middle.
 */
const OUTSIDE = new RegExp(`^${PACKAGE}assembly/(?:callbacks/|context/|services/|flow/cleanup/CleanupOf)`);

/** The calls of a compiled module. */
export class CallGraph {
  private readonly functions = new Map<string, FunctionNode>();
  /** The functions in the table, by signature. */
  private readonly tabled = new Map<string, string[]>();

  /** With `everything`, also what the package calls outside of flows. */
  constructor(module: binaryenTypes.Module, binaryen: Binaryen, everything = false) {
    const infos = functionsOf(module, binaryen);
    const isImport = ({ module: from }: binaryenTypes.FunctionInfo): boolean => from !== null && from !== "";
    // A binary has imports first.
    const ordered = [...infos.filter(isImport), ...infos.filter((info) => !isImport(info))];
    const names = ordered.map(({ name }) => name);
    const { signatures, types, table, bodies } = readBinary(binaryOf(module));
    const imported = names.length - bodies.length;
    for (const [index, body] of bodies.entries()) {
      const name = names[imported + index]!;
      const signature = signatures[types[index]!]!;
      const node: FunctionNode = { signature, direct: new Set(), indirect: new Set() };
      this.functions.set(name, node);
      const outside = !everything && OUTSIDE.test(name);
      readCalls(
        body,
        (callee) => node.direct.add(names[callee]!),
        (type) => !outside && node.indirect.add(signatures[type]!),
      );
    }
    for (const index of table) {
      const name = names[index]!;
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

/** The parts of a module's binary that tell what calls what. */
interface Parts {
  /** By type. */
  readonly signatures: string[];
  /** The types of the functions that are not imported. */
  readonly types: number[];
  /** The numbers of the functions in the table. */
  readonly table: number[];
  readonly bodies: Reader[];
}

const CALL = 0x10;
const CALL_INDIRECT = 0x11;
const END = 0x0b;

/** The module's binary. Binaryen cannot write a module that uses what it does not have. */
function binaryOf(module: binaryenTypes.Module): Uint8Array {
  try {
    return module.emitBinary();
  } catch (error) {
    throw unknownCode(String(error));
  }
}

/** Binaryen writes this in a tenth of the time that its text takes. */
function readBinary(binary: Uint8Array): Parts {
  const parts: Parts = { signatures: [], types: [], table: [], bodies: [] };
  for (const { id, content } of sectionsOf(binary)) {
    if (id === SectionId.Type)
      content.list(() => {
        if (content.byte() !== 0x60) throw unknownCode("types that are not those of functions");
        parts.signatures.push(`${content.vector().join(" ")}>${content.vector().join(" ")}`);
      });
    else if (id === SectionId.Function) parts.types.push(...content.list(() => content.uint()));
    else if (id === SectionId.Element)
      content.list(() => {
        if (content.uint() !== 0) throw unknownCode("a table of another kind");
        while (content.bytes[content.at] !== END) skipOperator(content);
        content.at++;
        parts.table.push(...content.list(() => content.uint()));
      });
    else if (id === SectionId.Code) parts.bodies.push(...content.list(() => content.part(content.uint())));
  }
  return parts;
}

/** Goes through a function's code: its calls by number, and the types of those through the table. */
function readCalls(body: Reader, direct: (callee: number) => void, indirect: (type: number) => void): void {
  skipLocals(body);
  while (body.at < body.end) {
    const operator = body.bytes[body.at];
    const operand = new Reader(body.bytes, body.at + 1, body.end);
    if (operator === CALL) direct(operand.uint());
    else if (operator === CALL_INDIRECT) indirect(operand.uint());
    try {
      skipOperator(body);
    } catch (error) {
      throw error instanceof UncountedError ? unknownCode(error.message) : error;
    }
  }
}

function unknownCode(what: string): BuildError {
  return new BuildError(
    `this compiler makes code that proxy-wasm-as does not know (${what}); use AssemblyScript 0.28.20, and no "enable" in asconfig.json.`,
  );
}
