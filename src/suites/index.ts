/**
 * Test suites in the form that Google Cloud Service Extensions' testers read (`tests.textpb`, `tests.yaml`):
 * `proxy-wasm-as/suites`.
 *
 * @example
 * const result = await runSuite(readSuite("tests.textpb"), new HostDriver(), { wasm: "build/plugin.wasm" });
 * for (const { name, failures } of result.tests) console.log(name, failures);
 *
 * @module
 */
export type { Driver, LogMessage, Seen, SeenImmediate, SeenPhase, Subject } from "./driver.js";
export { EnvoyDriver } from "./envoy-driver.js";
export { SuiteError } from "./error.js";
export { HostDriver } from "./host-driver.js";
export type {
  BodyPhase,
  Expectation,
  HeaderList,
  HeadersPhase,
  Immediate,
  Matcher,
  Suite,
  SuiteEnvironment,
  SuiteLogLevel,
  SuiteTest,
} from "./model.js";
export { readSuite } from "./read.js";
export type { RunOptions, SuiteResult, TestResult } from "./run.js";
export { runSuite } from "./run.js";
