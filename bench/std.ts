/**
 * `npm run bench:std`: what operations of std cost beside those of Rust's crates, both built in the same run (see rust.ts
 * for what that needs).
 *
 * Options: `--docs` writes docs/std-performance.md; `--functions NAME` says in which functions of ours an operation's
 * operators are executed.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileFilter } from "../tests/support/compile.js";
import { root } from "../tests/support/paths.js";
import { countersOf, withCounters } from "../src/count/operators.js";
import { outline } from "../src/inspect/index.js";
import { buildRustExamples } from "./rust.js";

const { values } = parseArgs({
  options: { docs: { type: "boolean", default: false }, functions: { type: "string" } },
});

const modules = ["regex", "json", "hash", "form", "protobuf"] as const;

const folder = join(root, "bench", "filters", "std");

interface Operation {
  readonly module: (typeof modules)[number];
  readonly title: string;
  /** The export that is measured. */
  readonly call: string;
  readonly pattern?: string;
  readonly input: string;
}

const kib = 1024;
/** What ours import. */
const imports = {
  env: {
    abort: (): never => {
      throw new Error("the operation has aborted");
    },
  },
};

const words = (size: number): string =>
  "the quick brown fox jumps over the lazy dog 42 times, ".repeat(Math.ceil(size / 54)).slice(0, size);
const document = (items: number): string =>
  JSON.stringify({
    id: "1f0f5e3c-6a3e-4a52-9d1b-2f3f2c1b0a99",
    items: Array.from({ length: items }, (_, i) => ({
      sku: `A-${1000 + i}`,
      name: `Widget "${i}" of many`,
      price: 9.99 + i,
      count: i,
      tags: ["new", "blue", "large"],
      inStock: i % 3 > 0,
    })),
    order: { amount: 1234, currency: "EUR" },
  });
const small = document(5);
const large = document(500);

const userPath = "^/users/([0-9]+)(?:/|$)";
const userAgent = "(?i)(bot|crawler|spider|curl|wget)";
const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const email = "([a-z0-9._-]+)@([a-z0-9-]+)\\.(com|org|net)";

const fields = Array.from({ length: 200 }, (_, i) => `field${i}=a+value%2C+with+${i}%25&`)
  .join("")
  .slice(0, -1);
/** A text of 30 bytes and a number, 200 times. */
const message = `\x0a\x1e${words(30)}\x10\x07`.repeat(200);

const operations: readonly Operation[] = [
  {
    module: "regex",
    call: "compile",
    title: `compile \`${userPath.replace("|", "\\|")}\``,
    pattern: userPath,
    input: "",
  },
  {
    module: "regex",
    call: "test",
    title: "test it: a path that matches",
    pattern: userPath,
    input: "/users/12345/orders?page=2",
  },
  {
    module: "regex",
    call: "test",
    title: "test it: a path that does not",
    pattern: userPath,
    input: "/articles/2024/11/a-title",
  },
  {
    module: "regex",
    call: "exec",
    title: "exec it: the group of the match",
    pattern: userPath,
    input: "/users/12345/orders?page=2",
  },
  {
    module: "regex",
    call: "test",
    title: "test a user agent for one of five words in any case",
    pattern: userAgent,
    input: agent,
  },
  {
    module: "regex",
    call: "test",
    title: "test 64 KiB for an e-mail address that is not there",
    pattern: email,
    input: words(64 * kib),
  },
  {
    module: "regex",
    call: "replaceAll",
    title: "replaceAll: 1,213 numbers in 64 KiB",
    pattern: "([0-9]+)",
    input: words(64 * kib),
  },
  { module: "regex", call: "split", title: "split 4 KiB at commas", pattern: ",\\s*", input: words(4 * kib) },
  {
    module: "regex",
    call: "test",
    title: "test 100 KB with `(a+)+$`",
    pattern: "(a+)+$",
    input: `${"a".repeat(100_000)}b`,
  },
  { module: "json", call: "pick", title: `two fields of ${small.length} bytes`, input: small },
  {
    module: "json",
    call: "pick",
    title: `two fields of ${Math.round(large.length / kib)} KiB`,
    input: large,
  },
  { module: "json", call: "check", title: `check ${Math.round(large.length / kib)} KiB`, input: large },
  {
    module: "json",
    call: "change",
    title: `tree of ${small.length} bytes, one field set, written`,
    input: small,
  },
  { module: "json", call: "write", title: "write four fields", input: 'no "token" for\n/users/12345' },
  { module: "hash", call: "sha256", title: "SHA-256 of 32 bytes", input: words(32) },
  { module: "hash", call: "sha256", title: "SHA-256 of 64 KiB", input: words(64 * kib) },
  {
    module: "hash",
    call: "hmacSha256",
    title: "HMAC-SHA-256 of 200 bytes",
    pattern: words(32),
    input: words(200),
  },
  { module: "hash", call: "sha1", title: "SHA-1 of 64 KiB", input: words(64 * kib) },
  { module: "hash", call: "sha512", title: "SHA-512 of 64 KiB", input: words(64 * kib) },
  { module: "hash", call: "md5", title: "MD5 of 64 KiB", input: words(64 * kib) },
  { module: "hash", call: "crc32", title: "CRC-32 of 64 KiB", input: words(64 * kib) },
  { module: "form", call: "form", title: "a form of 200 fields", input: fields },
  { module: "form", call: "writeForm", title: "the same, written again", input: fields },
  { module: "protobuf", call: "read", title: "a message of 400 fields", input: message },
  { module: "protobuf", call: "write", title: "write a message of 40 fields", pattern: words(30), input: "" },
];

