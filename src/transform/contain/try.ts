/**
 * `try`, `catch`, `finally` and `throw` in the running compiler, which parses them and compiles none but `throw` of a message.
 * `catch` receives the exceptions by which callbacks contain bugs (`catch.ts`). Its statements are compiled behind the guarded
 * ones and not within them, so that flows can wait there. Tried with AssemblyScript 0.28.9 to 0.28.20.
 *
 * @module
 */
import type { Compiler, Expression, Flow, Node, Program, Statement, Type } from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import type binaryenTypes from "assemblyscript/binaryen";
import binaryen from "assemblyscript/binaryen";
import { callLibrary, libraryFunction } from "../compiler/library.js";
import { NodeKind } from "../compiler/compiler.js";
import { around, once } from "../compiler/patches.js";
import { CONVERT, compilerMethods, tables } from "../compiler/tables.js";
import { walkExpressions } from "../module/expressions.js";
import { isUserSource } from "../source/syntax.js";
import { Exits } from "./exits.js";
import { TAG } from "./names.js";

/** The classes of the compiler's library, by the numbers that `runtime/thrown.ts` has for them. */
const CLASSES = ["Error", "RangeError", "TypeError", "SyntaxError", "URIError"];

const TYPE_ERROR = CLASSES.indexOf("TypeError");
interface TryStatement extends Node {
  readonly bodyStatements: Statement[];
  readonly catchStatements: Statement[] | null;
  readonly finallyStatements: Statement[] | null;
}

interface ThrowStatement extends Node {
  readonly value: Expression;
}

/** The compiler's own methods and fields that its types hide. */
type Inside = Compiler & {
  currentFlow: Flow;
  compileStatements(statements: Statement[]): number[];
  addDebugLocation(code: number, range: Node["range"]): void;
};

const { Type: Types } = assemblyscript;
const { FlowFlags, LocalFlags, DiagnosticCode } = tables as Record<
  "FlowFlags" | "LocalFlags" | "DiagnosticCode",
  Record<string, number>
>;

/** The runtime in the options under which objects are not counted on the stack. */
const MINIMAL = 1;

/** By program, whether it catches anything; undefined where it cannot. */
const programs = new WeakMap<Program, boolean>();
const trapping = new WeakSet<Program>();
let labels = 0;
/** Has a program's `throw`, and `try` where it has any, compiled. */
export function compileExceptions(program: Program, catches: boolean, mayCatch: boolean): void {
  install();
  if (!mayCatch) trapping.add(program);
  programs.set(program, catches);
}

const install = once(() => {
  around<(this: Inside, statement: TryStatement) => number>(
    compilerMethods,
    "compileTryStatement",
    (original) =>
      function (statement) {
        if (programs.get(this.program) !== true) return original.call(this, statement);
        const refusal = trapping.has(this.program)
          ? "PROXY_WASM_TRAPS is for hosts without exceptions, where nothing can be caught: return null or a status for what can fail."
          : (this.options.runtime as number) !== MINIMAL
            ? 'what is caught needs the runtime "minimal": remove "runtime" from asconfig.json, or return null or a status for what can fail.'
            : undefined;
        if (refusal === undefined) return new Try(this).compile(statement);
        this.error(DiagnosticCode["User_defined_0"]!, statement.range, refusal);
        return this.module.unreachable();
      },
  );
  around<(this: Inside, statement: ThrowStatement) => number>(
    compilerMethods,
    "compileThrowStatement",
    (original) =>
      function (statement) {
        const catches = programs.get(this.program);
        const kind = libraryClass(statement.value);
        const isUsers = isUserSource(statement.range.source);
        if (catches === undefined || (kind >= 0 && (!catches || !isUsers)) || (kind < 0 && !isUsers)) {
          const thrown = original.call(this, statement);
          return catches === true && kind > 0 ? withKind(this, kind, thrown, statement) : thrown;
        }
        return compileThrow(this, statement);
      },
  );
  for (const name of ["makeRuntimeNonNullCheck", "makeRuntimeDowncastCheck"]) inCheck(name);
  around<(this: Inside, message: number, place: Node) => number>(
    compilerMethods,
    "makeStaticAbort",
    (original) =>
      function (message, place) {
        const failed = original.call(this, message, place);
        return checking > 0 && programs.get(this.program) === true
          ? withKind(this, TYPE_ERROR, failed, place)
          : failed;
      },
  );
});

