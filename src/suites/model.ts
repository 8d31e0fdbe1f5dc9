/**
 * A suite as the rest of this folder sees it.
 *
 * @module
 */

/** The levels of `Env.log_level`, least first. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "critical"] as const;

export type SuiteLogLevel = (typeof logLevels)[number];

/** Headers in their order; names in lower case, those that stand more than once joined with ", ". */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** A suite with its tests in their order. */
export interface Suite {
  readonly file: string;
  readonly environment: SuiteEnvironment;
  readonly tests: readonly SuiteTest[];
}

/** The files and settings that a suite names. Those that the caller of the runner gives go first. */
export interface SuiteEnvironment {
  /** The module, as the suite writes it; undefined when it does not. */
  readonly wasmPath: string | undefined;
  /** The file with the plugin's configuration; undefined when there is none. */
  readonly configPath: string | undefined;
  /** Messages below are not seen by `log` expectations. */
  readonly logLevel: SuiteLogLevel;
  /** Seconds since 1970 at which the clock stands still; undefined leaves it running. */
  readonly timeSecs: number | undefined;
}

/** One test: a stream, and what is expected of each of its phases. */
export interface SuiteTest {
  readonly name: string;
  readonly benchmark: boolean;
  readonly properties: readonly { readonly path: string; readonly value: string }[];
  readonly pluginInit: Expectation | undefined;
  readonly streamInit: Expectation | undefined;
  readonly requestHeaders: HeadersPhase | undefined;
  readonly requestBody: readonly BodyPhase[];
  readonly responseHeaders: HeadersPhase | undefined;
  readonly responseBody: readonly BodyPhase[];
  readonly streamDestroy: Expectation | undefined;
}

/** A headers callback: what it is given and what is expected. */
export interface HeadersPhase {
  readonly headers: HeaderList;
  readonly expected: Expectation;
}

/** One or more body callbacks, whose outputs are joined before they are compared. */
export interface BodyPhase {
  readonly chunks: readonly Uint8Array[];
  readonly expected: Expectation;
}

/** The expectations of a phase; empty lists expect nothing. */
export interface Expectation {
  readonly hasHeader: HeaderList;
  readonly noHeader: readonly string[];
  /** Compared with the lines "name: value". */
  readonly headers: readonly Matcher[];
  /** Compared with the whole body. */
  readonly body: readonly Matcher[];
  /** A local response; undefined expects none. */
  readonly immediate: Immediate | undefined;
  /** Compared with the messages. */
  readonly log: readonly Matcher[];
}

/** A local response; what is undefined may be anything. */
export interface Immediate {
  readonly httpStatus: number | undefined;
  readonly grpcStatus: number | undefined;
  readonly details: string | undefined;
}

/** A text or pattern that one of several strings has to match; with `invert`, none of them may. */
export interface Matcher {
  readonly invert: boolean;
  /** The text to be equal to, or the pattern (RE2) to match from end to end. */
  readonly text: string;
  readonly kind: "exact" | "regex";
}
