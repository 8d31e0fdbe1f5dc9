/**
 * The bytes that each helper of std adds to a filter that uses it alone: to hello, and to hello with one header read and
 * one set as text, which has the heap that hello, which makes no objects, does without. After a change that is meant,
 * `npm run golden` writes the file anew.
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
  /** Classes that it needs. */
  readonly declarations?: string;
  /** What is allowed over hello with a text. */
  readonly most?: number;
  /** What is allowed over hello. */
  readonly mostOverHello?: number;
}

const uses: Record<string, Use> = {
  "json.parse": {
    imports: { json: "json" },
    text: 'json.parse(input).root.get("a").get("b").textOr("c")',
    mostOverHello: 7424, // 200 of them encode and skip by words
  },
  "json.parse, with its errors": {
    imports: { json: "json, JsonDocument" },
    text: 'read(json.parse(input)); function read(document: JsonDocument): string { const error = document.error; return error !== null ? error : document.root.get("a").textOr("b"); }',
    most: 6144,
  },
  "JsonCursor, all readers": {
    imports: { json: "json, JsonCursor" },
    text: 'read(json.parse(input).root); function read(root: JsonCursor): string { let all = root.get("a").textOr("b") + root.at(1).raw(); for (let item = root.first(); item.exists; item = item.next()) if (item.name !== null && item.boolOr(false)) all += item.integerOr(1) > 1 ? "c" : item.numberOr(1) > 1 ? "d" : "e"; return all; }',
    most: 6656, // 400 of them let the text grow in place
  },
  JsonWriter: { imports: { json: "JsonWriter" }, text: 'new JsonWriter().object().name("a").string(input).name("b").integer(1).end().text()' },
  "JsonWriter.number": { imports: { json: "JsonWriter" }, text: "new JsonWriter().number(<f64>input.length).text()" },
  JsonNode: { imports: { json: "json, JsonNode" }, text: 'JsonNode.from(json.parse(input).root).set("a", JsonNode.bool(true)).toText()' },
  Config: { imports: { config: "Config" }, text: 'read(Config.read(input)); function read(config: Config): string { const text = config.text("a") + config.section("b").integerOr("c", 1).toString(); const error = config.error; return error !== null ? error : text; }' },
  Regex: { imports: { regex: "Regex, RegexMatch" }, text: 'group(new Regex("^/users/([0-9]+)").exec(input)); function group(match: RegexMatch | null): string | null { return match !== null ? match.group(1) : null; }', mostOverHello: 14592 },
  "Regex, with its errors": { imports: { regex: "Regex" }, text: 'read(new Regex(input)); function read(regex: Regex): string | null { const error = regex.error; if (error !== null) return error; const match = regex.exec("a"); return match !== null ? match.group(1) : null; }', most: 13312 },
  "Regex, all": { imports: { regex: "Regex" }, text: 'read(new Regex("a"), input); function read(regex: Regex, text: string): string { return regex.test(text) ? regex.replaceAll(text, "$1") + regex.replace(text, "") : regex.split(text).length + regex.execAll(text).length > 2 ? "a" : "b"; }', most: 13824 },
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
    most: 4096, // eight rounds at a time, which is two thirds of the operators
  },
  percentDecode: { imports: { url: "percentDecode" }, text: "percentDecode(input)" },
  "Query.get": { imports: { url: "Query" }, text: 'new Query(input).get("a")' },
  Query: {
    imports: { url: "RequestTarget" },
    text: 'edited(new RequestTarget(input)); function edited(target: RequestTarget): string { const query = target.query; const value = query.get("a"); if (value !== null) query.set("b", value); if (query.getAll("c").length > 1) query.remove("c"); query.append("d", "e"); return target.toString(); }',
    most: 3072,
  },
  normalizePath: { imports: { url: "normalizePath" }, text: "normalizePath(input)" },
  "Url.parse": { imports: { url: "Url" }, text: "host(Url.parse(input)); function host(url: Url | null): string | null { return url !== null ? url.host : null; }" },
  "Cookies.get": { imports: { cookies: "Cookies" }, text: 'new Cookies(input).get("a")' },
  Cookies: {
    imports: { cookies: "Cookies" },
    text: 'edited(new Cookies(input)); function edited(cookies: Cookies): string { const value = cookies.get("a"); if (value !== null) cookies.set("b", value); cookies.remove("c"); return cookies.toString(); }',
    most: 2048,
  },
  SetCookie: { imports: { cookies: "SetCookie" }, text: 'new SetCookie("a", input).toString()' },
  Hs256Verifier: {
    imports: { jwt: "Hs256Verifier", encoding: "utf8" },
    text: 'new Hs256Verifier(utf8.encode("secret")).verify(input).error == 0 ? "a" : "b"',
  },
  Rs256Verifier: {
    imports: { jwt: "Rs256Verifier", encoding: "utf8" },
    text: 'new Rs256Verifier(utf8.encode("key")).verify(input).error == 0 ? "a" : "b"',
  },
  parseHttpDate: { imports: { http: "parseHttpDate" }, text: 'parseHttpDate(input) > 0 ? "a" : "b"' },
  formatHttpDate: { imports: { http: "formatHttpDate" }, text: "formatHttpDate(input.length)" },
  MediaType: { imports: { http: "MediaType" }, text: "written(MediaType.parse(input)); function written(type: MediaType | null): string | null { return type !== null ? type.toString() : null; }" },
  negotiateMediaType: { imports: { http: "negotiateMediaType" }, text: 'negotiateMediaType(input, ["text/html", "text/plain"])' },
  negotiateEncoding: { imports: { http: "negotiateEncoding" }, text: 'negotiateEncoding(input, ["br", "gzip"])' },
  CacheControl: { imports: { http: "CacheControl" }, text: 'new CacheControl(input).seconds("max-age") > 0 ? "a" : "b"' },
  statusText: { imports: { http: "statusText" }, text: "statusText(input.length)" },
  Glob: { imports: { glob: "Glob" }, text: 'match(Glob.compile("/a/**"), input); function match(glob: Glob | null, text: string): string | null { return glob !== null && glob.test(text) ? "a" : null; }' },
  "Rules, read into a class": {
    imports: { config: "readJsonConfig", rules: "Rule, Rules" },
    text: 'read(input); function read(input: string): string | null { const settings = readJsonConfig<Settings>(input); const rules = new Rules<Named>(); return settings !== null && rules.use(settings.rules) ? "a" : null; }',
    declarations: 'class Named extends Rule { name: string = ""; }\nclass Settings { rules: Named[] = []; }',
  },
  TraceContext: { imports: { trace: "TraceContext" }, text: "written(TraceContext.parse(input)); function written(context: TraceContext | null): string { return (context ?? TraceContext.create(true)).child().toString(); }" },
  readConfig: { imports: { config: "readConfig" }, text: 'read(readConfig<Settings>(input)); function read(settings: Settings | null): string | null { return settings === null ? null : settings.name; }', declarations: 'class Settings { name: string = ""; limit: u32 = 1; }' },
  LruCache: { imports: { cache: "LruCache" }, text: 'kept(input); function kept(input: string): string | null { const cache = new LruCache<string>(8); cache.set(input, input, 1000); return cache.get("a"); }' },
  Flight: { imports: { cache: "Flight, FlightRole" }, text: 'new Flight<string>().join(input, input) == FlightRole.First ? "a" : null' },
  SharedCache: { imports: { cache: "SharedCache" }, text: 'kept(new SharedCache("c", 16, 1024), input); function kept(cache: SharedCache, input: string): string | null { cache.setText(input, input, 1000); return cache.getText("a"); }' },
  SlidingWindow: { imports: { limit: "SlidingWindow" }, text: 'new SlidingWindow("a", 10, 60).take(input).allowed ? "a" : "b"' },
  TokenBucket: { imports: { limit: "TokenBucket" }, text: 'new TokenBucket("a", 10, 50).take(input).allowed ? "a" : "b"' },
  SseReader: { imports: { sse: "SseReader", encoding: "utf8" }, text: "first(new SseReader(), input); function first(reader: SseReader, input: string): string | null { reader.push(utf8.encode(input)); const event = reader.next(); return event === null ? null : event.data; }" },
  sha512: { imports: { hash: "sha512", encoding: "utf8" }, text: "text(sha512(utf8.encode(input)))" },
  crc32: { imports: { hash: "crc32", encoding: "utf8" }, text: "crc32(utf8.encode(input)).toString()" },
  "ProtobufReader, ProtobufWriter": { imports: { protobuf: "ProtobufReader, ProtobufWriter", encoding: "utf8" }, text: "read(new ProtobufReader(new ProtobufWriter().text(1, input).toBytes())); function read(reader: ProtobufReader): string | null { return reader.next() ? reader.text : null; }" },
  Form: { imports: { form: "Form", encoding: "utf8" }, text: 'first(Form.parse(utf8.encode(input))); function first(form: Form | null): string | null { return form === null ? null : form.get("a"); }' },
  Multipart: { imports: { multipart: "Multipart", encoding: "utf8" }, text: "first(Multipart.parse(input, utf8.encode(input))); function first(form: Multipart | null): string | null { return form === null ? null : form.parts[0].name; }" },
  MultipartWriter: { imports: { multipart: "MultipartWriter", encoding: "hex" }, text: 'hex.encode(new MultipartWriter("b").text("a", input).toBytes())' },
  parseInteger: { imports: { number: "integerOr" }, text: "integerOr<u32>(input, 1, 1, 1000).toString()" },
  IpSet: { imports: { ip: "IpAddress, IpSet" }, text: 'has(IpSet.parse(["10.0.0.0/8"]), IpAddress.parse(input)); function has(all: IpSet | null, one: IpAddress | null): string | null { return all !== null && one !== null && all.has(one) ? "a" : null; }' },
  "Authority.parse": { imports: { url: "Authority" }, text: "host(Authority.parse(input)); function host(authority: Authority | null): string | null { return authority === null ? null : authority.name; }" },
  header: { imports: { http: "header" }, text: "header.accept" },
};

