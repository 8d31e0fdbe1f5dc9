/**
 * Loaded into a compiler's process before the compiler: V8 then translates its WebAssembly once. A build takes a few seconds,
 * and what V8 would spend on better code is more than that code saves: a third of the time by the clock, half of the
 * processor's.
 *
 * @module
 */
import { setFlagsFromString } from "node:v8";

/** The last version of Node that is known to have the flag; others would print that they do not know it. */
const NEWEST = 24;

if (process.versions["bun"] === undefined && Number(process.versions.node.split(".")[0]) <= NEWEST)
  setFlagsFromString("--liftoff-only");
