/**
 * Fields whose declarations say more than AssemblyScript's: `a?: string` and `abstract name: string`.
 *
 * @module
 */

/** Fields of one kind, by the paths of their sources and the places of their names there. */
class MarkedFields {
  private readonly byPath = new Map<string, Set<number>>();

  /** Forgets the fields of a source, which is read anew: builds in one process share what is here. */
  forget(path: string): void {
    this.byPath.delete(path);
  }

  add(path: string, start: number): void {
    const starts = this.byPath.get(path) ?? new Set();
    this.byPath.set(path, starts.add(start));
  }

  get isEmpty(): boolean {
    return this.byPath.size === 0;
  }

  has(path: string, start: number): boolean {
    return this.byPath.get(path)?.has(start) === true;
  }
}

/** The fields that an object may leave out: `a?: string`. */
export const optionalFields = new MarkedFields();

/** The fields that a class leaves to those that extend it: `abstract name: string`. */
export const abstractFields = new MarkedFields();

/** Forgets the fields of a source that is read anew. */
export function forgetMarkedFields(path: string): void {
  optionalFields.forget(path);
  abstractFields.forget(path);
}
