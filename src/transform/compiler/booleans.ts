/**
 * Booleans that may be undefined or null: `boolean | undefined` is a whole number, 0 for false, 1 for true, 2 for undefined and 4
 * for null, so that its lowest bit says whether it is true. For users' sources only. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type { Compiler, Node, Program, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { callLibrary, libraryFunction } from "./library.js";
import { resolveNames } from "./named-types.js";
import { around } from "./patches.js";
import { Builds, compilerMethods, tables } from "./tables.js";

const { Type: Types } = assemblyscript;
const { BinaryOp } = tables as Record<"BinaryOp", Record<string, number>>;

/** The name of the type in a lowered source. */
export const OPEN_BOOLEAN = "__language_boolean";

/** The type of booleans that may be undefined or null. */
export const openBoolean: Type = makeType();

function makeType(): Type {
  const { kind, flags } = Types.i32;
  const made = new (Types as unknown as new (kind: number, flags: number, size: number) => Type)(
    kind,
    flags,
    32,
  );
  made.toString = () => "boolean | undefined";
  return made;
}

const builds = new Builds(install);

/** Has a program's user sources compiled with booleans that may be undefined. */
export function compileBooleans(program: Program): void {
  builds.add(program);
}

/** Undefined, or null, as a boolean. */
export function absentBoolean({ module }: Compiler, isNull = false): number {
  return module.i32(isNull ? 4 : 2);
}

/** Not 0 if a boolean is undefined or null. */
export function isAbsentBoolean({ module }: Compiler, value: number): number {
  return module.binary(BinaryOp["GtU32"]!, value, module.i32(1));
}

/** A boolean that is false if it was undefined or null. */
function asBoolean({ module }: Compiler, value: number): number {
  return module.binary(BinaryOp["AndI32"]!, value, module.i32(1));
}

function install(): void {
  around<(this: Compiler, value: number, type: Type, place: Node) => number>(
    compilerMethods,
    "makeIsTrueish",
    (original) =>
      function (value, type, place) {
        return type === openBoolean ? asBoolean(this, value) : original.call(this, value, type, place);
      },
  );
  around<(this: Compiler, value: number, type: Type, place: Node) => number>(
    compilerMethods,
    "makeToString",
    (original) =>
      function (value, type, place) {
        if (type !== openBoolean) return original.call(this, value, type, place);
        return callLibrary(this, libraryFunction(this, "number", "booleanText"), [value], place);
      },
  );
  around<(this: Compiler, value: number, from: Type, to: Type, explicit: boolean, place: Node) => number>(
    compilerMethods,
    "convertExpression",
    (original) =>
      function (value, from, to, explicit, place) {
        if (from !== openBoolean || to === openBoolean || !to.isNumericValue)
          return original.call(this, value, from, to, explicit, place);
        return original.call(this, asBoolean(this, value), Types.bool, to, explicit, place);
      },
  );
  resolveNames(builds, (name, own, isNullable) =>
    // `T | undefined` where `T` is boolean is one, too.
    name === OPEN_BOOLEAN || (isNullable && own === Types.bool) ? openBoolean : undefined,
  );
}
