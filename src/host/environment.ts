import type { LogLevel } from "./abi/enums.js";
import type { EnvoyRules } from "./envoy-rules.js";
import type { Loop } from "./vm/loop.js";
import type { CallingModule, HostCall } from "./vm/host-call.js";
import type { ModuleStack } from "./vm/backtrace.js";
import type { Cluster } from "./services/cluster.js";
import type { ForeignFunction } from "./services/foreign.js";
import type { Metrics } from "./services/metrics.js";
import type { SharedData } from "./services/shared-data.js";
import type { SharedQueues } from "./services/shared-queues.js";
import type { PropertyValue } from "./services/properties.js";

/** A line of the log. */
export interface LogEntry {
  readonly level: LogLevel;
  /** Plugin name, root id and VM id, those that there are; a plugin's own context has no name. */
  readonly from: string;
  /** A module's message, read as UTF-8; or a message of the host. */
  readonly message: string;
  /** The context that wrote it. */
  readonly contextId: number;
  /** Tells whether a module wrote it. */
  readonly ofModule: boolean;
  /** The functions that were running where a bug has ended the call; contained bugs of diagnostic modules have it, and traps. */
  readonly stack?: ModuleStack;
}

/** A refusal of the host or the SDK: a call that did not answer Ok. */
export interface Refusal {
  /** The one that refused. The SDK tells it in diagnostic modules (docs/testing.md). */
  readonly by: "host" | "sdk";
  /** The host function; "proxy-wasm-as" when the SDK refused by itself. */
  readonly function: string;
  readonly status: number;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly contextId: number;
}

/** The surroundings that all VMs of a host share. */
export interface Environment {
  readonly loop: Loop;
  /** The rules of the Envoy release that the host is. */
  readonly rules: EnvoyRules;
  /** Gets each call between host and module, as it begins and when it is over. */
  readonly called: ((call: HostCall, module: CallingModule) => void) | undefined;
  readonly refused: ((refusal: Refusal) => void) | undefined;
  readonly instantiated: ((instance: WebAssembly.Instance) => void) | undefined;
  log(entry: LogEntry): void;
  /** The lowest level that is logged, as `proxy_get_log_level` tells it. */
  readonly logLevel: number;
  /** Ends the run: Envoy would not survive this. Returns only when the host was told to go on regardless. */
  crash(what: string, instead: string): void;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly sharedData: SharedData;
  readonly queues: SharedQueues;
  readonly metrics: Metrics;
  readonly foreignFunctions: ReadonlyMap<string, ForeignFunction>;
  /** Properties that a test sets, by path with dots. */
  readonly properties: ReadonlyMap<string, PropertyValue>;
  /** Fills bytes at random. */
  random(bytes: Uint8Array): void;
}
