/**
 * Functions that a handler registers for the case that the client goes away.
 *
 * @module
 */

/** Something to do when the stream ends while the flow waits. */
export abstract class Cleanup {
  next: Cleanup | null = null;
  abstract run(): void;
}

/** A function, and what it is called with. */
export class CleanupOf<T> extends Cleanup {
  constructor(
    private readonly value: T,
    private readonly callback: (value: T) => void,
  ) {
    super();
  }

  run(): void {
    this.callback(this.value);
  }
}
