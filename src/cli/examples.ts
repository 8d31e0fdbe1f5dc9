/**
 * The examples of the package: as projects to begin with, and to be run where they are.
 *
 * @module
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { distance } from "../distance.js";
import { UserError } from "./error.js";
import { discard } from "./files.js";
import { wrap } from "./output.js";
import { home } from "./sdk-spec.js";

/** An example, and what it shows. */
export interface Example {
  readonly name: string;
  readonly shows: string;
}

/** How the `envoy.yaml` of an example runs it. */
export interface ExampleSettings {
  readonly configuration?: string;
  readonly rootId?: string;
  /** The plugin that runs as a service. */
  readonly service?: string;
  /** Tells whether it is a filter: access loggers and stats sinks are not. */
  readonly isFilter: boolean;
}

const folder = join(home, "examples");

/** The parts of an example that belong in a project: no results of a build. */
const parts = ["assembly", "test", "package.json", "asconfig.json", "envoy.yaml", "README.md"];

/** All examples, as `examples/catalog.json` has them. */
export function examples(): readonly Example[] {
  return JSON.parse(readFileSync(join(folder, "catalog.json"), "utf8")) as Example[];
}

/** Examples, one a line. */
export function exampleList(some: readonly Example[] = examples()): string {
  const width = Math.max(...some.map(({ name }) => name.length)) + 2;
  return some.map(({ name, shows }) => `  ${name.padEnd(width)}${wrap(shows, width + 2)}`).join("\n");
}

/** The example of a name; fails with those of names like it, or with all. */
export function exampleOf(name: string): Example {
  const all = examples();
  const found = all.find((example) => example.name === name);
  if (found !== undefined) return found;
  const near = all.filter((example) => isNear(example.name, name.toLowerCase()));
  const question = near.length > 0 ? "Did you mean" : "There are";
  throw new UserError(
    `There is no example ${JSON.stringify(name)}. ${question}:\n${exampleList(near.length > 0 ? near : all)}`,
  );
}

/** Tells whether one may have been meant by the other: letters are wrong, or it is a part. */
function isNear(name: string, typed: string): boolean {
  if (typed.length < 3) return false;
  const words = typed.split(/[^a-z0-9]+/).filter((word) => word.length > 2);
  return (
    distance(name, typed) <= Math.min(3, typed.length >> 1) ||
    name.includes(typed) ||
    words.some((word) => name.split("-").includes(word))
  );
}

/** The folder of an example's sources. */
export function exampleFolder({ name }: Example): string {
  return join(folder, name);
}

/** The settings of the plugins in an example's `envoy.yaml`. */
export function exampleSettings(example: Example): ExampleSettings {
  const settings: { -readonly [K in keyof ExampleSettings]: ExampleSettings[K] } = { isFilter: false };
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { "@type": type, config } = value as { "@type"?: string; config?: PluginConfig };
    if (type?.endsWith(".WasmService") === true && config?.root_id !== undefined)
      settings.service = config.root_id;
    else if (type !== undefined && /\.filters\.(http|network)\.wasm\.v3\.Wasm$/.test(type)) {
      settings.isFilter = true;
      if (config?.root_id !== undefined) settings.rootId = config.root_id;
      if (config?.configuration?.value !== undefined) settings.configuration = config.configuration.value;
    }
    Object.values(value).forEach(look);
  };
  look(parse(readFileSync(join(exampleFolder(example), "envoy.yaml"), "utf8")));
  return settings;
}

interface PluginConfig {
  readonly root_id?: string;
  readonly configuration?: { readonly value?: string };
}

interface Manifest {
  readonly scripts: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

/** Copies an example into a folder that is there, as the project `name`; its configuration gets a file of its own. */
export function copyExample(example: Example, to: string, name: string, sdk: string): void {
  const from = exampleFolder(example);
  for (const part of parts) if (existsSync(join(from, part))) copy(join(from, part), join(to, part));
  const { configuration, rootId, service, isFilter } = exampleSettings(example);
  if (configuration !== undefined) writeFileSync(join(to, "config.json"), configuration);
  const start = [
    `npm run build && proxy-wasm-as run build/${example.name}.wasm`,
    ...(configuration === undefined ? [] : ["--config-file config.json"]),
    ...(service === undefined ? [] : [`--service ${service}`]),
    ...(rootId === undefined ? [] : [`--root-id ${rootId}`]),
  ];
  const file = join(to, "package.json");
  const { scripts, devDependencies, ...others } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  const manifest = {
    ...others,
    name,
    scripts: { ...scripts, ...(isFilter && { start: start.join(" ") }) },
    devDependencies: { ...devDependencies, "proxy-wasm-as": sdk },
  };
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(to, ".gitignore"), "build/\nnode_modules/\n");
  // The files that the README links to are in the package.
  const readme = join(to, "README.md");
  const text = readFileSync(readme, "utf8");
  writeFileSync(
    readme,
    text
      .replaceAll("](../../", "](node_modules/proxy-wasm-as/")
      .replaceAll("](../", "](node_modules/proxy-wasm-as/examples/"),
  );
}

function copy(from: string, to: string): void {
  if (!statSync(from).isDirectory()) return writeFileSync(to, readFileSync(from));
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from)) copy(join(from, entry), join(to, entry));
}

/** An example that is to be run: what its `envoy.yaml` says, its folder, and one for what is built, which goes with this process. */
export function runnableExample(name: string): ExampleSettings & { folder: string; out: string } {
  const example = exampleOf(name);
  const settings = exampleSettings(example);
  if (!settings.isFilter)
    throw new UserError(
      `The example ${name} is no filter, so that there is nothing to send requests to; make a project of it: npx proxy-wasm-as new ${name} --example ${name}`,
    );
  const out = mkdtempSync(join(tmpdir(), "proxy-wasm-as-example-"));
  process.once("exit", () => discard(out));
  return { ...settings, folder: exampleFolder(example), out };
}
