/**
 * Looks into modules of any SDK: `proxy-wasm-as/inspect`.
 *
 * @example
 * const { loads, findings } = await inspect(readFileSync("build/plugin.wasm"));
 * for (const { level, message } of findings) console.log(level, message);
 *
 * @module
 */
export { withoutNames, withoutSourceMap } from "./binary.js";
export type { FunctionSize, Memory, Section } from "./binary.js";
export type { Crossing, Inspection } from "./inspect.js";
export { NotWasm, inspect, outline } from "./inspect.js";
export type { Finding } from "./lint.js";
export type { Trial, TrialOptions } from "./trial.js";
export { tryModule } from "./trial.js";
export { holdAgainst } from "./hosts.js";
export type { HeldModule, HostFinding } from "./hosts.js";
export { heldModule } from "./inspect.js";
