/**
 * The interface between the runner and a host.
 *
 * @module
 */
import type { HeaderList, SuiteLogLevel, SuiteTest } from "./model.js";

/** The plugin under test. */
export interface Subject {
  /** The module's file. */
  readonly wasm: string;
  /** The plugin's configuration. */
  readonly configuration?: Uint8Array | undefined;
  /** The plugin's root id. */
  readonly rootId?: string | undefined;
  /** Seconds since 1970 at which the module's clock stands still; it runs when left out. */
  readonly timeSecs?: number | undefined;
  /** The lowest level that the module is told to be logged, where the host can tell it so. */
  readonly logLevel?: SuiteLogLevel | undefined;
}

/** A message that the module has logged. */
export interface LogMessage {
  readonly level: SuiteLogLevel;
  readonly text: string;
}

/** A local response as the filter has sent it. */
export interface SeenImmediate {
  readonly httpStatus: number;
  /** -1 when the filter has set none. */
  readonly grpcStatus: number;
  readonly details: string;
}

/** The result of a phase. */
export interface SeenPhase {
  /** The headers behind the filter, or those of its local response; undefined when there was no way to see them. */
  readonly headers?: HeaderList | undefined;
  /** The body that left the filter during the phase, or that of its local response. */
  readonly body?: Uint8Array | undefined;
  readonly immediate?: SeenImmediate | undefined;
  readonly log: readonly LogMessage[];
  /** Why something was not seen. */
  readonly note?: string | undefined;
}

/** The result of a test; a phase that was not reached is undefined, or absent at the end of its list. */
export interface Seen {
  readonly pluginInit: readonly LogMessage[];
  readonly streamInit: readonly LogMessage[];
  readonly requestHeaders?: SeenPhase | undefined;
  readonly requestBody: readonly SeenPhase[];
  readonly responseHeaders?: SeenPhase | undefined;
  readonly responseBody: readonly SeenPhase[];
  readonly streamDestroy: readonly LogMessage[];
  /** Traps and bugs of the module, a sentence each; a test with one fails. */
  readonly bugs?: readonly string[];
  /** All that the module has logged. */
  readonly log?: readonly LogMessage[];
  /** Calls that the host refused, a sentence each, where the host tells them. */
  readonly refusals?: readonly string[];
}

/** A test that a host cannot carry out at all. It counts as skipped. */
export class NotPossible extends Error {
  override readonly name = "NotPossible";
}

/** A host in which tests run, one after another. */
export interface Driver {
  /** The host's name and version, for reports: "Envoy 1.40.0". */
  readonly name: string;
  /** Runs one test in a VM of its own. Throws when the host refuses the module, and `NotPossible` for what it has not. */
  run(subject: Subject, test: SuiteTest): Promise<Seen>;
  /** Ends the host. */
  close(): Promise<void>;
}
