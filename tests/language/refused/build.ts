/** Builds files that the build refuses, and takes its messages apart. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runAsc } from "../../../scripts/compilers.js";
import { root } from "../../support/paths.js";
import type { Refused } from "./cases.js";

const MARK = "▸";

/** A message of the build. */
export interface Message {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

const marked = ([, statements, declarations = ""]: Refused): string =>
  `${declarations}\nexport function run(): void {\n  ${statements}\n}\n`;

/** Where the mark of a case is. */
export function placeOf(refused: Refused): { line: number; column: number } {
  const before = marked(refused).split(MARK)[0]!.split("\n");
  return { line: before.length, column: before.at(-1).length + 1 };
}

/** Builds one module of all cases, each a file of its own; answers what is said of each file. */
export async function build(cases: readonly Refused[]): Promise<Message[][]> {
  const hash = createHash("sha256").update(cases.map(marked).join("\0")).digest("hex").slice(0, 12);
  const folder = `.cache/texts/${hash}`;
  mkdirSync(join(root, folder), { recursive: true });
  for (const [index, refused] of cases.entries())
    writeFileSync(join(root, folder, `case${index}.ts`), marked(refused).replaceAll(MARK, ""));
  writeFileSync(
    join(root, folder, "filter.ts"),
    `${cases.map((_, index) => `import { run as run${index} } from "./case${index}";`).join("\n")}
import { FilterHeadersStatus, HttpContext, registerHttpFilter } from "proxy-wasm-as";
class Mine extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    ${cases.map((_, index) => `run${index}();`).join("\n    ")}
    return FilterHeadersStatus.Continue;
  }
}
registerHttpFilter<Mine>();
`,
  );
  const entry = `${folder}/filter.ts`;
  const { message = "" } = await runAsc([
    entry,
    "--config=asconfig.json",
    "--outFile=never.wasm",
    "--baseDir",
    root,
  ]);
  const found: Message[][] = cases.map(() => []);
  const plain = message.replace(/\x1b\[\d+m/g, "");
  for (const part of plain.split(/^(?=(?:ERROR|WARNING) )/m)) {
    const match = /^(?:ERROR|WARNING) \w+: ([^]*?)\n\s*:\n[^]*?└─ in (\S+)\((\d+),(\d+)\)/.exec(part);
    const file = /case(\d+)\.ts$/.exec(match?.[2] ?? "");
    if (match && file)
      found[Number(file[1])]!.push({ text: match[1]!, line: Number(match[3]), column: Number(match[4]) });
  }
  return found;
}
