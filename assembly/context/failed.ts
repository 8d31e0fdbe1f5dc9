/**
 * Contexts that could not be made because of a bug in the filter, and streams that could not be answered when one ended them:
 * they are answered at the next opportunity, so that no request passes a filter that has not looked at it.
 *
 * @module
 */

class Failed {
  constructor(
    readonly id: u32,
    public next: Failed | null,
  ) {}
}

// @ts-ignore: decorator
@lazy
let latest: Failed | null = null;

/** Notes that the context with this number has failed. */
export function noteFailed(id: u32): void {
  latest = new Failed(id, latest);
}

/** Tells whether the context with this number has failed. */
// @ts-ignore: decorator
@inline
export function hasFailed(id: u32): bool {
  return latest !== null && isAmong(id);
}

function isAmong(id: u32): bool {
  let failed = latest;
  while (failed !== null && failed.id != id) failed = failed.next;
  return failed !== null;
}

/** Tells whether it has; from then on it is forgotten. */
export function takeFailed(id: u32): bool {
  let previous: Failed | null = null;
  let failed = latest;
  while (failed !== null && failed.id != id) {
    previous = failed;
    failed = failed.next;
  }
  if (failed === null) return false;
  if (previous === null) latest = failed.next;
  else previous.next = failed.next;
  return true;
}
