/** The examples in the SDK's doc comments compile. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { CommentExample } from "../support/comment-examples.js";
import { commentExamples, fileOfExample } from "../support/comment-examples.js";
import { compileText } from "../support/compile.js";
import { root } from "../support/paths.js";

const examples = commentExamples();

/** A module needs one. */
const filter = `import { HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Nothing extends HttpContext { onLog(): void {} }
registerHttpFilter<Nothing>("nothing");
`;

/** Compiles examples together; answers what the compiler says, with the example's place. */
async function compileAll(folder: string, some: readonly CommentExample[]): Promise<string | undefined> {
  const path = join(root, ".cache", "examples", folder);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  const names = some.map(({ place }) => place.replace(/[/:.]/g, "-"));
  some.forEach((example, i) => {
    writeFileSync(join(path, `${names[i]!}.ts`), fileOfExample(example, names[i]!));
  });
  const entry = names.map(
    (name, i) => `export { used as used${i} } from "../../examples/${folder}/${name}";\n`,
  );
  const plain = names.map((name) => `import "../../examples/${folder}/${name}";\n`);
  const lines = names.map((_, i) =>
    /export function used/.test(fileOfExample(some[i]!, "x")) ? entry[i] : plain[i],
  );
  return compileText(lines.join("") + filter);
}

test("examples in comments: there are as many as there were", () => {
  assert.ok(examples.length >= 100, String(examples.length));
});

for (const [kind, wanted] of [
  ["flow", (place: string) => place.startsWith("flow/")],
  ["std", (place: string) => place.startsWith("std/")],
  ["others", (place: string) => !/^(flow|std)\//.test(place)],
] as const)
  test(`examples in comments compile: ${kind}`, async () => {
    assert.equal(
      await compileAll(
        kind,
        examples.filter(({ place }) => wanted(place)),
      ),
      undefined,
    );
  });

test("examples in comments: one that does not compile is found, in statements and in classes", async () => {
  const wrong = [
    'if (this.request.headers.has("a", "b")) return this.respond(401);',
    "class Wrong extends HttpContext {\n  onLog(): void {\n    this.nothing();\n  }\n}",
    "onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {\n  return this.nothing();\n}",
  ];
  for (const code of wrong)
    assert.match((await compileAll("wrong", [{ place: "x.ts:7", code }]))!, /x-ts-7\.ts\(\d+,\d+\)/, code);
});
