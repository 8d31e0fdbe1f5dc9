// Does with shared data, queues, metrics, properties, timers and foreign functions what the request's `x-do` says.
import {
  Counter,
  FilterHeadersStatus,
  Gauge,
  Histogram,
  HttpContext,
  PluginContext,
  SharedData,
  SharedQueue,
  SharedSpace,
  Timer,
  callForeignFunction,
  clock,
  lastStatus,
  log,
  property,
  registerPlugin,
} from "proxy-wasm-as";

const requests = new Counter("requests");
const level = new Gauge("level");
const sizes = new Histogram("sizes");

/** What all plugins of this module share. */
const space = new SharedSpace("state");

class State extends PluginContext {
  queue: SharedQueue | null = null;
  ticks: i32 = 0;
  late: i32 = 0;
  private timer: Timer | null = null;
  /** Which VM this is: every worker thread has one. */
  readonly vm: string = clock.now().toString(16);
  /** The header with the command. */
  command: string = "x-do";

  onConfigure(configuration: string): bool {
    if (configuration.startsWith("x-")) this.command = configuration;
    if (configuration == "queue") this.queue = SharedQueue.register("jobs", space);
    if (configuration == "timers") {
      this.timer = this.every(20, () => this.onTimer());
      this.after(70, () => {
        this.late++;
        this.after(10, () => {
          this.late += 10;
          log.info("one-shot timers: " + this.late.toString());
        });
      });
    }
    return true;
  }

  private onTimer(): void {
    this.ticks++;
    log.info("tick " + this.ticks.toString());
    if (this.ticks == 5) {
      const timer = this.timer;
      if (timer !== null) timer.stop();
      log.info("stopped");
    }
  }

  onQueueReady(queue: SharedQueue): void {
    let message = queue.dequeue();
    while (message !== null) {
      log.info("job " + String.UTF8.decode(message.buffer) + " of queue " + queue.id.toString());
      message = queue.dequeue();
    }
    log.info("no more: " + lastStatus().toString());
  }

  createHttpContext(): HttpContext {
    return new StateStream();
  }
}

class StateStream extends HttpContext {
  private count: i32 = 0;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const state = this.plugin as State;
    const command = this.request.headers.get(state.command);
    if (command === null) return FilterHeadersStatus.Continue;
    const parts = command.split("|");
    const verb = parts[0];
    if (verb == "wait") {
      this.after(<u32>parseInt(parts[1]), () => {
        this.request.headers.set("x-waited", (++this.count).toString());
        this.resumeRequest();
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    const result = this.run(verb, parts) + " " + lastStatus().toString();
    return this.respond(200, result, { headers: [["x-vm", state.vm]] });
  }

  private run(verb: string, parts: string[]): string {
    if (verb == "get") {
      const value = SharedData.get(parts[1]);
      return value === null ? "null" : "[" + value.text + "]" + (value.cas > 0 ? " versioned" : "");
    }
    if (verb == "queue") {
      const before = SharedQueue.resolve("one", parts[1]);
      if (before !== null || SharedQueue.register(parts[1]) === null) return "the queue of another";
      return SharedQueue.resolve("one", parts[1]) === null ? "no queue" : "no queue, then one";
    }
    if (verb == "get-shared") {
      const value = space.get(parts[1]);
      return value === null ? "null" : value.text;
    }
    if (verb == "set-shared") return space.set(parts[1], parts[2]).toString();
    if (verb == "add-shared") return space.add(parts[1], 1).toString();
    if (verb == "set") return SharedData.set(parts[1], parts[2]).toString();
    if (verb == "stale") {
      const value = SharedData.get(parts[1])!;
      SharedData.set(parts[1], "newer");
      return SharedData.set(parts[1], "stale", value.cas).toString();
    }
    if (verb == "clear") return SharedData.clear(parts[1]).toString();
    if (verb == "add") return SharedData.add(parts[1], 1).toString();
    if (verb == "update") {
      this.count = 7;
      const status = SharedData.update(parts[1], (old) => {
        const text = (old === null ? "new" : old.text) + this.count.toString();
        return Uint8Array.wrap(String.UTF8.encode(text));
      });
      return status.toString();
    }
    if (verb == "enqueue") {
      const queue = SharedQueue.resolve(parts[1], "jobs", space);
      if (queue === null) return "no queue";
      queue.enqueue(parts[2] + "-1");
      return queue.enqueueBytes(Uint8Array.wrap(String.UTF8.encode(parts[2] + "-2"))).toString();
    }
    if (verb == "gone") return new SharedQueue(4711).enqueue("x").toString();
    if (verb == "count") {
      requests.increment();
      requests.increment(2);
      requests
        .with([
          ["method", "GET"],
          ["code", "2;0=0"],
        ])
        .increment(5);
      requests
        .with([
          ["method", "GET"],
          ["code", "2;0=0"],
        ])
        .increment(5);
      level.set(10);
      level.add(-3);
      sizes.record(100);
      return (
        requests.value.toString() +
        " " +
        level.value.toString() +
        " " +
        requests.increment(0).toString() +
        " " +
        sizes.record(-1).toString()
      );
    }
    if (verb == "text") {
      const value = property.text(parts.slice(1));
      return value === null ? "null" : "[" + value + "]";
    }
    if (verb == "integer") return property.integerOr(parts.slice(1), -1).toString();
    if (verb == "bool") return property.boolOr(parts.slice(1), true).toString();
    if (verb == "has") return property.has(parts.slice(1)).toString();
    if (verb == "leave") {
      property.set(parts[1], parts[2]);
      return (
        property.set("", "x").toString() + property.set("a\0b", "x").toString() + property.text([parts[1]])!
      );
    }
    if (verb == "compress") {
      const packed = callForeignFunction("compress", Uint8Array.wrap(String.UTF8.encode(parts[1])));
      const plain = callForeignFunction("uncompress", packed!);
      return String.UTF8.decode(plain!.buffer);
    }
    if (verb == "foreign")
      return callForeignFunction(parts[1], new Uint8Array(0)) === null ? "null" : "answer";
    if (verb == "time")
      return (clock.now() > 1600000000000000000).toString() + " " + (Date.now() > 1600000000000).toString();
    return "unknown verb";
  }
}

registerPlugin<State>();
