/**
 * `proxy-wasm-as diff`: compares deployed objects with those that `manifest` would write.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { ManifestError, deployedDifferences } from "../deploy/index.js";
import type { ObjectDifference } from "../deploy/index.js";
import { UserError } from "./error.js";
import { addManifestOptions, manifestText } from "./manifest.js";
import type { ManifestFlags } from "./manifest.js";
import { color } from "./output.js";

export function diffCommand(): Command {
  const command = new Command("diff")
    .description("Say what a manifest would change of what is deployed (YAML on standard input).")
    .argument("<module>", "the module's file");
  return addManifestOptions(command)
    .option("--json", "as JSON, for programs")
    .addHelpText(
      "after",
      "\nTakes the options of manifest. Ends with 1 when something differs.\n\nExample:\n  $ kubectl -n shop get wasmplugin filter -o yaml |\n      proxy-wasm-as diff build/plugin.wasm --for istio --istio 1.29 \\\n        --image registry.example/filter:1.0.0 --name filter",
    )
    .action(async (file: string, options: ManifestFlags & { readonly json?: true }) => {
      if (process.stdin.isTTY)
        throw new UserError(
          "What is deployed comes by standard input: kubectl get … -o yaml | proxy-wasm-as diff …",
        );
      const wanted = await manifestText(file, options);
      const found = compared(readFileSync(0, "utf8"), wanted);
      console.log(options.json === true ? JSON.stringify(found, null, 2) : found.map(text).join("\n"));
      if (found.some(({ isDeployed, differences }) => !isDeployed || differences.length > 0))
        process.exitCode = 1;
    });
}

function compared(deployed: string, wanted: string): ObjectDifference[] {
  try {
    return deployedDifferences(deployed, wanted);
  } catch (error) {
    if (error instanceof ManifestError) throw new UserError(error.message);
    throw error;
  }
}

function text({ object, isDeployed, differences }: ObjectDifference): string {
  if (!isDeployed) return `${object} is not deployed.`;
  if (differences.length === 0) return `${object} is as it would be.`;
  const value = (field: unknown): string => (field === undefined ? "(none)" : JSON.stringify(field));
  return [
    `${object} differs:`,
    ...differences.flatMap(({ path, deployed, wanted }) => [
      `  ${path}`,
      color.red(`    - ${value(deployed)}`),
      color.green(`    + ${value(wanted)}`),
    ]),
  ].join("\n");
}
