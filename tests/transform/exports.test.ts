/** What the build leaves out of a module is nothing that the program needs. */
import { test } from "node:test";
import { compareExports } from "./compare-exports.js";
import { contextProgram } from "./random-contexts.js";

const COUNT = 8;

test(`${COUNT} random programs of contexts do what modules that export everything do`, async () => {
  for (let seed = 0; seed < COUNT; seed++) await compareExports(contextProgram(seed));
});
