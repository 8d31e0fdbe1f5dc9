/**
 * Faults of the compiler's own library, put right in every module, whichever source calls it.
 *
 * @module
 */
import type {
  BinaryExpression,
  BlockStatement,
  CallExpression,
  ClassDeclaration,
  ExpressionStatement,
  FunctionDeclaration,
  IfStatement,
  MethodDeclaration,
  Node,
  Parser,
  Statement,
  TernaryExpression,
  VariableDeclaration,
} from "assemblyscript";
import { BuildError } from "../build-error.js";
import { NodeKind, Token, newParser } from "../compiler/compiler.js";
import { walk } from "./syntax.js";

/** The entry's imports of what the library calls then. */
export const LIBRARY_IMPORTS =
  'import "./assembly/memory/replace-all";\nimport "./assembly/memory/number-keys";\n' +
  'import "./assembly/memory/library-texts";';

/** Statements in front of those of a method of `String`. */
const before: Readonly<Record<string, string>> = {
  // The compiler's own writes beyond the end of its memory where a text grows to more than twice its length.
  replaceAll: "return __replaceAll(this, search, replacement);",
  // A length below 0 was a size of 4 GiB: JavaScript answers the text itself.
  padStart: "if (length <= this.length) return this;",
  padEnd: "if (length <= this.length) return this;",
  // The compiler's own look at each unit by itself, and some at each again from each place.
  indexOf: "return __indexOf(this, search, start);",
  // The compiler's own stops in the middle of the blanks where there are more of them than of the rest.
  trim: "return this.trimStart().trimEnd();",
  // The compiler's own takes the rest behind a start of 2^30 and more for bytes before the text.
  substr: 'if (start >= this.length) return "";',
  lastIndexOf: "if (search.length == 0) return min(max(start, 0), this.length);",
  __eq: "return __equalTexts(left, right);",
  startsWith: "return __hasAt(this, search, min(max(start, 0), this.length));",
  endsWith: "return __hasAt(this, search, min(max(end, 0), this.length) - search.length);",
  toLowerCase: "{ const turned = __turnCase(this, 0x41); if (turned !== null) return turned; }",
  toUpperCase: "{ const turned = __turnCase(this, 0x61); if (turned !== null) return turned; }",
};

/** Puts methods of the library right that write or read too much, or fail where JavaScript's do not. */
export function mendLibrary(parser: Parser): void {
  for (const [name, text] of Object.entries(before)) {
    const method = methodOf(parser, "string", "String", name);
    const { statements } = method.body as BlockStatement;
    const first = statementOf(text, method);
    // The compiler would warn of statements behind a return.
    if (first.kind === NodeKind["Return"]) statements.length = 0;
    statements.unshift(first);
  }
  mendRanges(parser);
  mendViews(parser);
  // The compiler's own skips blanks beyond the text's end, reads digits that another text has left there, and takes a tab for 9.
  const read = requireFunction(parser, "util/string", "strtol");
  statementsOf(read).splice(0, Infinity, statementOf("return __readInteger<T>(str, radix);", read));
  mendKeys(parser);
}

/**
 * Keeps `fill` and `copyWithin` within their array. The compiler's own takes a start before the beginning, as in `fill(0, -9)` of
 * three elements, for an address before the array, and a range of less than nothing for one of 4 GiB.
 */
function mendRanges(parser: Parser): void {
  const fill = requireFunction(parser, "util/bytes", "FILL");
  for (const name of ["start", "end"])
    putFirst(
      fill,
      `${name} = ${name} < 0 ? max<isize>(<isize>len + ${name}, 0) : min<isize>(${name}, <isize>len);`,
    );
  const copies = [
    requireFunction(parser, "typedarray", "COPY_WITHIN"),
    methodOf(parser, "array", "Array", "copyWithin"),
    methodOf(parser, "staticarray", "StaticArray", "copyWithin"),
  ];
  for (const copy of copies) {
    let isMended = false;
    walk(copy.body!, (node) => {
      const declaration = node as VariableDeclaration;
      if (node.kind !== NodeKind["VariableDeclaration"] || declaration.name.text !== "count") return;
      const made = statementOf("max(count, 0);", node) as ExpressionStatement;
      const call = made.expression as CallExpression;
      call.args[0] = declaration.initializer!;
      declaration.initializer = call;
      isMended = true;
    });
    if (!isMended)
      throw new BuildError("this compiler's copyWithin is another one; use AssemblyScript 0.28.20.");
  }
}

/** The methods of a `DataView` that read or write more than one byte. */
const wide = /^[gs]et(Int|Uint|Float|BigInt|BigUint)(16|32|64)$/;

/**
 * Keeps views within their buffer. The compiler's own add a place and a length in 32 bits, so that `view.getUint16(2147483647)`,
 * `Uint8Array.wrap(buffer, 1, 2147483647)`, `new DataView(buffer, -8, 16)` and `bytes.set(more, 2147483647)` reach beyond.
 */
