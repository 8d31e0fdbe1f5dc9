/**
 * Random programs of contexts: classes that override callbacks, at any depth of inheritance, over files, namespaces, aliases
 * and generics. Each callback logs "Class.callback", so that a run shows which are overridden.
 */
import { type Random, randomFrom } from "../fuzz/random.js";
import type { GuardProgram } from "./programs.js";

export interface ContextProgram extends GuardProgram {
  /** Whether callbacks do nothing but log, so that no guard is wanted. */
  readonly isQuiet: boolean;
  readonly rootIds: readonly string[];
  readonly hasTcp: boolean;
}

type Kind = "http" | "tcp" | "plugin" | "whole" | "chunks";

interface Method {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly type: string;
  /** What it answers when it does nothing. */
  readonly value: string;
}

const method = (name: string, parameters: string[], type: string, value = `${type}.Continue`): Method => ({
  name,
  parameters,
  type,
  value,
});
const nothing = (name: string, ...parameters: string[]): Method => method(name, parameters, "void", "");

const stream = [nothing("onDone"), nothing("onLog"), nothing("onDelete")];
const headers = ["headerCount: u32", "endOfStream: bool"];
const http: readonly Method[] = ["Request", "Response"].flatMap((side) => [
  method(`on${side}Headers`, headers, "FilterHeadersStatus"),
  method(`on${side}Body`, ["bodySize: u32", "endOfStream: bool"], "FilterDataStatus"),
  method(`on${side}Trailers`, ["trailerCount: u32"], "FilterTrailersStatus"),
  method(`on${side}Metadata`, ["elementCount: u32"], "FilterMetadataStatus"),
]);

const methods: Readonly<Record<Kind, readonly Method[]>> = {
  http: [...http, ...stream],
  whole: [
    ...http.filter(({ name }) => /Headers|Metadata/.test(name)),
    ...["Request", "Response"].map((side) => method(`onWhole${side}Body`, ["size: u32"], "FilterDataStatus")),
    ...stream,
  ],
  chunks: [
    ...http.filter(({ name }) => /Headers|Metadata/.test(name)),
    ...["Request", "Response"].map((side) =>
      method(`on${side}Chunk`, ["chunk: Uint8Array", "last: bool"], "Uint8Array", "chunk"),
    ),
    ...stream,
  ],
  tcp: [
    method("onNewConnection", [], "FilterStatus"),
    method("onDownstreamData", ["dataSize: u32", "endOfStream: bool"], "FilterStatus"),
    method("onUpstreamData", ["dataSize: u32", "endOfStream: bool"], "FilterStatus"),
    nothing("onDownstreamClose", "closeType: CloseType"),
    nothing("onUpstreamClose", "closeType: CloseType"),
    ...stream,
  ],
  plugin: [
    method("onVmStart", ["vmConfiguration: string"], "bool", "true"),
    method("onConfigure", ["configuration: string"], "bool", "true"),
    method("onDone", [], "bool", "true"),
    nothing("onQueueReady", "queue: SharedQueue"),
    nothing("onForeignFunction", "functionId: u32", "data: Uint8Array"),
  ],
};

const bases: Readonly<Record<Kind, string>> = {
  http: "HttpContext",
  whole: "WholeBodyContext",
  chunks: "BodyChunksContext",
  tcp: "TcpContext",
  plugin: "PluginContext",
};

const NAMES = [
  ...Object.values(bases),
  ...["CloseType", "SharedQueue", "log", "registerHttpFilter", "registerPlugin", "registerTcpFilter"],
  ...["Headers", "Data", "Trailers", "Metadata", ""].map((part) => `Filter${part}Status`),
];

/** What a callback may do besides, by the kind of its context. */
const actions: Readonly<Record<Kind, readonly string[]>> = {
  http: [
    "this.respond(403);",
    "this.reset();",
    'this.request.headers.set("x-a", "1");',
    'this.response.headers.set("x-a", "1");',
    "this.after(50, () => { this.resumeRequest(); });",
    "this.after(50, () => { this.resumeResponse(); });",
    "this.after(50, () => { this.respond(503); });",
    'this.fetch("auth", { path: "/" }, (result) => { this.resumeRequest(); });',
    'this.fetch("auth", { path: "/" }, (result) => { this.respond(401); });',
  ],
  whole: ["this.respond(403);", 'this.request.headers.set("x-a", "1");'],
  chunks: ["this.respond(403);", "this.after(50, () => { this.reset(); });"],
  tcp: [
    "this.close();",
    "this.after(50, () => { this.close(); });",
    "this.after(50, () => { this.resumeDownstream(); });",
  ],
  plugin: ["this.every(50, () => {});", 'this.fetch("auth", { path: "/" }, (result) => {});'],
};

