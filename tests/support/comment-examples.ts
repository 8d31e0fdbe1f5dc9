/** The examples in the SDK's doc comments, and what makes each of them a file that the compiler takes. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.js";

export interface CommentExample {
  /** The file, from `assembly` on, and the line of `@example`. */
  readonly place: string;
  readonly code: string;
}

/** All examples of the SDK. */
export function commentExamples(): CommentExample[] {
  const found: CommentExample[] = [];
  const files = readdirSync(join(root, "assembly"), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts")).sort()) {
    const text = readFileSync(join(root, "assembly", file), "utf8");
    for (const comment of text.matchAll(/\/\*\*[^]*?\*\//g)) {
      const parts = comment[0].split("@example");
      let offset = comment.index + parts[0]!.length;
      for (const part of parts.slice(1)) {
        const line = text.slice(0, offset).split("\n").length;
        const lines = part.split("\n").map((each) => each.replace(/^\s*\*\/?\s?/, ""));
        const end = lines.findIndex((each) => each.startsWith("@"));
        const code = lines.slice(0, end < 0 ? undefined : end).join("\n");
        found.push({ place: `${file}:${line}`, code: code.trim() });
        offset += "@example".length + part.length;
      }
    }
  }
  return found;
}

/** What a user's file can import, by name. */
const modules = new Map<string, string>();
for (const [file, from] of [
  ["index.ts", "proxy-wasm-as"],
  ["flow/index.ts", "proxy-wasm-as/assembly/flow"],
  ["envoy.ts", "proxy-wasm-as/assembly/envoy"],
  ...readdirSync(join(root, "assembly", "std"))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [`std/${name}`, `proxy-wasm-as/assembly/std/${name.slice(0, -3)}`] as const),
] as const) {
  const text = readFileSync(join(root, "assembly", file), "utf8");
  const lists = [...text.matchAll(/^export \{([^}]+)\}/gm)].flatMap(([, list]) => list!.split(","));
  const own = [...text.matchAll(/^export (?:class|function|namespace|const enum|enum) (\w+)/gm)];
  for (const name of [...lists, ...own.map(([, each]) => each!)].map((each) => each.trim()))
    if (name !== "" && !modules.has(name)) modules.set(name, from);
}

/** Names that examples take for given, with their types. */
const given: Readonly<Record<string, string>> = {
  bearer: "string",
  body: "Uint8Array",
  chunk: "Uint8Array",
  data: "Uint8Array",
  document: "JsonDocument",
  headers: "Headers",
  id: "string",
  key: "Uint8Array",
  line: "string",
  list: "JsonCursor",
  me: "string",
  message: "Uint8Array",
  modified: "i64",
  name: "string",
  packed: "Uint8Array",
  password: "string",
  path: "string",
  payload: "string",
  pem: "string",
  privateKey: "Uint8Array",
  publicKey: "Uint8Array",
  response: "FetchResponse",
  rules: "Rules<Rule>",
  secret: "string",
  session: "string",
  signature: "Uint8Array",
  slot: "Slot",
  span: "Span",
  stats: "StatsReader",
  status: "u32",
  sum: "i32",
  target: "RequestTarget",
  text: "string",
  user: "string",
  x: "Exchange",
};

/** Members that examples take for given. */
const members: Readonly<Record<string, string>> = {
  fetched: "fetched: Signal = new Signal();",
  fetching: "fetching: bool = false;",
  header: 'header: string = "";',
  jobs: "jobs: SharedQueue | null = null;",
  limit: "limit: i64 = 0;",
  load: "load(): void {}",
  onAuth: "onAuth(result: CallResult): void {}",
  refresh: "refresh(): void {}",
  timer: "timer: Timer = this.after(1, () => {});",
  user: "user: string | null = null;",
};

/** Declarations that examples take for given. */
const declarations: Readonly<Record<string, string>> = {
  AuditPlugin: "class AuditPlugin extends PluginContext { onDelete(): void {} }",
  AuthPlugin: "class AuthPlugin extends PluginContext { onDelete(): void {} }",
  Hello: "class Hello extends HttpContext { onLog(): void {} }",
  Shout: "class Shout extends TcpContext { onDone(): void {} }",
  Slot: "class Slot { release(): void {} }",
  access: "function access(x: Exchange, next: Next): void {}",
  auth: "function auth(x: Exchange, next: Next): void {}",
  rateLimit: "function rateLimit(x: Exchange, next: Next): void {}",
};

