/** As exports.test.ts, with more programs. */
import { test } from "node:test";
import { compareExports } from "./compare-exports.js";
import { contextProgram } from "./random-contexts.js";

const COUNT = 300;

test(`${COUNT} random programs of contexts do what modules that export everything do`, async () => {
  for (let seed = 1000; seed < 1000 + COUNT; seed++) await compareExports(contextProgram(seed));
});
