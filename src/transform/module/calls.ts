/**
 * Calls by name, as binaryen writes them.
 *
 * @module
 */

/** A function that is called, and in how many places. */
export interface Callee {
  readonly name: string;
  readonly times: number;
}

/** The functions that code calls by name; `text` is what binaryen's `emitText` answers for it. */
export function calleesOf(text: string): Callee[] {
  const times = new Map<string, number>();
  for (const match of text.matchAll(/\(call \$(?:"((?:[^"\\]|\\.)*)"|([^\s()]+))/g)) {
    const name = match[1] ?? match[2]!;
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return [...times].map(([name, count]) => ({ name, times: count }));
}
