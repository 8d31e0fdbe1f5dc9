#!/usr/bin/env node
/**
 * The command `proxy-wasm-as`. Exit codes: 0 fine, 1 it did not work, 2 it was called wrongly.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { version } from "../index.js";
import { doctor } from "./doctor.js";
import { UserError } from "./error.js";
import { run } from "./run.js";
import { statsTagsCommand } from "./stats-tags.js";

const program = new Command("proxy-wasm-as")
  .description("Proxy-Wasm filters in AssemblyScript: run and examine them on this machine.")
  .version(version, "-V, --version", "print the version")
  .helpOption("-h, --help", "print this help")
  .exitOverride()
  .showHelpAfterError("(add --help for what there is)");

for (const command of [run(), statsTagsCommand(), doctor()])
  program.addCommand(command.exitOverride().copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof UserError) {
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
}
