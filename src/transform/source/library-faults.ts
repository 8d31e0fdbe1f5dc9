/**
 * Faults of the compiler's own library, put right in every module, whichever source calls it.
 *
 * @module
 */
import type { BlockStatement, ClassDeclaration, MethodDeclaration, Parser } from "assemblyscript";
import { BuildError } from "../build-error.js";
import { NodeKind, newParser } from "../compiler/compiler.js";
import { walk } from "./syntax.js";

/** The entry's import of what `String#replaceAll` calls. */
export const REPLACE_ALL_IMPORT = 'import "./assembly/memory/replace-all";';

/** Statements in front of those of a method of `String`. */
const before: Readonly<Record<string, string>> = {
  // The compiler's own writes beyond the end of its memory where a text grows to more than twice its length.
  replaceAll: "return __replaceAll(this, search, replacement);",
  // A length below 0 was a size of 4 GiB: JavaScript answers the text itself.
  padStart: "if (length <= this.length) return this;",
  padEnd: "if (length <= this.length) return this;",
};

/** Puts the methods of `String` right that write too much, or fail where JavaScript's do not. */
export function mendLibrary(parser: Parser): void {
  const source = parser.sources.find(({ normalizedPath }) => normalizedPath === "~lib/string.ts");
  const declared = source?.statements.find(
    (statement) =>
      statement.kind === NodeKind["ClassDeclaration"] &&
      (statement as ClassDeclaration).name.text === "String",
  ) as ClassDeclaration | undefined;
  for (const [name, text] of Object.entries(before)) {
    const method = declared?.members.find((member) => member.name.text === name);
    const body = (method as MethodDeclaration | undefined)?.body;
    if (method === undefined || body?.kind !== NodeKind["Block"])
      throw new BuildError(`this compiler has no String#${name}; use AssemblyScript 0.28.20.`);
    const { statements } = body as BlockStatement;
    const added = newParser();
    added.parseFile(text, "~lib/proxy-wasm-as/generated.ts", true);
    const [first] = added.sources[0]!.statements;
    first!.range = method.range;
    walk(first!, (node) => {
      node.range = method.range;
    });
    // What follows a return would only be warned of.
    if (first!.kind === NodeKind["Return"]) statements.length = 0;
    statements.unshift(first!);
  }
}
