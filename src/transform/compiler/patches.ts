/**
 * Changes of what the running compiler does: its methods are replaced once for the process, and what replaces them asks
 * whether the build at hand wants it. Tried with 0.28.9 to 0.28.20.
 *
 * @module
 */

type Method = (this: never, ...args: never[]) => unknown;

/** Puts a method around one of a class of the compiler. `make` is given the original. */
export function around<T extends Method>(prototype: object, name: string, make: (original: T) => T): void {
  const methods = prototype as Record<string, T | undefined>;
  const original = methods[name];
  if (original === undefined)
    throw new Error(`this AssemblyScript has no ${name}: use AssemblyScript 0.28.20.`);
  methods[name] = make(original);
}

/** Makes an action one that is done once, however often it is asked for. */
export function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
