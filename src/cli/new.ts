/**
 * `proxy-wasm-as new`: a project to begin with.
 *
 * @module
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { Command, Option } from "commander";
import { UserError } from "./error.js";
import { copyExample, exampleList, exampleOf, exampleSettings } from "./examples.js";
import type { Example } from "./examples.js";
import { discard } from "./files.js";
import { whenLeaving } from "./leave.js";
import { color, shown } from "./output.js";
import { install, managerNames, packageManager } from "./package-manager.js";
import type { PackageManager } from "./package-manager.js";
import { home, sdkSpec } from "./sdk-spec.js";

/** The templates of new projects. */
const templates = {
  http: "an HTTP filter with configuration",
  flow: "an HTTP filter in straight lines, which waits for calls",
  tcp: "a network filter",
  service: "a service that runs once in the proxy, and a filter it works for",
} as const;

type Template = keyof typeof templates;

/** The name that the templates have in place of the project's. */
const PLACEHOLDER = /my([-_])filter/g;

interface NewOptions {
  readonly template?: Template;
  readonly example?: string | true;
  readonly install: boolean;
  readonly sdk?: string;
  readonly packageManager?: PackageManager["name"];
}

export function createProject(): Command {
  return new Command("new")
    .description("Make a project: a filter, its test, its configuration for Envoy.")
    .argument("[folder]", "where to; asked for on a terminal")
    .addOption(
      new Option("-t, --template <name>", "what to begin with (default: http)").choices(
        Object.keys(templates),
      ),
    )
    .addOption(
      new Option(
        "-e, --example [name]",
        "begin with one of the examples; without a name, lists them",
      ).conflicts("template"),
    )
    .option("--no-install", "leave it to you to install its packages")
    .addOption(
      new Option("--package-manager <name>", "what installs them; left out, what this runs under").choices(
        managerNames,
      ),
    )
    .option("--sdk <spec>", "the proxy-wasm-as that it uses: a version, or a tarball; left out, this one")
    .addHelpText(
      "after",
      `
Templates:
${Object.entries(templates)
  .map(([name, what]) => `  ${name.padEnd(8)} ${what}`)
  .join("\n")}

Example:
  $ npx proxy-wasm-as new my-filter
  $ cd my-filter
  $ npm start

  $ npx proxy-wasm-as new my-limit --example rate-limit`,
    )
    .action(start);
}

async function start(named: string | undefined, options: NewOptions): Promise<void> {
  if (options.example === true) {
    console.log(exampleList());
    return;
  }
  const example = options.example === undefined ? undefined : exampleOf(options.example);
  const { folder, template } = await decide(named ?? example?.name, options);
  const target = resolve(folder);
  requireFree(target);
  const manager = packageManager(options.packageManager);
  write(target, example ?? template, specOf(options.sdk ?? sdkSpec()));
  const what = example === undefined ? templates[template] : `the example ${example.name}`;
  console.log(`Made ${color.bold(shown(target))}: ${what}.`);
  const installed = options.install && (await install(manager, target));
  const steps = [
    ...(target === process.cwd() ? [] : [`cd ${shown(target)}`]),
    ...(installed ? [] : [manager.install]),
    manager.test,
    ...(example === undefined || exampleSettings(example).isFilter ? [manager.start] : []),
  ];
  console.log(`Next:\n${steps.map((step) => `  ${step}`).join("\n")}`);
  if (options.install && !installed) process.exitCode = 1;
}

/** The user's wishes, from the command line or from questions on a terminal. */
async function decide(
  folder: string | undefined,
  { template }: NewOptions,
): Promise<{ folder: string; template: Template }> {
  if (folder !== undefined) return { folder, template: template ?? "http" };
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true)
    throw new UserError("Name the folder to make: proxy-wasm-as new my-filter");
  const { cancel, isCancel, select, text } = await import("@clack/prompts");
  const answered = await text({
    message: "Which folder?",
    placeholder: "my-filter",
    defaultValue: "my-filter",
  });
  const chosen: unknown = isCancel(answered)
    ? answered
    : (template ??
      (await select({
        message: "What is it?",
        options: Object.entries(templates).map(([value, label]) => ({ value, label })),
      })));
  if (isCancel(answered) || isCancel(chosen)) {
    cancel("Nothing was made.");
    process.exit(130);
  }
  return { folder: answered, template: chosen as Template };
}

function requireFree(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory())
    throw new UserError(`${shown(folder)} is a file; choose another name.`);
  if (readdirSync(folder).some((name) => name !== ".git"))
    throw new UserError(`${shown(folder)} is not empty; choose another name, or empty it first.`);
}

/** Writes the project, whole or not at all. */
function write(target: string, from: Template | Example, sdk: string): void {
  const draft = `${target}.draft-${process.pid}`;
  const forget = whenLeaving(() => discard(draft));
  const name = packageName(basename(target));
  try {
    mkdirSync(draft, { recursive: true });
    if (typeof from === "object") copyExample(from, draft, name, sdk);
    else writeTemplate(draft, from, name, sdk);
    mkdirSync(target, { recursive: true });
    for (const entry of readdirSync(draft)) renameSync(join(draft, entry), join(target, entry));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`${shown(target)} cannot be written (${code}); choose a folder that is yours.`);
  } finally {
    discard(draft);
    forget();
  }
}

function writeTemplate(draft: string, template: Template, name: string, sdk: string): void {
  for (const from of ["common", template]) copy(join(home, "templates", from), draft, name);
  const manifest = JSON.stringify(packageOf(name, template, sdk), null, 2);
  writeFileSync(join(draft, "package.json"), `${manifest}\n`);
}

function copy(from: string, to: string, name: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    // npm leaves files called .gitignore out of packages.
    const target = join(to, entry.name === "gitignore" ? ".gitignore" : entry.name);
    if (entry.isDirectory()) {
      mkdirSync(target, { recursive: true });
      copy(source, target, name);
    } else {
      const text = readFileSync(source, "utf8");
      writeFileSync(
        target,
        text.replace(PLACEHOLDER, (_, joint: string) => name.replaceAll("-", joint)),
      );
    }
  }
}

/** A name that npm, Envoy and metrics accept. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "my-filter" : name;
}

function packageOf(name: string, template: Template, sdk: string): object {
  const { devDependencies } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as {
    devDependencies?: Record<string, string>;
  };
  const run = `proxy-wasm-as run --watch${template === "service" ? " --service service --root-id filter" : ""}`;
  return {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: {
      build: "proxy-wasm-as build",
      start: run,
      "start:envoy": `${run} --envoy`,
      test: "proxy-wasm-as test",
      inspect: "proxy-wasm-as build && proxy-wasm-as inspect build/plugin.wasm",
    },
    devDependencies: {
      assemblyscript: devDependencies?.["assemblyscript"] ?? "0.28.20",
      "proxy-wasm-as": sdk,
    },
  };
}

/** A version as it is; a file or folder as package managers want it. */
function specOf(sdk: string): string {
  return !sdk.startsWith("file:") && /[/\\]|\.tgz$/.test(sdk) ? `file:${resolve(sdk)}` : sdk;
}
