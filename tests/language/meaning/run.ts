/** Runs pieces of TypeScript in one module and in Node. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { createHost } from "../../../src/testing/index.js";
import type { CompileOptions } from "../../support/compile.js";
import { compileFilter } from "../../support/compile.js";
import { root } from "../../support/paths.js";

/** One piece: statements that leave a text in `out`, and what they need at the top of their file. */
export interface Piece {
  readonly name: string;
  readonly body: string;
  readonly declarations?: string;
  /** Where Node cannot be asked. */
  readonly expected?: string;
}

const fileOf = ({ declarations = "", body }: Piece): string =>
  `${declarations}\nexport function run(): string {\n  ${body}\n  return out;\n}\n`;

/** What Node answers. */
export async function inNode(piece: Piece): Promise<string> {
  if (piece.expected !== undefined) return piece.expected;
  const types = "const i32 = Number, u32 = Number, f64 = Number;\n";
  const { code } = transformSync(types + fileOf(piece), { loader: "ts", format: "esm", target: "es2022" });
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { run(): string };
  return module.run();
}

/** What a module answers that has all the pieces; a collection follows each of them. */
export async function inModule(pieces: readonly Piece[], options: CompileOptions): Promise<string[]> {
  const hash = createHash("sha256").update(pieces.map(fileOf).join("\0")).digest("hex").slice(0, 12);
  const folder = `.cache/texts/${hash}`;
  mkdirSync(join(root, folder), { recursive: true });
  for (const [index, piece] of pieces.entries())
    writeFileSync(join(root, folder, `piece${index}.ts`), fileOf(piece));
  const imports = pieces.map((_, index) => `import { run as run${index} } from "./piece${index}";`);
  const cases = pieces.map((_, index) => `    case ${index}: return run${index}();`);
  writeFileSync(
    join(root, folder, "filter.ts"),
    `${imports.join("\n")}
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
function run(index: i32): string {
  switch (index) {
${cases.join("\n")}
  }
  return "";
}
class Mine extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.respond(200, run(<i32>parseInt(this.request.headers.get("x-piece")!)));
  }
}
registerHttpFilter<Mine>();
`,
  );
  const wasm = readFileSync(join(root, await compileFilterAt(`${folder}/filter.ts`, options)));
  const answers: string[] = [];
  for (const index of pieces.keys()) {
    const host = await createHost({ wasm, mayFail: true });
    const { body, logs } = await host.request({ path: "/", headers: { "x-piece": String(index) } });
    answers.push(body === "" ? logs.map(({ message }) => message).join("\n") : body);
  }
  return answers;
}

async function compileFilterAt(entry: string, options: CompileOptions): Promise<string> {
  const file = await compileFilter(entry, options);
  return file.startsWith(root) ? file.slice(root.length + 1) : file;
}
