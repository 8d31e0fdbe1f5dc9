/**
 * Closures in the running compiler. A function that uses variables of the functions around it becomes a new function object at
 * run time: its number, as in the compiler's own function objects, the number of objects that it holds, those objects, then other
 * values. Each call by reference first puts the function's object into a global, from which the function takes these values. A
 * variable that changes has a place of its own on the heap, which all functions that use it share.
 *
 * @module
 */
import type {
  Compiler,
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
import binaryen from "assemblyscript/binaryen";
import { around } from "./patches.js";

/** The closures of a build, as they are known before it is compiled. */
export interface ClosurePlan {
  /** Tells whether there are any. */
  needed: boolean;
  /** By a function's body: the names that it takes from around it, and those by which it means itself. */
  readonly functions: Map<Node, { readonly names: readonly string[]; readonly own: ReadonlySet<string> }>;
  /** The declarations of variables that change and are held by functions. */
  readonly boxed: Set<Node>;
}

/** The module that has the classes of closures. */
export const CLOSURE_MODULE = "~lib/proxy-wasm-as/assembly/language/closure";

/** The global in which a function finds the object that it is called by. */
const CALLED = "~called";

const { ElementKind, ExpressionId, LocalFlags, CommonFlags, TypeRef } = assemblyscript as unknown as {
  ElementKind: Record<string, number>;
  ExpressionId: Record<string, number>;
  LocalFlags: Record<string, number>;
  CommonFlags: Record<string, number>;
  TypeRef: Record<string, number>;
};
const { getExpressionId, getLocalGetIndex, getLocalSetIndex } = assemblyscript as unknown as Record<
  string,
  (expression: number) => number
>;

/** Functions of binaryen that its types leave out. */
interface Setters {
  _BinaryenCallIndirectGetTarget(call: number): number;
  _BinaryenLoadGetPtr(load: number): number;
  _BinaryenBlockGetNumChildren(block: number): number;
  _BinaryenBlockGetChildAt(block: number, index: number): number;
  _BinaryenBlockSetChildAt(block: number, index: number, child: number): void;
}
const raw = binaryen as unknown as Setters;

/** The compiler's own methods and fields that its types hide. */
type Inside = Omit<Compiler, "compileFunction"> & {
  functionTable: CompiledFunction[];
  currentType: Type;
  compileFunction(instance: CompiledFunction): boolean;
};

/** A variable of the function around a closure, which the closure takes with it. */
interface Capture {
  readonly name: string;
  /** The local of the function around it, or that of the variable's place. */
  readonly outer: number;
  readonly type: Type;
  readonly managed: boolean;
  /** The local in the function itself. */
  readonly inner: number;
}

const plans = new WeakMap<Program, ClosurePlan>();
/** The places of variables, as locals: of each function by the variable's own local. */
const boxes = new WeakMap<CompiledFunction, Map<number, number>>();
const captures = new WeakMap<CompiledFunction, Capture[]>();
/** The numbers of functions that are made at run time only. */
const numbers = new WeakMap<CompiledFunction, number>();
const latest = new WeakMap<Node, CompiledFunction>();

/** Compiles a program's closures as planned. */
export function compileClosures(program: Program, plan: ClosurePlan): void {
  install();
  plans.set(program, plan);
}

let installed = false;

function install(): void {
  if (installed) return;
  installed = true;
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
        if ((captures.get(instance)?.length ?? 0) === 0) return original.call(this, instance);
        const { tableBase } = this.options;
        if (!this.options.importTable)
          (this.module as unknown as { ensureFunctionTable?(name: string): void }).ensureFunctionTable?.("0");
        numbers.set(instance, (tableBase === 0 ? 1 : tableBase) + this.functionTable.length);
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
        const body = expression.declaration.body as Node | null;
        const instance = body === null ? undefined : latest.get(body);
        if (instance === undefined || !numbers.has(instance)) return value;
        return makeClosure(this, instance, value);
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
        const box = boxes.get(this.currentFlow.targetFunction)?.get(local.index);
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
        if (name !== "$this") return original.call(this, name);
        return heldThis(this) ?? original.call(this, name);
      },
  );
}

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

/** The local with the `this` of the method around an arrow function. */
function heldThis(flow: Flow): Local | undefined {
  for (let around: Flow | null = flow; around !== null; around = around.outer) {
    const found = around.lookupLocal("$this") ?? around.lookupLocal("this");
    if (found !== null) return found;
  }
  return undefined;
}

