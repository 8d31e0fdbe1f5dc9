/** `node scripts/release-notes.mjs VERSION`: prints the changelog's part of a version, which must be the package's own. */
import { readFileSync } from "node:fs";

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const [version] = process.argv.slice(2);
const { version: own } = JSON.parse(read("package.json"));
if (version !== own) fail(`the package is ${own}, and not ${version}`);
const [, ...parts] = read("CHANGELOG.md").split(/^## /m);
const part = parts.find((text) => text.startsWith(`${version} `) || text.startsWith(`${version}\n`));
if (part === undefined) fail(`the changelog has no part for ${version}`);
const [heading, ...lines] = part.split("\n");
if (/not released/i.test(heading)) fail(`the changelog says of ${version} that it is not released`);
console.log(lines.join("\n").trim());

function fail(message) {
  console.error(message);
  process.exit(1);
}
