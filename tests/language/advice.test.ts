import assert from "node:assert/strict";
import { test } from "node:test";
import { buildError } from "../support/compile.js";

/** What the build says of statements in a callback, behind declarations at the top. */
const said = (statements: string, declarations = ""): Promise<string> =>
  buildError(`${declarations}
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Mine extends HttpContext {
  name: string | null = null;
  onRequestHeaders(): FilterHeadersStatus {
    ${statements}
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Mine>();
`);

const cases: readonly (readonly [string, string, RegExp, string?])[] = [
  [
    "a package made for JavaScript",
    "chunk();",
    /File '~lib\/lodash.ts' not found\.\n\s*This package is not AssemblyScript[^]*in filter\.ts\(1,23\)/,
    'import { chunk } from "lodash";',
  ],
  [
    "a file that is not there",
    "x();",
    /not found\.\n\s*There is no such file[^]*in filter\.ts\(1,19\)/,
    'import { x } from "./none";',
  ],
  [
    "a name that is not there",
    "const a = nowhere;",
    /'nowhere'\.\n\s*Declare or import it[^]*in filter\.ts\(6,15\)/,
  ],
  ["what may be null", "const n: string = this.name;", /\n\s*This may be null[^]*in filter\.ts\(6,23\)/],
  [
    "a property that is not there",
    'const n = "a".nothing;',
    /\n\s*Only what the type declares[^]*in filter\.ts\(6,19\)/,
  ],
  [
    "a number that is cut",
    "const f: f64 = 1.5; const n: i32 = f;",
    /\n\s*A number that is wider[^]*in filter\.ts\(6,40\)/,
  ],
  [
    "a type that cannot be told",
    "let x;",
    /The type of this variable cannot be told|type of this variable cannot be told[^]*in filter\.ts\(6,9\)/i,
  ],
  [
    "a function without an end",
    "f(1);",
    /\n\s*Write a return or a throw[^]*in filter\.ts\(1,\d+\)/,
    'function f(n: number): string { if (n > 0) return "a"; }',
  ],
  [
    "a field that is left out of a literal",
    'const o: Opt = { a: "x" };',
    /\n\s*Write the field in the literal[^]*in filter\.ts\(6,20\)/,
    "interface Opt { a: string; b: string }",
  ],
  [
    "a field that is never set",
    "new Box();",
    /\n\s*Give the field a value[^]*in filter\.ts\(1,13\)/,
    "class Box { v: string; }",
  ],
  [
    "another class with the same fields",
    "const a: A = new B();",
    /\n\s*A value is of the type[^]*in filter\.ts\(6,18\)/,
    'class A { v: string = ""; } class B { v: string = ""; }',
  ],
  [
    "a regular expression that looks ahead",
    'const b = /a(?=b)/.test("ab");',
    /looks around or refers back[^]*in filter\.ts\(6,15\)/,
  ],
  [
    "a regular expression's flag",
    'const b = /a/y.test("ab");',
    /this flag of a regular expression cannot be had[^]*in filter\.ts\(6,15\)/,
  ],
  [
    "a group that is repeated",
    'const b = /(?:(a)|b)*/.test("ab");',
    /keeps another text of a group[^]*in filter\.ts\(6,15\)/,
  ],
  [
    "a regular expression made at run time",
    'const p = "a"; const b = new RegExp(p);',
    /put together at run time[^]*in filter\.ts\(6,30\)/,
  ],
  [
    "a decorator of a class",
    "new A();",
    /decorators do not run: call a function, or extend a class[^]*in filter\.ts\(1,\d+\)/,
    "function sealed(c: i32): void {} @sealed class A {}",
  ],
  ...["@sealed\nclass A {}", "@sealed export class A {}", "@sealed abstract class A {}"].map(
    (text): [string, string, RegExp, string] => [
      `${text.replace("\n", " ")} in a file with decorators of AssemblyScript's own`,
      "f();",
      /decorators do not run[^]*in filter\.ts\(2,\d+\)/,
      `@inline function f(): void {} function sealed(c: i32): void {}\n${text}`,
    ],
  ),
  [
    "a decorator of a method",
    "new A().m();",
    /decorators do not run: call a function, or extend a class[^]*in filter\.ts\(1,\d+\)/,
    "function checked(c: i32): (c: i32) => void { return (c) => {}; } class A { @checked(1) m(): void {} }",
  ],
  [
    "a list for a fixed parameter",
    'f(...["a"]);',
    /a list cannot be spread into a function's parameters[^]*in filter\.ts\(6,7\)/,
    "function f(s: string): void {}",
  ],
  ["an empty object", "const o = {};", /an object that gets its fields later[^]*in filter\.ts\(6,15\)/],
  [
    "in of an object that is no table",
    'const o = { a: 1 }; const b = "a" in o;',
    /`in` cannot be had[^]*in filter\.ts\(6,35\)/,
  ],
  [
    "delete of an object's field",
    'const o = { a: "x" }; delete o.a;',
    /`delete` cannot be had[^]*in filter\.ts\(6,27\)/,
  ],
  [
    "a method with this in a literal",
    "const o = { a: 1, f() { return this; } };",
    /a method in an object literal knows no `this`[^]*in filter\.ts\(6,23\)/,
  ],
];

for (const [name, statements, expected, declarations] of cases)
  test(`${name}: the build says what to write, at its place`, async () =>
    assert.match(await said(statements, declarations), expected));
