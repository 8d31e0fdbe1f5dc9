/**
 * Parsing a user's source as TypeScript.
 *
 * @module
 */
import { createRequire } from "node:module";
import type * as Babel from "@babel/parser";
import type { File } from "@babel/types";

/** The parser of a package that takes 40 ms to load, so it is loaded when there is something to parse. */
let parser: typeof Babel | undefined;

/** The syntax tree of `text`; undefined when it is not TypeScript: then the compiler says what is wrong, or takes it. */
export function parseTypeScript(text: string): File | undefined {
  parser ??= createRequire(import.meta.url)("@babel/parser") as typeof Babel;
  const parse = (code: string): File | undefined => {
    try {
      const file = parser!.parse(code, {
        sourceType: "module",
        errorRecovery: true,
        allowReturnOutsideFunction: true,
        allowSuperOutsideMethod: true,
        createParenthesizedExpressions: true,
        createImportExpressions: true,
        plugins: ["typescript", "decorators", "decoratorAutoAccessors"],
      });
      return file;
    } catch {
      return undefined;
    }
  };
  return parse(text) ?? parse(withoutDecorators(text));
}

/** AssemblyScript's decorators of functions and variables as blanks: TypeScript has none there. */
function withoutDecorators(text: string): string {
  return text.replace(
    /^([ \t]*)((?:@[\w.]+(?:\([^()\n]*\))?[ \t]*)+)(?=\r?$|(?:export|declare|function|const|let|enum|namespace)\b)(?!\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\b)/gm,
    (_, indent: string, decorators: string) => indent + " ".repeat(decorators.length),
  );
}
