/** `npm run hosts` writes the tables of docs/hosts.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { hostsPage } from "../../src/hosts/index.js";
import { root } from "../support/paths.js";
import { readResults } from "./results.js";

export const file = join(root, "docs", "hosts.md");

/** The page as it should be. */
export async function pageText(): Promise<string> {
  const text = readFileSync(file, "utf8");
  const marks = /(<!-- written by [^>]*-->\n)[^]*(<!-- end -->)/;
  if (!marks.test(text)) throw new Error("docs/hosts.md has no marks");
  const whole = text.replace(
    marks,
    (_, first, last) => `${first}\n${hostsPage()}\n\n${examplesPart()}\n\n${last}`,
  );
  return format(whole, { ...(await resolveConfig(file)), filepath: file });
}

/** The examples in the hosts in which they were run. */
function examplesPart(): string {
  const results = readResults();
  const columns = Object.keys(results);
  const names = Object.keys(results["java"]!);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const cell = (text: string | undefined): string =>
    text === undefined ? "not run" : text.replace(/^(not loaded): .*/, "$1").replace(/^(fails): .*/, "$1");
  return [
    "## The examples, run",
    "What came of a GET and its response, with no configuration, in the Java host; each module as `build` makes it, and as `build --host java` does.",
    [
      line(["Example", ...columns]),
      line(["---", ...columns.map(() => "---")]),
      ...names.map((name) => line([`\`${name}\``, ...columns.map((host) => cell(results[host]![name]))])),
    ].join("\n"),
  ].join("\n\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, await pageText());