function mendViews(parser: Parser): void {
  putFirst(
    requireFunction(parser, "typedarray", "WRAP"),
    "if (len > buffer.byteLength) throw new RangeError(E_INVALIDLENGTH);",
  );
  putFirst(
    requireFunction(parser, "typedarray", "SET"),
    "if (offset > target.length) throw new RangeError(E_INDEXOUTOFRANGE);",
  );
  putFirst(
    methodOf(parser, "dataview", "DataView", "constructor"),
    "if (byteOffset < 0) throw new RangeError(E_INVALIDLENGTH);",
  );
  const { members } = classOf(parser, "dataview", "DataView")!;
  const methods = members.filter(({ name }) => wide.test(name.text)) as MethodDeclaration[];
  for (const method of methods)
    putFirst(method, "if (byteOffset > this.byteLength) throw new RangeError(E_INDEXOUTOFRANGE);");
  if (methods.length < 12)
    throw new BuildError("this compiler's DataView is another one; use AssemblyScript 0.28.20.");
}

/** Has NaN found as a key of Maps and Sets, and -0 where 0 is. */
function mendKeys(parser: Parser): void {
  const hash = functionOf(parser, "util/hash", "HASH");
  // If nothing has keys, the compiler does not read the library's file.
  if (hash !== undefined) putFirst(hash, "if (isFloat<T>()) return HASH<u64>(__keyBits(<f64>key));");
  for (const [file, owner, type] of [
    ["map", "Map", "K"],
    ["set", "Set", "T"],
  ] as const) {
    if (sourceOf(parser, file) === undefined) continue;
    const method = methodOf(parser, file, owner, "find");
    let isMended = false;
    // The keys are compared on the right side of a `&&`.
    walk(method.body!, (node) => {
      if (node.kind !== NodeKind["Binary"] || isMended) return;
      const { right } = node as BinaryExpression;
      const isEqual = (right as BinaryExpression).operator === Token["Equals_Equals"];
      if (right.kind !== NodeKind["Binary"] || !isEqual) return;
      const text = `if (isFloat<${type}>() ? __sameKey(<f64>entry.key, <f64>key) : a) {}`;
      const made = (statementOf(text, right) as IfStatement).condition as TernaryExpression;
      made.ifElse = right;
      (node as BinaryExpression).right = made;
      isMended = true;
    });
    if (!isMended)
      throw new BuildError(`this compiler's ${owner} is another one; use AssemblyScript 0.28.20.`);
  }
}

function sourceOf(parser: Parser, file: string): readonly Statement[] | undefined {
  return parser.sources.find(({ normalizedPath }) => normalizedPath === `~lib/${file}.ts`)?.statements;
}

function functionOf(parser: Parser, file: string, name: string): FunctionDeclaration | undefined {
  return sourceOf(parser, file)?.find(
    (statement) =>
      statement.kind === NodeKind["FunctionDeclaration"] &&
      (statement as FunctionDeclaration).name.text === name,
  ) as FunctionDeclaration | undefined;
}

/** A function without which a fault would stay. */
function requireFunction(parser: Parser, file: string, name: string): FunctionDeclaration {
  const found = functionOf(parser, file, name);
  if (found === undefined || found.body?.kind !== NodeKind["Block"])
    throw new BuildError(`this compiler has no ${name}; use AssemblyScript 0.28.20.`);
  return found;
}

function statementsOf({ body }: { body: Statement | null }): Statement[] {
  return (body as BlockStatement).statements;
}

/** Puts a statement in front of those of a function. */
function putFirst(place: FunctionDeclaration, text: string): void {
  statementsOf(place).unshift(statementOf(text, place));
}

function classOf(parser: Parser, file: string, owner: string): ClassDeclaration | undefined {
  return sourceOf(parser, file)?.find(
    (statement) =>
      statement.kind === NodeKind["ClassDeclaration"] && (statement as ClassDeclaration).name.text === owner,
  ) as ClassDeclaration | undefined;
}

function methodOf(parser: Parser, file: string, owner: string, name: string): MethodDeclaration {
  const method = classOf(parser, file, owner)?.members.find((member) => member.name.text === name) as
    MethodDeclaration | undefined;
  if (method === undefined || method.body?.kind !== NodeKind["Block"])
    throw new BuildError(`this compiler has no ${owner}#${name}; use AssemblyScript 0.28.20.`);
  return method;
}

/** A statement that stands where `place` does. */
function statementOf(text: string, place: Node): Statement {
  const added = newParser();
  added.parseFile(text, "~lib/proxy-wasm-as/generated.ts", true);
  const [first] = added.sources[0]!.statements;
  first!.range = place.range;
  walk(first!, (node) => {
    node.range = place.range;
  });
  return first!;
}
