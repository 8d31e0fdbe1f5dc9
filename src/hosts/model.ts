/**
 * The description of a host that runs modules.
 *
 * @module
 */

/** The effect of a call of a host function that does not do its work. */
export type Effect =
  /** It is not there: a module that imports it is not loaded. */
  | "missing"
  /** It is there, and ends the module when it is called. */
  | "traps"
  /** It answers Unimplemented, or the like. */
  | "refuses"
  /** It answers Ok, and nothing happens. */
  | "ignored";

/** A host, or a version of one. Everything is as in Envoy 1.40 but for what stands here. */
export interface WasmHost {
  /** As `--host` takes it. */
  readonly name: string;
  readonly title: string;
  /** Tells whether modules were run in it, or its source or manual was read. */
  readonly known: "run" | "read";
  /** The release that was run, or the sources and manuals that were read. */
  readonly source: string;
  /** The engine that runs the code. */
  readonly engine: string;
  /** Host functions that do not do their work. */
  readonly functions: Readonly<Partial<Record<string, Effect>>>;
  /** Host functions whose type is another one: a module that imports them is not loaded. */
  readonly types?: Readonly<Record<string, string>>;
  /** Callbacks that it never makes. */
  readonly uncalled: readonly string[];
  /** The functions of WASI that it has; all that Envoy 1.40 has unless given. */
  readonly wasi?: readonly string[];
  /** Envoy's foreign functions that it has; all unless given. */
  readonly foreign?: readonly string[];
  /** Features of WebAssembly that it lacks. */
  readonly lacks: readonly string[];
  /** Tells whether headers can be held only by status 1: others end the request with an error. */
  readonly onlyStopIteration?: true;
  /** Milliseconds that it gives a callback; no limit unless given. */
  readonly callbackMilliseconds?: number;
  /** Limits, policies, properties, and how it is configured: what else differs, a sentence each. */
  readonly notes: readonly string[];
}