type Exports = Record<string, (...parameters: number[]) => number>;

interface Instance {
  readonly exports: Exports;
  set(name: "Input" | "Pattern", text: string): void;
  /** What is left to do after some operations. */
  collect(): void;
  operators(): number;
  bulkBytes(): number;
}

/** How often an operation runs between two collections. */
const ROUNDS = 10;

function instantiate(binary: Uint8Array): Omit<Instance, "set" | "collect"> {
  const instance = new WebAssembly.Instance(
    new WebAssembly.Module(withCounters(binary) as BufferSource),
    imports,
  );
  const counters = countersOf(instance);
  return {
    exports: instance.exports as unknown as Exports,
    operators: () => Number(counters.operators.value),
    bulkBytes: () => Number(counters.bulkBytes.value),
  };
}

const memoryOf = (exports: Exports): ArrayBuffer =>
  (exports["memory"] as unknown as WebAssembly.Memory).buffer;

function startRust(file: string): Instance {
  const instance = instantiate(readFileSync(file));
  const { exports } = instance;
  return {
    ...instance,
    collect: () => undefined,
    set(name, text) {
      const bytes = Buffer.from(text);
      const address = exports[name === "Input" ? "input" : "pattern"]!(bytes.length);
      new Uint8Array(memoryOf(exports)).set(bytes, address);
    },
  };
}

