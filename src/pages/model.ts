/**
 * The questions of a page to the place where modules run, and the answers: plain values, which pass between threads and as JSON.
 *
 * @module
 */
import type { Finding } from "../inspect/index.js";

/** Header or trailer fields in their order. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** An answer of an upstream. */
export interface Answer {
  readonly status: number;
  readonly headers: Pairs;
  readonly body: string;
}

/** A request to be sent through a module. */
export interface Order {
  readonly method: string;
  readonly path: string;
  readonly headers: Pairs;
  readonly body: string;
  /** The plugin's configuration; empty for none. */
  readonly configuration: string;
  /** Which of the module's plugins runs; empty for the one without a name. */
  readonly rootId: string;
  readonly upstream: Answer;
  /** The answers of other clusters to calls of the module. */
  readonly clusters: Readonly<Record<string, Answer>>;
}

/** A message with its fields and body. */
export interface Message {
  readonly headers: Pairs;
  readonly body: string;
}

/** A request that reached an upstream. */
export interface Call extends Message {
  readonly cluster: string;
}

/** One thing that happened, in the order of its beginning. */
export interface TraceEvent {
  /** A callback is a call of the module by the host; a call the reverse. */
  readonly kind: "callback" | "call" | "log" | "refusal";
  /** How many calls it happened in. */
  readonly depth: number;
  readonly name: string;
  /** Its arguments or words, as a person reads them. */
  readonly detail: string;
  /** Its answer; empty while there is none. */
  readonly result: string;
  /** Operators of the module before its beginning, and until its end. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds of the host's clock since the request began. */
  readonly time: number;
}

/** The result of an order. */
export interface RunReport {
  /** Why there is no answer: the module was refused, or would end the proxy. */
  readonly refused: string | undefined;
  /** 0 when no response came. */
  readonly status: number;
  readonly details: string;
  /** Tells whether the request hangs: nothing is left that could let it go on. */
  readonly hangs: boolean;
  readonly wasReset: boolean;
  /** The request as the client sent it, and as it reached the upstream; undefined when it did not. */
  readonly sent: Message;
  readonly upstream: Message | undefined;
  /** The response as the upstream sent it, and as it reached the client. */
  readonly answered: Message | undefined;
  readonly response: Message;
  readonly calls: readonly Call[];
  readonly logs: readonly { readonly level: string; readonly from: string; readonly message: string }[];
  readonly refusals: readonly string[];
  readonly errors: readonly string[];
  readonly properties: Pairs;
  readonly metrics: Readonly<Record<string, number>>;
  readonly events: readonly TraceEvent[];
  /** Operators executed for the request; null when the module cannot be counted. */
  readonly operators: number | null;
  /** Milliseconds of the host's clock, and of this machine's. */
  readonly time: number;
  readonly milliseconds: number;
}

/** A rectangle of the treemap, in percent of its sides. */
export interface Tile {
  readonly name: string;
  readonly bytes: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Tells whose code it is. */
  readonly owner: "filter" | "sdk" | "library" | "other";
}

/** The verdict of a host on the module. */
export interface HostVerdict {
  readonly title: string;
  readonly loads: boolean;
  readonly findings: readonly { readonly level: Finding["level"]; readonly message: string }[];
}

/** The facts about a module. */
export interface ModuleReport {
  readonly bytes: number;
  readonly abiVersion: string | null;
  readonly loads: boolean;
  readonly findings: readonly Finding[];
  readonly imports: readonly string[];
  readonly callbacks: readonly string[];
  readonly otherExports: readonly string[];
  readonly sections: readonly { readonly name: string; readonly bytes: number }[];
  readonly producers: readonly string[];
  readonly memory: string;
  readonly tiles: readonly Tile[];
  readonly hosts: readonly HostVerdict[];
}

/** The result of a suite. */
export interface SuiteReport {
  /** Why it could not be run. */
  readonly refused: string | undefined;
  readonly tests: readonly {
    readonly name: string;
    readonly failures: readonly string[];
    readonly skipped: string | undefined;
  }[];
}
