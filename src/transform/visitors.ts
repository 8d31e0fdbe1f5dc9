/**
 * The collector has code for each class that the program names. Most filters make no objects of most of them: lists of headers or
 * options that no callback takes, for example.
 *
 * @module
 */
import type { Program } from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "./compiler.js";
import { setBody } from "./module.js";

/** A part of a module's text: a word, or what stands between two brackets. */
type Node = string | Node[];

interface FunctionNode {
  readonly params: readonly string[];
  readonly calls: readonly Node[][];
  /** What its locals are set to. */
  readonly sets: ReadonlyMap<string, readonly Node[][]>;
}

/** Objects begin at multiples of this; what precedes them is as long, and has the number of their class here. */
const HEADER = 16;
const CLASS_AT = 8;
/** Where the number is in the header that the compiler's library writes. */
const STORED_CLASS = "12";

/** Lets the collector know no classes but those of which there can be objects. `heap` is the module of `__new`. */
export function dropVisitors(
  module: binaryenTypes.Module,
  binaryen: CompilerHooks["binaryen"],
  { managedClasses }: Program,
  heap: string,
): void {
  const made = classesMade(parse(module.emitText()), heap);
  const visit = module.getFunction("~lib/rt/__visit_members");
  if (made === undefined || visit === 0) return;
  const { i32, none } = binaryen;
  const { local } = module;
  const visitors = new Map<number, string>();
  for (const [id, { internalName }] of managedClasses)
    if (made.has(id) && module.getFunction(`${internalName}~visit`) !== 0)
      visitors.set(id, `${internalName}~visit`);
  const labels = Array.from(
    { length: Math.max(-1, ...visitors.keys()) + 1 },
    (_, id) => visitors.get(id) ?? "none",
  );
  const id = module.i32.load(0, 4, module.i32.sub(local.get(0, i32), module.i32.const(HEADER - CLASS_AT)));
  let body = module.switch(labels, "none", id);
  for (const visitor of visitors.values()) {
    // The object, and the collector's cookie; what a function has no use for may be gone.
    const { params } = binaryen.getFunctionInfo(module.getFunction(visitor));
    const operands = [local.get(0, i32), module.i32.const(0)].slice(0, binaryen.expandType(params).length);
    const call = module.call(visitor, operands, none);
    body = module.block(null, [module.block(visitor, [body]), call, module.return()]);
  }
  setBody(binaryen, visit, module.block("none", [body]));
}

/** The numbers of the classes that objects may be of; undefined when they cannot be told. */
function classesMade(module: readonly Node[], heap: string): Set<number> | undefined {
  const functions = new Map<string, FunctionNode>();
  const reachable = new Set<Node>();
  const made = new Set<number>();
  for (const part of module) {
    const [kind, name, ...rest] = part as Node[];
    if (kind === "func") functions.set(name as string, readFunction(rest, made));
    else if (kind === "data") addStatic(rest, made);
    else if (kind === "export" || kind === "elem") for (const word of rest.flat(2)) reachable.add(word);
  }
  // The functions that make objects, and which operand the class is.
  const makers = new Map([`$${heap}/create`, `$${heap}/__new`].map((name) => [name, 1]));
  for (const [maker, index] of makers) {
    if (reachable.has(maker)) return undefined;
    for (const [name, caller] of functions) {
      if (name === `$${heap}/__renew`) continue; // an object keeps its class
      for (const call of caller.calls) {
        if (call[1] !== maker) continue;
        for (const [kind, value] of valuesOf(call[index + 2], caller)) {
          if (kind === "call" && makers.has(value as string)) continue; // a local that has an object at another time
          const param = kind === "local.get" ? caller.params.indexOf(value as string) : -1;
          if (kind === "i32.const") made.add(Number(value));
          else if (param >= 0 && (makers.get(name) ?? param) === param) makers.set(name, param);
          else return undefined;
        }
      }
    }
  }
  return made;
}

/** Reads a function, and adds the classes that it stores into headers. */
function readFunction(parts: readonly Node[], made: Set<number>): FunctionNode {
  const params = parts.flatMap((part) => (part[0] === "param" ? [part[1] as string] : []));
  const calls: Node[][] = [];
  const sets = new Map<string, Node[][]>();
  const left: Node[] = [...parts];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (typeof node === "string") continue;
    const [kind, name] = node as string[];
    if (kind === "call") calls.push(node);
    else if (kind === "local.set" || kind === "local.tee")
      sets.set(name!, [...(sets.get(name!) ?? []), node[2] as Node[]]);
    else if (kind === "i32.store") addStored(node, made);
    for (const part of node) left.push(part);
  }
  return { params, calls, sets };
}

/** What an operand may be: of a local, all that it is set to, and of a parameter also that. */
function valuesOf(operand: Node | undefined, { params, sets }: FunctionNode): readonly Node[] {
  if (operand === undefined) return [""]; // it is the same in all calls, and no operand any more
  const [kind, local] = operand as string[];
  if (kind !== "local.get") return [operand];
  const values = sets.get(local!) ?? [];
  return params.includes(local!) ? [operand, ...values] : values;
}

/** Adds what may be a class that is stored into a header, by its place in the header or in memory. */
function addStored(store: readonly Node[], made: Set<number>): void {
  const [address, value] = store.slice(-2) as [Node[], Node[]];
  if (value[0] !== "i32.const") return;
  const offset = /^offset=(.*)/.exec(store[1] as string)?.[1] ?? "0";
  const isStatic =
    address[0] === "i32.const" && ((Number(address[1]) + Number(offset)) & (HEADER - 1)) === CLASS_AT;
  if (isStatic || offset === STORED_CLASS) made.add(Number(value[1]));
}

/** Adds what may be the class of an object in a piece of data. */
function addStatic([offset, text]: readonly Node[], made: Set<number>): void {
  const codes = (text as string).slice(1, -1).replace(/\\([0-9a-f]{2}|.)/gi, (_, code: string) => {
    const letter = { t: "\t", n: "\n", r: "\r" }[code] ?? code;
    return code.length === 2 ? String.fromCharCode(parseInt(code, 16)) : letter;
  });
  const bytes = Buffer.from(codes, "latin1");
  for (let at = (CLASS_AT - Number(offset![1])) & (HEADER - 1); at + 4 <= bytes.length; at += HEADER)
    made.add(bytes.readUInt32LE(at));
}

/** The parts of a module's text. */
function parse(text: string): readonly Node[] {
  const open: Node[][] = [[]];
  for (const [token] of text.matchAll(/[()]|\$?"(?:[^"\\]|\\.)*"|;;.*|[^\s()";]+/g)) {
    if (token === "(") open.push([]);
    else if (token === ")") {
      const parts = open.pop()!;
      open.at(-1)!.push(parts);
    } else if (!token.startsWith(";;")) open.at(-1)!.push(token);
  }
  return open[0]![0] as Node[];
}
