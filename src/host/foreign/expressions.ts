/** Envoy's expressions in CEL: `expr_create`, `expr_evaluate` and `expr_delete`. */
import { Environment } from "@marcbachmann/cel-js";
import type { ASTNode } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import type { EnvoyRules } from "../envoy-rules.js";
import type { Context } from "../context.js";
import { Status } from "../abi/status.js";
import { noBytes } from "../abi/text.js";
import { serialize, unserializable } from "../services/properties.js";
import type { ForeignFunction } from "../services/foreign.js";
import { variable } from "./attributes-for-cel.js";
import { serializeValue } from "./cel-value.js";

/** An expression that is ready to be evaluated. */
interface Expression {
  /** The attribute's path, where the expression is nothing else: its bytes are handed over as they are. */
  readonly path: readonly string[] | undefined;
  evaluate(variables: ReadonlyMap<string, unknown>): unknown;
}

/** A plugin's expressions, by token. */
interface Expressions {
  next: number;
  readonly byToken: Map<number, Expression>;
}

const expressionsOf = new WeakMap<Context, Expressions>();

function expressions(context: Context): Expressions {
  const owner = context.root ?? context;
  let known = expressionsOf.get(owner);
  if (known === undefined) expressionsOf.set(owner, (known = { next: 0, byToken: new Map() }));
  return known;
}

/** The functions that Envoy's CEL has, and the macros; the library has more. */
const functions = new Set([
  ...["size", "contains", "startsWith", "endsWith", "matches", "int", "uint", "double", "string", "bytes"],
  ...["bool", "type", "dyn", "timestamp", "duration", "getFullYear", "getMonth", "getDate", "getDayOfMonth"],
  ...["getDayOfWeek", "getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds"],
  ...["has", "all", "exists", "exists_one", "map", "filter"],
]);

const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false })
  .registerFunction("string.re2(string): bool", matches)
  .registerFunction("re2(string, string): bool", matches)
  .registerFunction("noBool(dyn): dyn", noBool);

/** Regular expressions are RE2's, as in Envoy. */
function matches(text: string, pattern: string): boolean {
  return RE2JS.compile(pattern).matcher(text).find();
}

/** Refuses booleans: old releases of Envoy join all other values to text. */
function noBool(value: unknown): unknown {
  if (typeof value === "boolean") throw new Error("No matching overloads found");
  return value;
}

/** The parts of a node; the library's types tell them by operator. */
type Node = ASTNode & { args: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "op" in value && "args" in value;

/**
 * Makes an expression what Envoy takes it for, in place: `matches` is RE2's, and no types are known before it runs, so that
 * `1 == 1.0` is true and `'x' == 1` false. Throws where a function is called that Envoy's CEL has not.
 */
function prepare(node: unknown, rules: EnvoyRules): unknown {
  if (Array.isArray(node)) {
    for (const [i, part] of node.entries()) node[i] = prepare(part, rules);
    return node;
  }
  if (!isNode(node)) return node;
  const { op, args } = node;
  if ((op === "call" || op === "rcall") && Array.isArray(args)) {
    if (!functions.has(String(args[0]))) throw new Error("No overloads provided for FunctionResolver");
    if (args[0] === "matches") args[0] = "re2";
  }
  node.args = prepare(args, rules) as never;
  if (!rules.bringsBoolsToText && op === "call" && isTextOf(node.args)) {
    const checked = environment.parse("noBool(0)").ast;
    (checked.args as [string, unknown[]])[1] = node.args[1];
    node.args[1] = [checked];
  }
  if (op !== "value" && op !== "list" && op !== "map") return node;
  const untyped = environment.parse("dyn(0)").ast;
  (untyped.args as [string, unknown[]])[1][0] = node;
  return untyped;
}

/** Tells whether these are the parts of `string(x)`. */
function isTextOf(args: unknown): args is [string, unknown[]] {
  return Array.isArray(args) && args[0] === "string" && Array.isArray(args[1]) && args[1].length === 1;
}

/** `request.headers` for `request.headers`; undefined for anything else than a path of names. */
function pathOf(node: ASTNode): readonly string[] | undefined {
  if (node.op === "id") return [node.args];
  if (node.op !== ".") return undefined;
  const [left, name] = node.args;
  const path = pathOf(left);
  return path === undefined ? undefined : [...path, name];
}

/** Why an expression was refused, and at which step. */
interface Refused {
  readonly step: "parse" | "compile";
  readonly why: string;
}

function compile(source: string, rules: EnvoyRules): Expression | Refused {
  let step: Refused["step"] = "parse";
  try {
    const parsed = environment.parse(source);
    step = "compile";
    const path = pathOf(parsed.ast);
    if (parsed.ast.op !== "value") prepare(parsed.ast, rules);
    return { path, evaluate: (variables) => parsed(variables) as unknown };
  } catch (error) {
    return { step, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Takes the source, gives a token. */
export const createExpression: ForeignFunction = (argument, context) => {
  const known = expressions(context);
  const expression = compile(Buffer.from(argument).toString(), context.vm.environment.rules);
  if ("why" in expression) {
    // Envoy has counted one by then that it parsed.
    if (expression.step === "compile") known.next++;
    const message = `expr_create ${expression.step} error: ${expression.why}`;
    context.vm.environment.log({ level: "info", from: "", message, contextId: context.id, ofModule: false });
    return Status.BadArgument;
  }
  const token = known.next++;
  known.byToken.set(token, expression);
  return tokenBytes(token);
};

function tokenBytes(token: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, token, true);
  return bytes;
}

const tokenOf = (bytes: Uint8Array): number | undefined =>
  bytes.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) : undefined;

/** The top names of attributes, looked up when the expression asks for them. */
class Variables extends Map<string, unknown> {
  constructor(private readonly context: Context) {
    super();
  }

  override get(name: string): unknown {
    return variable(this.context, name);
  }
}

/** Takes a token, gives the value. */
export const evaluateExpression: ForeignFunction = (argument, context) => {
  const token = tokenOf(argument);
  if (token === undefined) return Status.BadArgument;
  const expression = expressions(context).byToken.get(token);
  if (expression === undefined) return Status.NotFound;
  if (expression.path !== undefined) {
    const found = context.property(expression.path);
    if (found === unserializable) return Status.SerializationFailure;
    if (found !== undefined) return serialize(found).slice();
  }
  let value: unknown;
  try {
    value = expression.evaluate(new Variables(context));
  } catch {
    return Status.InternalFailure;
  }
  return serializeValue(value) ?? Status.SerializationFailure;
};

/** Takes a token. */
export const deleteExpression: ForeignFunction = (argument, context) => {
  const token = tokenOf(argument);
  if (token === undefined) return Status.BadArgument;
  expressions(context).byToken.delete(token);
  return noBytes;
};