/** Puts a text into a module of ours. */
function setOurs(exports: Exports, name: "Input" | "Pattern", text: string): void {
  const STRING = 2;
  const address = exports["__pin"]!(exports["__new"]!(text.length * 2, STRING));
  const units = new Uint16Array(memoryOf(exports), address, text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  exports[`set${name}`]!(address);
  exports["__unpin"]!(address);
}

function startOurs(file: string): Instance {
  const instance = instantiate(readFileSync(file));
  const { exports } = instance;
  return {
    ...instance,
    collect: () => void exports["__collect"]!(),
    set: (name, text) => setOurs(exports, name, text),
  };
}

interface Cost {
  readonly result: number;
  readonly operators: number;
  readonly bulkBytes: number;
}

function costOf(start: () => Instance, { module, call, pattern = "", input }: Operation): Cost {
  const instance = start();
  instance.set("Pattern", pattern);
  instance.set("Input", input);
  if (module === "regex" && call !== "compile") instance.exports["compile"]!();
  let result = 0;
  const run = (): void => {
    for (let i = 0; i < ROUNDS; i++) result = instance.exports[call]!();
    instance.collect();
  };
  run(); // what is made the first time, and kept
  const operators = instance.operators();
  const bulkBytes = instance.bulkBytes();
  run();
  return {
    result,
    operators: Math.round((instance.operators() - operators) / ROUNDS),
    bulkBytes: Math.round((instance.bulkBytes() - bulkBytes) / ROUNDS),
  };
}

/** As in a filter's release build, with the memory manager that filters have. */
const options = [
  ...["--config=none", "--runtime=minimal", "--exportRuntime", "-O3", "--shrinkLevel=2"],
  ...["--transform", "./tests/heap/heap-only.mjs"],
];
const oursOf = (name: string, more: readonly string[] = []): Promise<string> =>
  compileFilter(`bench/filters/std/as/${name}.ts`, { options: [...options, ...more] });

/** Where the operators of one operation are executed. */
async function profile(title: string): Promise<void> {
  const operation = operations.find((each) => each.title.includes(title));
  if (operation === undefined) throw new Error(`no operation is called ${title}`);
  const binary = readFileSync(await oursOf(operation.module, ["--debug"]));
  const names = new Map(outline(binary).functions.map(({ index, name }) => [index, name]));
  const instance = new WebAssembly.Instance(
    new WebAssembly.Module(withCounters(binary, true) as BufferSource),
    imports,
  );
  const exports = instance.exports as unknown as Exports;
  const counts = (): Map<string, number> =>
    new Map(
      Object.entries(instance.exports).flatMap(([name, value]) =>
        name.startsWith("$operators:")
          ? [[names.get(Number(name.slice(11))) ?? name, Number((value as WebAssembly.Global).value)]]
          : [],
      ),
    );
  setOurs(exports, "Pattern", operation.pattern ?? "");
  setOurs(exports, "Input", operation.input);
  if (operation.module === "regex") exports["compile"]!();
  exports[operation.call]!();
  exports["__collect"]!();
  const before = counts();
  exports[operation.call]!();
  exports["__collect"]!();
  const rows = [...counts()].map(([name, count]) => [name, count - before.get(name)!] as const);
  for (const [name, count] of rows.toSorted(([, a], [, b]) => b - a).slice(0, 15))
    if (count > 0) console.log(`${String(count).padStart(10)}  ${name}`);
}

const whole = (value: number): string => value.toLocaleString("en");
const row = (...cells: string[]): string => `| ${cells.join(" | ")} |`;

async function report(): Promise<string> {
  const progress = (line: string): void => console.error(`  ${line}`);
  const rust = buildRustExamples(
    join(root, "bench", "filters", "std", "rust"),
    ["empty", ...modules],
    progress,
  );
  const ours: Record<string, string> = {};
  for (const name of ["empty", ...modules]) ours[name] = await oursOf(name);
  const sizeOf = (files: Record<string, string>, name: string): number =>
    statSync(files[name]!).size - statSync(files["empty"]!).size;

  const lines = [
    row("module", "ours, bytes", "Rust, bytes", "x Rust"),
    row("---", "--:", "--:", "--:"),
    ...modules.map((name) => {
      const [own, peer] = [sizeOf(ours, name), sizeOf(rust, name)];
      return row(`\`std/${name}\``, whole(own), whole(peer), (own / peer).toFixed(2));
    }),
    "",
    row("operation", "ours", "Rust", "x Rust", "bytes moved, ours", "bytes moved, Rust"),
    row("---", "--:", "--:", "--:", "--:", "--:"),
  ];
  for (const operation of operations) {
    const own = costOf(() => startOurs(ours[operation.module]!), operation);
    const peer = costOf(() => startRust(rust[operation.module]!), operation);
    const isSame = own.result === peer.result || operation.call === "compile";
    if (!isSame) throw new Error(`${operation.title}: ${own.result}, and in Rust ${peer.result}`);
    const line = row(
      operation.title,
      ...[own.operators, peer.operators].map(whole),
      (own.operators / peer.operators).toFixed(2),
      ...[own.bulkBytes, peer.bulkBytes].map(whole),
    );
    progress(line);
    lines.push(line);
  }
  return lines.join("\n");
}

/** docs/std-performance.md. */
function page(tables: string): string {
  const manifest = readFileSync(join(folder, "rust", "Cargo.toml"), "utf8");
  const crates = [
    ...manifest.matchAll(
      /^(crc32fast|form_urlencoded|hmac|md-5|quick-protobuf|regex|serde_json|sha1|sha2) = .*?"=([\d.]+)"/gm,
    ),
  ];
  return `# What the helpers cost

<!-- Written by \`npm run bench:std -- --docs\`; change bench/std.ts, not this page. -->

WebAssembly operators of one operation, beside those of Rust's crates, built in the same run: ${crates.map(([, name, version]) => `\`${name}\` ${version}`).join(", ")}.
The module counts them itself (see [performance](performance.md)); \`memory.copy\` and \`memory.fill\` are one operator, and the
bytes that they move are in the columns behind. Each operation runs ten times, after ten that make what is kept (Rust's \`regex\`
builds its automata then); ours include the collection after those ten. Both answer the same, which is checked. Rust's modules are
optimised for speed, ours as filters are, for size.

${tables}

"Bytes" is what a module of these operations has more than one with none. Rust's \`regex\` has Unicode's tables in it, and answers
many questions from automata that it builds and keeps; its answer for \`(a+)+$\` comes from looking at the end of the text first, as
ours does. Ours follows the pattern's instructions for each character otherwise. A loop over one character, such as \`[0-9]+\`, takes all
that it can at once when nothing behind it can begin with such a character. The possible first characters of a match, and a
character that a match needs, are looked for first, so that texts without them cost little.

The goals are 1.5 times of Rust's for regular expressions, 1.2 for JSON, 1.3 for SHA-256, and 1,000 operators for each KB of
\`(a+)+$\`. Missed, with their causes:

- A short path that matches: some 500 operators for the nine instructions of the pattern that are followed behind its first characters,
  and 200 for the digits (\`npm run bench:std -- --functions "path that matches"\`). Rust's answers from a table, which it has built before.
- Two fields of JSON, and a tree: the text is checked as a whole before anything of it is read, and what is read is then looked for in
  it (the row "check" is most of "two fields"); Rust's reads into a type in one pass. In a tree each text is UTF-16: a fifth is spent on
  making them and on writing them (\`--functions tree\`).

Not compared: \`std/html\` with \`lol_html\`, \`std/sse\` and \`std/multipart\` with Rust's readers of events and parts, which work on
asynchronous streams and bring a runtime for them. Caches and limits are what the host's calls cost.
`;
}

if (values.functions !== undefined) await profile(values.functions);
else {
  const tables = await report();
  console.log(tables);
  if (values.docs) writeFileSync(join(root, "docs", "std-performance.md"), page(tables));
}
