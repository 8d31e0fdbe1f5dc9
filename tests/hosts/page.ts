/** `npm run hosts` writes the tables of docs/hosts.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { hostsPage } from "../../src/hosts/index.js";
import { root } from "../support/paths.js";
import { exampleNames } from "../../scripts/build-examples.js";
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

/** The examples and scenarios in the hosts in which they were run. */
function examplesPart(): string {
  const { examples, scenarios } = readResults();
  const columns = [...Object.keys(examples)].sort();
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const cell = (text: string | undefined): string =>
    text === undefined ? "not run" : text.replace(/^(not loaded|not built|fails|skipped): .*/, "$1");
  return [
    "## The examples, run",
    "In Envoys: the example's own tests, with its configuration and upstreams. In the Java host: what came of a GET and its response, with no configuration; each module as `build` makes it, and as `build --host java` does.",
    [
      line(["Example", ...columns]),
      line(["---", ...columns.map(() => "---")]),
      ...exampleNames().map((name) =>
        line([`\`${name}\``, ...columns.map((host) => cell(examples[host]![name]))]),
      ),
    ].join("\n"),
    "## The scenarios, run",
    "Each scenario of `tests/parity` in each Envoy; what an older one does otherwise is recorded, and is a rule of the embedded host ([Other Envoys](testing.md#other-envoys)).",
    [
      line(["Envoy", "as recorded", "otherwise"]),
      line(["---", "---", "---"]),
      ...Object.entries(scenarios)
        .sort()
        .map(([host, { equal, differing }]) =>
          line([host, String(equal), differing.length === 0 ? "none" : differing.join(", ")]),
        ),
    ].join("\n"),
  ].join("\n\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, await pageText());