const hello = readFileSync(join(root, "examples/hello/assembly/index.ts"), "utf8");
const write = process.env["GOLDEN"] === "write";
const file = join(root, "tests", "golden", "std-helpers.json");
const golden = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as Record<string, Sizes>;

interface Sizes {
  readonly overText: number;
  readonly overHello: number;
}

/** The size of hello with a statement that sends on a text made of the header "x-in". */
async function sizeWith({ imports, text, declarations }: Use, name: string): Promise<number> {
  const [expression, ...functions] = text.split("; function ");
  const lines = Object.entries(imports).map(
    ([module, names]) => `import { ${names} } from "proxy-wasm-as/assembly/std/${module}";`,
  );
  lines.push(
    hello.replace(
      '    this.request.headers.set("x-hello"',
      `    const input = this.request.headers.get("x-in");
    if (input !== null) {
      const output: string | null = ${expression};
      if (output !== null) this.request.headers.set("x-out", output);
    }
    this.request.headers.set("x-hello"`,
    ),
  );
  if (text.includes("text(")) functions.push('text(bytes: Uint8Array | null): string { return bytes === null ? "" : utf8.decodeLenient(bytes); }');
  if (declarations !== undefined) lines.push(declarations);
  for (const body of functions) lines.push(`function ${body}`);
  const folder = join(root, ".cache", "std-sizes");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.ts`), lines.join("\n"));
  return statSync(await compileFilter(`.cache/std-sizes/${name}.ts`, { optimized: true })).size;
}

const helloSize = statSync(await buildExample("hello")).size;
const textSize = await sizeWith({ imports: {}, text: "input" }, "base");
const measured: Record<string, Sizes> = {};

function compare(name: string, size: number, { most = Infinity, mostOverHello = Infinity }: Partial<Use> = {}): void {
  const sizes = { overText: size - textSize, overHello: size - helloSize };
  measured[name] = sizes;
  if (!write) assert.deepEqual(sizes, golden[name]);
  assert.ok(sizes.overText <= most, `${sizes.overText} of ${most} bytes over hello with a text`);
  assert.ok(sizes.overHello <= mostOverHello, `${sizes.overHello} of ${mostOverHello} bytes over hello`);
}

test("the first header that is read and set as text adds the heap and the collector to hello", () =>
  compare("text", textSize));

for (const [index, [name, use]] of Object.entries(uses).entries()) {
  test(`std: ${name} adds the bytes of the golden file`, async () =>
    compare(name, await sizeWith(use, `use${index}`), use));
}

after(() => {
  if (write) writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
});
