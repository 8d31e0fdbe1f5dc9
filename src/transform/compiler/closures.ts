/**
 * Closures in the running compiler. A function that uses variables of the functions around it becomes a new function object at
 * run time: its number, as in the compiler's own function objects, the number of objects that it holds, those objects, then other
 * values. Each call by reference first puts the function's object into a global, from which the function takes these values. A
 * variable that changes has a place of its own on the heap, which all functions that use it share.
 *
 * @module
 */
import type {
  Expression,
  Flow,
  Function as CompiledFunction,
  FunctionExpression,
  Local,
  Node,
  Program,
  Type,
  VariableStatement,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { boxOf, makeBox, readBox, writeBox } from "./closure-boxes.js";
import type { Inside } from "./closure-heap.js";
import {
  enterFunction,
  heldThis,
  holdsVariables,
  madeAtRunTime,
  makeClosure,
  numberFunction,
  tellCalled,
} from "./closure-objects.js";
import { THIS } from "./nodes.js";
import { around, once } from "./patches.js";

export { CLOSURE_MODULE } from "./closure-heap.js";

/** The closures of a build, as they are known before it is compiled. */
export interface ClosurePlan {
  /** Tells whether there are any. */
  needed: boolean;
  /** By a function's body: the names that it takes from around it, and those by which it means itself. */
  readonly functions: Map<Node, { readonly names: readonly string[]; readonly own: ReadonlySet<string> }>;
  /** The declarations of variables that change and are held by functions. */
  readonly boxed: Set<Node>;
}

const plans = new WeakMap<Program, ClosurePlan>();

/** Compiles a program's closures as planned. */
export function compileClosures(program: Program, plan: ClosurePlan): void {
  install();
  plans.set(program, plan);
}

const install = once(() => {
  const { Compiler: compiler, Flow: flow } = assemblyscript as unknown as Record<
    string,
    { prototype: object }
  >;
  const { prototype } = compiler!;
  around<(this: Inside, ...args: never[]) => number>(
    prototype,
    "makeCallIndirect",
    (original) =>
      function (...args) {
        const call = original.apply(this, args);
        if (plans.get(this.program)?.needed === true) tellCalled(this, call);
        return call;
      },
  );
  around<(this: Inside, instance: CompiledFunction, statements: number[]) => boolean>(
    prototype,
    "compileFunctionBody",
    (original) =>
      function (instance, statements) {
        const plan = plans.get(this.program);
        if (plan?.needed === true) enterFunction(this, plan, instance, statements);
        return original.call(this, instance, statements);
      },
  );
  around<(this: Inside, instance: CompiledFunction) => unknown>(
    prototype,
    "ensureRuntimeFunction",
    (original) =>
      function (instance) {
        if (plans.has(this.program)) prepareStub(this, instance);
        if (!holdsVariables(instance)) return original.call(this, instance);
        const { tableBase } = this.options;
        if (!this.options.importTable)
          (this.module as unknown as { ensureFunctionTable?(name: string): void }).ensureFunctionTable?.("0");
        numberFunction(instance, (tableBase === 0 ? 1 : tableBase) + this.functionTable.length);
        this.functionTable.push(instance);
        return (globalThis as unknown as { i64_zero: unknown }).i64_zero;
      },
  );
  around<(this: Inside) => void>(
    prototype,
    "initDefaultTable",
    (original) =>
      function () {
        if (plans.has(this.program))
          for (const [index, instance] of this.functionTable.entries())
            if (takesLess(instance) && instance.varargsStub !== null)
              this.functionTable[index] = instance.varargsStub;
        original.call(this);
      },
  );
  around<(this: Inside, expression: FunctionExpression, type: Type, constraints: number) => number>(
    prototype,
    "compileFunctionExpression",
    (original) =>
      function (expression, type, constraints) {
        const value = original.call(this, expression, type, constraints);
        const instance = madeAtRunTime(expression.declaration.body);
        return instance === undefined ? value : makeClosure(this, instance, value);
      },
  );
  around<(this: Inside, expression: Expression, type: Type, constraints: number) => number>(
    prototype,
    "compileIdentifierExpression",
    (original) =>
      function (expression, type, constraints) {
        const value = original.call(this, expression, type, constraints);
        return plans.get(this.program)?.needed === true ? readBox(this, value) : value;
      },
  );
  around<(this: Inside, local: Local, value: number, type: Type, tee: boolean) => number>(
    prototype,
    "makeLocalAssignment",
    (original) =>
      function (local, value, type, tee) {
        const box = boxOf(this.currentFlow.targetFunction, local.index);
        if (box === undefined) return original.call(this, local, value, type, tee);
        const set = original.call(this, local, value, type, false);
        const { module } = this;
        const parts = [set, ...writeBox(this, box, local)];
        this.currentType = tee ? local.type : assemblyscript.Type.void;
        if (!tee) return module.block(null, parts);
        const ref = local.type.toRef();
        return module.block(null, [...parts, module.local_get(local.index, ref)], ref);
      },
  );
  around<(this: Inside, statement: VariableStatement) => number>(
    prototype,
    "compileVariableStatement",
    (original) =>
      function (statement) {
        const plan = plans.get(this.program);
        const { declarations } = statement;
        if (plan === undefined || !declarations.some((declaration) => plan.boxed.has(declaration)))
          return original.call(this, statement);
        const parts: number[] = [];
        for (const declaration of declarations) {
          statement.declarations = [declaration];
          const value = original.call(this, statement);
          if (value !== 0) parts.push(value);
          if (plan.boxed.has(declaration)) parts.push(...makeBox(this, declaration.name.text));
        }
        statement.declarations = declarations;
        return this.module.block(null, parts);
      },
  );
  around<(this: Flow, name: string) => unknown>(
    flow!.prototype,
    "lookup",
    (original) =>
      function (name) {
        if (name !== THIS) return original.call(this, name);
        return heldThis(this) ?? original.call(this, name);
      },
  );
});

/** Tells whether a function can be called without some of its arguments. */
function takesLess({ signature }: CompiledFunction): boolean {
  return signature.requiredParameters < signature.parameterTypes.length;
}

/**
 * Compiles the default values of a function's parameters. The compiler forgets to where it finds the function late: in
 * overridden methods, which is what callbacks are.
 */
function prepareStub(compiler: Inside, instance: CompiledFunction): void {
  if (!takesLess(instance)) return;
  const { currentType } = compiler;
  compiler.ensureVarargsStub(instance);
  compiler.currentType = currentType;
}
