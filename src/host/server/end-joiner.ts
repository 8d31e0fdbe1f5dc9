const empty = new Uint8Array(0);

/**
 * HTTP/2 tells the end with the last data, and Node a moment later. Data waits that moment here, so that the two are one
 * event as in Envoy.
 */
export class EndJoiner {
  private held: Uint8Array | undefined;

  constructor(private readonly tell: (bytes: Uint8Array, endStream: boolean) => void) {}

  data(bytes: Uint8Array): void {
    this.flush(false);
    this.held = bytes;
    setImmediate(() => {
      if (this.held === bytes) this.flush(false);
    });
  }

  /** All data has come, and no trailers. */
  end(): void {
    if (this.held === undefined) this.tell(empty, true);
    else this.flush(true);
  }

  /** Tells what waits. */
  flush(endStream: boolean): void {
    const { held } = this;
    this.held = undefined;
    if (held !== undefined) this.tell(held, endStream);
  }
}
