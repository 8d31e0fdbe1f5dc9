/**
 * `proxy-wasm-as test`: suites, or a project's own tests.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { Command, Option } from "commander";
import { compileForDebugging, compileForTests } from "./compile-for-tests.js";
import { requireProject } from "./compile.js";
import { attachHint, debugOptions, isAttached } from "./debugging.js";
import type { DebugOptions } from "./debugging.js";
import { startRecording } from "./recording.js";
import { UserError } from "./error.js";
import { projectHosts } from "./hosts.js";
import { whenLeaving } from "./leave.js";
import { bytes, count, shown, reflow } from "./output.js";
import { planTests } from "./own-tests.js";
import { levels } from "./runner.js";
import type { SuiteOptions } from "./test-suites.js";
import { COVERAGE_VARIABLE } from "../coverage/index.js";
import { CALLBACK_LIMIT_VARIABLE } from "../testing/slow-callbacks.js";
import { RECORD_VARIABLE } from "../testing/record-file.js";
import { DEBUG_VARIABLE } from "../testing/debug-module.js";
import { CoverageRun } from "./coverage.js";

interface TestOptions extends DebugOptions, SuiteOptions {
  readonly suite?: readonly string[];
  readonly coverage?: boolean;
  readonly record?: string;
}

export function test(): Command {
  const command = new Command("test")
    .description("Run test suites against a module, or the tests of the project in this folder.")
    .argument("[file]", "the module; left out, the project in this folder is built")
    .option("-s, --suite <file...>", "suites: protobuf text (.textpb) or YAML")
    .option("-c, --config <text>", "the plugin's configuration, over the suite's own")
    .option("--config-file <file>", "the plugin's configuration, from a file")
    .option("--root-id <id>", "which of the module's plugins to test")
    .addOption(new Option("-l, --log-level <level>", "messages below are not compared").choices(levels))
    .option("--only <text>", "tests whose name contains this text")
    .option("--envoy", "in a real Envoy instead of the embedded host (suites)")
    .option("--json", "results as JSON, for programs; TAP of own tests")
    .option("--record <file>", "write what the module and the host say to each other, for replay")
    .option("--coverage", "show how much of the filter's source its own tests execute");
  for (const option of debugOptions()) command.addOption(option);
  return command
    .addHelpText("after", () =>
      reflow(`
Without --suite, builds the project and runs its test/*.test.js and .test.ts with
Node's test runner, or with the one that they import: vitest, jest, mocha, ava,
bun. Ends with 1 when a test fails.

Example:
  $ proxy-wasm-as test build/plugin.wasm --suite tests.textpb`),
    )
    .action(start);
}

async function start(file: string | undefined, options: TestOptions): Promise<void> {
  if (options.suite === undefined) {
    if (file !== undefined)
      throw new UserError(`Say what to hold ${file} against: --suite tests.textpb (or .yaml)`);
    process.exitCode = await ownTests(options);
    return;
  }
  for (const name of ["debug", "coverage", "record"] as const)
    if (options[name] !== undefined)
      throw new UserError(`--${name} is for the project's own tests, not for suites.`);
  // Read here, as the projects' own tests need none of it: the formats of suites take long to load.
  const { testSuites } = await import("./test-suites.js");
  if (!(await testSuites(file, options.suite, options))) process.exitCode = 1;
}

/** Builds the project, and runs its tests; answers the exit code. */
async function ownTests({ json, debug, debugPort, coverage, record }: TestOptions): Promise<number> {
  if (debug === true && coverage === true) throw new UserError("Give --debug or --coverage, not both.");
  const project = requireProject();
  const asJson = json === true;
  const waits = debug === true && !isAttached();
  const plan = planTests(project.folder, asJson, waits ? debugPort : undefined);
  const { runner, program, parameters, files } = plan;
  const built = await (debug === true || coverage === true ? compileForDebugging : compileForTests)(project);
  const run = coverage === true ? new CoverageRun() : undefined;
  if (built.warnings !== "") console.error(built.warnings);
  if (!asJson)
    console.log(
      `${shown(built.file)}  ${bytes(built.bytes)}, ${count(files.length, "file")} of tests${runner === "Node" ? "" : ` for ${runner}`}`,
    );
  if (waits && runner === "Node") console.error(attachHint(debugPort));
  const limits = projectHosts(project.folder).flatMap((host) => host.callbackMilliseconds ?? []);
  const limit = limits.length === 0 ? undefined : Math.min(...limits);
  const child = spawn(program, parameters, {
    cwd: project.folder,
    stdio: "inherit",
    env: {
      ...withoutTestRunner(process.env),
      ...(debug === true && { [DEBUG_VARIABLE]: "1" }),
      ...(limit !== undefined && coverage !== true && { [CALLBACK_LIMIT_VARIABLE]: String(limit) }),
      ...(record !== undefined && { [RECORD_VARIABLE]: startRecording(record) }),
      ...(run !== undefined && { [COVERAGE_VARIABLE]: run.folder }),
    },
  });
  const forget = whenLeaving(() => child.kill());
  const code = await new Promise<number>((done, fail) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      fail(
        error.code === "ENOENT" ? new UserError(`${program} is not installed; the tests are for it.`) : error,
      );
    });
    child.once("close", (status) => done(status === 0 ? 0 : 1));
  });
  forget();
  run?.report(project.folder);
  run?.close();
  return code;
}

/** Started by a test, Node's test runner would report to that test's runner and print nothing. */
function withoutTestRunner(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const copy = { ...env };
  delete copy["NODE_TEST_CONTEXT"];
  return copy;
}
