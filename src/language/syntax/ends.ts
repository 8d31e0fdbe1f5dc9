/**
 * Ends of functions: those whose result may be undefined, and a `switch` over all values.
 *
 * @module
 */
import type { ReturnStatement, SwitchStatement } from "@babel/types";
import type { AnyFunction } from "./functions.js";
import { addRule } from "./lowering.js";
import { scopeOf } from "./maybe.js";
import { walk, type Syntax } from "./tree.js";

/** Tells whether a function says that its result may be undefined; a list of what may be is another type. */
function mayBeUndefined(node: Syntax): boolean {
  const type = (node as { returnType?: { typeAnnotation?: Syntax } | null }).returnType?.typeAnnotation;
  const parts = type?.type === "TSUnionType" ? type.types.map(({ type: kind }) => kind) : [];
  return parts.includes("TSUndefinedKeyword") && !parts.includes("TSVoidKeyword");
}

/** Tells whether code can come to the end of a function whose result may be undefined: that is its result then. */
export function endsWithNothing(node: AnyFunction): boolean {
  const body = node.body as Syntax;
  if (body.type !== "BlockStatement" || !mayBeUndefined(node)) return false;
  return !/^(Return|Throw)Statement$/.test((body.body.at(-1) as Syntax | undefined)?.type ?? "");
}

/** `return;` where the result may be undefined. */
addRule<ReturnStatement & Syntax>(
  "ReturnStatement",
  (node, l) =>
    node.argument || !mayBeUndefined(scopeOf(node, l)) ? undefined : l.make(node, "return null;"),
  true,
);

/** A `switch` over all values at a function's end: TypeScript knows that nothing comes behind it, the compiler is told. */
const ended = new WeakSet<Syntax>();
addRule<SwitchStatement & Syntax>(
  "SwitchStatement",
  (node, l) => {
    if (ended.has(node) || node.cases.some(({ test }) => !test)) return undefined;
    const block = l.parent(node);
    const owner = block && l.parent(block);
    if (block?.type !== "BlockStatement" || block.body.at(-1) !== node || !isFunction(owner))
      return undefined;
    const type = (owner.returnType as { typeAnnotation?: Syntax } | null | undefined)?.typeAnnotation;
    if (!returnsValue(node) || type?.type === "TSVoidKeyword" || mayBeUndefined(owner)) return undefined;
    ended.add(node);
    return [...l.lower(node), ...l.make({ start: node.end, end: node.end }, " return unreachable();")];
  },
  true,
);

function isFunction(node: Syntax | undefined): node is AnyFunction {
  return node !== undefined && /Function|Method/.test(node.type) && "body" in node;
}

function returnsValue(node: Syntax): boolean {
  let returns = false;
  walk(node, (inner) => {
    if (inner.type === "ReturnStatement" && inner.argument) returns = true;
    return !/Function|Method/.test(inner.type);
  });
  return returns;
}
