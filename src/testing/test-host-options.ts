import type {
  EnvoyVersion,
  ForeignFunction,
  HeaderMap,
  HostCall,
  LogLevel,
  PluginOptions,
  PropertyValue,
  Route,
} from "../host/index.js";
import type { ClusterScript } from "./cluster.js";

/** A plugin; `wasm` may be a file's path. */
export type TestPlugin = Omit<PluginOptions, "wasm"> & { readonly wasm: string | Uint8Array };

/** The settings of a test's host. */
export interface TestHostOptions extends Partial<Omit<TestPlugin, "configuration" | "vmConfiguration">> {
  /** The configuration that the plugin reads in `onConfigure`; an object is passed as JSON. */
  readonly pluginConfig?: string | Uint8Array | object;
  readonly vmConfig?: string | Uint8Array;
  /** The release of Envoy that the host is; 1.40 unless given. */
  readonly envoy?: EnvoyVersion;
  /** Several HTTP filters, in place of `wasm`. */
  readonly filters?: readonly TestPlugin[];
  readonly tcpFilters?: readonly TestPlugin[];
  readonly accessLoggers?: readonly TestPlugin[];
  readonly services?: readonly TestPlugin[];
  /** The upstream of the requests; one that answers 200 `ok` unless given. */
  readonly upstream?: ClusterScript;
  /** Clusters for calls, by name. */
  readonly clusters?: Readonly<Record<string, ClusterScript>>;
  /** Which clusters are reached by HTTP/2; those whose name begins with "grpc" unless given. */
  readonly http2Clusters?: readonly string[];
  readonly route?: (headers: HeaderMap) => Route | undefined;
  /** The most bytes that a filter may hold back; 1 MiB unless given. */
  readonly bufferLimit?: number;
  readonly properties?: Readonly<Record<string, PropertyValue>>;
  readonly foreignFunctions?: Readonly<Record<string, ForeignFunction>>;
  readonly logLevel?: LogLevel;
  /** Gets each call between host and modules, as it begins and when it is over. */
  readonly onCall?: (call: HostCall) => void;
  /** The seed of what modules get as random bytes: the same ones in each run. Real ones, which nobody can guess, unless given. */
  readonly random?: number;
  /** The virtual clock's beginning, in milliseconds since 1970. */
  readonly time?: number;
  /** Go on where Envoy would crash. */
  readonly survive?: boolean;
  /** Go on when a filter has a bug; without it, the call of the test that led to the bug throws `FilterBug`. */
  readonly mayFail?: boolean;
  /** The most milliseconds of real time that modules may take for an event; no limit unless given, nor with `debug`. */
  readonly timeLimit?: number;
  /**
   * The most milliseconds that a callback should take: one that takes longer three times in a row gives a warning of the process,
   * and is among `warnings`. `proxy-wasm-as test` sets it for hosts of the project that have such a limit. Not with `debug`.
   */
  readonly callbackLimit?: number;
  /**
   * Run the debug module that `proxy-wasm-as build --debug` leaves beside `wasm`, so that a debugger stops at breakpoints in its
   * sources. `proxy-wasm-as test --debug` sets it for all hosts.
   */
  readonly debug?: boolean;
  /**
   * Count what of the filter's source is executed, and write it into this folder when the process ends, as Istanbul's JSON:
   * `npx nyc report --temp-dir FOLDER` shows it. Takes the debug module beside `wasm`. `proxy-wasm-as test --coverage` does it for all
   * hosts, and shows it.
   */
  readonly coverage?: string;
  /**
   * Write what passes between the host and its modules into this file, behind what is there, for `proxy-wasm-as replay`. Headers and
   * bodies are in it. `proxy-wasm-as test --record` does it for all hosts.
   */
  readonly record?: string;
}
