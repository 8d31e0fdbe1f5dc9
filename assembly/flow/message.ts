/**
 * A message of an exchange, as a flow sees it.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { HttpContext } from "../context/http-context";
import { Body } from "../http/body";
import { BodyEditor } from "../http/body-editor";
import { Headers } from "../http/headers";
import { newBytes } from "../memory/byte-array";
import { cast } from "../memory/cast";
import { refuse } from "../runtime/status";
import { log } from "../services/log";
import { APPENDS, CHANGES_BODIES } from "./build";
import { Fiber, Wait } from "./fiber";
import { Pieces } from "./pieces";
import { suspend } from "./stack";

/** A request or a response. */
export class Message {
  /** @internal The end has come. */
  ended: bool = false;
  /** @internal The headers have gone on. */
  passed: bool = false;
  /** @internal The host calls nothing for it until it is resumed. */
  stopped: bool = false;
  /** @internal It was so before. */
  wasStopped: bool = false;
  /** @internal The bytes of the body that can be read now, and how many of them the flow has been given. */
  size: u32 = 0;
  /** @internal */
  seen: u32 = 0;
  /** There once the flow reads it piece by piece. */
  private known: Pieces | null = null;

  /** @internal The flow has come to it: waiting holds it. */
  isAt: bool = false;
  /** @internal The end came with the headers, so there is no body. */
  isBodiless: bool = false;
  /** The flow has been given the whole body at once, by `text()` or `bytes()`. */
  private isWhole: bool = false;

  /** @internal The flow that handles it; set right after it is made. */
  owner: Fiber | null = null;

  constructor(
    /** @internal The stream whose message it is. */
    protected readonly stream: HttpContext,
    /** @internal */
    readonly isResponse: bool,
  ) {}

  /** @internal */
  get fiber(): Fiber {
    return cast<Fiber | null, Fiber>(this.owner);
  }

  /**
   * The headers. They can be read and changed until they go on: at `next()` for a request, at the end of the handler for
   * a response, and for both when the body is waited for without `holdHeaders`.
   */
  get headers(): Headers {
    const stream = this.stream;
    return this.isResponse ? stream.response.headers : stream.request.headers;
  }

  /** The trailers; there once the whole body has been waited for, if there are any. */
  get trailers(): Headers {
    const stream = this.stream;
    return this.isResponse ? stream.response.trailers : stream.request.trailers;
  }

  /** Waits for the whole body: its text; `""` when it has none. One beyond the limit ends the flow; see `FlowOptions`. */
  text(): string {
    return this.waitForEnd() ? this.rest.slice(this.seen) : "";
  }

  /** Waits for the whole body: its bytes; none when it has none. */
  bytes(): Uint8Array {
    return this.waitForEnd() ? this.rest.sliceBytes(this.seen) : new Uint8Array(0);
  }

  /**
   * Waits for more of the body; null at its end. Bytes that were read go on when the flow waits for the next chunk, or for
   * anything else that lets the message go on; a body of any size passes.
   *
   * A flow may keep bytes back, pass on less with `setChunk`, and `append` them later, at the end at last. While it has passed on
   * less than it was given, the body is held, 64 KiB at most, so that it can append to it when trailers have ended it, too.
   *
   * @example
   * const response = x.next();
   * for (let chunk = response.chunk(); chunk !== null; chunk = response.chunk()) sum += chunk.length;
   */
  chunk(): Uint8Array | null {
    while (this.size <= this.seen) {
      if (this.ended || !this.mayWaitFor(Wait.Chunk)) {
        this.pieces.isOver = true;
        return null;
      }
      suspend();
    }
    if (CHANGES_BODIES) this.isWhole = false;
    const start = this.seen;
    const length = this.size - start;
    this.pieces.begin(start, length);
    this.seen = this.size;
    return this.rest.sliceBytes(start, length);
  }

  /**
   * Tells whether nothing follows what `chunk()` has answered. False for the last one when its end came later: `chunk()` then answers
   * null.
   */
  get isLast(): bool {
    return this.ended && this.size <= this.seen;
  }

  /**
   * Replaces the body that `text()` or `bytes()` has waited for. A message without a body cannot be given one:
   * `Status.BadArgument`.
   */
  setBody(text: string): Status {
    this.prepare();
    return this.note(this.rest.splice(this.seen, this.size - this.seen, text));
  }

  /** `setBody` with bytes. */
  setBytes(bytes: Uint8Array): Status {
    this.prepare();
    return this.note(this.rest.spliceBytes(this.seen, this.size - this.seen, bytes));
  }

