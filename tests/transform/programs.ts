/**
 * Programs that say one thing in many ways: a filter that refuses all requests with 401. Generated over where its class stands,
 * how it is imported, how it is registered, and what it inherits from.
 */

/** A program: the text of each file by name; `index.ts` is the entry. */
export interface GuardProgram {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

const METHOD = (proxy: string, status = "FilterHeadersStatus"): string =>
  `onRequestHeaders(headerCount: u32, endOfStream: bool): ${proxy}${status} { return this.respond(401, "who are you?\\n"); }`;

const NAMES = "FilterHeadersStatus, HttpContext, PluginContext, registerHttpFilter, registerPlugin";

/** How the package's names are brought in, and what to write before a value and before a type. */
const imports: readonly [name: string, text: string, prefix: string][] = [
  ["named import", `import { ${NAMES} } from "proxy-wasm-as";`, ""],
  ["star import", 'import * as proxy from "proxy-wasm-as";', "proxy."],
  [
    "aliases",
    `import { FilterHeadersStatus as FilterHeadersStatus, HttpContext as Base, PluginContext as Plug, registerHttpFilter as register, registerPlugin as plug } from "proxy-wasm-as";`,
    "alias",
  ],
  ["the path of the package's folder", `import { ${NAMES} } from "proxy-wasm-as/assembly";`, ""],
];

const renamed: Readonly<Record<string, string>> = {
  HttpContext: "Base",
  PluginContext: "Plug",
  registerHttpFilter: "register",
  registerPlugin: "plug",
  FilterHeadersStatus: "FilterHeadersStatus",
};

/** How the class comes to be: what stands before the registration, and the class's name there. */
const classes: readonly [name: string, text: (of: (name: string) => string) => string, className: string][] =
  [
    ["a class", (of) => `class Guard extends ${of("HttpContext")} { ${METHOD(of(""))} }`, "Guard"],
    [
      "an exported class",
      (of) => `export class Guard extends ${of("HttpContext")} { ${METHOD(of(""))} }`,
      "Guard",
    ],
    [
      "a class in a namespace",
      (of) => `namespace filters { export class Guard extends ${of("HttpContext")} { ${METHOD(of(""))} } }`,
      "filters.Guard",
    ],
    [
      "a class in a namespace in a namespace",
      (of) =>
        `export namespace all { export namespace filters { export class Guard extends ${of("HttpContext")} { private n: i32 = 1; ${METHOD(of(""))} } } }`,
      "all.filters.Guard",
    ],
    [
      "a base of the user's with the package's name",
      (of) =>
        `namespace mine { export abstract class HttpContext extends ${of("HttpContext") === "HttpContext" ? "Original" : of("HttpContext")} { private left: i32 = 2; protected abstract allows(): bool; ${METHOD(of(""))} } } class Guard extends mine.HttpContext { protected allows(): bool { return false; } }`,
      "Guard",
    ],
    [
      "a base class",
      (of) =>
        `abstract class Checks extends ${of("HttpContext")} { count: i32 = 0; ${METHOD(of(""))} } class Guard extends Checks {}`,
      "Guard",
    ],
    [
      "a generic base class",
      (of) =>
        `class Checks<T> extends ${of("HttpContext")} { seen: T | null = null; ${METHOD(of(""))} } class Guard extends Checks<string> {}`,
      "Guard",
    ],
    [
      "a generic class",
      (of) => `class Guard<T> extends ${of("HttpContext")} { seen: T | null = null; ${METHOD(of(""))} }`,
      "Guard<string>",
    ],
    [
      "type aliases in the signature",
      (of) =>
        `type Count = u32; type Last = boolean; type Answer = ${of("FilterHeadersStatus")}; class Guard extends ${of("HttpContext")} { onRequestHeaders(count: Count, last: Last): Answer { return this.respond(401); } }`,
      "Guard",
    ],
    [
      "a static method with a callback's name",
      (of) =>
        `class Guard extends ${of("HttpContext")} { static onResponseHeaders(): i32 { return 3; } ${METHOD(of(""))} }`,
      "Guard",
    ],
    [
      "another class with methods of these names",
      (of) =>
        `class Task { onDone(): i32 { return 1; } log(text: string): void {} onRequestHeadrs(): void {} } class Guard extends ${of("HttpContext")} { readonly task: Task = new Task(); onRequestHeaders(headerCount: u32, endOfStream: bool): ${of("FilterHeadersStatus")} { this.task.log("x"); return this.respond(400 + this.task.onDone()); } }`,
      "Guard",
    ],
    [
      "a method that only looks like a callback and is called",
      (of) =>
        `class Guard extends ${of("HttpContext")} { onlyCheck(): bool { return false; } onAccess(): bool { return this.onlyCheck(); } onRequestHeaders(headerCount: u32, endOfStream: bool): ${of("FilterHeadersStatus")} { return this.onAccess() ? ${of("FilterHeadersStatus")}.Continue : this.respond(401); } }`,
      "Guard",
    ],
  ];

/** How it is registered. */
const registrations: readonly [
  name: string,
  text: (of: (name: string) => string, className: string) => string,
][] = [
  ["at the top", (of, name) => `${of("registerHttpFilter")}<${name}>();`],
  [
    "by a plugin",
    (of, name) =>
      `class Plugin extends ${of("PluginContext")} { createHttpContext(): ${of("HttpContext")} { return new ${name}(); } } ${of("registerPlugin")}<Plugin>();`,
  ],
  [
    "in a function",
    (of, name) => `function setUp(): void { ${of("registerHttpFilter")}<${name}>(); } setUp();`,
  ],
];

/** All of them, each way of one kind with each of the others. */
export function guardPrograms(): GuardProgram[] {
  const programs: GuardProgram[] = [];
  for (const [how, importText, prefix] of imports) {
    const of = (name: string): string => {
      if (prefix !== "alias") return prefix + name;
      return renamed[name] ?? name;
    };
    for (const [what, classText, className] of classes) {
      for (const [where, registerText] of registrations) {
        const original = 'import { HttpContext as Original } from "proxy-wasm-as";';
        programs.push({
          name: `${what}, ${how}, registered ${where}`,
          files: {
            "index.ts": `${original}\n${importText}\n${classText(of)}\n${registerText(of, className)}\n`,
          },
        });
      }
    }
  }
  return [...programs, ...inFiles()];
}

/** Programs of several files. */
function inFiles(): GuardProgram[] {
  const head = `import { ${NAMES} } from "proxy-wasm-as";`;
  const guard = `${head}\nexport default class Guard extends HttpContext { ${METHOD("")} }\n`;
  const stateful = `${head}\nexport class Guard extends HttpContext { private n: i32 = 1; ${METHOD("")} }\n`;
  const register = "registerHttpFilter<Guard>();";
  return [
    {
      name: "a default export",
      files: { "guard.ts": guard, "index.ts": `${head}\nimport Guard from "./guard";\n${register}\n` },
    },
    {
      name: "a default export by another name",
      files: {
        "guard.ts": guard,
        "index.ts": `${head}\nimport Other from "./guard";\nregisterHttpFilter<Other>();\n`,
      },
    },
    {
      name: "a class exported through another file",
      files: {
        "guard.ts": stateful,
        "all.ts": 'export * from "./guard";\n',
        "index.ts": `${head}\nimport { Guard } from "./all";\n${register}\n`,
      },
    },
    {
      name: "a file as a namespace",
      files: {
        "guard.ts": stateful,
        "index.ts": `${head}\nimport * as filters from "./guard";\nregisterHttpFilter<filters.Guard>();\n`,
      },
    },
    {
      name: "a file that registers, imported by the entry",
      files: { "guard.ts": `${stateful}${register}\n`, "index.ts": 'import "./guard";\n' },
    },
    {
      name: "two classes of one name in two files",
      files: {
        "other.ts": `${head}\nexport class Guard extends HttpContext { onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus { return FilterHeadersStatus.Continue; } }\n`,
        "guard.ts": stateful,
        "index.ts": `${head}\nimport { Guard } from "./guard";\nimport { Guard as Other } from "./other";\nregisterHttpFilter<Other>("other");\n${register}\n`,
      },
    },
    {
      name: "the package through a file of the user's",
      files: {
        "sdk.ts":
          'export { FilterHeadersStatus, HttpContext, registerHttpFilter as serve } from "proxy-wasm-as";\n',
        "index.ts": `import { FilterHeadersStatus, HttpContext, serve } from "./sdk";\nclass Guard extends HttpContext { ${METHOD("")} }\nserve<Guard>();\n`,
      },
    },
    {
      name: "a base class in another file, with the package's name",
      files: {
        "base.ts": `import { FilterHeadersStatus, HttpContext as Base } from "proxy-wasm-as";\nexport abstract class HttpContext extends Base { private left: i32 = 2; protected abstract allows(): bool; onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus { while (this.left-- > 0) if (!this.allows()) return this.respond(401); return FilterHeadersStatus.Continue; } }\n`,
        "index.ts": `import { registerHttpFilter } from "proxy-wasm-as";\nimport { HttpContext } from "./base";\nclass Guard extends HttpContext { protected allows(): bool { return false; } }\n${register}\n`,
      },
    },
    {
      name: "a function that registers what it is given",
      files: {
        "index.ts": `${head}\nclass Guard extends HttpContext { ${METHOD("")} }\nfunction serve<T extends HttpContext>(): void { registerHttpFilter<T>(); }\nserve<Guard>();\n`,
      },
    },
  ];
}