/** Makes a call by reference leave the function's object in the global. */
function tellCalled({ module }: Inside, expression: number): void {
  let call = expression;
  while (getExpressionId!(call) === ExpressionId["Block"])
    call = raw._BinaryenBlockGetChildAt(call, raw._BinaryenBlockGetNumChildren(call) - 1);
  if (getExpressionId!(call) !== ExpressionId["CallIndirect"]) return;
  if (module.getGlobal(CALLED) === 0) module.addGlobal(CALLED, TypeRef["I32"]!, true, module.i32(0));
  // The function's number is loaded from a block: the count of the arguments is set, then comes the function's object.
  const block = raw._BinaryenLoadGetPtr(raw._BinaryenCallIndirectGetTarget(call));
  const last = raw._BinaryenBlockGetNumChildren(block) - 1;
  const called = raw._BinaryenBlockGetChildAt(block, last);
  const told = [module.global_set(CALLED, called), module.global_get(CALLED, TypeRef["I32"]!)];
  raw._BinaryenBlockSetChildAt(block, last, module.block(null, told, TypeRef["I32"]!));
}

/** The class of that name in the module of closures, resolved. */
function classNamed({ program }: Inside, name: string): { id: number; type: Type } {
  const file = program.filesByName.get(CLOSURE_MODULE)!;
  const prototype = file.getMember(name) as never;
  return program.resolver.resolveClass(prototype, null) as unknown as { id: number; type: Type };
}

function allocate(compiler: Inside, size: number, className: string): number {
  const { module, program } = compiler;
  compiler.compileFunction(program.newInstance);
  const { id } = classNamed(compiler, className);
  return module.call(program.newInstance.internalName, [module.i32(size), module.i32(id)], TypeRef["I32"]!);
}

/** The places of captured values in a closure, objects first; with the number of objects, and the size of all. */
function layout(held: readonly Capture[]): { offsets: Map<Capture, number>; objects: number; size: number } {
  const offsets = new Map<Capture, number>();
  const objects = held.filter(({ managed }) => managed);
  const rest = held.filter(({ managed }) => !managed).sort((a, b) => b.type.byteSize - a.type.byteSize);
  let size = 8;
  for (const capture of objects) {
    offsets.set(capture, size);
    size += 4;
  }
  for (const capture of rest) {
    const { byteSize } = capture.type;
    size = Math.ceil(size / byteSize) * byteSize;
    offsets.set(capture, size);
    size += byteSize;
  }
  return { offsets, objects: objects.length, size };
}

/** Takes what the function holds out of its object, before anything else. */
function enterFunction(
  compiler: Inside,
  plan: ClosurePlan,
  instance: CompiledFunction,
  statements: number[],
): void {
  const body = instance.prototype.bodyNode as Node;
  latest.set(body, instance);
  if (plan.boxed.size > 0) boxParameters(compiler, plan, instance, statements);
  const wanted = plan.functions.get(body);
  const flow = compiler.currentFlow;
  const { outer } = flow;
  if (wanted === undefined || outer === null) return;
  const { module } = compiler;
  const functionType = classNamed(compiler, "Closure").type;
  const self = flow.getTempLocal(functionType);
  const held: Capture[] = [];
  let used = false;
  for (const name of wanted.names) {
    if (wanted.own.has(name)) {
      const own = flow.addScopedLocal(name, instance.signature.type);
      flow.setLocalFlag(
        own.index,
        LocalFlags["Initialized"]! | LocalFlags["Constant"]! | LocalFlags["NonNull"]!,
      );
      statements.push(module.local_set(own.index, module.global_get(CALLED, TypeRef["I32"]!), true));
      used = true;
      continue;
    }
    const found = name === "$this" ? heldThis(outer) : outer.lookup(name);
    if (!found || (found.kind as number) !== ElementKind["Local"]) continue;
    const local = found as Local;
    if (local.is(CommonFlags["Inlined"] as never)) {
      flow.scopedLocals ??= new Map();
      flow.scopedLocals.set(name, local);
      continue;
    }
    // A variable that is being declared has no value yet. The compiler says so at its use.
    if (local.index < 0 || local.parent !== outer.targetFunction) continue;
    held.push(hold(compiler, instance, local, name));
  }
  if (held.length > 0) {
    used = true;
    captures.set(instance, held);
    const { offsets } = layout(held);
    const get = (): number => module.local_get(self.index, TypeRef["I32"]!);
    statements.push(module.local_set(self.index, module.global_get(CALLED, TypeRef["I32"]!), true));
    for (const capture of held) {
      const { type, inner, managed } = capture;
      const value = module.load(
        type.byteSize,
        type.isSignedIntegerValue,
        get(),
        type.toRef(),
        offsets.get(capture)!,
      );
      statements.push(module.local_set(inner, value, managed));
    }
  }
  if (used && module.getGlobal(CALLED) === 0) module.addGlobal(CALLED, TypeRef["I32"]!, true, module.i32(0));
}

