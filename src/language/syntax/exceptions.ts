/**
 * Lowers `try`, `catch` and `throw`: a `catch` gets an `Error`, which the build keeps for it.
 *
 * @module
 */
import type { CatchClause, ThrowStatement, TryStatement } from "@babel/types";
import { addRule, type Lowering } from "./lowering.js";
import { asksFor } from "./maybe.js";
import { bindings, declarators, isPattern } from "./patterns.js";
import type { Piece } from "./pieces.js";
import { bare, type Syntax } from "./tree.js";

/** The library's own errors, whose message is all that is thrown where nothing is caught. */
const PLAIN = /^new\s+(Error|RangeError|TypeError|SyntaxError|URIError)\s*\(/;

addRule<TryStatement>("TryStatement", (node, l) => {
  l.use("exceptions");
  const handler = node.handler as (CatchClause & Syntax) | null | undefined;
  // In blocks of their own, whose variables are not those of what is around them.
  const pieces = l.make(
    node,
    l.make({ start: node.start, end: node.block.start }, "try { "),
    l.lower(node.block),
    " }",
  );
  if (handler)
    pieces.push(
      // Functions within take the variable from a block.
      ...l.make(
        handler,
        ` catch (${l.name("caught")}) { { `,
        caught(handler, l),
        l.lower(handler.body),
        " } }",
      ),
    );
  const last = node.finalizer;
  if (last) pieces.push(...l.make(last, " finally { ", l.lower(last), " }"));
  return pieces;
});

/** The variable that a `catch` declares. */
function caught({ param, body }: CatchClause, l: Lowering): Piece[] {
  if (!param) return [];
  const value = `: Error = ${l.import("exceptions", "caught")}(); `;
  if (!isPattern(param)) return l.make(param, "let ", (param as { name: string }).name, value);
  const whole = l.name("error");
  const list = bindings(param, whole, l, (name) => asksFor(name, body as Syntax, 0));
  return l.make(
    param,
    `const ${whole}${value}`,
    ...(list.length > 0 ? ["const ", declarators(list, l), "; "] : []),
  );
}

addRule<ThrowStatement>("ThrowStatement", (node, l) => {
  const value = bare(node.argument);
  if (/Literal$/.test(value.type)) return l.refuse(value, "throwOther");
  if (!PLAIN.test(l.textOf(value))) l.use("exceptions");
  return undefined;
});
