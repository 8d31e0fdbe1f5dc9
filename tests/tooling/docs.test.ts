/** What stands in the documentation: code that compiles, links that lead somewhere, and figures that were measured. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { transform } from "esbuild";
import { compileText } from "../support/compile.js";
import { root } from "../support/paths.js";

const below = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !/(^|\/)(node_modules|build)\//.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();

const pages = [
  ...["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...["docs", "examples", "templates"].flatMap(below),
];

interface Block {
  readonly language: string;
  readonly code: string;
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, code]) => ({
    language: language!,
    code: code!,
  }));
}

/** What `import … from "proxy-wasm-as"` offers. */
const names = [
  ...readFileSync(join(root, "assembly", "index.ts"), "utf8").matchAll(/^export \{([^}]+)\}/gm),
].flatMap(([, list]) => list!.split(",").map((name) => name.trim()));

/**
 * A file of a block. A filter gets a root id of its own, because it shares a module with others; a part of a filter gets
 * the imports that it leaves out, and stands in a function.
 */
function fileOf(code: string, rootId: string): string {
  if (/^register\w+[<(]/m.test(code))
    return code
      .replace(
        /^(register\w+<\w+>\()(?:"([^"]*)")?\)/gm,
        (_, call, name = "") => `${call}"${rootId}-${name}")`,
      )
      .replace(/^(registerFlow\(\s*)"([^"]*)"/gm, (_, call, name) => `${call}"${rootId}-${name}"`);
  const imports = /^import [^;]+;$/gm;
  const own = [...code.matchAll(imports)].map(([line]) => line);
  const body = code.replace(imports, "");
  const used = names.filter((name) => name !== "" && new RegExp(`\\b${name}\\b`).test(body));
  const lines = own.some((line) => line.endsWith('"proxy-wasm-as";'))
    ? own
    : [`import { ${used.join(", ")} } from "proxy-wasm-as";`, ...own];
  const json = /\bJsonWriter\b/.test(body)
    ? ['import { JsonWriter } from "proxy-wasm-as/assembly/std/json";']
    : [];
  return /^(export )?(abstract )?class |^(export )?function /m.test(body)
    ? `${[...lines, ...json].join("\n")}\n${body}`
    : `${[...lines, ...json].join("\n")}\nexport function part(): void {\n${body}}\n`;
}

/** A module needs one, and a page may have only parts. */
const filter = `import { HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Nothing extends HttpContext { onLog(): void {} }
registerHttpFilter<Nothing>("nothing");
`;

/** Compiles blocks together, which takes one run of the compiler; the message names the file, and so the block. */
async function compileAll(page: string, codes: readonly string[]): Promise<string | undefined> {
  const folder = join(root, ".cache", "docs", page.replaceAll("/", "_"));
  mkdirSync(folder, { recursive: true });
  const files = codes.map((code, i) => {
    writeFileSync(join(folder, `block-${i + 1}.ts`), fileOf(code, `${i + 1}`));
    return `block-${i + 1}`;
  });
  const from = `../../docs/${page.replaceAll("/", "_")}`;
  const all = files.map((file) => `export * from "${from}/${file}";\n`);
  return compileText(all.join("") + filter);
}

for (const page of pages) {
  const text = readFileSync(join(root, page), "utf8");
  const blocks = blocksOf(text);

  const filters = blocks.filter(({ language }) => language === "ts").map(({ code }) => code);
  if (filters.length > 0)
    test(`${page}: its ${filters.length} pieces of AssemblyScript compile`, async () => {
      assert.equal(await compileAll(page, filters), undefined);
    });

  for (const { language, code } of blocks) {
    if (language !== "js") continue;
    test(`${page}: JavaScript that begins with ${code.split("\n")[0]} is right, and imports what there is`, async () => {
      await transform(code, { format: "esm", target: "node20" });
      for (const [, list, from] of code.matchAll(/^import \{([^}]+)\} from "(proxy-wasm-as[^"]*)"/gm)) {
        const module = (await import(from!)) as Record<string, unknown>;
        for (const name of list!.split(",")) assert.ok(name.trim() in module, `${from} has no ${name}`);
      }
    });
  }

  test(`${page}: links lead somewhere`, () => {
    const links = [
      ...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g),
      ...text.matchAll(/^\[[^\]]+\]: ([^#:\s]+)$/gm),
    ];
    for (const [, target] of links)
      assert.ok(existsSync(join(root, dirname(page), target!)), `${page} links to ${target}`);
  });
}

test("a piece of documentation that does not compile is found", async () => {
  assert.match((await compileAll("wrong", ['property.text("no list");']))!, /block-1\.ts\(\d+,\d+\)/);
});

for (const page of ["docs/architecture.md", "CONTRIBUTING.md"])
  test(`${page}: the files, folders and commands that it names are there`, () => {
    const text = readFileSync(join(root, page), "utf8");
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    const named = [...text.matchAll(/`(?:npx tsx --test )?((?:[\w.-]+\/)+[\w.-]*)`/g)].map(
      ([, path]) => path!,
    );
    assert.ok(named.length > 2);
    // A run writes into .cache, which a fresh clone has not.
    for (const path of named.filter((name) => !name.includes("NAME") && !name.startsWith(".cache/")))
      assert.ok(
        ["", "assembly", "src", "src/transform"].some((folder) => existsSync(join(root, folder, path))),
        `${page} names ${path}`,
      );
    for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g))
      assert.ok(name! in scripts, `${page} names npm run ${name}`);
  });

test("the README is short", () => {
  assert.ok(readFileSync(join(root, "README.md"), "utf8").split("\n").length <= 120);
});

test("the README names hello's size", () => {
  const { bytes } = JSON.parse(readFileSync(join(root, "tests/golden/hello.json"), "utf8")) as {
    bytes: number;
  };
  assert.ok(readFileSync(join(root, "README.md"), "utf8").includes(`${bytes.toLocaleString("en")} bytes`));
});

test("what the migration page says things are called here exists", () => {
  const sources = readdirSync(join(root, "assembly"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(root, "assembly", name), "utf8"))
    .join("\n");
  const text = readFileSync(join(root, "docs", "migration-from-solo-io.md"), "utf8");
  const rows = text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (-|there|Rust|Go) /.test(line));
  const own = new Set([
    "MyPlugin",
    "MyFilter",
    "MyStream",
    "message",
    "service",
    "ms",
    "this",
    "new",
    "info",
  ]);
  let checked = 0;
  for (const row of rows) {
    const here = row.split(" | ").at(-1);
    for (const [, code] of here.matchAll(/`([^`]+)`/g))
      for (const [name] of code!
        .replace(/"[^"]*"/g, "")
        .matchAll(/\b[A-Z]\w+|(?<=\.)[a-z]\w+|\b[a-z]\w+(?=[(<])/g)) {
        if (own.has(name)) continue;
        assert.match(sources, new RegExp(`\\b${name}\\b`), `nothing is called ${name}: ${row}`);
        checked++;
      }
  }
  assert.ok(checked > 150, String(checked));
});
