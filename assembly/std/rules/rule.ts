/**
 * The fields of a rule in a configuration.
 *
 * @module
 */

/** A header that a request must have. */
export class HeaderMatch {
  /** Its name, in upper or lower case. */
  name!: string;
  /** Its value; left out, any will do. Of a header that comes more than once, one is enough. */
  value: string | null = null;
}

/** The requests that a rule is for: all fields that are set must match, and of each list one element is enough. */
export class Match {
  /** Hosts: `example.com`, `*.example.com` for all below it, `*`. */
  hosts: string[] = [];
  /** Paths: `/a`, or `/a/*` with all below it. */
  paths: string[] = [];
  /** Methods, in upper case. */
  methods: string[] = [];
  /** Headers, of which all must be there. */
  headers: HeaderMatch[] = [];
  /** Names of routes, as the host's configuration has them. */
  routes: string[] = [];
}

/**
 * A rule of a configuration. A class of yours extends it with what holds for the requests that it is for; `readConfig` reads both.
 *
 * @example
 * class Limit extends Rule {
 *   requests: u32 = 10;
 * }
 */
export class Rule {
  /** Which requests the rule is for. */
  match!: Match;
  /** Rules of a higher one are asked first; those of the same in the order in which they are written. */
  priority: i32 = 0;
}