/** Gives the function a local of its own for a variable of the function around it. */
function hold(compiler: Inside, instance: CompiledFunction, local: Local, name: string): Capture {
  const flow = compiler.currentFlow;
  const outer = flow.outer!;
  const { type } = local;
  const mirror = flow.addScopedLocal(name, type);
  const flags = ["NonNull", "Constant"].filter((flag) =>
    outer.isLocalFlag(local.index, LocalFlags[flag]!, false),
  );
  const box = boxes.get(outer.targetFunction)?.get(local.index);
  flow.setLocalFlag(mirror.index, LocalFlags["Initialized"]!);
  if (box === undefined) {
    for (const flag of flags) flow.setLocalFlag(mirror.index, LocalFlags[flag]!);
    return { name, outer: local.index, type, managed: type.isManaged, inner: mirror.index };
  }
  const boxType = outer.targetFunction.localsByIndex[box]!.type;
  const own = flow.getTempLocal(boxType);
  setBox(instance, mirror.index, own.index);
  return { name, outer: box, type: boxType, managed: true, inner: own.index };
}

function setBox(instance: CompiledFunction, variable: number, box: number): void {
  if (!boxes.has(instance)) boxes.set(instance, new Map());
  boxes.get(instance)!.set(variable, box);
}

/** Makes the function's object, where the compiler has put the address of one that is always there. */
function makeClosure(compiler: Inside, instance: CompiledFunction, value: number): number {
  const { module } = compiler;
  const flow = compiler.currentFlow;
  const held = captures.get(instance)!;
  const { offsets, objects, size } = layout(held);
  const made = flow.getTempLocal(classNamed(compiler, "Closure").type);
  const get = (): number => module.local_get(made.index, TypeRef["I32"]!);
  const store = (bytes: number, what: number, type: number, offset: number): number =>
    module.store(bytes, get(), what, type, offset);
  const parts = [
    module.local_set(made.index, allocate(compiler, size, "Closure"), true),
    store(4, module.i32(numbers.get(instance)!), TypeRef["I32"]!, 0),
    store(4, module.i32(objects), TypeRef["I32"]!, 4),
  ];
  for (const capture of held) {
    const ref = capture.type.toRef();
    parts.push(
      store(capture.type.byteSize, module.local_get(capture.outer, ref), ref, offsets.get(capture)!),
    );
  }
  parts.push(get());
  const closure = module.block(null, parts, TypeRef["I32"]!);
  if (getExpressionId!(value) !== ExpressionId["LocalSet"]) return closure;
  // The statement of a nested function keeps it in a constant.
  return module.local_tee(getLocalSetIndex!(value), closure, true);
}

/** Makes a variable's place, and puts the value there that the variable has. */
function makeBox(compiler: Inside, name: string): number[] {
  const flow = compiler.currentFlow;
  const local = flow.lookupLocal(name);
  if (local === null || local.index < 0) return [];
  return boxLocal(compiler, local);
}

function boxLocal(compiler: Inside, local: Local): number[] {
  const { module } = compiler;
  const flow = compiler.currentFlow;
  const className = local.type.isManaged ? "ObjectBox" : "ValueBox";
  const box = flow.getTempLocal(classNamed(compiler, className).type);
  setBox(flow.targetFunction, local.index, box.index);
  const size = local.type.isManaged ? 4 : 8;
  const { type } = local;
  return [
    module.local_set(box.index, allocate(compiler, size, className), true),
    // It is new, so that the collector need not be told.
    module.store(
      type.byteSize,
      module.local_get(box.index, TypeRef["I32"]!),
      module.local_get(local.index, type.toRef()),
      type.toRef(),
    ),
  ];
}

function boxParameters(
  compiler: Inside,
  plan: ClosurePlan,
  instance: CompiledFunction,
  statements: number[],
): void {
  for (const parameter of instance.prototype.functionTypeNode.parameters) {
    if (!plan.boxed.has(parameter)) continue;
    const local = compiler.currentFlow.lookupLocal(parameter.name.text);
    if (local !== null) statements.push(...boxLocal(compiler, local));
  }
}

/** Reads a variable from its place. The variable's own local gets the value too: the compiler knows by it what is not null. */
function readBox(compiler: Inside, value: number): number {
  if (getExpressionId!(value) !== ExpressionId["LocalGet"]) return value;
  const { module } = compiler;
  const { targetFunction } = compiler.currentFlow;
  const index = getLocalGetIndex!(value);
  const box = boxes.get(targetFunction)?.get(index);
  if (box === undefined) return value;
  const { type } = targetFunction.localsByIndex[index]!;
  const read = module.load(
    type.byteSize,
    type.isSignedIntegerValue,
    module.local_get(box, TypeRef["I32"]!),
    type.toRef(),
  );
  return module.local_tee(index, read, type.isManaged);
}

/** Writes to a variable's place what its local has. */
function writeBox(compiler: Inside, box: number, { index, type }: Local): number[] {
  const { module, program } = compiler;
  const ref = type.toRef();
  const address = (): number => module.local_get(box, TypeRef["I32"]!);
  const parts = [module.store(type.byteSize, address(), module.local_get(index, ref), ref)];
  if (type.isManaged) {
    const link = program.linkInstance;
    compiler.compileFunction(link);
    parts.push(
      module.call(
        link.internalName,
        [address(), module.local_get(index, ref), module.i32(0)],
        TypeRef["None"]!,
      ),
    );
  }
  return parts;
}
