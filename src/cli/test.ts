/**
 * `proxy-wasm-as test`: suites, or a project's own tests.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { Command, Option } from "commander";
import { EnvoyStartError } from "../envoy/index.js";
import { EnvoyDriver, HostDriver, SuiteError, readSuite, runSuite } from "../suites/index.js";
import type { Driver, Suite, SuiteLogLevel, SuiteResult, TestResult } from "../suites/index.js";
import { compileForDebugging, compileForTests } from "./compile-for-tests.js";
import { findProject, requireProject } from "./compile.js";
import { attachHint, debugOptions, isAttached } from "./debugging.js";
import type { DebugOptions } from "./debugging.js";
import { startRecording } from "./recording.js";
import { requireEnvoy } from "./envoy.js";
import { UserError } from "./error.js";
import { projectHosts } from "./hosts.js";
import { BUILD_FIRST, readNamed } from "./files.js";
import { whenLeaving } from "./leave.js";
import { bytes, color, count, shown, wrap, reflow } from "./output.js";
import { planTests } from "./own-tests.js";
import { progress } from "./progress.js";
import { configurationOf, levels } from "./runner.js";
import { COVERAGE_VARIABLE } from "../coverage/index.js";
import { CALLBACK_LIMIT_VARIABLE } from "../testing/slow-callbacks.js";
import { RECORD_VARIABLE } from "../testing/record-file.js";
import { DEBUG_VARIABLE } from "../testing/debug-module.js";
import { CoverageRun } from "./coverage.js";

interface TestOptions extends DebugOptions {
  readonly suite?: readonly string[];
  readonly config?: string;
  readonly configFile?: string;
  readonly rootId?: string;
  readonly logLevel?: SuiteLogLevel;
  readonly only?: string;
  readonly envoy?: boolean;
  readonly json?: boolean;
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
  const suites = options.suite.map(read);
  const configuration = configurationOf(options);
  const wasm = file ?? (await builtModule(suites));
  if (wasm !== undefined) readNamed(wasm, BUILD_FIRST);
  const driver = await driverOf(options);
  const forget = whenLeaving(() => undefined);
  const results: SuiteResult[] = [];
  try {
    for (const suite of suites) {
      const end = progress(`Testing ${shown(suite.file)}`);
      const result = await runSuite(suite, driver, {
        ...(wasm !== undefined && { wasm }),
        ...(configuration !== undefined && { configuration }),
        ...(options.rootId !== undefined && { rootId: options.rootId }),
        ...(options.logLevel !== undefined && { logLevel: options.logLevel }),
        ...(options.only !== undefined && { only: ({ name }) => name.includes(options.only!) }),
      }).finally(end);
      if (options.json !== true && result.tests.length > 0) printSuite(result);
      results.push(result);
    }
  } catch (error) {
    if (error instanceof SuiteError) throw new UserError(error.message);
    throw error;
  } finally {
    await driver.close();
    forget();
  }
  if (results.every(({ tests }) => tests.length === 0))
    throw new UserError(`No test has "${options.only}" in its name.`);
  if (options.json === true) console.log(JSON.stringify(results, null, 2));
  else printSum(results);
  if (results.some(({ passed }) => !passed)) process.exitCode = 1;
}

function read(file: string): Suite {
  try {
    return readSuite(file);
  } catch (error) {
    if (error instanceof SuiteError) throw new UserError(error.message);
    throw error;
  }
}

/** The project's module, where suites do not name theirs. */
async function builtModule(suites: readonly Suite[]): Promise<string | undefined> {
  if (suites.every(({ environment }) => environment.wasmPath !== undefined)) return undefined;
  const project = findProject();
  if (project === undefined)
    throw new UserError("Name the module to test: proxy-wasm-as test build/plugin.wasm --suite tests.textpb");
  return (await compileForTests(project)).file;
}

async function driverOf({ envoy }: TestOptions): Promise<Driver> {
  if (envoy !== true) return new HostDriver();
  const found = requireEnvoy();
  const end = progress("Starting Envoy");
  try {
    return await EnvoyDriver.start({ envoy: found.path });
  } catch (error) {
    if (error instanceof EnvoyStartError) throw new UserError(error.message);
    throw error;
  } finally {
    end();
  }
}

function printSuite({ file, driver, tests }: SuiteResult): void {
  console.log(`${color.bold(shown(file))} in ${driver === "Envoy" ? "Envoy" : "the embedded host"}`);
  for (const one of tests) printTest(one);
}

function printSum(results: readonly SuiteResult[]): void {
  const all = results.flatMap(({ tests }) => tests);
  const failed = all.filter(({ failures }) => failures.length > 0).length;
  const skipped = all.filter((one) => one.skipped !== undefined).length;
  const passed = `${all.length - failed - skipped} passed`;
  const rest = skipped === 0 ? "" : `, ${skipped} skipped`;
  console.log(
    failed === 0 ? `${color.green(passed)}${rest}` : `${passed}, ${color.red(`${failed} failed`)}${rest}`,
  );
}

function printTest({ name, failures, skipped, log = [], refusals = [], milliseconds }: TestResult): void {
  if (skipped !== undefined) return console.log(`  - ${name}  ${color.dim(wrap(`skipped: ${skipped}`, 6))}`);
  const mark = failures.length === 0 ? color.green("✔") : color.red("✖");
  console.log(`  ${mark} ${name}  ${color.dim(`${Math.round(milliseconds)} ms`)}`);
  const print = (text: string): void => console.log(`      ${wrap(text.replaceAll("\n", "\n      "), 6)}`);
  for (const failure of failures) print(failure);
  for (const refusal of refusals) print(color.dim(`refused: ${refusal}`));
  for (const message of log) print(color.dim(`log: ${message}`));
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