/** How a file gets at the package's names. */
interface Style {
  readonly text: string;
  readonly of: (name: string) => string;
}

const styles: readonly Style[] = [
  { text: `import { ${NAMES.join(", ")} } from "proxy-wasm-as";`, of: (name) => name },
  { text: 'import * as proxy from "proxy-wasm-as";', of: (name) => `proxy.${name}` },
  {
    text: `import { ${NAMES.map((name) => `${name} as ${name}_`).join(", ")} } from "proxy-wasm-as";`,
    of: (name) => `${name}_`,
  },
];

class Writer {
  private readonly files: { name: string; style: Style; imports: Set<string>; text: string[] }[];
  private classes = 0;

  constructor(
    private readonly random: Random,
    private readonly isQuiet: boolean,
  ) {
    this.files = ["index", "a", "b"].slice(0, 1 + random(3)).map((name) => ({
      name,
      style: styles[random(styles.length)]!,
      imports: new Set<string>(),
      text: [],
    }));
  }

  private chance(of: number): boolean {
    return this.random(of) === 0;
  }

  /** The package's name in the entry. */
  of(name: string): string {
    return this.files[0]!.style.of(name);
  }

  /** Writes a chain of classes that ends in one that can be registered; answers its name in the entry. */
  chain(kind: Kind): string {
    const depth = 1 + this.random(4);
    let file = this.random(this.files.length);
    let base = "";
    let isEmpty = true;
    for (let level = 0; level < depth; level++) {
      const { style, text } = this.files[file]!;
      const isLast = level === depth - 1;
      const name = level === 0 && depth > 1 && this.chance(4) ? bases[kind] : `Class${++this.classes}`;
      const isOwnName = name === bases[kind] && style.of(name) === name;
      const space = this.chance(3) || isOwnName ? `space${++this.classes}` : "";
      // Within a namespace, the class itself has the name of its base.
      const original = `Original${this.classes}`;
      if (isOwnName) text.push(`class ${original} extends ${style.of(bases[kind])} {}`);
      const extended = base !== "" ? base : isOwnName ? original : style.of(bases[kind]);
      const isGeneric = !isLast && this.chance(4);
      const chosen = methods[kind].filter(() => this.chance(isLast && isEmpty ? 2 : 4));
      // These classes do something with each body themselves, so that both sides' must be there to compare anything.
      if (level === 0 && (kind === "whole" || kind === "chunks"))
        for (const one of methods[kind])
          if (/Body|Chunk/.test(one.name) && !chosen.includes(one)) chosen.push(one);
      if (isLast && isEmpty && chosen.length === 0) chosen.push(methods[kind][0]!);
      if (chosen.length > 0) isEmpty = false;
      const id = `${space}${name}`;
      const body = chosen.map((one) => this.method(one, id, kind, style, level > 0)).join("\n");
      const own = isGeneric ? "seen: T | null = null;" : "";
      const declared = `${!isLast && this.chance(2) ? "abstract " : ""}class ${name}${isGeneric ? "<T>" : ""} extends ${extended} {\n${own}\n${body}\n}`;
      const isDefault =
        space === "" && this.chance(5) && !text.some((line) => line.includes("export default"));
      if (space !== "") text.push(`export namespace ${space} { export ${declared} }`);
      else text.push(isDefault ? `export default ${declared}` : `export ${declared}`);
      // The next one stands in the same file, or in one that imports this.
      const next = isLast ? 0 : this.random(file + 1);
      base = this.reference(file, next, space, name, isDefault) + (isGeneric ? "<string>" : "");
      file = next;
    }
    return base;
  }

