/**
 * The call whose outcome the filter is told in the running callback.
 *
 * When a connection fails, Envoy 1.40 tells all calls that waited for it, one after the other, from one list. A request for the same cluster
 * that begins and ends meanwhile is taken out of the wrong list, and Envoy crashes a moment later. So what such a callback lets go on
 * goes on in the next tick, when Envoy has told them all.
 *
 * @module
 */
import { CallResult } from "./call-result";

// @ts-ignore: decorator
@lazy
let told: CallResult | null = null;

/** Notes the outcome that the filter is told from now on, null for none. Answers the one before: the host may call within a host call. */
export function noteTold(result: CallResult | null): CallResult | null {
  const outer = told;
  told = result;
  return outer;
}

/** Tells whether the call of the running callback may have failed for want of a connection. */
export function mayHaveNoConnection(): bool {
  const result = told;
  return result !== null && (result.headerCount == 0 || result.status == 503);
}
