/**
 * The bytes that each helper of std adds to a filter that uses it alone: over hello, which makes no object and so carries no
 * allocator, and over hello with one header read as text, which has it as nearly every filter does. After a change that is
 * meant, `npm run golden` writes the file anew.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildExample } from "../../scripts/build-examples.js";
import { compileFilter } from "../support/compile.js";
import { root } from "../support/paths.js";

interface Use {
  /** What the filter imports from which module of std. */
  readonly imports: Record<string, string>;
  /** A text made of the text `input`. */
  readonly text: string;
  /** What the issue allows over a filter that has an allocator. */
  readonly most?: number;
}

const uses: Record<string, Use> = {
  "base64.encode": { imports: { encoding: "base64, utf8" }, text: "base64.encode(utf8.encode(input))" },
  "base64.decode": { imports: { encoding: "base64, utf8" }, text: "text(base64.decode(input))" },
  base64: {
    imports: { encoding: "base64, utf8" },
    text: "text(base64.decode(input)) + base64.encode(utf8.encode(input))",
    most: 1536,
  },
  hex: { imports: { encoding: "hex, utf8" }, text: "text(hex.decode(input)) + hex.encode(utf8.encode(input))" },
  utf8: { imports: { encoding: "utf8" }, text: "text(utf8.encode(input))" },
  "sha256, hmacSha256": {
    imports: { encoding: "utf8", hash: "sha256, hmacSha256" },
    text: "text(hmacSha256(utf8.encode(input), sha256(utf8.encode(input))))",
    most: 3072,
  },
  percentDecode: { imports: { url: "percentDecode" }, text: "percentDecode(input)" },
  "Query.get": { imports: { url: "Query" }, text: 'new Query(input).get("a")!' },
  Query: {
    imports: { url: "RequestTarget" },
    text: 'edited(new RequestTarget(input)); function edited(target: RequestTarget): string { target.query.set("a", target.query.getAll("b").join()); target.query.append("c", target.query.get("d")!); target.query.remove("e"); return target.toString(); }',
    most: 3072,
  },
  normalizePath: { imports: { url: "normalizePath" }, text: "normalizePath(input)!" },
  "Url.parse": { imports: { url: "Url" }, text: "Url.parse(input)!.host" },
  "Cookies.get": { imports: { cookies: "Cookies" }, text: 'new Cookies(input).get("a")!' },
  Cookies: {
    imports: { cookies: "Cookies" },
    text: 'edited(new Cookies(input)); function edited(cookies: Cookies): string { cookies.set("a", cookies.get("b")!); cookies.remove("c"); return cookies.toString(); }',
    most: 2048,
  },
  SetCookie: { imports: { cookies: "SetCookie" }, text: 'new SetCookie("a", input).toString()' },
  parseHttpDate: { imports: { http: "parseHttpDate" }, text: 'parseHttpDate(input) > 0 ? "a" : "b"' },
  formatHttpDate: { imports: { http: "formatHttpDate" }, text: "formatHttpDate(input.length)" },
  MediaType: { imports: { http: "MediaType" }, text: "MediaType.parse(input)!.toString()" },
  negotiateMediaType: { imports: { http: "negotiateMediaType" }, text: 'negotiateMediaType(input, ["text/html", "text/plain"])!' },
  negotiateEncoding: { imports: { http: "negotiateEncoding" }, text: 'negotiateEncoding(input, ["br", "gzip"])!' },
  CacheControl: { imports: { http: "CacheControl" }, text: 'new CacheControl(input).seconds("max-age") > 0 ? "a" : "b"' },
  statusText: { imports: { http: "statusText" }, text: "statusText(input.length)" },
  header: { imports: { http: "header" }, text: "header.accept" },
};

const hello = readFileSync(join(root, "examples/hello/assembly/index.ts"), "utf8");
const write = process.env["GOLDEN"] === "write";
const file = join(root, "tests", "golden", "std-helpers.json");
const golden = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as Record<string, Sizes>;

interface Sizes {
  overHello: number;
  overText: number;
}

/** The size of hello with a statement that sends on a text made of the header "x-in". */
async function sizeWith({ imports, text }: Use, name: string): Promise<number> {
  const [expression, ...functions] = text.split("; function ");
  const lines = Object.entries(imports).map(
    ([module, names]) => `import { ${names} } from "proxy-wasm-as/assembly/std/${module}";`,
  );
  lines.push(
    hello.replace(
      '    this.request.headers.set("x-hello"',
      `    const input = this.request.headers.get("x-in");
    if (input !== null) this.request.headers.set("x-out", ${expression});
    this.request.headers.set("x-hello"`,
    ),
  );
  if (text.includes("text(")) functions.push('text(bytes: Uint8Array | null): string { return bytes === null ? "" : utf8.decodeLenient(bytes); }');
  for (const body of functions) lines.push(`function ${body}`);
  const folder = join(root, ".cache", "std-sizes");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.ts`), lines.join("\n"));
  return statSync(await compileFilter(`.cache/std-sizes/${name}.ts`)).size;
}

const helloSize = statSync(await buildExample("hello")).size;
const textSize = await sizeWith({ imports: {}, text: "input" }, "base");
const measured: Record<string, Sizes> = {};

for (const [index, [name, use]] of Object.entries(uses).entries()) {
  test(`std: ${name} adds the bytes of the golden file`, async () => {
    const size = await sizeWith(use, `use${index}`);
    const sizes = { overHello: size - helloSize, overText: size - textSize };
    measured[name] = sizes;
    if (!write) assert.deepEqual(sizes, golden[name]);
    if (use.most !== undefined) assert.ok(sizes.overText <= use.most, `${sizes.overText} of ${use.most} bytes`);
  });
}

after(() => {
  if (write) writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
});
