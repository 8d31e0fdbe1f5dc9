/**
 * `proxy-wasm-as schema`: what a filter's configuration may be, for editors, for `manifest` and for READMEs.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";
import { Command, Option } from "commander";
import { writeWhole } from "../oci/index.js";
import {
  PACKAGE_SOURCES,
  SchemaError,
  configClasses,
  jsonSchema,
  manifestSchema,
  markdownTable,
  schemaTargets,
  type ConfigClass,
} from "../schema/index.js";
import { requireProject } from "./compile.js";
import { UserError } from "./error.js";
import { readNamed } from "./files.js";
import { home } from "./sdk-spec.js";

interface Options {
  readonly class?: string;
  readonly for?: string;
  readonly markdown?: true;
  readonly output?: string;
}

export function schema(): Command {
  return new Command("schema")
    .description("Write the JSON Schema of the class that a filter reads its configuration into.")
    .argument("[file]", "the filter's source; left out, what asconfig.json names")
    .option("--class <name>", "which class, where the filter reads several")
    .addOption(
      new Option("--for <host>", "the schema of a manifest with the configuration in it").choices(
        schemaTargets,
      ),
    )
    .option("--markdown", "a table for a README instead")
    .option("-o, --output <file>", "a file instead of standard output")
    .addHelpText("after", "\nExample:\n  $ proxy-wasm-as schema -o configuration.schema.json")
    .action((file: string | undefined, options: Options) => {
      const config = chosen(classesOf(file), options.class);
      if (options.markdown === true && options.for !== undefined)
        throw new UserError("--markdown and --for exclude each other.");
      const text =
        options.markdown === true
          ? markdownTable(config)
          : `${JSON.stringify(options.for === undefined ? jsonSchema(config) : manifestSchema(config, options.for), null, 2)}\n`;
      if (options.output === undefined) process.stdout.write(text);
      else {
        writeWhole(options.output, Buffer.from(text));
        const line =
          options.markdown === true
            ? "."
            : `; for editors: # yaml-language-server: $schema=${options.output}`;
        console.log(`Wrote ${options.output}${line}`);
      }
    });
}

/** The classes that a source, or the project's entries, read. */
function classesOf(file: string | undefined): ConfigClass[] {
  const folder = file === undefined ? requireProject().folder : process.cwd();
  const entries = file === undefined ? entriesOf(folder) : [toPath(relative(folder, resolve(file)))];
  if (file !== undefined) readNamed(file, "name the filter's source");
  try {
    return configClasses(entries, (path) => {
      const isOwn = !path.startsWith(PACKAGE_SOURCES);
      const whole = isOwn ? join(folder, path) : join(home, path.slice(PACKAGE_SOURCES.length));
      return existsSync(whole) ? readFileSync(whole, "utf8") : undefined;
    });
  } catch (error) {
    throw error instanceof SchemaError ? new UserError(error.message) : error;
  }
}

function entriesOf(folder: string): string[] {
  const file = join(folder, "asconfig.json");
  let entries: unknown;
  try {
    entries = (JSON.parse(readFileSync(file, "utf8")) as { entries?: unknown }).entries;
  } catch (error) {
    throw new UserError(`asconfig.json cannot be read: ${(error as Error).message}; put this right.`);
  }
  if (!Array.isArray(entries) || !entries.every((entry) => typeof entry === "string") || entries.length === 0)
    throw new UserError(
      'asconfig.json names no "entries"; say which file: proxy-wasm-as schema assembly/index.ts',
    );
  return entries.map((entry) => toPath(relative(folder, resolve(dirname(file), entry))));
}

function toPath(path: string): string {
  return posix.normalize(path.replaceAll("\\", "/"));
}

function chosen(classes: readonly ConfigClass[], name: string | undefined): ConfigClass {
  const names = classes.map((one) => one.name).join(", ");
  const found = name === undefined ? classes : classes.filter((one) => one.name === name);
  if (classes.length === 0)
    throw new UserError(
      "No call of readConfig<T>() was found: read the configuration with it (proxy-wasm-as/assembly/std/config), or name the source that does.",
    );
  if (found.length === 0) throw new UserError(`The filter reads no class ${name}; it reads ${names}.`);
  if (found.length > 1)
    throw new UserError(`The filter reads several classes; choose one with --class: ${names}.`);
  return found[0]!;
}
