import { Command, CommanderError } from "commander";
import { version } from "../index.js";
import { bench } from "./bench.js";
import { build } from "./build.js";
import { check } from "./check.js";
import { diffCommand } from "./diff.js";
import { doctor } from "./doctor.js";
import { UserError } from "./error.js";
import { explainCommand } from "./explain.js";
import { inspect } from "./inspect.js";
import { createProject } from "./new.js";
import { manifestCommand } from "./manifest.js";
import { columns, wrap } from "./output.js";
import { pack } from "./pack.js";
import { pull } from "./pull.js";
import { push } from "./push.js";
import { replayCommand } from "./replay.js";
import { run } from "./run.js";
import { schema } from "./schema.js";
import { statsTagsCommand } from "./stats-tags.js";
import { test } from "./test.js";
import { ui } from "./ui.js";

/** All commands, with nothing parsed yet. */
export function makeProgram(): Command {
  const program = new Command("proxy-wasm-as")
    .description("Proxy-Wasm filters in AssemblyScript: make, build, test, run and examine them.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .showHelpAfterError("(add --help for what there is)")
    .configureHelp({ formatItem: helpItem })
    .configureOutput({ writeErr: (text) => console.error(text.trimEnd()) });
  const commands = [
    createProject(),
    build(),
    run(),
    test(),
    ui(),
    inspect(),
    bench(),
    explainCommand(),
    replayCommand(),
    schema(),
    statsTagsCommand(),
    pack(),
    push(),
    pull(),
    check(),
    manifestCommand(),
    diffCommand(),
    doctor(),
  ];
  for (const command of commands) program.addCommand(command.exitOverride().copyInheritedSettings(program));
  return program;
}

/** An option or command and what it does: side by side, or one below the other where the terminal is narrow. */
function helpItem(term: string, termWidth: number, description: string): string {
  const first = termWidth + 4;
  if (description === "") return `  ${term}`;
  if (columns() - first >= 36) return `  ${term.padEnd(termWidth)}  ${wrap(description, first)}`;
  return `  ${term}\n      ${wrap(description, 6)}`;
}

/** Runs a command line; what a person can put right is told, without a stack. Sets the process's exit code. */
export async function execute(parameters: readonly string[]): Promise<void> {
  try {
    await makeProgram().parseAsync(parameters, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else if (error instanceof UserError) {
      console.error(error.message);
      process.exitCode = 1;
    } else throw error;
  }
}
