/**
 * The differences between Envoy's releases, as rules. Each was seen: `npm run test:hosts` runs the scenarios in all releases.
 *
 * @module
 */

/** The releases that the host can be. */
export const envoyVersions = ["1.36", "1.37", "1.38", "1.39", "1.40"] as const;

/** A release of Envoy that the host can be. */
export type EnvoyVersion = (typeof envoyVersions)[number];

/** The rules of a release. */
export interface EnvoyRules {
  readonly version: EnvoyVersion;
  /** The router's message about a refused connection ends with the reason of the system. */
  readonly tellsWhyRefused: boolean;
  /** Filters see the upstream's `keep-alive` header. */
  readonly passesKeepAlive: boolean;
  /** PROTOCOL_ERROR of an HTTP/2 upstream is an error of its own: 502, where it was a reset like others. */
  readonly knowsProtocolErrors: boolean;
  /** A response that is cut ends with INTERNAL_ERROR for clients of HTTP/2; with NO_ERROR before. */
  readonly cutsWithError: boolean;
  /** The functions of WASI that there are; undefined is all. */
  readonly wasi: ReadonlySet<string> | undefined;
  /** `poll_oneoff` answers, with no events; it was not implemented before. */
  readonly polls: boolean;
  /** Envoy's foreign functions that there are not. */
  readonly lacksForeign: ReadonlySet<string>;
  /** `verify_signature` reads keys as PEM. */
  readonly readsPem: boolean;
  /** CEL's `string` takes a bool. */
  readonly bringsBoolsToText: boolean;
}

/** WASI before Envoy 1.39. */
export const oldWasi: readonly string[] = [
  ...["args_get", "args_sizes_get", "clock_time_get", "environ_get", "environ_sizes_get", "fd_close"],
  ...["fd_fdstat_get", "fd_fdstat_set_flags", "fd_prestat_dir_name", "fd_prestat_get", "fd_read", "fd_seek"],
  ...["fd_write", "path_open", "poll_oneoff", "proc_exit", "random_get", "sched_yield"],
];

/** The rules of a release; throws where it is none that the host can be. */
export function rulesOf(version: EnvoyVersion = "1.40"): EnvoyRules {
  const at = envoyVersions.indexOf(version);
  if (at < 0) throw new Error(`There is no Envoy "${version}" here; known are ${envoyVersions.join(", ")}.`);
  const since = (first: EnvoyVersion): boolean => at >= envoyVersions.indexOf(first);
  return {
    version,
    tellsWhyRefused: !since("1.38"),
    passesKeepAlive: !since("1.38"),
    knowsProtocolErrors: since("1.37"),
    cutsWithError: since("1.37"),
    wasi: since("1.39") ? undefined : new Set(oldWasi),
    polls: since("1.39"),
    lacksForeign: new Set(since("1.37") ? [] : ["sign"]),
    readsPem: since("1.37"),
    bringsBoolsToText: since("1.37"),
  };
}
