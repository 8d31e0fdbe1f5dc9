/**
 * Test suites in the form that Google Cloud Service Extensions' testers read (`tests.textpb`, `tests.yaml`):
 * `proxy-wasm-as/suites`.
 *
 * @example
 * const driver = await EnvoyDriver.start({ envoy: findEnvoy("node_modules/.cache/proxy-wasm-as").path });
 * const result = await runSuite(readSuite("tests.textpb"), driver, { wasm: "build/plugin.wasm" });
 * await driver.close();
 *
 * @module
 */
export type { Driver, LogMessage, Seen, SeenImmediate, SeenPhase, Subject } from "./driver.js";
export { EnvoyDriver } from "./envoy-driver.js";
export { SuiteError } from "./error.js";
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
