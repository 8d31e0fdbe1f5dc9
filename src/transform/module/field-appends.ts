/**
 * `this.text += more`: a text that only one field or variable of a module refers to grows where it is, as one of a function
 * does (appends.ts). Each read of such a field that is more than a look says that the text is shared from then on.
 *
 * @module
 */
import type binaryenTypes from "assemblyscript/binaryen";
import type { CompilerHooks } from "../compiler/compiler.js";
import { PACKAGE } from "../source/syntax.js";
import type { ExpressionInfo } from "./expressions.js";
import {
  addLocal,
  functionsOf,
  infoOf,
  partsOf,
  replaceExpressions,
  setAssigned,
  setOperand,
} from "./expressions.js";
import { repeatedIn } from "./repeated.js";
import { CONCAT, LOOKING, SHARE } from "./texts.js";

type Binaryen = CompilerHooks["binaryen"];

const APPEND_FROM = `${PACKAGE}assembly/memory/append/appendFrom`;
const LENGTH = `${PACKAGE}assembly/memory/append/lengthOf`;

/** Functions of the library that read an element and do nothing else. */
const ELEMENT = /^~lib\/(array\/Array|staticarray\/StaticArray|map\/Map)<.*>#(__get|get)$/;

/** An addition whose result replaces the text that it begins with. */
interface Addition {
  readonly caller: string;
  /** The call or assignment that gives the place its new text. */
  readonly change: number;
  /** The expression that reads the place's text. */
  readonly read: number;
  /** The innermost addition, which has the read, and the whole of them. */
  readonly inner: number;
  readonly whole: number;
  /** The getter of the field, or the variable. */
  readonly place: string;
}

/** Lets the texts of fields and of the module's variables grow; tells whether there are any. */
export function growFields(module: binaryenTypes.Module, binaryen: Binaryen): boolean {
  const functions = functionsOf(module, binaryen).filter(({ module: host }) => host === "");
  const fields = fieldsOf(binaryen, functions);
  const own = functions.filter(({ name }) => !name.startsWith(PACKAGE) && !name.startsWith("~lib/"));
  let additions = own.flatMap(({ name, body }) => additionsIn(binaryen, fields, name, body));
  if (additions.length === 0) return false;
  const isRepeated = repeatedIn(module, binaryen, functions);
  additions = additions.filter(({ caller, change }) => isRepeated(caller, change));
  if (additions.length === 0) return false;

  const places = new Set(additions.map(({ place }) => place));
  const reads = new Set(additions.map(({ read }) => read));
  for (const { name, body } of functions) {
    if (fields.has(name)) continue;
    const looks = looksIn(binaryen, places, fields, body);
    replaceExpressions(binaryen, body, (expression) =>
      placeOf(binaryen, expression, places) !== undefined && !reads.has(expression) && !looks.has(expression)
        ? module.call(SHARE, [expression], binaryen.i32)
        : undefined,
    );
  }
  for (const addition of additions) grow(module, binaryen, addition);
  return true;
}

/** The getters of fields, with their setters. */
function fieldsOf(
  binaryen: Binaryen,
  functions: readonly binaryenTypes.FunctionInfo[],
): ReadonlyMap<string, string> {
  const bodies = new Map(functions.map(({ name, body }) => [name, body]));
  const fields = new Map<string, string>();
  for (const { name, body } of functions) {
    if (!name.includes("#get:") || name.startsWith("~lib/")) continue;
    const setter = name.replace("#get:", "#set:");
    const setterBody = bodies.get(setter);
    const offset = loadedFrom(binaryen, body);
    if (setterBody !== undefined && offset !== undefined && storesAt(binaryen, setterBody, offset))
      fields.set(name, setter);
  }
  return fields;
}

/**
 * The offset from which a getter reads its result in the object that it is given; undefined for a function that does anything
 * else.
 */
function loadedFrom(binaryen: Binaryen, body: number): number | undefined {
  let { id, ptr, offset, children, value } = infoOf(binaryen, body);
  for (let only; id === binaryen.BlockId || id === binaryen.ReturnId;) {
    only = id === binaryen.BlockId ? (children as number[]) : [value as number];
    if (only.length !== 1) return undefined;
    ({ id, ptr, offset, children, value } = infoOf(binaryen, only[0]!));
  }
  if (id !== binaryen.LoadId) return undefined;
  const from = infoOf(binaryen, ptr as number);
  return from.id === binaryen.LocalGetId && from["index"] === 0 ? (offset as number) : undefined;
}

/** Tells whether a function keeps what it is given at a place of an object, first of all. */
function storesAt(binaryen: Binaryen, body: number, at: number): boolean {
  let info = infoOf(binaryen, body);
  while (info.id === binaryen.BlockId) info = infoOf(binaryen, (info["children"] as number[])[0]!);
  if (info.id !== binaryen.StoreId || info["offset"] !== at) return false;
  const isLocal = (expression: unknown, index: number): boolean => {
    const { id, index: other } = infoOf(binaryen, expression as number);
    return id === binaryen.LocalGetId && other === index;
  };
  return isLocal(info["ptr"], 0) && isLocal(info["value"], 1);
}

