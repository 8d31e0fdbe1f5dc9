/**
 * Arrow functions that use `this`. The compiler has no closures; but a function can be given the object along with its
 * other parameters, so `this.fetch(…, (result) => this.resumeRequest())` becomes
 * `this.fetchWith(…, this, (self, result) => self.resumeRequest())`. It costs less than an object for what the function holds, which
 * the language makes of other arrow functions.
 *
 * @module
 */
import type {
  CallExpression,
  ClassDeclaration,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  PropertyAccessExpression,
  Source,
} from "assemblyscript";
import * as assemblyscript from "assemblyscript";
import { NodeKind } from "../compiler/compiler.js";
import { classesOf, walk } from "./syntax.js";

/** The methods of a context that take a callback last, and have a twin with `With` behind the name. */
const takesCallback: ReadonlySet<string> = new Set([
  "fetch",
  "every",
  "after",
  "grpcCall",
  "update",
  "updateText",
]);

const SELF = "$self";

/** Binds the arrow functions of all classes. Calls of a method that `own` has may be of a class without such a twin. */
export function bindCallbacks(source: Source, own: ReadonlySet<string>): void {
  for (const declaration of classesOf(source)) {
    for (const member of declaration.members) {
      if (member.kind !== NodeKind["MethodDeclaration"]) continue;
      const { body } = member as FunctionDeclaration;
      if (body !== null) bindIn(body, own);
    }
  }
}

/** The methods with a callback's name that the sources' own classes and interfaces declare. */
export function ownCallbackTakers(sources: readonly Source[]): Set<string> {
  const own = new Set<string>();
  for (const source of sources) {
    walk(source.statements, (node) => {
      const { kind } = node;
      if (kind !== NodeKind["ClassDeclaration"] && kind !== NodeKind["InterfaceDeclaration"]) return;
      for (const { name } of (node as ClassDeclaration).members)
        if (takesCallback.has(name.text)) own.add(name.text);
    });
  }
  return own;
}

/** Binds the arrow functions below `node`, inner ones first, so that those of an answer's own calls are bound to it. */
function bindIn(node: Node, own: ReadonlySet<string>): void {
  walk(node, (inner) => {
    if (inner.kind !== NodeKind["Call"]) return;
    const call = inner as CallExpression;
    if (call.expression.kind !== NodeKind["PropertyAccess"]) return;
    const access = call.expression as PropertyAccessExpression;
    const name = access.property.text;
    const last = call.args.at(-1);
    if (!takesCallback.has(name) || own.has(name) || last === undefined || last.kind !== NodeKind["Function"])
      return;
    const arrow = (last as FunctionExpression).declaration;
    if (arrow.body === null || (arrow.arrowKind as number) === 0) return;
    bindIn(arrow.body, own);
    if (!replaceThis(arrow)) return;
    access.property.text = `${name}With`;
    const { range } = last;
    const self = assemblyscript.Node.createIdentifierExpression(SELF, range);
    const type = assemblyscript.Node.createOmittedType(range);
    arrow.signature.parameters.unshift(assemblyscript.Node.createParameter(0, self, type, null, range));
    call.args.splice(-1, 0, assemblyscript.Node.createThisExpression(range));
  });
}

/** Puts the parameter in the place of each `this`; false when there is none. */
function replaceThis(arrow: FunctionDeclaration): boolean {
  let found = false;
  walk([arrow.body as Node], (node) => {
    if (node.kind !== NodeKind["This"]) return;
    found = true;
    return assemblyscript.Node.createIdentifierExpression(SELF, node.range);
  });
  return found;
}
