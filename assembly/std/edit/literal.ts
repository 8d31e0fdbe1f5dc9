/**
 * Bytes that are replaced wherever they stand.
 *
 * @module
 */
import { BodyEditor } from "../../http/body-editor";
import { ByteSink } from "../../memory/byte-sink";

/**
 * Looks for `search` as Knuth, Morris and Pratt do: each byte is looked at once, and what may be its beginning is known by its
 * length alone, so that nothing has to be kept.
 */
@final
export class LiteralEditor extends BodyEditor {
  /** For each length of a beginning of `search`: the length of the longest shorter one that it ends with. */
  private shorter: StaticArray<i32>;
  /** So many bytes of `search` stand at the end of what has come. */
  private matched: i32 = 0;

  /** `search` has a byte at least. */
  constructor(
    private readonly search: Uint8Array,
    private readonly replacement: Uint8Array,
  ) {
    super();
    const shorter = new StaticArray<i32>(search.length + 1);
    let matched = 0;
    for (let i = 1; i < search.length; i++) {
      while (matched > 0 && search[i] != search[matched]) matched = shorter[matched];
      if (search[i] == search[matched]) matched++;
      shorter[i + 1] = matched;
    }
    this.shorter = shorter;
  }

  get held(): u32 {
    return this.matched;
  }

  push(chunk: Uint8Array, last: bool): Uint8Array {
    const search = this.search;
    const shorter = this.shorter;
    const size = search.length;
    const before = this.matched;
    let matched = before;
    let sink: ByteSink | null = null;
    // Positions below 0 are those of the beginning of `search` that stands before the chunk.
    let copied = -before;
    for (let i = 0; i < chunk.length; i++) {
      const byte = unchecked(chunk[i]);
      while (matched > 0 && unchecked(search[matched]) != byte) matched = unchecked(shorter[matched]);
      if (unchecked(search[matched]) == byte) matched++;
      if (matched < size) continue;
      if (sink === null) sink = new ByteSink();
      this.copy(sink, chunk, before, copied, i + 1 - size);
      sink.add(this.replacement);
      copied = i + 1;
      matched = 0;
    }
    const end = last ? chunk.length : chunk.length - matched;
    this.matched = last ? 0 : matched;
    if (sink === null) {
      if (copied == 0 && end == chunk.length) return chunk;
      sink = new ByteSink();
    }
    this.copy(sink, chunk, before, copied, end);
    return sink.take();
  }

  private copy(sink: ByteSink, chunk: Uint8Array, before: i32, start: i32, end: i32): void {
    if (start < 0) sink.add(this.search, before + start, before + min(end, 0));
    if (end > 0) sink.add(chunk, max(start, 0), end);
  }
}
