/**
 * Compiles operations that ask for an object's fields by name: `for…in`, `key in table`, `delete table[key]`,
 * `Object.keys(table)`, and `table.key`.
 *
 * @module
 */
import type {
  BinaryExpression,
  CallExpression,
  Compiler,
  ElementAccessExpression,
  Expression,
  Flow,
  PropertyAccessExpression,
  Resolver,
  Type,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind, Token } from "../../transform/compiler/compiler.js";
import { defineForm } from "../../transform/compiler/forms-hook.js";
import { around } from "../../transform/compiler/patches.js";
import { Builds, compilerMethods, resolverMethods, SWALLOW } from "../../transform/compiler/tables.js";
import { sentences, type SentenceName } from "../sentences/table.js";
import { kindOf } from "./classes.js";
import { compiled } from "../../transform/compiler/nodes.js";
import { callHelper, helper, helperClass, refuse } from "./helpers.js";
import { typesIn } from "./maybe.js";
import { shapeNames, shapeValue, tableValue } from "./fields.js";
import { textKey } from "./objects.js";
import { assignField, fieldIndex, fieldsByKey } from "./shape-fields.js";
import { Types } from "./types.js";

const make = assemblyscript.Node;

type TypeOf = (expression: Expression) => Type | null;

/** An operation of a table; undefined where the object is none. */
interface Operation {
  /** The type that it has for a table of the values. */
  type(resolver: Resolver, value: Type): Type | null;
  compile(compiler: Compiler, call: CallExpression, value: Type): number;
  /** The message for an object that is no table. */
  readonly refused: SentenceName;
  /** The index of the object among the call's arguments. */
  readonly object: number;
}

function define(name: string, { type, compile, refused, object }: Operation): void {
  defineForm(name, {
    compile(compiler, call) {
      const value = tableValue(typesIn(compiler)(call.args[object]!));
      return value === undefined
        ? refuse(compiler, call, sentences[refused])
        : compile(compiler, call, value);
    },
    resolve(resolver, call, flow, _type, mode) {
      const own = resolver.resolveExpression(call.args[object]!, flow, Types.auto, mode);
      const value = tableValue(own);
      return value === undefined ? null : type(resolver, value);
    },
  });
}

defineForm("__language_in", {
  compile(compiler, call) {
    const [key, object] = call.args as [Expression, Expression];
    const type = typesIn(compiler)(object);
    const value = tableValue(type);
    if (value !== undefined)
      return callHelper(compiler, "record/recordHas", [value], [object, textKey(key)], call);
    const names = shapeNames(type);
    return names === undefined
      ? refuse(compiler, call, sentences.inOperator)
      : callHelper(compiler, "record/hasField", [type!], [object, fieldIndex(names, textKey(key))], call);
  },
  resolve: () => Types.bool,
});
define("__language_delete", {
  object: 0,
  refused: "delete",
  type: () => Types.bool,
  compile: (compiler, call, value) =>
    callHelper(compiler, "record/recordDelete", [value], [call.args[0]!, textKey(call.args[1]!)], call),
});
define("__language_assign", {
  object: 0,
  refused: "objectStatic",
  type: (resolver, value) => helperClass(resolver, "record/Record", [value])?.type ?? null,
  compile: (compiler, call, value) => callHelper(compiler, "record/recordAssign", [value], call.args, call),
});

/** The helper that makes a table of a Map or of a list of pairs, and the type of the table's values. */
function tableMaker(resolver: Resolver, type: Type | null): { path: string; value: Type } | undefined {
  const text = resolver.program.stringInstance.type;
  const kind = type === null ? undefined : kindOf(type);
  if (kind?.name === "map/Map" && kind.types[0] === text)
    return { path: "record/recordOf", value: kind.types[1]! };
  const pair = kind?.name === "array/Array" ? kindOf(kind.types[0]!) : undefined;
  if (pair?.name === "tuple/Tuple2" && pair.types[0] === text)
    return { path: "record/recordOfPairs", value: pair.types[1]! };
  const isTexts = pair?.name === "array/Array" && pair.types[0] === text;
  return isTexts ? { path: "record/recordOfLists", value: text } : undefined;
}

