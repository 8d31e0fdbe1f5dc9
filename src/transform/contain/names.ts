/**
 * The functions and variables of the SDK that take part.
 *
 * @module
 */
import type { Program } from "assemblyscript";
import { namesOption } from "../compiler/compiler.js";
import { PACKAGE } from "../source/syntax.js";

/** The option (`--use PROXY_WASM_TRAPS=1`) for hosts without exceptions: a bug ends the VM there. */
const TRAPS = "PROXY_WASM_TRAPS";

export function isTrapping(program: Program): boolean {
  return namesOption(program, TRAPS);
}

/** The option (`--use PROXY_WASM_DIAGNOSTICS=1`) for modules that tell the embedded host more than Envoy hears. */
const DIAGNOSTICS = "PROXY_WASM_DIAGNOSTICS";

export function tellsHost(program: Program): boolean {
  return namesOption(program, DIAGNOSTICS);
}

/** The exception. It carries nothing: the SDK has noted what has happened. */
export const TAG = "proxy-wasm-as/bug";

const RUNTIME = `${PACKAGE}assembly/runtime/`;

/** The function that the compiler calls when a program cannot go on. */
export const ABORT = `${RUNTIME}abort/abort`;
/** The function that then ends the callback. */
export const RAISE = `${RUNTIME}abort/raise`;
/** The place of the filter's last own call that can fail. */
export const PLACE = `${RUNTIME}abort/place`;
/** Tells whether anything but the want of memory can end a callback. */
export const HAS_BUGS = `${RUNTIME}bug/hasBugs`;
/** The address of the entries. */
export const ENTRIES = `${RUNTIME}bug/entries`;
export const REPORT = `${RUNTIME}bug/report`;

export const LOG = `${PACKAGE}assembly/abi/imports/proxy_log`;

const CONTAIN = `${PACKAGE}assembly/callbacks/contain`;
export const CONTAIN_CALLBACK = `${CONTAIN}/contain`;
/** The functions that ask the filter about a bug. */
export const CONSULTED = [`${CONTAIN}/count`, `${CONTAIN}/consult`];
export const FINISH = `${CONTAIN}/finish`;

export const HAS_MORE = `${PACKAGE}assembly/flow/fiber/hasMore`;
export const DO_MORE = `${PACKAGE}assembly/flow/fiber/doMore`;

/** The function that is called when there is no memory left. */
export const HEAP_FAIL = `${PACKAGE}assembly/memory/heap/fail`;

/** Functions that trap where memory cannot be had. */
export const UNMET_MEMORY = [`${PACKAGE}assembly/memory/scratch/allocate`, "~lib/rt/tlsf/growMemory"];

/** Ends the callback with one of the entries as the message. */
export const FAIL = `${RUNTIME}bug/fail`;

export const GUARDS = `${RUNTIME}guards/`;
/** The beginning of the names of what checks divisors. */
export const DIVISOR = `${GUARDS}divisor`;

const BUDGET_MODULE = `${RUNTIME}budget/`;
/** The functions that count a callback's loops and recursion against its budget. */
export const BUDGET = {
  limit: `${BUDGET_MODULE}limit`,
  begin: `${BUDGET_MODULE}beginBudget`,
  spend: `${BUDGET_MODULE}spend`,
  descend: `${BUDGET_MODULE}descend`,
  ascend: `${BUDGET_MODULE}ascend`,
};
