// Calls that concern no stream: properties, shared data, queues, metrics, logs, time.
import {
  Counter,
  Gauge,
  Histogram,
  LogLevel,
  SharedData,
  SharedQueue,
  SharedValue,
  clock,
  lastStatus,
  log,
  property,
} from "proxy-wasm-as";
import { Random } from "./random";

const counter = new Counter("fuzz.counter");
const gauge = new Gauge("fuzz.gauge");
const histogram = new Histogram("fuzz.histogram");

const paths: string[][] = [
  ["request", "path"],
  ["request", "headers"],
  ["response", "code"],
  ["source", "address"],
  ["connection", "mtls"],
  ["plugin_name"],
  ["request"],
  [""],
  [],
  ["a\0b"],
  ["node"],
  ["xds", "route_metadata"],
  ["fuzz"],
  ["upstream", "address"],
  ["response", "headers", "x-a"],
  ["filter_state", "x"],
  ["metadata", "filter_metadata", "x"],
];
/** Makes the calls. */
export class HostCaller extends Random {
  /** Calls that concern no stream. */
  protected callHost(): void {
    switch (13 + this.random(21)) {
      case 13:
        property.text(paths[this.random(paths.length)]);
        break;
      case 14:
        property.bytes(paths[this.random(paths.length)]);
        break;
      case 15:
        property.integerOr(paths[this.random(paths.length)], 1);
        break;
      case 16:
        property.set(this.value(), this.value());
        break;
      case 17:
        property.setBytes(this.value(), this.bytes());
        property.boolOr(paths[this.random(paths.length)], true);
        property.numberOr(paths[this.random(paths.length)], 1);
        property.has(paths[this.random(paths.length)]);
        break;
      case 18:
        SharedData.set(this.value(), this.value(), this.random(3));
        SharedData.setBytes(this.value(), this.bytes());
        break;
      case 19:
        SharedData.get(this.value());
        break;
      case 20:
        SharedData.add("sum", 1);
        break;
      case 21: {
        const queue = SharedQueue.register("fuzz");
        if (queue !== null) queue.enqueue(this.value());
        break;
      }
      case 22: {
        const queue = SharedQueue.resolve("", this.value());
        if (queue !== null) queue.dequeue();
        new SharedQueue(this.random(4)).enqueueBytes(this.bytes());
        break;
      }
      case 23:
        counter.increment(<i64>this.random(3) - 1);
        counter.value;
        break;
      case 24:
        gauge.add(<i64>this.random(9) - 4);
        gauge.set(<i64>this.random(9) - 4);
        gauge.value;
        break;
      case 25:
        histogram.record(<i64>this.random(100) - 5);
        break;
      case 26:
        counter.with([["a", this.value()]]).increment();
        break;
      case 27:
        clock.now();
        Date.now();
        Math.random();
        break;
      case 28:
        log.debug(this.value());
        log.write(<LogLevel>this.random(8), this.value());
        break;
      case 29:
        SharedData.update(this.value(), (old) => this.changed(old));
        break;
      case 30:
        SharedData.clear(this.value());
        break;
      case 31:
        console.log(this.value());
        trace("trace", 1, 2);
        break;
      case 32:
        lastStatus();
        new SharedQueue(this.random(4)).dequeue();
        break;
      default:
        // Enough memory to make the allocator work, let go of at once.
        for (let i = 0; i < 8; i++) this.bytes();
    }
  }

  /** What shared data becomes; sometimes others write meanwhile. */
  private changed(old: SharedValue | null): Uint8Array | null {
    if (this.random(3) == 0) SharedData.set("1", this.value());
    return old === null || this.random(3) == 0 ? this.bytes() : null;
  }
}