defineForm("__language_object_fromEntries", {
  compile(compiler, call) {
    const made = tableMaker(compiler.resolver, typesIn(compiler)(call.args[0]!));
    if (made === undefined) return refuse(compiler, call, sentences.objectStatic);
    return callHelper(compiler, made.path, [made.value], call.args, call);
  },
  resolve(resolver, call, flow, _type, mode) {
    const type = resolver.resolveExpression(call.args[0]!, flow, Types.auto, mode);
    const made = tableMaker(resolver, type);
    return made === undefined ? null : (helperClass(resolver, "record/Record", [made.value])?.type ?? null);
  },
});

/** `Object.is(a, b)` */
defineForm("__language_same", {
  compile(compiler, call) {
    const isNumbers = call.args.every((arg) => typesIn(compiler)(arg)?.isNumericValue === true);
    if (isNumbers) return callHelper(compiler, "number/isSame", [], call.args, call);
    const [left, right] = call.args as [Expression, Expression];
    const same = make.createBinaryExpression(Token["Equals_Equals_Equals"]!, left, right, call.range);
    return compiler.compileExpression(same, Types.bool);
  },
  resolve: () => Types.bool,
});

// --- the keys, values and entries of an object

function listType(resolver: Resolver, what: string, type: Type): Type | null {
  const { program } = resolver;
  const value = tableValue(type);
  const names = shapeNames(type);
  const kind = kindOf(type);
  if (what === "keys") {
    const listed = value !== undefined || names !== undefined || kind?.name === "array/Array";
    return listed ? (helper(resolver, "record/recordKeys", [Types.f64])?.signature.returnType ?? null) : null;
  }
  const values = value ?? (names === undefined ? undefined : shapeValue(type));
  if (values === undefined) return null;
  const path = what === "values" ? "record/recordValues" : "record/recordEntries";
  return helper(resolver, path, [values])?.signature.returnType ?? (program && null);
}

const methods: Readonly<Record<string, string>> = {
  keys: "record/recordKeys",
  values: "record/recordValues",
  entries: "record/recordEntries",
};

function compileList(compiler: Compiler, what: string, call: CallExpression): number {
  const [object] = call.args as [Expression];
  const type = typesIn(compiler)(object);
  if (type === null) return compiler.compileExpression(object, Types.auto);
  const value = tableValue(type);
  if (value !== undefined) return callHelper(compiler, methods[what]!, [value], [object], call);
  const list = listType(compiler.resolver, what, type);
  const kind = kindOf(type);
  if (what === "keys" && kind?.name === "array/Array")
    return callHelper(compiler, "record/indexTexts", kind.types, [object], call);
  const names = shapeNames(type);
  if (names === undefined || list === null || type.isNullableReference)
    return refuse(compiler, call, sentences.objectStatic);
  const { module, currentFlow: flow } = compiler;
  const local = flow.getTempLocal(type);
  const first = module.local_set(local.index, compiler.compileExpression(object, type), type.isManaged);
  const ordered = inOrder(names);
  const keys = (): Expression =>
    make.createArrayLiteralExpression(
      ordered.map((name) => make.createStringLiteralExpression(name, call.range)),
      call.range,
    );
  const values = (): Expression =>
    make.createArrayLiteralExpression(
      ordered.map((name) =>
        make.createPropertyAccessExpression(
          compiled(module.local_get(local.index, type.toRef()), type, call),
          make.createIdentifierExpression(name, call.range),
          call.range,
        ),
      ),
      call.range,
    );
  const code =
    what === "entries"
      ? callHelper(compiler, "record/pairs", [shapeValue(type)!], [keys(), values()], call)
      : compiler.compileExpression(what === "keys" ? keys() : values(), list);
  compiler.currentType = list;
  return module.block(null, [first, code], list.toRef());
}