  private method(
    { name, parameters, type, value }: Method,
    id: string,
    kind: Kind,
    style: Style,
    mayCallSuper: boolean,
  ): string {
    const ofType = (text: string): string =>
      text.replace(/\b(Filter\w*Status|CloseType|SharedQueue)\b/g, (found) => style.of(found));
    const lines = [`${style.of("log")}.critical("${id}.${name}");`];
    const acts = actions[kind];
    if (!this.isQuiet && this.chance(3)) lines.push(acts[this.random(acts.length)]!);
    const names = parameters.map((parameter) => parameter.split(":")[0]!);
    const inner = mayCallSuper && this.chance(3) ? `super.${name}(${names.join(", ")})` : undefined;
    const holds = !this.isQuiet && /^Filter(Headers|Data|Trailers)?Status$/.test(type) && this.chance(4);
    const answer = holds
      ? `${type}.${/Headers|^FilterStatus/.test(type) ? "StopIteration" : "StopIterationAndBuffer"}`
      : value;
    if (type === "void") {
      if (inner !== undefined) lines.push(`${inner};`);
    } else
      lines.push(
        `return ${inner ?? ofType(type === "FilterTrailersStatus" && holds ? `${type}.StopIteration` : answer)};`,
      );
    return `${name}(${ofType(parameters.join(", "))}): ${ofType(type)} { ${lines.join(" ")} }`;
  }

  /** How file `to` names a class of file `from`. */
  private reference(from: number, to: number, space: string, name: string, isDefault: boolean): string {
    const full = space === "" ? name : `${space}.${name}`;
    if (from === to) return full;
    const path = this.files[from]!.name;
    const { imports } = this.files[to]!;
    if (isDefault) {
      imports.add(`import ${name}Default from "./${path}";`);
      return `${name}Default`;
    }
    const outer = space === "" ? name : space;
    switch (this.random(3)) {
      case 0:
        imports.add(`import * as ${path}All from "./${path}";`);
        return `${path}All.${full}`;
      case 1:
        imports.add(`import { ${outer} as ${outer}Other } from "./${path}";`);
        return full.replace(outer, `${outer}Other`);
      default:
        imports.add(`import { ${outer} } from "./${path}";`);
        return full;
    }
  }

  /** Puts text into the entry. */
  declare(text: string): void {
    this.files[0]!.text.push(text);
  }

  /** Puts a registration into the entry, at the top or in a function. */
  register(line: string): void {
    const inFunction = this.chance(4);
    const name = `register${++this.classes}`;
    this.declare(inFunction ? `function ${name}(): void { ${line} }\n${name}();` : line);
  }

  get written(): Record<string, string> {
    return Object.fromEntries(
      this.files.map(({ name, style, imports, text }) => [
        `${name}.ts`,
        `${style.text}\n${[...imports].join("\n")}\n${text.join("\n")}\n`,
      ]),
    );
  }
}

/** The program of a number. */
export function contextProgram(seed: number): ContextProgram {
  const random = randomFrom(seed);
  const isQuiet = random(3) === 0;
  const writer = new Writer(random, isQuiet);
  const rootIds = random(4) === 0 ? ["one", "two"] : [random(4) === 0 ? "one" : ""];
  const streams: readonly Kind[] = ["http", "http", "http", "whole", "chunks", "tcp"];
  let hasTcp = false;
  for (const rootId of rootIds) {
    const given = rootId === "" ? "" : `"${rootId}"`;
    const kind = streams[random(streams.length)]!;
    hasTcp ||= kind === "tcp";
    const [make, maker] = kind === "tcp" ? ["Tcp", "createTcpContext"] : ["Http", "createHttpContext"];
    const leaf = writer.chain(kind);
    if (random(2) === 0) writer.register(`${writer.of(`register${make}Filter`)}<${leaf}>(${given});`);
    else {
      const own = writer.chain("plugin");
      const plugin = `Plugin${rootId}`;
      const made = `${maker}(): ${writer.of(`${make}Context`)} { return new ${leaf}(); }`;
      writer.declare(`class ${plugin} extends ${own} { ${made} }`);
      writer.register(`${writer.of("registerPlugin")}<${plugin}>(${given});`);
    }
  }
  return { name: `program ${seed}`, files: writer.written, isQuiet, rootIds, hasTcp };
}
