/** A compiler that is not the one that the build knows: the build works as before, or says what it does not know. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { libraryFiles, main as asc } from "assemblyscript/asc";
import { createHost } from "../../src/testing/index.js";
import { root } from "../support/paths.js";

const text = `import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Count extends HttpContext {
  private words: string[] = [];
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.words = this.request.headers.get(":path")!.split("/");
    let all = "";
    for (let i = 0; i < this.words.length; i++) all += "<" + this.words[i] + ">";
    return this.respond(200, all);
  }
}
registerHttpFilter<Count>();
`;

const folder = join(root, ".cache", "texts", "next-compiler");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "filter.ts"), text);

type Hook = (this: { program: Record<string, unknown> }, argument: Record<string, unknown>) => void;

/** What a transform in front of the package's changes. */
type Change = Readonly<Partial<Record<"afterParse" | "afterInitialize" | "afterCompile", Hook>>>;

interface Built {
  readonly wasm: Uint8Array | undefined;
  readonly said: string;
}

async function build(change: Change, file = "filter.ts", level = "-O0"): Promise<Built> {
  let wasm: Uint8Array | undefined;
  class Changed {}
  Object.assign(Changed.prototype, change);
  const entry = `.cache/texts/next-compiler/${file}`;
  const parameters = ["--config=asconfig.json", "--target=release", level, "--outFile=o.wasm"];
  const { error, stderr } = await asc([entry, ...parameters, "--baseDir", root], {
    transforms: [Changed as never],
    writeFile: (_, contents) => void (typeof contents !== "string" && (wasm = contents)),
  });
  const said = `${error?.message ?? ""}\n${stderr.toString()}`.replace(/\x1b\[\d+m/g, "");
  return { wasm: error === null ? wasm : undefined, said };
}

/** Builds with another text of a file of the compiler's library. */
async function buildWith(file: string, edit: (text: string) => string): Promise<Built> {
  const files = libraryFiles as Record<string, string>;
  const before = files[file]!;
  const after = edit(before);
  assert.notEqual(after, before, "the compiler's file is not as this test knows it");
  files[file] = after;
  try {
    return await build({});
  } finally {
    files[file] = before;
  }
}

async function works({ wasm, said }: Built): Promise<void> {
  assert.ok(wasm, said);
  const file = join(folder, "built.wasm");
  writeFileSync(file, wasm);
  const host = await createHost({ wasm: file });
  for (let i = 0; i < 300; i++)
    assert.equal(String((await host.request({ path: `/a${i}/b` })).body), `<><a${i}><b>`);
}

test("a compiler newer than the newest that was tried gives a warning, and builds what it did", async () => {
  const change: Change = {
    afterParse() {
      (this.program["options"] as Record<string, number>)["bundlePatchVersion"] = 99;
    },
  };
  const built = await build(change);
  await works(built);
  assert.match(
    built.said,
    /WARNING proxy-wasm-as is tried with AssemblyScript up to 0\.28\.\d+, this is 0\.28\.99/,
  );
  assert.doesNotMatch((await build({})).said, /WARNING/);
});

const unknown: readonly [what: string, build: () => Promise<Built>, sentence: RegExp][] = [
  [
    "a header whose fields are in another order",
    () =>
      buildWith("rt/common", (text) =>
        text.replace(/rtId: u32;([^]*?)rtSize: u32;/, "rtSize: u32;$1rtId: u32;"),
      ),
    /does not know how this compiler lays out objects; use AssemblyScript 0\.28\.20/,
  ],
  [
    "a header with one more field",
    () =>
      buildWith("rt/common", (text) =>
        text.replace("rtSize: u32;", "rtSize: u32;\n  more1: u64;\n  more2: u64;"),
      ),
    /does not know this compiler's objects; use AssemblyScript 0\.28\.20/,
  ],
  [
    "no class for headers",
    () =>
      build({
        afterCompile() {
          Object.defineProperty(this.program, "OBJECTInstance", { value: undefined });
        },
      }),
    /does not know how this compiler lays out objects; use AssemblyScript 0\.28\.20/,
  ],
  [
    "elements under another name",
    () =>
      build({
        afterInitialize() {
          this.program["elementsByName"] = undefined;
        },
      }),
    /does not know this compiler's program; use AssemblyScript 0\.28\.20|elementsByName/,
  ],
  [
    "another memory manager",
    () =>
      build({
        afterParse(parser) {
          const sources = parser["sources"] as { normalizedPath: string }[];
          const index = sources.findIndex(({ normalizedPath }) => normalizedPath === "~lib/rt/tlsf.ts");
          sources.splice(index, 1);
        },
      }),
    /this compiler has no ~lib\/rt\/tlsf\.ts; use AssemblyScript 0\.28\.20/,
  ],
  [
    "the end of the data under another name",
    () =>
      build({
        afterCompile(module) {
          (module as { removeGlobal(name: string): void }).removeGlobal("~lib/memory/__heap_base");
        },
      }),
    /this compiler does not say where a module's data ends/,
  ],
  [
    "a variable of the heap under another name",
    () =>
      build({
        afterCompile(module) {
          (module as { removeGlobal(name: string): void }).removeGlobal(
            "~lib/proxy-wasm-as/assembly/memory/heap/runEnd",
          );
        },
      }),
    /this compiler has no variable .*\/heap\/runEnd, which the module needs; use AssemblyScript 0\.28\.20/,
  ],
];

for (const [what, broken, sentence] of unknown) {
  test(`a compiler with ${what} fails the build with a sentence`, async () => {
    const { wasm, said } = await broken();
    assert.equal(wasm, undefined);
    assert.match(said, sentence);
  });
}

test("an exception of binaryen's, which is no error, is told in a sentence", async () => {
  const change: Change = {
    afterCompile(module) {
      module["runPasses"] = () => {
        throw Object.create(null);
      };
    },
  };
  const { said, wasm } = await build(change, "filter.ts", "-O1");
  assert.equal(wasm, undefined);
  assert.match(
    said,
    /this compiler's binaryen cannot build this module.*: npm install --save-dev assemblyscript@0\.28\.20/,
  );
});

test("a compiler that cannot leave a flow within try fails the build with a sentence", async () => {
  const flow = (
    inTry: string,
  ): string => `import { Exchange, registerFlow, sleep } from "proxy-wasm-as/assembly/flow";
registerFlow("", (x: Exchange): void => {
  let seen = "";
  sleep(1);
  try {
    ${inTry}
    seen = x.request.headers.get("x-seen")!;
  } catch (e) {
    seen = "none";
  }
  x.respond(200, seen);
});
`;
  const change: Change = {
    afterParse() {
      (this.program["options"] as Record<string, number>)["bundlePatchVersion"] = 18;
    },
  };
  writeFileSync(join(folder, "flow.ts"), flow("sleep(1);"));
  const { said } = await build(change, "flow.ts");
  assert.match(
    said,
    /flow\.ts:5:3: a flow waits within try, which takes AssemblyScript 0\.28\.19 or newer, and this is 0\.28\.18: npm install/,
  );
  writeFileSync(join(folder, "flow.ts"), flow(""));
  assert.notEqual((await build(change, "flow.ts")).wasm, undefined, "it does not wait there");
});
