/** How much is sent at once. */
const PIECE = 65536;

/** A body that can be sent more than once, and says how much of it has gone out. */
export class WatchedBlob extends Blob {
  constructor(
    private readonly content: Uint8Array,
    private readonly onSent: ((bytes: number) => void) | undefined,
  ) {
    super([content as Uint8Array<ArrayBuffer>]);
  }

  override stream(): ReturnType<Blob["stream"]> {
    const { content, onSent } = this;
    let sent = 0;
    return new ReadableStream({
      pull(controller): void {
        const piece = content.subarray(sent, sent + PIECE);
        sent += piece.length;
        if (piece.length === 0) controller.close();
        else {
          controller.enqueue(piece as Uint8Array<ArrayBuffer>);
          onSent?.(sent);
        }
      },
    });
  }
}
