/**
 * Reading server-sent events as they pass.
 *
 * @module
 */
import { ByteSink } from "../../memory/byte-sink";
import { decode } from "../../memory/text";

/** An event of a stream. */
@final
export class SseEvent {
  constructor(
    /** Its kind: what its field `event` says, `message` without one. */
    readonly type: string,
    /** Its text: the lines of its fields `data`. */
    readonly data: string,
    /** The last `id` that the stream has had up to here. */
    readonly id: string,
  ) {}
}

/** In a line. */
const enum Line {
  Begin,
  Inside,
  /** Behind a CR, which a LF may follow. */
  Return,
}

/**
 * Reads the events of a `text/event-stream` from the chunks of a body, wherever these are cut: give each chunk to `push`, then
 * take what it has made with `next`. Lines end as WHATWG has it, with LF, CR or both. An event that has more than `most` bytes is
 * left out and counted. An event that the stream's end cuts off is no event.
 *
 * @example
 * const reader = new SseReader();
 * reader.push(chunk);
 * for (let event = reader.next(); event !== null; event = reader.next()) log.info(event.data);
 */
@final
export class SseReader {
  /** How many events were left out because they were too long. */
  skipped: u32 = 0;
  private line: ByteSink = new ByteSink();
  private at: Line = Line.Begin;
  /** Bytes of a byte order mark at the very beginning; -1 behind it. */
  private mark: i32 = 0;
  private data: ByteSink = new ByteSink();
  private hasData: bool = false;
  private type: string = "";
  private id: string = "";
  private isTooLong: bool = false;
  private ready: SseEvent[] = new Array<SseEvent>();
  private taken: i32 = 0;

  constructor(
    /** The most bytes of an event, and of an `id`. */
    readonly most: i32 = 65536,
  ) {}

  /** Reads a chunk. */
  push(chunk: Uint8Array): void {
    let start = 0;
    while (this.mark >= 0 && start < chunk.length) start = this.readMark(chunk, start);
    let at = start;
    for (; at < chunk.length; at++) {
      const byte = unchecked(chunk[at]);
      if (byte == 0x0a) {
        // The second half of a line's end is no line.
        if (this.at != Line.Return || at > start) this.endLine(chunk, start, at);
        start = at + 1;
        this.at = Line.Begin;
      } else {
        if (byte == 0x0d) {
          this.endLine(chunk, start, at);
          start = at + 1;
          this.at = Line.Return;
        } else this.at = Line.Inside;
      }
    }
    this.keep(chunk, start, at);
  }

  /** The next event; null when no more has come. */
  next(): SseEvent | null {
    if (this.taken < this.ready.length) return this.ready[this.taken++];
    this.ready = new Array<SseEvent>();
    this.taken = 0;
    return null;
  }

  /** A byte order mark may stand at the beginning; answers where to go on. */
  private readMark(chunk: Uint8Array, start: i32): i32 {
    const mark = this.mark;
    const expected: u32 = mark == 0 ? 0xef : mark == 1 ? 0xbb : 0xbf;
    if (<u32>chunk[start] == expected) {
      this.line.addByte(expected);
      this.mark = mark == 2 ? -1 : mark + 1;
      if (mark == 2) this.line.cut(0);
      return start + 1;
    }
    this.mark = -1;
    if (mark > 0) this.at = Line.Inside;
    return start;
  }

  /** Keeps a part of a line. */
  private keep(chunk: Uint8Array, start: i32, end: i32): void {
    if (this.isTooLong || this.line.size + this.data.size + end - start > this.most) {
      // The first byte still says whether a line is empty.
      if (end > start) {
        this.isTooLong = true;
        this.line.cut(0);
        this.line.addByte(0x3a);
      }
    } else this.line.add(chunk, start, end);
  }

  private endLine(chunk: Uint8Array, start: i32, end: i32): void {
    this.keep(chunk, start, end);
    const line = this.line;
    const size = line.size;
    if (size == 0) this.endEvent();
    else if (!this.isTooLong) this.readField(line.start, size);
    line.cut(0);
  }

  private readField(address: usize, size: i32): void {
    let colon = 0;
    while (colon < size && load<u8>(address + <usize>colon) != 0x3a) colon++;
    if (colon == 0) return; // a comment
    let value = min(colon + 1, size);
    if (value < size && load<u8>(address + <usize>value) == 0x20) value++;
    const valueSize = size - value;
    const first = address + <usize>value;
    const name = colon > 5 ? "" : decode(address, colon);
    if (name == "data") {
      if (this.hasData) this.data.addByte(0x0a);
      this.data.addFrom(first, valueSize);
      this.hasData = true;
    } else if (name == "event") this.type = decode(first, valueSize);
    else if (name == "id") {
      for (let i = 0; i < valueSize; i++) if (load<u8>(first + <usize>i) == 0) return;
      this.id = decode(first, valueSize);
    }
  }

  private endEvent(): void {
    const type = this.type;
    if (this.isTooLong) this.skipped++;
    else if (this.hasData)
      this.ready.push(
        new SseEvent(type.length == 0 ? "message" : type, decode(this.data.start, this.data.size), this.id),
      );
    this.isTooLong = false;
    this.hasData = false;
    this.type = "";
    this.data.cut(0);
  }
}
