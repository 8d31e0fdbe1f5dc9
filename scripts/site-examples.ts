/**
 * The examples of the playground: those that are one file.
 *
 * @module
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "examples");

interface Example {
  readonly name: string;
  readonly shows: string;
  readonly source: string;
  readonly draft: { readonly configuration?: string; readonly rootId?: string };
}

/** Reads them, the simplest first, in the order of examples/README.md. */
export function readExamples(): Example[] {
  const overview = readFileSync(join(folder, "README.md"), "utf8");
  const shows = new Map(
    [...overview.matchAll(/^\| \[([\w-]+)\]\([\w-]+\) +\| (.*?) +\|$/gm)].map(([, name, text]) => [
      name!,
      text!,
    ]),
  );
  const order = [...shows.keys()];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "assembly/index.ts")) && !name.startsWith("docs-"))
    .sort((a, b) => placeIn(order, a) - placeIn(order, b))
    .map((name) => ({
      name,
      shows: shows.get(name) ?? "",
      source: readFileSync(join(folder, name, "assembly/index.ts"), "utf8"),
      draft: settingsOf(join(folder, name, "envoy.yaml")),
    }))
    .filter(({ source }) => !/ from "\.\.?\//.test(source));
}

function placeIn(order: readonly string[], name: string): number {
  const at = order.indexOf(name);
  return at < 0 ? order.length : at;
}

/** The plugin's configuration and root id in an example's configuration of Envoy. */
function settingsOf(file: string): Example["draft"] {
  if (!existsSync(file)) return {};
  let found: Example["draft"] = {};
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { configuration, root_id: rootId, vm_config: vm } = value as Record<string, unknown>;
    if (vm !== undefined) {
      const text = (configuration as { value?: unknown } | undefined)?.value;
      found = {
        ...(typeof text === "string" && { configuration: text }),
        ...(typeof rootId === "string" && { rootId }),
      };
    }
    Object.values(value).forEach(visit);
  };
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) visit(document.toJS());
  return found;
}
