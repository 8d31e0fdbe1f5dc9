/**
 * Times in milliseconds are numbers, as in TypeScript, and no whole ones of 64 bits: `(b.getTime() - a.getTime()) / 1000` has a
 * fraction. If the code wants a whole number, they are one. For users' sources only. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  CallExpression,
  Compiler,
  Flow,
  Program,
  PropertyAccessExpression,
  Resolver,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind } from "./compiler.js";
import { around } from "./patches.js";
import { Builds, SWALLOW, compilerMethods, resolverMethods } from "./tables.js";

const { Type: Types } = assemblyscript;

const builds = new Builds(install);

/** Has a program's user sources compiled so. */
export function compileDates(program: Program): void {
  builds.add(program);
}

const times = new Set(["now", "UTC", "parse", "getTime", "valueOf"]);

/** Tells whether a call answers a time in milliseconds. */
function isTime(resolver: Resolver, { expression }: CallExpression, flow: Flow): boolean {
  if (expression.kind !== NodeKind["PropertyAccess"]) return false;
  const access = expression as PropertyAccessExpression;
  if (!times.has(access.property.text)) return false;
  const found = resolver.lookupExpression(access, flow, Types.auto, SWALLOW) as {
    internalName?: string;
  } | null;
  return /(^~lib\/date|\/standard-date)\/Date[.#]/.test(found?.internalName ?? "");
}

const isWide = (type: Type): boolean => type === Types.i64 || type === Types.u64;

function install(): void {
  around<(this: Compiler, call: CallExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileCallExpression",
    (original) =>
      function (call, type, constraints) {
        const isOurs =
          builds.has(this, call) && !isWide(type) && isTime(this.resolver, call, this.currentFlow);
        const value = original.call(this, call, type, constraints);
        if (!isOurs || this.currentType !== Types.i64) return value;
        const number = this.convertExpression(value, Types.i64, Types.f64, true, call);
        this.currentType = Types.f64;
        return number;
      },
  );
  around<(this: Resolver, call: CallExpression, flow: Flow, type: Type, mode: number) => Type | null>(
    resolverMethods,
    "resolveCallExpression",
    (original) =>
      function (call, flow, type, mode) {
        const found = original.call(this, call, flow, type, mode);
        if (found !== Types.i64 || isWide(type) || !builds.has(this, call) || !isTime(this, call, flow))
          return found;
        return Types.f64;
      },
  );
}
