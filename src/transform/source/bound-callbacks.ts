/**
 * Arrow functions that use `this`. The compiler has no closures; but a function can be given the object along with its
 * other parameters, so `this.dispatch(…, (result) => this.resumeRequest())` becomes
 * `this.dispatchWith(…, this, (self, result) => self.resumeRequest())`.
 *
 * @module
 */
import type {
  CallExpression,
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
export const takesCallback: ReadonlySet<string> = new Set([
  "dispatch",
  "every",
  "after",
  "grpcCall",
  "update",
  "updateText",
]);

const SELF = "$self";

/** Binds the arrow functions of all classes. */
export function bindCallbacks(source: Source): void {
  for (const declaration of classesOf(source)) {
    for (const member of declaration.members) {
      if (member.kind !== NodeKind["MethodDeclaration"]) continue;
      const { body } = member as FunctionDeclaration;
      if (body !== null) bindIn(body);
    }
  }
}

/** Binds the arrow functions below `node`, inner ones first, so that those of an answer's own calls are bound to it. */
function bindIn(node: Node): void {
  walk(node, (inner) => {
    if (inner.kind !== NodeKind["Call"]) return;
    const call = inner as CallExpression;
    if (call.expression.kind !== NodeKind["PropertyAccess"]) return;
    const access = call.expression as PropertyAccessExpression;
    const name = access.property.text;
    const last = call.args.at(-1);
    if (!takesCallback.has(name) || last === undefined || last.kind !== NodeKind["Function"]) return;
    const arrow = (last as FunctionExpression).declaration;
    if (arrow.body === null || (arrow.arrowKind as number) === 0) return;
    bindIn(arrow.body);
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
