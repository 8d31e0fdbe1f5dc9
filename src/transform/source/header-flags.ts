/**
 * What the module is told of the headers that it writes.
 *
 * @module
 */
import type { HeaderLiterals } from "./header-literals.js";

/** The names of the definitions, without their prefix; see `runtime/build.ts`. */
export function flagsOf({ names, values, removals, checks, statuses }: HeaderLiterals): string[] {
  const flags = [...checks].map((check) => `CHECKS_${check}`);
  if (names) flags.push("PLAIN_NAMES");
  if (names && checks.size === 0) flags.push("PLAIN_PSEUDO");
  if (names && values) flags.push("PLAIN_FIELDS");
  if (removals) flags.push("PLAIN_REMOVALS");
  if (statuses) flags.push("PLAIN_STATUSES");
  return flags;
}

/**
 * Whether the module drops the body of a response whose status it writes and which has none; adds the callback that it takes
 * to `callbacks` when the filter writes such a status by name.
 */
export function dropsBodies(
  literals: HeaderLiterals,
  callbacks: Map<string, Set<string>>,
  shared: boolean,
): boolean {
  const http = callbacks.get("http");
  if (shared || literals.statuses || http === undefined) return false;
  if (literals.drops) http.add("proxy_on_response_body");
  return http.has("proxy_on_response_body");
}
