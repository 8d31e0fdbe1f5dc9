/**
 * Calls that the language front end leaves in a lowered source for what takes types: the compiler compiles them, and finds
 * their types, as the front end says. Tried with 0.28.9 to 0.28.20.
 *
 * @module
 */
import type {
  CallExpression,
  Compiler,
  ElementAccessExpression,
  Expression,
  Flow,
  IdentifierExpression,
  Program,
  Resolver,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind } from "./compiler.js";
import { once } from "./patches.js";
import { Builds, SWALLOW } from "./tables.js";

/** How a marked call is compiled. */
export interface Form {
  /** The expression's code; leaves its type in `compiler.currentType`. */
  compile(compiler: Compiler, call: CallExpression, contextualType: Type, constraints: number): number;
  /** The expression's type; null when it has none that can be told. */
  resolve(
    resolver: Resolver,
    call: CallExpression,
    flow: Flow,
    contextualType: Type,
    reportMode: number,
  ): Type | null;
}

/** The builds of this copy of the transform: another copy in the same process has forms of its own. */
const builds = new Builds();

/** Has a program's marked calls compiled by the forms. */
export function compileForms(program: Program): void {
  builds.add(program);
}

const forms = new Map<string, Form>();

/** Has the calls of the name `name` compiled as `form` says. */
export function defineForm(name: string, form: Form): void {
  install();
  forms.set(name, form);
}

/** The form that an expression is a call of. */
export function formOf(expression: Expression): Form | undefined {
  if (expression.kind !== NodeKind["Call"]) return undefined;
  const callee = (expression as CallExpression).expression;
  if (callee.kind !== NodeKind["Identifier"]) return undefined;
  const { text } = callee as IdentifierExpression;
  return text.startsWith("__language_") ? forms.get(text) : undefined;
}

/** A rule that replaces `object[index]`, by the types of both. It returns undefined to leave the access as it is. */
export type ElementRule = (
  owner: Compiler | Resolver,
  access: ElementAccessExpression,
  typeOf: (expression: Expression) => Type | null,
) => Expression | undefined;

let elementRule: ElementRule | undefined;

/** Has element accesses compiled as `rule` says. */
export function defineElements(rule: ElementRule): void {
  install();
  elementRule = rule;
}

/** The form of a call in a build of ours. */
function formIn(owner: Compiler | Resolver, call: CallExpression): Form | undefined {
  return builds.has(owner, call) ? formOf(call) : undefined;
}

function elementOf(
  owner: Compiler | Resolver,
  access: ElementAccessExpression,
  typeOf: (expression: Expression) => Type | null,
): Expression | undefined {
  if (elementRule === undefined || !builds.has(owner, access)) return undefined;
  // Packages are not lowered.
  if (access.range.source.normalizedPath.startsWith("~lib/")) return undefined;
  return elementRule(owner, access, typeOf);
}

interface Methods {
  compile(): unknown;
  compileElementAccessExpression(node: ElementAccessExpression, type: Type, constraints: number): number;
  resolveElementAccessExpression(
    node: ElementAccessExpression,
    flow: Flow,
    type: Type,
    mode: number,
  ): Type | null;
  lookupElementAccessExpression(node: ElementAccessExpression, flow: Flow, type: Type, mode: number): unknown;

  compileCallExpression(call: CallExpression, contextualType: Type, constraints: number): number;
  resolveCallExpression(call: CallExpression, flow: Flow, type: Type, mode: number): Type | null;
}

const compilers = new WeakMap<Program, Compiler>();

/**
 * A call of which a member is asked for, and whose type cannot be told, is refused as it would be alone: without a message, the
 * compiler would go on with code that ends the VM.
 */
function refuseUnknown({ program }: Resolver, form: Form, call: CallExpression, flow: Flow): void {
  const compiler = compilers.get(program);
  if (compiler === undefined) return;
  const { currentFlow, currentType } = compiler;
  compiler.currentFlow = flow;
  form.compile(compiler, call, assemblyscript.Type.auto, 0);
  compiler.currentFlow = currentFlow;
  compiler.currentType = currentType;
}

const install = once(() => {
  const classes = assemblyscript as unknown as Record<"Compiler" | "Resolver", { prototype: Methods }>;
  const compiler = classes.Compiler.prototype;
  const compile = compiler.compile;
  compiler.compile = function (): unknown {
    const self = this as unknown as Compiler;
    compilers.set(self.program, self);
    return compile.call(this);
  };
  const compileCall = compiler.compileCallExpression;
  compiler.compileCallExpression = function (call, contextualType, constraints): number {
    const form = formIn(this as unknown as Compiler, call);
    if (form === undefined) return compileCall.call(this, call, contextualType, constraints);
    return form.compile(this as unknown as Compiler, call, contextualType, constraints);
  };
  const compileElement = compiler.compileElementAccessExpression;
  compiler.compileElementAccessExpression = function (node, type, constraints): number {
    const self = this as unknown as Compiler;
    const { resolver, currentFlow } = self;
    const other = elementOf(self, node, (object) =>
      resolver.resolveExpression(object, currentFlow, undefined, SWALLOW),
    );
    if (other === undefined) return compileElement.call(this, node, type, constraints);
    return self.compileExpression(other, type, constraints);
  };
  const resolver = classes.Resolver.prototype;
  const resolveElement = resolver.resolveElementAccessExpression;
  resolver.resolveElementAccessExpression = function (node, flow, type, mode): Type | null {
    const self = this as unknown as Resolver;
    const other = elementOf(self, node, (object) => self.resolveExpression(object, flow, undefined, mode));
    if (other === undefined) return resolveElement.call(this, node, flow, type, mode);
    return self.resolveExpression(other, flow, type, mode);
  };
  const lookupElement = resolver.lookupElementAccessExpression;
  resolver.lookupElementAccessExpression = function (node, flow, type, mode): unknown {
    const self = this as unknown as Resolver;
    const other = elementOf(self, node, (object) => self.resolveExpression(object, flow, undefined, mode));
    if (other === undefined) return lookupElement.call(this, node, flow, type, mode);
    return self.lookupExpression(other, flow, type, mode);
  };
  const resolveCall = resolver.resolveCallExpression;
  resolver.resolveCallExpression = function (call, flow, type, mode): Type | null {
    const form = formIn(this as unknown as Resolver, call);
    if (form === undefined) return resolveCall.call(this, call, flow, type, mode);
    const own = this as unknown as Resolver;
    const found = form.resolve(own, call, flow, type, mode);
    if (found === null && mode !== SWALLOW) refuseUnknown(own, form, call, flow);
    return found;
  };
});
