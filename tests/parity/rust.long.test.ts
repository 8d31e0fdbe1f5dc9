/** Filters of the Rust SDK, which takes a minute to build, in the embedded host and in Envoy. */
import { test } from "node:test";
import { moduleOf } from "./modules.js";
import { testParity } from "./parity.js";
import { loadScenarios } from "./scenario.js";

const scenarios = loadScenarios().filter(({ sdk }) => sdk === "rust");
const missing = await moduleOf(scenarios[0]!).then(
  () => undefined,
  (error: unknown) =>
    `${(error as Error).message}; install Rust (rustup.rs) on a Debian with its testing packages`,
);
if (missing === undefined) testParity(scenarios);
else void test("host: modules of the Rust SDK", { skip: missing }, () => undefined);