function additionsIn(
  binaryen: Binaryen,
  fields: ReadonlyMap<string, string>,
  caller: string,
  body: number,
): Addition[] {
  const setters = new Set(fields.values());
  const found: Addition[] = [];
  visit(binaryen, body, (change, info) => {
    const isGlobal = info.id === binaryen.GlobalSetId;
    if (!isGlobal && (info.id !== binaryen.CallId || !setters.has(info["target"] as string))) return;
    const [object, given] = (info["operands"] ?? []) as number[];
    const whole = isGlobal ? (info["value"] as number) : given!;
    let inner: number | undefined;
    for (let left = whole; ;) {
      const part = infoOf(binaryen, left);
      if (part.id === binaryen.CallId && CONCAT.has(part["target"] as string)) {
        inner = left;
        left = (part["operands"] as number[])[0]!;
        continue;
      }
      const isSame = isGlobal
        ? part.id === binaryen.GlobalGetId && part["name"] === info["name"]
        : part.id === binaryen.CallId &&
          fields.get(part["target"] as string) === info["target"] &&
          areSame(binaryen, fields, object!, (part["operands"] as number[])[0]!);
      const place = (isGlobal ? info["name"] : part["target"]) as string;
      if (isSame && inner !== undefined && !place.startsWith("~lib/"))
        found.push({ caller, change, read: left, inner, whole, place });
      return;
    }
  });
  return found;
}

/** Tells whether two expressions, of which the second is evaluated right behind the first, do nothing and answer the same. */
function areSame(
  binaryen: Binaryen,
  fields: ReadonlyMap<string, string>,
  one: number,
  other: number,
): boolean {
  const [a, b] = [infoOf(binaryen, one), infoOf(binaryen, other)];
  if (a.id !== b.id) return false;
  if (a.id === binaryen.LocalGetId) return a["index"] === b["index"];
  if (a.id === binaryen.GlobalGetId) return a["name"] === b["name"];
  if (a.id === binaryen.ConstId) return a["value"] === b["value"];
  const target = a["target"] as string;
  if (a.id !== binaryen.CallId || target !== b["target"] || (!fields.has(target) && !ELEMENT.test(target)))
    return false;
  const others = b["operands"] as number[];
  return (a["operands"] as number[]).every((operand, at) => areSame(binaryen, fields, operand, others[at]!));
}

/** The field or variable that an expression reads, where it is one of these. */
function placeOf(binaryen: Binaryen, expression: number, places: ReadonlySet<string>): string | undefined {
  const id = binaryen.getExpressionId(expression);
  if (id !== binaryen.CallId && id !== binaryen.GlobalGetId) return undefined;
  const info = infoOf(binaryen, expression);
  const name = (id === binaryen.CallId ? info["target"] : info["name"]) as string;
  return places.has(name) ? name : undefined;
}

/** The reads of places that only look at the text, with nothing in between that might make it longer. */
function looksIn(
  binaryen: Binaryen,
  places: ReadonlySet<string>,
  fields: ReadonlyMap<string, string>,
  body: number,
): Set<number> {
  const looks = new Set<number>();
  visit(binaryen, body, (_, { id, target, operands }) => {
    if (id !== binaryen.CallId || !LOOKING.has(target as string)) return;
    for (const [at, operand] of (operands as number[]).entries()) {
      const others = (operands as number[]).slice(at + 1);
      if (
        placeOf(binaryen, operand, places) !== undefined &&
        others.every((other) => isQuiet(binaryen, fields, other))
      )
        looks.add(operand);
    }
  });
  return looks;
}

/** Tells whether an expression changes nothing. */
function isQuiet(binaryen: Binaryen, fields: ReadonlyMap<string, string>, expression: number): boolean {
  let isQuiet = true;
  visit(binaryen, expression, (_, { id, target, name }) => {
    if (id === binaryen.CallIndirectId) isQuiet = false;
    // How many arguments a call has is no text.
    if (id === binaryen.GlobalSetId && name !== "~argumentsLength") isQuiet = false;
    if (id === binaryen.CallId && !LOOKING.has(target as string) && !fields.has(target as string))
      isQuiet = false;
  });
  return isQuiet;
}

function visit(
  binaryen: Binaryen,
  expression: number,
  look: (expression: number, info: ExpressionInfo) => void,
): void {
  look(expression, infoOf(binaryen, expression));
  for (const part of partsOf(binaryen, expression)) visit(binaryen, part, look);
}

/** `text + a + b` becomes what adds `a + b` to the text: where `a` and `b` are made, it is still as it was. */
function grow(module: binaryenTypes.Module, binaryen: Binaryen, addition: Addition): void {
  const { caller, change, read, inner, whole } = addition;
  const [, first] = infoOf(binaryen, inner)["operands"] as [number, number];
  let more = first;
  if (inner !== whole) {
    let parent = whole;
    for (let left; (left = (infoOf(binaryen, parent)["operands"] as number[])[0]!) !== inner;) parent = left;
    setOperand(binaryen, parent, 0, first);
    more = whole;
  }
  const local = addLocal(module, binaryen, caller, binaryen.i32);
  const { i32 } = binaryen;
  const text = module.local.tee(local, read, i32);
  const length = module.call(LENGTH, [module.local.get(local, i32)], i32);
  const grown = module.call(APPEND_FROM, [text, length, more], i32);
  if (infoOf(binaryen, change).id === binaryen.GlobalSetId) setAssigned(binaryen, change, grown);
  else setOperand(binaryen, change, 1, grown);
}
