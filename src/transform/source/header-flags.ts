/**
 * The flags that tell the module about the headers that it writes.
 *
 * @module
 */
import { files } from "../program/callbacks.js";
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
 * Tells whether the module drops the body of a response whose status it writes and which has none; adds the callback that it takes
 * to `callbacks` when the filter writes such a status by name.
 */
export function dropsBodies(literals: HeaderLiterals, callbacks: Set<string>, shared: boolean): boolean {
  if (shared || literals.statuses || ![...callbacks].some((name) => files.http.includes(name))) return false;
  if (literals.drops) callbacks.add("proxy_on_response_body");
  return callbacks.has("proxy_on_response_body");
}
