/**
 * The running compiler's enumerations and the methods of its classes, by the compiler's own names. Tried with
 * AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type { Compiler, Node, Program, Resolver } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { isUserSource } from "../source/syntax.js";
import { once } from "./patches.js";

/** The numbers of an enumeration's members; undefined members are those that the compiler does not have. */
export const tables = assemblyscript as unknown as Record<string, Record<string, number>>;

/** Has the resolver say nothing of what it cannot resolve. */
export const SWALLOW = tables["ReportMode"]!["Swallow"]! as never;

/** Has an expression converted to the type that is wanted. */
export const CONVERT = tables["Constraints"]!["ConvImplicit"]! as never;

const classes = assemblyscript as unknown as Record<"Compiler" | "Resolver", { prototype: object }>;

export const compilerMethods = classes.Compiler.prototype;
export const resolverMethods = classes.Resolver.prototype;

/** The builds that want a change of what the compiler does, which the first of them installs. It concerns their users' sources only. */
export class Builds {
  private readonly programs = new WeakSet<Program>();
  private readonly install: () => void;

  constructor(install: () => void = () => undefined) {
    this.install = once(install);
  }

  add(program: Program): void {
    this.install();
    this.programs.add(program);
  }

  /** Tells whether a node is in a user's source of such a build. */
  has({ program }: Compiler | Resolver, node: Node): boolean {
    return this.programs.has(program) && isUserSource(node.range.source);
  }
}
