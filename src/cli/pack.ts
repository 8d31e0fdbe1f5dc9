/**
 * `proxy-wasm-as pack`: a module becomes an OCI image in a file.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { ModuleFacts } from "../deploy/module.js";
import { moduleFacts } from "../deploy/module.js";
import type { Image, Layout } from "../oci/index.js";
import { OciError, checkModule, describe, packImage, writeLayout } from "../oci/index.js";
import { UserError } from "./error.js";
import { BUILD_FIRST, readNamed } from "./files.js";

/** The common options of `pack` and `push`. */
export interface PackOptions {
  readonly layout: Layout;
  readonly annotation: readonly (readonly [string, string])[];
  readonly fromPackage?: string | true;
}

const short = [
  "title",
  "description",
  "version",
  "source",
  "revision",
  "licenses",
  "vendor",
  "url",
  "documentation",
];

export function pack(): Command {
  return withPackOptions(
    new Command("pack")
      .description("Pack a module as an OCI image, the same bytes on every machine.")
      .argument("<file>", "the module, for example build/plugin.wasm")
      .option("-o, --output <path>", "the image: an archive (.tar) or a folder", "image.tar")
      .option("-t, --tag <tag>", "the tag that the image layout names"),
  )
    .option("--json", "digest and sizes as JSON, for programs")
    .addHelpText(
      "after",
      "\nExample:\n  $ proxy-wasm-as pack build/plugin.wasm -o image.tar -a version=1.0.0",
    )
    .action((file: string, options: PackOptions & { output: string; tag?: string; json?: true }) =>
      explained(async () => {
        const { image, bytes } = await imageOf(file, options);
        await writeLayout(image, options.output, options.tag);
        const what = `Packed ${file} to ${options.output}`;
        report(image, bytes, what, options.json === true, { output: options.output });
      }),
    );
}

/** Adds the options that say what goes into an image. */
export function withPackOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--layout <name>", "compat: a tar+gzip layer; artifact: the bare module")
        .choices(["compat", "artifact"])
        .default("compat"),
    )
    .option(
      "-a, --annotation <name=value>",
      `more to say about the image, repeatable; ${short.slice(0, 6).join(", ")} and others stand for org.opencontainers.image.*`,
      (text: string, previous: [string, string][] = []) => [...previous, parseAnnotation(text)],
    )
    .option("--from-package [file]", "title, version, source and licence from a package.json");
}

function parseAnnotation(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Write it as NAME=VALUE.");
  const name = text.slice(0, equals);
  return [short.includes(name) ? `org.opencontainers.image.${name}` : name, text.slice(equals + 1)];
}

/** Reads a module and packs it. */
export async function imageOf(
  file: string,
  options: PackOptions,
): Promise<{ image: Image; bytes: Uint8Array }> {
  const bytes = new Uint8Array(readNamed(file, BUILD_FIRST));
  checkModule(bytes, file);
  const facts = factsOf(bytes, file);
  const annotations: Record<string, string> = {
    "org.opencontainers.image.title": basename(file),
    ...(facts.abiVersion !== undefined && { "proxy-wasm.abi-version": facts.abiVersion }),
    ...(facts.sdk !== undefined && { "proxy-wasm-as.version": facts.sdk }),
    ...(options.fromPackage !== undefined && fromPackage(options.fromPackage)),
    ...Object.fromEntries(options.annotation ?? []),
  };
  const image = await packImage(bytes, {
    layout: options.layout,
    annotations,
    rootIds: facts.rootIds,
    ...(facts.abiVersion !== undefined && { abiVersion: facts.abiVersion }),
  });
  return { image, bytes };
}

/** The facts about a module that its package states. A module that does not compile is the user's fault. */
export function factsOf(bytes: Uint8Array, file: string): ModuleFacts {
  try {
    return moduleFacts(bytes);
  } catch (error) {
    throw new UserError(`${file} is not a valid WebAssembly module: ${(error as Error).message}.`);
  }
}

function fromPackage(given: string | true): Record<string, string> {
  const file = given === true ? "package.json" : given;
  let fields: { name?: string; version?: string; license?: string; repository?: string | { url?: string } };
  try {
    fields = JSON.parse(readFileSync(file, "utf8")) as typeof fields;
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${(error as Error).message}.`);
  }
  const source = typeof fields.repository === "string" ? fields.repository : fields.repository?.url;
  const address = source?.replace(/^git\+/, ""); // npm's form of an address that others know without it
  const known = { title: fields.name, version: fields.version, licenses: fields.license, source: address };
  return Object.fromEntries(
    Object.entries(known)
      .filter(([, value]) => typeof value === "string")
      .map(([name, value]) => [`org.opencontainers.image.${name}`, value!]),
  );
}

/** Prints what an image is: `what` was done for people, `more` for programs. */
export function report(
  image: Image,
  module: Uint8Array,
  what: string,
  json: boolean,
  more: Record<string, unknown>,
): void {
  const layers = image.manifest.layers.map(({ digest, size, mediaType }) => ({ digest, size, mediaType }));
  if (json) {
    const { digest, layout, manifestBytes } = image;
    const sizes = { module: module.length, manifest: manifestBytes.length };
    console.log(JSON.stringify({ digest, layout, sizes, layers, ...more }, null, 2));
    return;
  }
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  console.log(`${what} (${describe(module.length)}, packed ${describe(size)}).`);
  console.log(image.digest);
}

/** Runs an action; what went wrong with an image is told without a stack. */
export async function explained(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (error instanceof OciError) throw new UserError(error.message);
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && path !== undefined) throw new UserError(`${message}.`);
    throw error;
  }
}
