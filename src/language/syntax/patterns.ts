/**
 * Taking arrays, pairs and objects apart: in declarations, parameters and assignments.
 *
 * @module
 */
import type {
  ArrayPattern,
  AssignmentExpression,
  ExpressionStatement,
  ObjectPattern,
  VariableDeclaration,
} from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import { asksFor, initialValue, scopeOf } from "./maybe.js";
import { isNothing } from "./nothing.js";
import { isLargeConstant, isNumberVariable } from "./numbers.js";
import type { Piece } from "./pieces.js";
import { bare, type Syntax } from "./tree.js";

/** Tells whether a variable's name is a pattern. */
export function isPattern(node: unknown): node is ArrayPattern | ObjectPattern {
  const { type } = node as Syntax;
  return type === "ArrayPattern" || type === "ObjectPattern";
}

/** Something that a pattern gives a name: `name = value`. */
export interface Binding {
  readonly node: Syntax;
  readonly name: string;
  readonly value: Piece[];
}

/**
 * The names that `pattern` gives to parts of what `source` holds. `asked` tells whether the code asks for a name's value
 * being there.
 */
export function bindings(
  pattern: ArrayPattern | ObjectPattern,
  source: string,
  l: Lowering,
  asked: (name: string) => boolean,
): Binding[] {
  l.use("maybe");
  const found: Binding[] = [];
  /** Binds `target` to what `value` (or, when it may be missing, `maybe`) says. */
  const bind = (target: Syntax, value: string, missing: boolean): void => {
    const part = (name?: string): string =>
      missing && name !== undefined && asked(name) ? `__language_maybe(${value})` : value;
    if (target.type === "Identifier")
      found.push({ node: target, name: target.name, value: l.make(target, part(target.name)) });
    else if (target.type === "AssignmentPattern") {
      const whole = missing ? `__language_maybe(${value})` : value;
      const filled = l.make(target, `__language_nullish(${whole}, `, l.lower(target.right), ")");
      const inner = target.left as Syntax;
      if (inner.type === "Identifier") found.push({ node: inner, name: inner.name, value: filled });
      else nested(inner, filled);
    } else nested(target, l.make(target, value));
  };
  const nested = (target: Syntax, value: Piece[]): void => {
    if (!isPattern(target)) return l.refuse(target, "chainTarget");
    const name = l.name("part");
    found.push({ node: target, name, value });
    found.push(...bindings(target, name, l, asked));
  };
  if (pattern.type === "ArrayPattern") {
    pattern.elements.forEach((element, index) => {
      if (element === null) return;
      const target = element as Syntax;
      if (target.type === "RestElement") bind(target.argument as Syntax, `${source}.slice(${index})`, false);
      else bind(target, `__language_element(${source}, ${index})`, true);
    });
    return found;
  }
  for (const property of pattern.properties) {
    if (property.type === "RestElement" || property.computed) l.refuse(property, "objectRest");
    else bind(property.value as Syntax, `${source}.${l.textOf(property.key)}`, false);
  }
  return found;
}

/** Bindings as the declarators of a declaration. */
export function declarators(list: readonly Binding[], l: Lowering): Piece[] {
  return list.flatMap(({ node, name, value }, index) =>
    l.make(node, index === 0 ? "" : ", ", l.make(node, name), " = ", value),
  );
}

addRule<VariableDeclaration>("VariableDeclaration", (node, l) => {
  const parent = l.parent(node as Syntax);
  if (parent?.type === "ForOfStatement" || parent?.type === "ForInStatement") return undefined;
  const pieces: Piece[] = [];
  let position = node.start!;
  // A constant that is null would make the compiler drop what is asked of it, with its types.
  if (node.kind === "const" && node.declarations.some(({ init }) => init && isNothing(init as Syntax, l))) {
    pieces.push(...l.make({ start: position, end: position + 5 }, "let"));
    position += 5;
  }
  for (const declarator of node.declarations as (Syntax & VariableDeclaration["declarations"][0])[]) {
    const id = declarator.id as Syntax;
    const init = declarator.init as Syntax | null | undefined;
    pieces.push(...l.raw(position, declarator.start));
    position = declarator.end;
    if (isPattern(id) && init) pieces.push(...takeApart(id, init, l, scopeOf(node as Syntax, l)));
    else if (init && id.type === "Identifier") {
      const type = (id.typeAnnotation as { typeAnnotation?: Syntax } | null | undefined)?.typeAnnotation;
      const value = tupleOf(type, init, l) ?? initialValue(id.name, init, l, type);
      const isNumber = !type && (isNumberVariable(declarator, l) || isLargeConstant(init));
      const number = isNumber ? ": f64" : "";
      pieces.push(...l.lower(id), ...l.make(id, number), ...l.raw(id.end, init.start), ...value);
    } else if (!init && id.type === "Identifier" && mayBeNothing(id, l) && !node.declare)
      pieces.push(...l.lower(declarator), ...l.make(declarator, " = null"));
    else if (!init && id.type === "Identifier" && !id.typeAnnotation && asksFor(id.name, scopeOf(id, l)))
      pieces.push(...l.lower(declarator), ...l.make(declarator, " = null"));
    else pieces.push(...l.lower(declarator));
  }
  return [...pieces, ...l.raw(position, node.end!)];
});