/** Fields whose names are whole numbers come first in JavaScript. */
function inOrder(names: readonly string[]): string[] {
  return Object.keys(Object.fromEntries(names.map((name) => [name, 0])));
}

for (const [form, what] of [
  ["__language_in_keys", "keys"],
  ["__language_object_keys", "keys"],
  ["__language_object_values", "values"],
  ["__language_object_entries", "entries"],
] as const)
  defineForm(form, {
    compile: (compiler, call) => compileList(compiler, what, call),
    resolve(resolver, call, flow, _type, mode) {
      const type = resolver.resolveExpression(call.args[0]!, flow, Types.auto, mode);
      return type === null ? null : listType(resolver, what, type);
    },
  });

// --- `table.key`

/** `table[key]` where `table.key` is written. */
function elementOf(node: PropertyAccessExpression, typeOf: TypeOf): Expression | undefined {
  const { property, expression, range } = node;
  if (property.text.startsWith("__") || expression.kind === NodeKind["Super"]) return undefined;
  if (tableValue(typeOf(expression)) === undefined) return undefined;
  const key = make.createStringLiteralExpression(property.text, property.range);
  return make.createElementAccessExpression(expression, key, range);
}

/** `table[404]`: the keys of a table are texts. */
function takeNumberKey(compiler: Compiler, node: ElementAccessExpression): void {
  const typeOf = typesIn(compiler);
  if (typeOf(node.elementExpression)?.isNumericValue !== true) return;
  if (tableValue(typeOf(node.expression)) !== undefined)
    node.elementExpression = textKey(node.elementExpression);
}

const builds = new Builds(install);

/** Has a program's tables read and written behind a dot, too. */
export function compileTables(program: Compiler["program"]): void {
  builds.add(program);
}

function install(): void {
  around<(this: Compiler, node: PropertyAccessExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compilePropertyAccessExpression",
    (original) =>
      function (node, type, constraints) {
        const element = builds.has(this, node) ? elementOf(node, typesIn(this)) : undefined;
        return element === undefined
          ? original.call(this, node, type, constraints)
          : this.compileExpression(element, type, constraints);
      },
  );
  around<(this: Compiler, node: BinaryExpression, ...rest: unknown[]) => number>(
    compilerMethods,
    "compileAssignment",
    (original) =>
      function (node, ...rest) {
        const target = node as unknown as Expression;
        if (target.kind === NodeKind["ElementAccess"] && builds.has(this, target)) {
          const access = target as ElementAccessExpression;
          const typeOf = typesIn(this);
          const type = typeOf(access.expression);
          if (fieldsByKey(this, type, access.elementExpression, typeOf) !== undefined)
            return assignField(this, access, rest[0] as Expression, rest[1] as Type);
          takeNumberKey(this, access);
        }
        const element =
          target.kind === NodeKind["PropertyAccess"] && builds.has(this, target)
            ? elementOf(target as PropertyAccessExpression, typesIn(this))
            : undefined;
        return original.call(this, (element ?? target) as BinaryExpression, ...rest);
      },
  );
  around<(this: Compiler, node: ElementAccessExpression, type: Type, constraints: number) => number>(
    compilerMethods,
    "compileElementAccessExpression",
    (original) =>
      function (node, type, constraints) {
        if (builds.has(this, node)) takeNumberKey(this, node);
        return original.call(this, node, type, constraints);
      },
  );
  for (const method of ["lookupPropertyAccessExpression", "resolvePropertyAccessExpression"] as const)
    around<(this: Resolver, node: PropertyAccessExpression, flow: Flow, type: Type, mode: number) => unknown>(
      resolverMethods,
      method,
      (original) =>
        function (node, flow, type, mode) {
          const element = builds.has(this, node)
            ? elementOf(node, (object) => this.resolveExpression(object, flow, Types.auto, SWALLOW))
            : undefined;
          if (element === undefined) return original.call(this, node, flow, type, mode);
          return method.startsWith("lookup")
            ? this.lookupExpression(element, flow, type, mode)
            : this.resolveExpression(element, flow, type, mode);
        },
    );
}
