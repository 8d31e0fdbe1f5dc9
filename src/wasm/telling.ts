/**
 * How a diagnostic module tells the embedded host what Envoy does not hear: by messages of levels that no log has. The SDK's side is
 * in assembly/runtime/status.ts.
 *
 * @module
 */

/** The level of a message that says that the module is about to throw. */
export const THROWS = 0x200;

/** Tells whether a level, which has a status in its lowest byte, is that of the reason of a refusal. */
export function isReason(level: number): boolean {
  return level >>> 8 === 1;
}