/** Whether `code` uses what is called `name`, texts and members apart. */
const uses = (code: string, name: string): boolean =>
  new RegExp(`(?<![.\\w])${name}\\b(?!\\??:(?! ?:))`).test(code.replace(/"[^"\n]*"/g, '""'));
const declares = (code: string, name: string): boolean =>
  new RegExp(`\\b(?:const|let|class|function) ${name}\\b`).test(code);

/** The lines that stand at the top of a file, classes, functions and registrations, and the others. */
function partsOf(code: string): { top: string; body: string; own: string } {
  const top: string[] = [];
  const body: string[] = [];
  const own: string[] = [];
  let kept: string[] | undefined;
  for (const line of code.split("\n")) {
    if (kept === undefined && /^(class|function) |^register\w+[<(]/.test(line)) kept = top;
    else if (kept === undefined && /^on[A-Z]\w*\(.*\{$/.test(line)) kept = own;
    (kept ?? body).push(line);
    if (/^\}|^register\w+.*;$|^(class|function) .*\}$/.test(line) && kept !== undefined) kept = undefined;
  }
  return { top: top.join("\n"), body: body.join("\n").trim(), own: own.join("\n") };
}

const registrations: Readonly<Record<string, string>> = {
  HttpContext: "registerHttpFilter",
  BodyChunksContext: "registerHttpFilter",
  EditedBodyContext: "registerHttpFilter",
  WholeBodyContext: "registerHttpFilter",
  TcpContext: "registerTcpFilter",
  PluginContext: "registerPlugin",
};

/** The file of an example; `id` is its own among those of one module. */
export function fileOfExample({ place, code }: CommentExample, id: string): string {
  const { top, body, own } = partsOf(code);
  let file = top
    .replace(/^(register\w+<\w+>\()(?:"([^"]*)")?\)/gm, (_, call, name = "") => `${call}"${id}-${name}")`)
    .replace(/^(registerFlow\(\s*)"([^"]*)"/gm, (_, call, name) => `${call}"${id}-${name}"`);
  for (const [, name, base] of top.matchAll(/^class (\w+) extends (\w+)/gm))
    if (!new RegExp(`^register\\w+<${name}>|new ${name}\\(this\\)`, "m").test(top) && base! in registrations)
      file += `\n${registrations[base!]}<${name}>("${id}-${name}");`;
  if (/^function report/m.test(top))
    file += "\nexport function used(context: Context): void { report(context, ''); }";
  const isFlow = place.startsWith("flow/");
  if (body !== "" || own !== "") {
    const verifier = /this\.verifier = new (\w+)\(/.exec(body)?.[1];
    const fields = Object.keys(members).filter((name) => new RegExp(`this\\.${name}\\b`).test(body + own));
    const lines = fields.map((name) => members[name]!);
    if (verifier !== undefined) lines.push(`verifier: ${verifier} = new ${verifier}(new Uint8Array(0));`);
    const parameters = Object.entries(given)
      .filter(([name]) => uses(body, name) && !declares(body, name))
      .map(([name, type]) => `${name}: ${type}`);
    const [type, otherwise] =
      isFlow || !/^\s*(?:if .*)?return |\) return /m.test(body)
        ? ["void", ""]
        : /return false/.test(body)
          ? ["bool", "return true;"]
          : ["FilterHeadersStatus", "return FilterHeadersStatus.Continue;"];
    const base = /\bonConfigure\(/.test(own) || fields.includes("jobs") ? "PluginContext" : "HttpContext";
    // What is behind a `return` is never reached, and left out by the compiler.
    const last = /^return /m.test(body) ? "" : otherwise;
    file += `\nexport class Part extends ${base} {\n${lines.join("\n")}\n${own}\n`;
    file += `part(${parameters.join(", ")}): ${type} {\n${body}\n${last}\n}\n}\n`;
    const names = parameters.map((each) => each.split(":")[0]!);
    file += `export function used(part: Part${parameters.map((each) => `, ${each}`).join("")}): void {\n`;
    file += `part.part(${names.join(", ")});\n}\n`;
    if (own !== "") file += `register${base === "HttpContext" ? "HttpFilter" : "Plugin"}<Part>("${id}");\n`;
  }
  const before = Object.entries(declarations)
    .filter(([name]) => uses(file, name) && !declares(file, name))
    .map(([, declaration]) => declaration);
  file = `${before.join("\n")}\n${file}`;
  const imports = [...modules]
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(file) && !declares(file, name))
    .map(([name, from]) => `import { ${name} } from "${from}";`);
  return `${imports.join("\n")}\n${file}`;
}
