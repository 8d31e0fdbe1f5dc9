/** `npm run hosts` writes the tables of docs/hosts.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { hostsPage } from "../../src/hosts/index.js";
import { root } from "../support/paths.js";

export const file = join(root, "docs", "hosts.md");

/** The page as it should be. */
export async function pageText(): Promise<string> {
  const text = readFileSync(file, "utf8");
  const marks = /(<!-- written by [^>]*-->\n)[^]*(<!-- end -->)/;
  if (!marks.test(text)) throw new Error("docs/hosts.md has no marks");
  const whole = text.replace(marks, (_, first, last) => `${first}\n${hostsPage()}\n\n${last}`);
  return format(whole, { ...(await resolveConfig(file)), filepath: file });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, await pageText());