/** `["a", 1]` where the type beside it is that of a tuple. */
export function tupleOf(type: Syntax | undefined, value: Syntax, l: Lowering): Piece[] | undefined {
  if (type?.type === "TSArrayType" && value.type === "ArrayExpression") {
    const element = bareType(type.elementType as Syntax);
    if (element.type !== "TSTupleType") return undefined;
    const parts = (value.elements as Syntax[]).flatMap((item, index) =>
      l.make(value, index === 0 ? "" : ", ", tupleOf(element, item, l) ?? l.lower(item)),
    );
    return l.make(value, "[", parts, "]");
  }
  if (type?.type !== "TSTupleType" || value.type !== "ArrayExpression") return undefined;
  const parts = (value.elements as Syntax[]).flatMap((item, index) =>
    l.make(value, index === 0 ? "" : ", ", l.lower(item)),
  );
  return l.make(value, "new ", l.lower(type), "(", parts, ")");
}

function bareType(type: Syntax): Syntax {
  return type.type === "TSParenthesizedType" ? (type.typeAnnotation as Syntax) : type;
}

/** Tells whether a variable's type has `null` or `undefined` in it: then it is that until it is set. */
function mayBeNothing(id: Syntax & { typeAnnotation?: unknown }, l: Lowering): boolean {
  return (
    id.typeAnnotation !== undefined &&
    id.typeAnnotation !== null &&
    /\b(undefined|null)\s*$|^:?\s*(undefined|null)\s*\|/.test(l.textOf(id.typeAnnotation))
  );
}

function takeApart(
  pattern: (ArrayPattern | ObjectPattern) & Syntax,
  init: Syntax,
  l: Lowering,
  scope: Syntax,
): Piece[] {
  const name = l.name("whole");
  const type = (pattern as { typeAnnotation?: Syntax | null }).typeAnnotation;
  const value = l.make(pattern, name, type ? l.lower(type) : "", " = ", l.lower(init));
  const list = bindings(pattern, name, l, (part) => asksFor(part, scope));
  return list.length === 0 ? value : l.make(pattern, value, ", ", declarators(list, l));
}

addRule<AssignmentExpression>("AssignmentExpression", (node, l) =>
  isPattern(node.left) ? l.refuse(node, "chainTarget") : undefined,
);

addRule<ExpressionStatement>("ExpressionStatement", (statement, l) => {
  const node = bare(statement.expression);
  if (node.type !== "AssignmentExpression" || !isPattern(node.left)) return undefined;
  const pattern = node.left;
  const right = bare(node.right);
  // A swap: each value is taken before any is given.
  if (pattern.type === "ArrayPattern" && right.type === "ArrayExpression") {
    const values = right.elements as Syntax[];
    const targets = pattern.elements as (Syntax | null)[];
    if (values.length >= targets.length && targets.every((t) => t === null || !/Pattern|Rest/.test(t.type))) {
      const names = values.map(() => l.name("old"));
      const parts = values.flatMap((value, index) =>
        l.make(value, index === 0 ? "const " : ", ", names[index]!, " = ", l.lower(value)),
      );
      const assignments = targets.flatMap((target, index) =>
        target === null ? [] : l.make(target, l.lower(target), ` = ${names[index]!}; `),
      );
      return l.make(node, "{ ", parts, "; ", assignments, "}");
    }
  }
  const name = l.name("whole");
  const assignments = assignTargets(pattern, name, l);
  return l.make(node, "{ const ", name, " = ", l.lower(node.right), "; ", assignments, "}");
});

function assignTargets(pattern: ArrayPattern | ObjectPattern, source: string, l: Lowering): Piece[] {
  const give = (target: Syntax, value: string): Piece[] => {
    if (target.type === "AssignmentPattern") {
      const filled = l.make(
        target,
        `__language_nullish(__language_maybe(${value}), `,
        l.lower(target.right),
        ")",
      );
      return l.make(target, l.lower(target.left), " = ", filled, "; ");
    }
    if (!isPattern(target)) return l.make(target, l.lower(target), " = ", value, "; ");
    const name = l.name("part");
    return l.make(target, `const ${name} = ${value}; `, assignTargets(target, name, l));
  };
  if (pattern.type === "ArrayPattern")
    return pattern.elements.flatMap((element, index) => {
      if (element === null) return [];
      const target = element as Syntax;
      if (target.type === "RestElement") return give(target.argument as Syntax, `${source}.slice(${index})`);
      return give(target, `__language_element(${source}, ${index})`);
    });
  return pattern.properties.flatMap((property) => {
    if (property.type === "RestElement" || property.computed) return l.refuse(property, "objectRest") ?? [];
    return give(property.value as Syntax, `${source}.${l.textOf(property.key)}`);
  });
}
