/**
 * Runs suites.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SuiteError } from "./error.js";
import type { Driver, Seen, SeenPhase, Subject } from "./driver.js";
import { NotPossible } from "./driver.js";
import { compare, compareLog } from "./match.js";
import type { Expectation, Suite, SuiteLogLevel, SuiteTest } from "./model.js";

/** Settings that go before the suite's own `env`. */
export interface RunOptions {
  /** The module's file. */
  readonly wasm?: string;
  /** The file with the plugin's configuration. */
  readonly config?: string;
  /** The plugin's configuration itself, which goes before a file. */
  readonly configuration?: Uint8Array;
  readonly rootId?: string;
  readonly logLevel?: SuiteLogLevel;
  /** Runs the tests of which this is true. All unless given. */
  readonly only?: (test: SuiteTest) => boolean;
}

/** The outcome of one test. */
export interface TestResult {
  readonly name: string;
  /** A line for each expectation that does not hold: phase, kind, what was expected and what was seen. */
  readonly failures: readonly string[];
  /** Why the host could not run it; it counts neither as passed nor as failed. */
  readonly skipped?: string;
  /** All that the module has logged in a test that failed, with the level before each message. */
  readonly log?: readonly string[];
  /** Calls that the host refused in a test that failed, where it tells them. */
  readonly refusals?: readonly string[];
  readonly milliseconds: number;
}

/** The outcome of a suite. */
export interface SuiteResult {
  readonly file: string;
  readonly driver: string;
  readonly tests: readonly TestResult[];
  readonly passed: boolean;
}

/**
 * Runs the tests of a suite, each in a VM of its own. Throws `SuiteError` when there is nothing to test; a test that the
 * host does not carry out fails.
 *
 * @example
 * const result = await runSuite(readSuite("tests.textpb"), driver, { wasm: "build/plugin.wasm" });
 * for (const { name, failures } of result.tests) console.log(name, failures);
 */
export async function runSuite(suite: Suite, driver: Driver, options: RunOptions = {}): Promise<SuiteResult> {
  const { environment, file } = suite;
  const beside = (name: string): string => resolve(dirname(file), name);
  const wasm = options.wasm ?? (environment.wasmPath && beside(environment.wasmPath));
  if (wasm === undefined)
    throw new SuiteError(file, undefined, "no module to test: name one, or set env.wasm_path");
  const config = options.config ?? (environment.configPath && beside(environment.configPath));
  const level = options.logLevel ?? environment.logLevel;
  const subject: Subject = {
    wasm,
    logLevel: level,
    rootId: options.rootId,
    timeSecs: environment.timeSecs,
    configuration:
      options.configuration ?? (config === undefined ? undefined : readConfiguration(file, config)),
  };
  const tests: TestResult[] = [];
  for (const test of suite.tests.filter(options.only ?? (() => true))) {
    const started = performance.now();
    const outcome = await runOne(test, driver, subject, level);
    tests.push({ name: test.name, ...outcome, milliseconds: performance.now() - started });
  }
  return { file, driver: driver.name, tests, passed: tests.every(({ failures }) => failures.length === 0) };
}

/** Runs one test; nothing that it throws ends the suite. */
async function runOne(
  test: SuiteTest,
  driver: Driver,
  subject: Subject,
  level: SuiteLogLevel,
): Promise<Omit<TestResult, "name" | "milliseconds">> {
  try {
    const seen = await driver.run(subject, test);
    const failures = [...(seen.bugs ?? []), ...check(test, seen, level)];
    if (failures.length === 0) return { failures };
    const log = (seen.log ?? []).map(({ level: of, text }) => `${of}: ${text.trimEnd()}`);
    return { failures, log, refusals: [...new Set(seen.refusals ?? [])] };
  } catch (error) {
    if (error instanceof NotPossible) return { failures: [], skipped: error.message };
    return { failures: [error instanceof Error ? error.message : String(error)] };
  }
}

function readConfiguration(file: string, config: string): Uint8Array {
  try {
    return readFileSync(config);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SuiteError(file, undefined, `the configuration ${config} cannot be read (${code})`);
  }
}

/** Each way in which a test's outcome differs from what it expects. */
export function check(test: SuiteTest, seen: Seen, level: SuiteLogLevel): string[] {
  const failures: string[] = [];
  const add = (phase: string, found: readonly string[]): void =>
    void failures.push(...found.map((text) => `${phase}: ${text}`));
  const empty: SeenPhase = { headers: [], log: [] };
  const phase = (name: string, expected: Expectation, was: SeenPhase | undefined): void =>
    add(name, compare(expected, was ?? empty, level));
  if (test.pluginInit) add("plugin_init", compareLog(test.pluginInit, seen.pluginInit, level));
  if (test.streamInit) add("stream_init", compareLog(test.streamInit, seen.streamInit, level));
  if (test.requestHeaders) phase("request_headers", test.requestHeaders.expected, seen.requestHeaders);
  test.requestBody.forEach(({ expected }, index) =>
    phase(numbered("request_body", index, test.requestBody), expected, seen.requestBody[index]),
  );
  if (test.responseHeaders) phase("response_headers", test.responseHeaders.expected, seen.responseHeaders);
  test.responseBody.forEach(({ expected }, index) =>
    phase(numbered("response_body", index, test.responseBody), expected, seen.responseBody[index]),
  );
  if (test.streamDestroy) add("stream_destroy", compareLog(test.streamDestroy, seen.streamDestroy, level));
  return failures;
}

function numbered(name: string, index: number, all: readonly unknown[]): string {
  return all.length === 1 ? name : `${name} ${index + 1}`;
}
