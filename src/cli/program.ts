import { Command, CommanderError } from "commander";
import { version } from "../index.js";
import { UserError } from "./error.js";
import { columns, wrap } from "./output.js";

/** The commands in the order of the help. Each is read when it is called: reading all of them takes half a second. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  new: async () => (await import("./new.js")).createProject(),
  build: async () => (await import("./build.js")).build(),
  run: async () => (await import("./run.js")).run(),
  test: async () => (await import("./test.js")).test(),
  ui: async () => (await import("./ui.js")).ui(),
  inspect: async () => (await import("./inspect.js")).inspect(),
  bench: async () => (await import("./bench.js")).bench(),
  explain: async () => (await import("./explain.js")).explainCommand(),
  replay: async () => (await import("./replay.js")).replayCommand(),
  schema: async () => (await import("./schema.js")).schema(),
  "stats-tags": async () => (await import("./stats-tags.js")).statsTagsCommand(),
  pack: async () => (await import("./pack.js")).pack(),
  push: async () => (await import("./push.js")).push(),
  pull: async () => (await import("./pull.js")).pull(),
  check: async () => (await import("./check.js")).check(),
  manifest: async () => (await import("./manifest.js")).manifestCommand(),
  diff: async () => (await import("./diff.js")).diffCommand(),
  doctor: async () => (await import("./doctor.js")).doctor(),
};

/** The program with the command that is called, or with all of them when the first parameter is none. */
async function makeProgram([called = ""]: readonly string[]): Promise<Command> {
  const program = new Command("proxy-wasm-as")
    .description("Proxy-Wasm filters in AssemblyScript: make, build, test, run and examine them.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .showHelpAfterError("(add --help for what there is)")
    .configureHelp({ formatItem: helpItem })
    .configureOutput({ writeErr: (text) => console.error(text.trimEnd()) });
  const wanted = Object.hasOwn(commands, called) ? [commands[called]!] : Object.values(commands);
  for (const load of wanted) {
    const command = await load();
    program.addCommand(command.exitOverride().copyInheritedSettings(program));
  }
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
    await (await makeProgram(parameters)).parseAsync(parameters, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else if (error instanceof UserError) {
      console.error(error.message);
      process.exitCode = 1;
    } else throw error;
  }
}
