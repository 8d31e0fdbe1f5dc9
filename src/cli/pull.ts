/**
 * `proxy-wasm-as pull`: the module of an image on a registry.
 *
 * @module
 */
import { Command } from "commander";
import type { RemoteImage } from "../oci/index.js";
import {
  describe,
  formatReference,
  inspectImage,
  parseReference,
  pullImage,
  writeWhole,
} from "../oci/index.js";
import { explained, factsOf } from "./pack.js";
import type { RegistryOptions } from "./registry.js";
import { clientOptions, withRegistryOptions } from "./registry.js";

export function pull(): Command {
  const command = new Command("pull")
    .description("Get the module of an image, as Istio and Envoy Gateway would.")
    .argument("<image>", "REGISTRY/REPOSITORY:TAG, or @sha256:…")
    .option("-o, --output <file>", "where the module goes; left out, REPOSITORY.wasm")
    .option("--inspect", "only say what the image is");
  return withRegistryOptions(command)
    .option("--json", "as JSON, for programs")
    .addHelpText(
      "after",
      "\nExample:\n  $ proxy-wasm-as pull registry.example/team/filter:1.0.0 -o filter.wasm",
    )
    .action((name: string, options: RegistryOptions & { output?: string; inspect?: true; json?: true }) =>
      explained(async () => {
        const reference = parseReference(name);
        const client = clientOptions(reference, options);
        if (options.inspect === true) {
          tell(await inspectImage(reference, client), options.json === true, {});
          return;
        }
        const image = await pullImage(reference, client);
        const output = options.output ?? `${reference.repository.split("/").at(-1)}.wasm`;
        const { abiVersion, sdk } = factsOf(image.module, `The module of ${formatReference(reference)}`);
        writeWhole(output, image.module);
        tell(image, options.json === true, { output, bytes: image.module.length, abiVersion, sdk });
        if (options.json !== true)
          console.log(`${formatReference(reference)}: ${describe(image.module.length)} in ${output}.`);
      }),
    );
}

function tell(image: RemoteImage, json: boolean, more: Record<string, unknown>): void {
  if (json) console.log(JSON.stringify({ ...imageFacts(image), ...more }, null, 2));
  else printImage(image);
}

/** The facts about an image, for programs. */
export function imageFacts({ digest, layout, layer, manifest }: RemoteImage): Record<string, unknown> {
  return { digest, layout, layer, annotations: manifest.annotations ?? {} };
}

/** Prints the facts about an image, for people. */
export function printImage({ digest, layout, layer, manifest }: RemoteImage): void {
  console.log(digest);
  console.log(`layout      ${layout}, a layer of ${describe(layer.size)}`);
  for (const [name, value] of Object.entries(manifest.annotations ?? {}))
    console.log(`annotation  ${name}=${value}`);
}
