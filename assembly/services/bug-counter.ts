/**
 * Counts the bugs that cost a request; see docs/bugs.md.
 *
 * @module
 */
import { Counter } from "./metric";

// @ts-ignore: decorator
@lazy
let counter: Counter | null = null;

/**
 * Has each bug that ends a callback counted by a metric. Call it at module scope, or in `onVmStart`.
 *
 * @param name the metric's name: Envoy shows it as `wasmcustom.<name>`.
 *
 * @example
 * countBugs("my_filter.bugs");
 */
export function countBugs(name: string): void {
  counter = new Counter(name);
}

/** A bug has ended a callback. */
export function noteBug(): void {
  const known = counter;
  if (known !== null) known.increment();
}
