/** Traces of what passed between a host and a module, and replaying them: nothing here needs Node. */
export type { Missing, Values } from "./answers.js";
export { TraceReader, knownModule, mostTelling } from "./read.js";
export { FORMAT, Recorder, VERSION } from "./record.js";
export { replay } from "./replay.js";
export type { Bug, Difference, ReplayOptions, Replayed } from "./replay.js";
export type { Callback, Step, Trace, VmTrace } from "./trace.js";
