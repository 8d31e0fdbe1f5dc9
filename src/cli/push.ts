/**
 * `proxy-wasm-as push`: a module goes to a registry.
 *
 * @module
 */
import { Command } from "commander";
import { formatReference, parseReference, pushImage } from "../oci/index.js";
import { UserError } from "./error.js";
import type { PackOptions } from "./pack.js";
import { explained, imageOf, report, withPackOptions } from "./pack.js";
import type { RegistryOptions } from "./registry.js";
import { clientOptions, withRegistryOptions } from "./registry.js";

export function push(): Command {
  const command = new Command("push")
    .description("Pack a module and send it to a registry.")
    .argument("<file>", "the module, for example build/plugin.wasm")
    .argument("<image>", "REGISTRY/REPOSITORY:TAG")
    .option("-t, --tag <tag>", "one more tag; repeatable", (tag: string, tags: string[] = []) => [
      ...tags,
      tag,
    ]);
  return withRegistryOptions(withPackOptions(command))
    .option("--json", "digest and sizes as JSON, for programs")
    .addHelpText(
      "after",
      "\nExample:\n  $ proxy-wasm-as push build/plugin.wasm registry.example/team/filter:1.0.0",
    )
    .action(
      (
        file: string,
        name: string,
        options: PackOptions & RegistryOptions & { tag?: string[]; json?: true },
      ) =>
        explained(async () => {
          const reference = parseReference(name);
          const { registry, repository } = reference;
          if (reference.digest !== undefined)
            throw new UserError("A push names a tag, not a digest: the digest follows from the module.");
          const tags = [reference.tag!, ...(options.tag ?? [])];
          for (const tag of tags) parseReference(`${registry}/${repository}:${tag}`);
          const { image, bytes } = await imageOf(file, options);
          const pushed = await pushImage(image, reference, tags, clientOptions(reference, options));
          const url = `oci://${formatReference({ registry, repository, tag: tags[0], digest: image.digest })}`;
          const what = `Pushed ${file} as ${tags.join(", ")}`;
          report(image, bytes, what, options.json === true, { tags, sent: pushed.sent, url });
          if (options.json !== true) console.log(url);
        }),
    );
}
