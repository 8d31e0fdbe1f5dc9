/**
 * Envoy's statistics, as a stats sink gets them.
 *
 * @module
 */
import { BufferType, Status } from "../abi/enums";
import { proxy_get_buffer_bytes } from "../abi/imports";
import { expectBytes, receivedBytes } from "../memory/host-values";
import { OUT } from "../memory/scratch";
import { decode } from "../memory/text";
import { record } from "../runtime/status";

/** How much is read from the host at a time. */
const WINDOW: u32 = 16384;
/** The two kinds of blocks, and the size of what they begin with: their size, their kind, and a count. */
const COUNTERS: u32 = 1;
const GAUGES: u32 = 2;
const HEAD: u32 = 12;

/**
 * Envoy's counters and gauges at one moment, those that were ever used, one after the other; usable in
 * `StatsSink.onStatsUpdate` only.
 *
 * @example
 * while (stats.next()) if (stats.isCounter && stats.delta > 0) log.info(stats.name + " +" + stats.delta.toString());
 */
@final
export class StatsReader {
  /** Tells whether the current statistic is a counter; a gauge otherwise. */
  isCounter: bool = false;
  /** The name of the current statistic, `cluster.web.upstream_rq_total` for example. */
  name: string = "";
  /** Its value. */
  value: u64 = 0;
  /** By how much a counter has grown since the last update; 0 for a gauge. */
  delta: u64 = 0;

  private window: Uint8Array = new Uint8Array(0);
  private start: u32 = 0;
  private at: u32 = HEAD;
  private countersEnd: u32 = 0;
  private gaugesLeft: u32 = 0;

  /** @internal */
  constructor() {
    if (this.see(0, HEAD) && this.word(4) == COUNTERS) this.countersEnd = this.word(0);
  }

  /**
   * Goes to the next statistic; false when there is none. Counters come first. Envoy 1.40 says how many counters there
   * are, but not how many gauges: they end where what follows is none.
   */
  next(): bool {
    if (this.at < this.countersEnd) {
      if (this.read(this.countersEnd - this.at, 16)) {
        this.isCounter = true;
        return true;
      }
      return this.end();
    }
    if (this.isCounter || this.gaugesLeft == 0) {
      const isFirst = this.countersEnd > 0 && this.at == this.countersEnd;
      if (!isFirst || !this.see(this.at, HEAD) || this.word(this.at + 4) != GAUGES) return this.end();
      this.gaugesLeft = this.word(this.at + 8);
      this.at += HEAD;
      this.isCounter = false;
      this.delta = 0;
    }
    if (this.gaugesLeft == 0 || !this.read(WINDOW, 8)) return this.end();
    this.gaugesLeft--;
    return true;
  }

  /** Nothing more comes. */
  private end(): bool {
    this.at = u32.MAX_VALUE;
    this.countersEnd = this.gaugesLeft = 0;
    this.isCounter = false;
    return false;
  }

  /** Reads a name of at most `most` bytes, and the `size` bytes of numbers behind it; false when there is none. */
  private read(most: u32, size: u32): bool {
    if (!this.see(this.at, 4)) return false;
    const length = this.word(this.at);
    if (length == 0 || length > most || length > WINDOW) return false;
    const name = this.at + 4;
    const numbers = (name + length + 7) & ~7;
    if (!this.see(name, numbers + size - name)) return false;
    for (let i: u32 = 0; i < length; i++) if (this.window[name - this.start + i] < 0x20) return false;
    this.name = decode(this.window.dataStart + <usize>(name - this.start), length);
    this.value = this.number(numbers);
    if (size == 16) this.delta = this.number(numbers + 8);
    this.at = numbers + size;
    return true;
  }

  /** Makes sure that `length` bytes from `at` on are in the window. */
  private see(at: u32, length: u32): bool {
    if (at >= this.start && at + length <= this.start + <u32>this.window.length) return true;
    expectBytes();
    const status = record(proxy_get_buffer_bytes(BufferType.CallData, at, max(length, WINDOW), OUT, OUT + 4));
    const bytes = receivedBytes();
    if (status != Status.Ok) return false;
    this.window = bytes;
    this.start = at;
    return <u32>bytes.length >= length;
  }

  private word(at: u32): u32 {
    const bytes = this.window;
    const i = at - this.start;
    return (
      (<u32>bytes[i]) | ((<u32>bytes[i + 1]) << 8) | ((<u32>bytes[i + 2]) << 16) | ((<u32>bytes[i + 3]) << 24)
    );
  }

  private number(at: u32): u64 {
    return (<u64>this.word(at)) | ((<u64>this.word(at + 4)) << 32);
  }
}
