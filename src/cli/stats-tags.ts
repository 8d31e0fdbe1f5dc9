/**
 * `proxy-wasm-as stats-tags`: the part of Envoy's bootstrap that takes the labels of metrics out of their names.
 *
 * @module
 */
import { Command } from "commander";
import { stringify } from "yaml";
import { statsTags } from "../stats-tags.js";
import { UserError } from "./error.js";

export function statsTagsCommand(): Command {
  return new Command("stats-tags")
    .description("Print what Envoy's bootstrap needs so that labels of metrics become tags.")
    .argument("<label...>", "the labels, as the filter names them")
    .option("--json", "as JSON, for programs")
    .addHelpText("after", "\nExample:\n  $ proxy-wasm-as stats-tags path status >> envoy.yaml")
    .action((labels: string[], options: { json?: boolean }) => {
      const wrong = labels.find((label) => /[;=]|^$/.test(label));
      if (wrong !== undefined)
        throw new UserError(
          `"${wrong}" is no label: it would be written as "${wrong.replaceAll(/[;=]/g, "_")}"`,
        );
      const config = { stats_config: { stats_tags: statsTags(labels) } };
      console.log(options.json === true ? JSON.stringify(config, null, 2) : stringify(config).trimEnd());
    });
}