/** How many of the compiler's checks of null and classes are being compiled. */
let checking = 0;

function inCheck(name: string): void {
  around<(this: Inside, ...args: never[]) => number>(
    compilerMethods,
    name,
    (original) =>
      function (...args) {
        checking++;
        try {
          return original.apply(this, args);
        } finally {
          checking--;
        }
      },
  );
}

/** The number of the library's class that is made, -1 when it is another. */
function libraryClass(value: Expression): number {
  if (value.kind !== NodeKind["New"]) return -1;
  const { typeName } = value as unknown as { typeName: { identifier: { text: string }; next: unknown } };
  return typeName.next === null ? CLASSES.indexOf(typeName.identifier.text) : -1;
}

/** Calls a function of the SDK's. */
function call(compiler: Inside, name: string, operands: readonly number[], place: Node): number {
  const target = libraryFunction(compiler, "exceptions", name);
  return callLibrary(compiler, target, operands, place);
}

/** Something that is thrown, of a class of the library's. */
function withKind(compiler: Inside, kind: number, thrown: number, place: Node): number {
  const { module } = compiler;
  return module.block(
    null,
    [call(compiler, "throwsKind", [module.i32(kind)], place), thrown],
    binaryen.unreachable,
  );
}

function errorType({ program, resolver }: Inside): Type {
  const prototype = program.elementsByName.get("~lib/error/Error");
  return resolver.resolveClass(prototype as never, null)!.type;
}

function compileThrow(compiler: Inside, statement: ThrowStatement): number {
  const { module, currentFlow } = compiler;
  const thrown = compiler.compileExpression(statement.value, errorType(compiler), CONVERT);
  currentFlow.set(FlowFlags["Throws"]! | FlowFlags["Terminates"]!);
  const end = [call(compiler, "throwError", [thrown], statement), module.unreachable()];
  // The statement's own place is lost where its parts are put among others.
  compiler.addDebugLocation(end[0]!, statement.range);
  return module.block(null, end, binaryen.unreachable);
}

/** A statement that is being compiled. */
class Try {
  private readonly module: binaryenTypes.Module;
  private readonly number = labels++;

  constructor(private readonly compiler: Inside) {
    this.module = binaryen.wrapModule(compiler.module.ref);
    if (this.module.getTag(TAG) === 0) this.module.addTag(TAG, binaryen.none, binaryen.none);
  }

  compile(statement: TryStatement): number {
    const { compiler, module } = this;
    const { bodyStatements, catchStatements, finallyStatements } = statement;
    const flow = compiler.currentFlow;
    const code =
      finallyStatements === null
        ? this.compileCatch(bodyStatements, catchStatements!, statement)
        : this.compileFinally(statement, finallyStatements);
    return flow.is(FlowFlags["Terminates"]!)
      ? module.block(null, [code, module.unreachable()], binaryen.unreachable)
      : code;
  }

  /** `try { … } catch { … }` */
  private compileCatch(body: Statement[], caught: Statement[], place: Node): number {
    const { compiler, module } = this;
    const outer = compiler.currentFlow;
    const done = `caught|${this.number}`;
    const begun = this.begin(place);

    const bodyFlow = this.fork(outer);
    const tried = this.block(body);
    const catchFlow = this.fork(outer);
    forgetChanged(catchFlow, tried);
    const handler = this.block(caught);

    compiler.currentFlow = outer;
    outer.inheritAlternatives(bodyFlow, catchFlow);
    const whole = [...begun.statements, this.guard(tried, done, begun, place), handler];
    return module.block(done, whole, binaryen.none);
  }