  /**
   * Replaces the chunk that `chunk()` has just answered; what was appended behind it stays. Refused where there is none, and behind the
   * end: see `append`.
   */
  setChunk(bytes: Uint8Array): Status {
    const pieces = this.known;
    if (pieces === null || pieces.isOver) {
      log.error("flow: setChunk without a chunk, or behind the end of the body; append adds to it");
      return refuse();
    }
    this.prepare();
    const status = this.rest.spliceBytes(pieces.start, pieces.length, bytes);
    if (status == Status.Ok) this.grow(pieces.resize(bytes.length));
    return status;
  }

  /**
   * Adds bytes behind those that were read: at the end of the body that `text()` or `bytes()` has waited for, behind the chunk that
   * `chunk()` has answered, or at the body's end when that was null. A message without a body cannot be given one:
   * `Status.BadArgument`. If trailers have ended the body, and nothing of it is held, the stream is reset: the receiver must not take
   * a part for the whole.
   */
  append(bytes: Uint8Array): Status {
    this.prepare();
    const status = this.rest.spliceBytes(this.isWhole ? this.size : this.seen, 0, bytes);
    if (status == Status.Ok) {
      if (this.isWhole) this.size += bytes.length;
      else {
        const pieces = this.known;
        if (pieces !== null) pieces.extend(bytes.length);
        this.grow(bytes.length);
      }
    } else if (bytes.length > 0 && this.ended && this.isAt && !this.isBodiless) {
      log.error("flow: append behind trailers, where no body is held; resetting the stream");
      this.fiber.reset();
    }
    return status;
  }

  /** Waits for the whole body, and has it pass through an editor; a body of any size passes. A message without a body stays as it is. */
  edit(editor: BodyEditor): void {
    if (this.isBodiless) return;
    let last: bool = false;
    for (let chunk = this.chunk(); chunk !== null; chunk = this.chunk()) {
      last = this.isLast;
      this.setChunk(editor.push(chunk, last));
      this.pieces.kept = editor.held;
    }
    if (last || !this.ended) return;
    this.pieces.kept = 0;
    const rest = editor.push(newBytes(0), true);
    if (rest.length > 0) this.append(rest);
  }

  /** @internal Holds what would go on, when the flow keeps back something and may add it later; whether it does. */
  hold(): bool {
    const pieces = this.known;
    if (this.ended || pieces === null || !pieces.hold(this.rest, this.size)) return false;
    this.forget();
    return true;
  }

  /** @internal How much is held so. */
  get held(): u32 {
    const pieces = this.known;
    return APPENDS && pieces !== null ? pieces.held : 0;
  }

  private get pieces(): Pieces {
    let pieces = this.known;
    if (pieces === null) this.known = pieces = new Pieces();
    return pieces;
  }

  /** The part of the body that the flow has read grows by `more` bytes. */
  private grow(more: i32): void {
    this.seen += more;
    this.size += more;
  }

  /** @internal The data in the buffer has gone on. */
  forget(): void {
    this.size = 0;
    this.seen = 0;
    const pieces = this.known;
    if (pieces !== null) pieces.begin(0, 0);
  }

  /** @internal The headers go on now. */
  pass(): void {
    if (APPENDS) this.putBack();
    this.passed = true;
    if (this.stopped) this.wasStopped = true;
    this.stopped = false;
  }

  /** Puts the held bytes before the new data, so that they go on together. */
  private putBack(): void {
    if (this.held > 0 && this.rest.prependBytes(this.pieces.take()) != Status.Ok) this.fiber.reset();
  }

  /** Tells whether the flow is at this message, and can wait for more of it. */
  private mayWaitFor(what: Wait): bool {
    return this.isAt && this.fiber.mayWaitFor(what);
  }

  private get rest(): Body {
    const stream = this.stream;
    return this.isResponse ? stream.response.body : stream.request.body;
  }

  /** Tells whether there is a body, and all of it can be read. */
  private waitForEnd(): bool {
    while (!this.ended) {
      if (!this.mayWaitFor(Wait.Body)) return false;
      suspend();
    }
    if (CHANGES_BODIES) this.isWhole = true;
    return this.size > this.seen;
  }

  /** @internal Its headers have come, and perhaps the end with them. */
  begin(ended: bool): void {
    this.ended = ended;
    if (CHANGES_BODIES) this.isBodiless = ended;
  }

  /** @internal The length changes: it must not have been announced. Called before the headers go on. */
  prepare(): void {
    if (CHANGES_BODIES && !this.passed && !this.isBodiless) this.headers.removeLength();
  }

  private note(status: Status): Status {
    if (status == Status.Ok) this.size = this.rest.size;
    return status;
  }
}
