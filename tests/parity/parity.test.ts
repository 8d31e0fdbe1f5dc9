/** The embedded host does what a real Envoy does: in each scenario, call by call. */
import { testParity } from "./parity.js";
import { loadScenarios } from "./scenario.js";

testParity(loadScenarios().filter(({ sdk }) => sdk !== "rust"));
