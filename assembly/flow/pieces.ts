/**
 * A body that a flow reads piece by piece.
 *
 * @module
 */
import { Body } from "../http/body";
import { MOST_HELD } from "../http/body-editor";
import { newBytes } from "../memory/byte-array";
import { ByteSink } from "../memory/byte-sink";

/** The piece that the flow has, and what it keeps back. */
@final
export class Pieces {
  /** The position of the latest piece, and its current length. */
  start: u32 = 0;
  length: u32 = 0;
  /** The length that it had at first. */
  private given: u32 = 0;
  /** The flow has been told that the body is over. */
  isOver: bool = false;
  /** By how much the flow has been given more than it passes on; less than 0 where it passes on more. */
  private missing: i32 = 0;
  /** How many bytes an editor keeps back. */
  kept: u32 = 0;
  /** Bytes that are ready to go on, and are held because the flow keeps back bytes behind them. */
  private ready: ByteSink | null = null;

  /** The flow gets the next one. */
  begin(start: u32, length: u32): void {
    this.start = start;
    this.given = length;
    this.length = length;
  }

  /** The flow has changed its length; answers by how much. */
  resize(length: u32): i32 {
    const more = <i32>(length - this.length);
    this.missing -= more;
    this.length = length;
    return more;
  }

  /** The flow has added bytes behind it. */
  extend(length: u32): void {
    this.missing -= length;
  }

  /** Holds the `size` bytes that would go on, if the flow keeps bytes back that it may add later. Tells whether it holds them. */
  hold(body: Body, size: u32): bool {
    if (this.kept == 0 && this.missing <= 0 && this.length >= this.given) return false;
    let ready = this.ready;
    if (ready === null) this.ready = ready = new ByteSink();
    if (<u32>ready.size + size > MOST_HELD) return false;
    ready.add(body.bytes());
    body.setBytes(newBytes(0));
    return true;
  }

  /** How many bytes are held so. */
  get held(): u32 {
    const ready = this.ready;
    return ready === null ? 0 : ready.size;
  }

  /** They go on now. */
  take(): Uint8Array {
    return this.ready!.take();
  }
}
