/**
 * A project's own tests, and what runs them.
 *
 * @module
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "./error.js";

/** A program that runs tests, with its parameters. */
export interface TestRun {
  /** The name of the runner: "Node", "vitest" and so on. */
  readonly runner: string;
  readonly program: string;
  readonly parameters: readonly string[];
  readonly files: readonly string[];
}

/** The folders that may have tests. */
const FOLDERS = ["test", "tests"];
const TEST_FILE = /\.(test|spec)\.[cm]?[jt]s$/;

/** The test files of a project, by their path from its folder. */
function testFiles(folder: string): string[] {
  return FOLDERS.filter((name) => existsSync(join(folder, name))).flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, encoding: "utf8" })
      .filter((path) => TEST_FILE.test(path) && !/(^|[/\\])node_modules[/\\]/.test(path))
      .sort()
      .map((path) => join(name, path)),
  );
}

/** Other runners. A runner is chosen if the tests import it; if they import none, the project's own is. */
const RUNNERS = {
  vitest: { imports: "vitest", packages: ["vitest"], bin: "vitest", parameters: ["run"] },
  jest: { imports: "@jest/globals", packages: ["jest"], bin: "jest", parameters: [] },
  mocha: { imports: "mocha", packages: ["mocha"], bin: "mocha", parameters: [] },
  ava: { imports: "ava", packages: ["ava"], bin: "ava", parameters: [] },
} as const;

/**
 * Plans the run of the tests of the project in `folder`; throws when there are none, or nothing that could run them. With
 * `debugPort`, Node waits there for a debugger before each file.
 */
export function planTests(folder: string, asJson: boolean, debugPort?: number): TestRun {
  const files = testFiles(folder);
  if (files.length === 0)
    throw new UserError("There is no test/*.test.js or .test.ts here; or name a suite: --suite tests.textpb");
  const imported = new Set(
    files.flatMap((file) =>
      [
        ...readFileSync(join(folder, file), "utf8").matchAll(
          /(?:from|require\(|import\()\s*["']([^"']+)["']/g,
        ),
      ].map(([, name]) => name!),
    ),
  );
  const all = { folder, files };
  if (imported.has("bun:test"))
    return { runner: "bun", program: "bun", parameters: ["test", ...files], files };
  for (const [name, { imports }] of Object.entries(RUNNERS))
    if (imported.has(imports)) return other(name as keyof typeof RUNNERS, all);
  if (!imported.has("node:test"))
    for (const [name, { packages }] of Object.entries(RUNNERS))
      if (packages.some((each) => dependenciesOf(folder).has(each)))
        return other(name as keyof typeof RUNNERS, all);
  const reporter = asJson ? "--test-reporter=tap" : "--test-reporter=spec";
  const inspect = debugPort === undefined ? [] : [`--inspect-brk=127.0.0.1:${debugPort}`];
  const parameters = [...inspect, ...loader(all), "--test", reporter, ...files];
  return { runner: "Node", program: process.execPath, parameters, files };
}

interface Tests {
  readonly folder: string;
  readonly files: readonly string[];
}

function dependenciesOf(folder: string): Set<string> {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return new Set();
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as Record<
    string,
    object
  >;
  return new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
}

/** A runner that the project has installed. */
function other(name: keyof typeof RUNNERS, { folder, files }: Tests): TestRun {
  const { bin, parameters } = RUNNERS[name];
  try {
    const manifest = manifestOf(folder, name);
    const { bin: bins } = JSON.parse(readFileSync(manifest, "utf8")) as {
      bin: string | Record<string, string>;
    };
    const file = join(dirname(manifest), typeof bins === "string" ? bins : bins[bin]!);
    return { runner: name, program: process.execPath, parameters: [file, ...parameters, ...files], files };
  } catch {
    throw new UserError(
      `The tests are ${name}'s, which is not installed here; run: npm install --save-dev ${name}`,
    );
  }
}

/** The package.json of a package that the project sees, also of one whose `exports` keep it to themselves. */
function manifestOf(folder: string, name: string): string {
  const require = createRequire(join(folder, "package.json"));
  for (const start of require.resolve.paths(name) ?? [])
    if (existsSync(join(start, name, "package.json"))) return join(start, name, "package.json");
  return require.resolve(`${name}/package.json`);
}

/** The parameters that let Node read TypeScript: newer versions do by themselves, others with the project's tsx. */
function loader({ folder, files }: Tests): string[] {
  const isTyped = files.some((file) => /ts$/.test(file));
  if (!isTyped || ("typescript" in process.features && Boolean(process.features.typescript))) return [];
  try {
    const tsx = createRequire(join(folder, "package.json")).resolve("tsx");
    return ["--import", pathToFileURL(tsx).href];
  } catch {
    throw new UserError(
      `This Node (${process.version}) does not read ${relative(
        "",
        files.find((file) => /ts$/.test(file))!,
      )}; run: npm install --save-dev tsx`,
    );
  }
}