  /** The same, or without `catch`, and then `finally { … }`. */
  private compileFinally(place: TryStatement, last: Statement[]): number {
    const { bodyStatements, catchStatements } = place;
    const { compiler, module } = this;
    const outer = compiler.currentFlow;
    const end = `finally|${this.number}`;
    const begun = this.begin(place);
    const state = outer.getTempLocal(Types.i32).index;
    const thrown = outer.getTempLocal(errorType(compiler)).index;

    const triedFlow = this.fork(outer);
    const inner =
      catchStatements === null
        ? this.block(bodyStatements)
        : new Try(compiler).compileCatch(bodyStatements, catchStatements, place);
    const tried = module.block(null, [inner]);
    const { returnType } = outer;
    const exits = new Exits(module, binaryen, state, end, 2, () => outer.getTempLocal(returnType).index);
    exits.redirect(tried);

    const lastFlow = this.fork(outer);
    forgetChanged(lastFlow, tried);
    const final = this.block(last);
    compiler.currentFlow = outer;
    outer.inherit(triedFlow);
    for (const local of changedIn(final)) outer.localFlags[local] = lastFlow.localFlags[local] ?? 0;
    if (lastFlow.is(FlowFlags["Terminates"]!)) outer.flags |= lastFlow.flags;
    else outer.flags |= lastFlow.deriveConditionalFlags();

    const { i32, local } = module;
    const type = returnType.toRef();
    const guarded = module.block(end, [
      local.set(state, i32.const(0)),
      ...begun.statements,
      this.guard(tried, end, begun, place),
      local.set(thrown, call(compiler, "caught", [], place)),
      local.set(state, i32.const(1)),
    ]);
    const on = call(compiler, "throwError", [local.get(thrown, binaryen.i32)], place);
    return module.block(null, [
      guarded,
      final,
      module.if(
        i32.eq(local.get(state, binaryen.i32), i32.const(1)),
        module.block(null, [on, module.unreachable()]),
      ),
      ...exits.goOn(type),
    ]);
  }

  /** Keeps what is to be restored. */
  private begin(place: Node): { statements: number[]; locals: [number, number] } {
    const { compiler, module } = this;
    const flow = compiler.currentFlow;
    const locals: [number, number] = [flow.getTempLocal(Types.i64).index, flow.getTempLocal(Types.i64).index];
    const statements = ["beginTry", "beginDepth"].map((name, index) =>
      module.local.set(locals[index]!, call(compiler, name, [], place)),
    );
    return { statements, locals };
  }

  /** `code`, and on to `label`; what is caught goes on behind it. */
  private guard(code: number, label: string, { locals }: { locals: [number, number] }, place: Node): number {
    const { compiler, module } = this;
    const kept = locals.map((local) => module.local.get(local, binaryen.i64));
    const isLost = module.i32.eqz(call(compiler, "isCaught", kept, place));
    const body = module.block(null, [code, module.br(label)]);
    return module.try("", body, [TAG], [module.if(isLost, module.throw(TAG, []))]);
  }

  private fork(flow: Flow): Flow {
    return (this.compiler.currentFlow = flow.fork());
  }
  private block(statements: Statement[]): number {
    return this.module.block(null, this.compiler.compileStatements(statements));
  }
}

function changedIn(code: number): Set<number> {
  const found = new Set<number>();
  walkExpressions(binaryen, code, (_, { id, index }) => {
    if (id === binaryen.LocalSetId) found.add(index as number);
  });
  return found;
}

/** Forgets what was known of variables that `code`, which may have been left anywhere, changes. */
function forgetChanged(flow: Flow, code: number): void {
  for (const local of changedIn(code))
    flow.unsetLocalFlag(local, LocalFlags["Wrapped"]! | LocalFlags["NonNull"]!);
}
