import type { HostFunction } from "../vm/vm.js";
import { wasi } from "../vm/wasi.js";
import { bufferCalls } from "./buffers.js";
import { calloutCalls } from "./callouts.js";
import { headerCalls } from "./headers.js";
import { serviceCalls } from "./services.js";
import { streamCalls } from "./streams.js";

/** All host functions, by name; WASI's are told from Envoy's by their names alone. */
export const hostFunctions: ReadonlyMap<string, HostFunction> = new Map<string, HostFunction>([
  ...wasi,
  ...headerCalls,
  ...bufferCalls,
  ...streamCalls,
  ...calloutCalls,
  ...serviceCalls,
]);
