/**
 * Messages about constructs that the build does not support, each with a remedy: one sentence each. The documentation and the
 * tests are made of this table.
 *
 * @module
 */

export const sentences = {
  any: "`any` has no meaning in WebAssembly: write the type, for example `string`; for JSON use std/json",
  unknown:
    "`unknown` has no meaning in WebAssembly: write the type, for example `string`; for JSON use std/json",
  object: "`object` has no meaning in WebAssembly: write the name of a class",
  symbol: "there are no symbols: write a class with methods",
  bigint:
    "there is no BigInt: write `i64` or `u64` for whole numbers of 64 bits, without the `n` behind literals",
  never: "`never` has no meaning in WebAssembly: write `void`",
  unionOfTypes:
    "a union of different types cannot be had: write a class with both, a common base class, or two functions",
  nullableNumber:
    "a whole number (`i32`, `u64` and the like) cannot be undefined or null here: give it a default, write `number`, or keep whether it is there in a field of its own",
  intersection:
    "an intersection of types cannot be had: write a class that has all the fields, or extends one of them",
  mapOf:
    "a Map is made of pairs that are written out here, or of another Map: write new Map([[key, value], …]), or new Map<K, V>() and set them in a loop",
  mapTypes: "the types of this Map cannot be told: write new Map<K, V>(…)",
  setOf: "a Set is made of an array: write new Set<T>(), and add to it in a loop",
  flatMap: "flatMap takes a function that returns an array: write its type, `(x): string[] => …`",
  flatDepth:
    "flat takes a depth that is written here, as flat(2): write flat() as often as there are lists in lists",
  returnUnknown:
    "the type of this function's result cannot be told: write it behind the parameters, `(x): string`",
  fieldUnknown: "the type of this field cannot be told: write it, `x: string = …`",
  fieldTooLate:
    "a base class's constructor calls methods before this field has its value: begin it with a literal, `[]`, `new Map()` or null, or call those methods later",
  methodValue: "this is a method: call it, with () behind its name",
  voidValue: "`void` can stand at the beginning of a statement only: leave it out, or write undefined",
  noSuchPart: "this package has no such file: see docs/ for the names in proxy-wasm-as/assembly/std",
  fieldOfDefault:
    "this is made before the parameter's default is known, which may be given as undefined: give the field its value in the constructor",
  errorCause:
    "an error keeps no cause: put it into the message, or into a field of a class that extends Error",
  optionalElement:
    "each element of a tuple is there: write `[string, number | undefined]`, and undefined where there is none",
  variableUnknown: "the type of this variable cannot be told: write it, `let x: string;`",
  chainWithoutType:
    "this is a whole number that may be undefined, which has no type: write what it is then, with `??` behind it",
  neverUndefined:
    "a number or boolean is never undefined here: ask what it came from, for example map.has(key) or an array's length, or write `??` behind it",
  mixedOperands:
    "both sides are of one type here: write `condition ? text : other` for `&&` and `||`, and `String(x)` or `Number(x)` beside other operators",
  notIterable: "for…of goes through arrays, texts, Maps and Sets only",
  notSpread: "only arrays, texts, Maps and Sets can be spread",
  sortNumbers: "sort() of numbers sorts them by their text in TypeScript: write sort((a, b) => a - b)",
  noMethod: "there is no such method here: write it with those that there are, or as a function of your own",
  replacementSign:
    "`$&` and the like are no signs in a replacement of a text: write the text itself, or a regular expression as what is looked for",
  undefinedText:
    'this may be undefined, whose text is "undefined" in TypeScript and "null" here: write what it is then, with `??` behind it',
  wholeOverflow:
    "this is more than this type of whole numbers holds: write the type that it is meant for, `const n: f64 = …` or `i64`, or one of the numbers with a fraction, as `60.0`",
  mappedType:
    "types that are computed from other types cannot be had: write a class or an interface with its fields",
  genericArrow:
    "a function of any type is declared at the top of a file: write `function same<T>(x: T): T { return x; }`",
  generator: "generators cannot be had: fill an array and return it, or take a callback",
  iterator:
    "a class cannot be iterated by Symbol.iterator: give it a method that returns an array, and loop over that",
  async:
    "async functions cannot be had: make a call with a callback (this.fetch), or write a flow, in which fetch waits (proxy-wasm-as/assembly/flow)",
  await:
    "await cannot be had: make a call with a callback (this.fetch), or write a flow, in which fetch waits (proxy-wasm-as/assembly/flow)",
  promise:
    "there is no Promise: take a callback as this.fetch does, or write a flow, in which fetch waits (proxy-wasm-as/assembly/flow)",
  setTimeout: "there is no setTimeout: write this.after(milliseconds, () => { … }) in a context",
  setInterval: "there is no setInterval: write this.every(milliseconds, () => { … }) in a plugin's context",
  fetch:
    "there is no fetch of its own: write this.fetch(cluster, { path }, (result) => { … }), or import fetch in a flow (proxy-wasm-as/assembly/flow)",
  json: "there is no JSON object: write json.parse(text) or JsonWriter from proxy-wasm-as/assembly/std/json",
  url: 'there is no URL of JavaScript: import { Url, Query } from "proxy-wasm-as/assembly/std/url"',
  textCoding:
    "there is no TextEncoder: write Uint8Array.wrap(String.UTF8.encode(text)) and String.UTF8.decode(bytes.buffer)",
  base64: 'there is no btoa or atob: import { base64 } from "proxy-wasm-as/assembly/std/encoding"',
  buffer: "there is no Buffer: write Uint8Array, and String.UTF8 for texts",
  globalThis: "there is no global object: keep values in a module's variables",
  undefinedBoolean: "a boolean is never undefined here: give it a default, for example `on: boolean = true`",
  process: "there is no process: read what you need from the plugin's configuration",
  require: "there is no require: write an import of AssemblyScript source at the top of the file",
  proxyObject: "there are no Proxy and Reflect objects: write a class with methods",
  weak: "there are no weak references: use a Map, and delete what is over",
  performance: "there is no performance: write clock.now() of proxy-wasm-as, in nanoseconds",
  structuredClone: "there is no structuredClone: write a method that copies the fields",
  jsPackage:
    "this package is not AssemblyScript: packages made for JavaScript cannot be compiled; look in proxy-wasm-as/assembly/std, or write the function here",
  noFile: "there is no such file: a path begins with ./ or ../, and is written from the file that imports it",
  cast: "a number that is wider, or has a fraction, is converted where that is written: `<i32>x`; what does not fit is lost",
  notRead: "see docs/typescript.md for all that can be written here",
  typeUnknown: "write the type: it cannot be told from what stands here",
  noName: "declare or import it: what filters use is imported from proxy-wasm-as",
  noProperty:
    "only what the type declares can be used: narrow the value first, or give it the type that has this",
  calls:
    "calls are this.fetch(cluster, { path }, (result) => { … }), this.grpcCall(…) and this.grpcStream(…), in a flow fetch(cluster, { path }) and grpcCall(…)",
  noElement:
    "only lists, texts, Maps and tables have elements: write the field's name behind a dot, or make it a Record<string, T> or a Map",
  declaredTwice: "write `let` or `const` instead of `var`, and another name where it is declared again",
  declaredInside: "a class, an enum or an interface is declared at the top of a file, not in a function",
  noBind: "there are no bind, call and apply: write a function around the call, `() => object.method()`",
  typeArgument:
    "the type is named in angle brackets and not as a value: write registerHttpFilter<MyFilter>(), for example",
  superFirst: "begin the constructor with super()",
  lessVisible: "leave out `private` and `protected` before a method that takes the place of a base class's",
  noReturn: "write a return or a throw at the function's end",
  tooEarly: "give it a value before it is used",
  mayBeNull: "this may be null: ask for it first, `if (x !== null)`, or write `x?.y` or `x ?? other`",
  fieldUnset: "give the field a value where it is declared, or in the constructor",
  fieldMissing: "write the field in the literal, or declare it optional: `name?: string`",
  otherType:
    "a value is of the type that it was made as: write a literal of the type that is wanted, or let one class extend the other",
  jsonImport:
    "a JSON file cannot be imported: put it into the plugin's configuration, and read it with std/config or std/json",
  throwOther: "only errors can be thrown: write throw new Error(text)",
  delete:
    "`delete` cannot be had: set the field to null, or keep the values in a Map and call its delete(key)",
  inOperator: "`in` cannot be had: keep the values in a Map and call its has(key)",
  forIn: "for…in cannot be had: keep the values in a Map, and write for (const [key, value] of map)",
  with: "`with` cannot be had: name the object",
  eval: "code cannot be made at run time: write a function",
  arguments: "`arguments` cannot be had: declare the parameters, or a rest parameter (...values: string[])",
  classExpression: "a class cannot be made in an expression: declare it at the top of the file",
  decorator: "decorators do not run: call a function, or extend a class",
  objectSpread: "an object of an unknown class cannot be spread: write its fields one by one",
  spreadOfNothing: "this object may be null: ask for it first, or write its fields one by one",
  spreadOfGetter:
    "a class behind this interface has one of its fields as a getter, which TypeScript does not spread: write the fields one by one",
  objectMethod:
    "a method in an object literal knows no `this`, and a getter or setter cannot be had there: declare a class",
  nullableUnion:
    "null cannot be a part of such a union: write it where the type is used, for example `Shape | null`",
  objectRest: "the rest of an object cannot be taken: name the fields",
  objectShape:
    "this object literal has no class to become: declare a class or an interface, and write its name as the type",
  emptyObject:
    "an object that gets its fields later cannot be had: use a Map<string, string>, or a class with the fields",
  computedKey: "an object's field cannot have a computed name: use a Map",
  optionalNumber:
    "the build cannot know here if an optional whole number (`i32` and the like) was given: write a default, for example `limit: i32 = 0`, or `number`",
  optionalNumberField:
    "the build cannot know here if an optional whole number (`i32` and the like) was set: write it without `?`, in a class with a default, for example `limit: i32 = 0;`, or write `number`",
  mixedArray:
    "an array has values of one type: make texts of all, for example with `String(x)`, or an object of them",
  enumMixed: "an enum has either numbers or texts: make two of them",
  spreadCall: "a list cannot be spread into a function's parameters: give the function the array",
  recordType: "the keys of a Record are texts or numbers: use a Map, or a class with fields",
  regexLook:
    "this regular expression looks around or refers back, which takes more than linear time: match more, and compare in code",
  regexFlag: "this flag of a regular expression cannot be had; i, g, m, s and u can",
  regexFault: "this regular expression cannot be had",
  regexRound:
    "this regular expression keeps another text of a group that is repeated than JavaScript does: write the group without parentheses of its own, `(?:…)`",
  regexReplacer:
    "a replacing function's parameters are names, with `string`, `string | undefined` or, of the offset, `number`",
  hiddenRegex:
    "a function takes groups where it shows that a regular expression is replaced: write it there, keep it in a constant, or write its type, `pattern: RegExp`",
  textReplacer:
    "a function that replaces a text gets the match only: take one parameter, or write a regular expression",
  dynamicRegex:
    "a regular expression that is put together at run time has RE2's syntax: write new Regex(pattern) from proxy-wasm-as/assembly/std/regex",
  chainedAssignment:
    "assign to a variable of its own first: what stands before `??=`, `||=`, `&&=`, `+=` or `++` is evaluated twice here",
  chainTarget: "take apart into variables that are declared before, one by one",
  privateIn: "`#name in object` cannot be had: write instanceof",
  label: "a label stands before loops only",
  taggedTemplate: "a tagged template cannot be had, but String.raw: call the function with its texts",
  yield: "generators cannot be had: fill an array and return it, or take a callback",
  indexedType: "a type cannot be taken from another's field: write its name",
  typeofType: "`typeof x` is no type here: write the type's name",
  keyof: "`keyof` is no type here: write `string`, or an enum",
  accessor: "`accessor` fields cannot be had: write a getter and a setter",
  importMeta: "import() and import.meta cannot be had: import at the top of the file",
  newTarget: "new.target cannot be had: pass what the constructor shall know",
  computedMember: "a class's member cannot have a computed name: write the name, or use a Map",
  randomUuid: "there is no crypto.randomUUID: call random.uuid() of proxy-wasm-as",
  intl: "there is no Intl: format numbers and dates in code",
  objectStatic: "an object's fields cannot be listed at run time: use a Map, and its keys() or values()",
} as const;

/** The name of a sentence. */
export type SentenceName = keyof typeof sentences;
