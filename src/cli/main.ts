#!/usr/bin/env node
/**
 * The command `proxy-wasm-as`. Exit codes: 0 fine, 1 it did not work, 2 it was called wrongly, 130 Ctrl-C.
 *
 * @module
 */
import { endWithReader } from "./leave.js";
import { execute } from "./program.js";

endWithReader();
await execute(process.argv.slice(2));
