/**
 * `proxy-wasm-as test --suite`: holds a module against suites, in the embedded host or in Envoy.
 *
 * @module
 */
import { EnvoyStartError } from "../envoy/index.js";
import { EnvoyDriver, HostDriver, SuiteError, readSuite, runSuite } from "../suites/index.js";
import type { Driver, Suite, SuiteLogLevel, SuiteResult, TestResult } from "../suites/index.js";
import { compileForTests } from "./compile-for-tests.js";
import { findProject } from "./compile.js";
import { requireEnvoy } from "./envoy.js";
import { UserError } from "./error.js";
import { BUILD_FIRST, readNamed } from "./files.js";
import { whenLeaving } from "./leave.js";
import { color, shown, wrap } from "./output.js";
import { progress } from "./progress.js";
import { configurationOf } from "./runner.js";

export interface SuiteOptions {
  readonly config?: string;
  readonly configFile?: string;
  readonly rootId?: string;
  readonly logLevel?: SuiteLogLevel;
  readonly only?: string;
  readonly envoy?: boolean;
  readonly json?: boolean;
}

/** Tests the module `file`, or the project's, and prints the results; answers whether all tests have passed. */
export async function testSuites(
  file: string | undefined,
  names: readonly string[],
  options: SuiteOptions,
): Promise<boolean> {
  const suites = names.map(read);
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
  return results.every(({ passed }) => passed);
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

async function driverOf({ envoy }: SuiteOptions): Promise<Driver> {
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
