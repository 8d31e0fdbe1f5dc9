import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { cli, newProject } from "../cli/support.js";
import { root } from "../support/paths.js";

/** A project whose filter is one of this folder's. */
export function projectWith(
  t: TestContext,
  filter: string,
): { folder: string; placeOf(text: string): string } {
  const folder = newProject(t, "http");
  const text = readFileSync(join(root, "tests", "places", "filters", filter), "utf8");
  writeFileSync(join(folder, "assembly", "index.ts"), text);
  const lines = text.split("\n");
  return {
    folder,
    placeOf: (part) => {
      const line = lines.findIndex((one) => one.includes(part));
      return `assembly/index.ts:${line + 1}:${lines[line]!.indexOf(part) + 1}`;
    },
  };
}

/** Runs the command in a project; it must succeed. */
export function succeeds(folder: string, ...parameters: string[]): string {
  const { status, stdout, stderr } = cli(parameters, { cwd: folder });
  if (status !== 0) throw new Error(`${parameters.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}
