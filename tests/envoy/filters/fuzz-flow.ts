// Calls the flow API at random: any call with any argument wherever a flow is, also on other exchanges, on those that are
// over, and outside of flows. The request's `x-seed` begins the numbers. Each wait ends by itself, so that nothing may hang.
import { Headers, SharedQueue, SharedSpace, log, registerPlugin } from "proxy-wasm-as";
import {
  Alarm,
  Exchange,
  FetchFuture,
  FetchResponse,
  FlowPlugin,
  Future,
  GrpcFuture,
  Next,
  QueueFuture,
  Signal,
  all,
  grpcCall,
  fetch,
  race,
  receive,
  registerFlow,
  sleep,
  startFetch,
  startGrpcCall,
  use,
} from "proxy-wasm-as/assembly/flow";
import { Message } from "proxy-wasm-as/assembly/flow/message";
import { Caller } from "./fuzz/caller";
import { clusters } from "./fuzz/calls";
import { Connections, Fuzz, Log, Sink } from "./fuzz/contexts";
import { callHeaders } from "./fuzz/message";

/** What the plugins of this module share. */
const space = new SharedSpace("fuzz");

/** The flows that began last, those that are over among them. */
const others = new Array<Actor>();
/** What several flows wait for. Only one of them hears of its end, so that all of them wait for a while only. */
const shared = new Array<Future>();
const signal = new Signal();

/** Makes the calls, for one exchange. */
class Actor {
  readonly caller: Caller;
  private readonly futures: Future[] = [];
  private depth: i32 = 0;
  private left: i32 = 60;

  constructor(readonly x: Exchange) {
    this.caller = new Caller(x.plugin);
    this.caller.begin(x.request.headers.get("x-seed"));
    if (others.length >= 16) others.shift();
    others.push(this);
  }

  private random(below: u32): u32 {
    return this.caller.random(below);
  }

  /** A few milliseconds, never none. */
  private while(most: u32 = 30): u32 {
    return 1 + this.random(most);
  }

  /** Makes up to `most` calls; what it keeps on the stack must survive them. */
  walk(most: u32): void {
    const count = this.random(most + 1);
    const check = this.caller.state;
    const text = check.toString();
    const list = [check, ~check];
    const fraction = <f64>check / 3;
    for (let i: u32 = 0; i < count && this.left > 0; i++) {
      this.left--;
      this.one();
    }
    const same = text == check.toString() && list.length == 2 && list[0] == check && list[1] == ~check;
    if (!same || fraction != <f64>check / 3) log.critical("wrong: what a flow kept is not the same");
  }

  private one(): void {
    const kind = this.random(20);
    if (kind < 3) this.goOn();
    else if (kind < 6) this.call();
    else if (kind < 9) this.await();
    else if (kind < 13) this.readBody();
    else if (kind < 15) callHeaders(this.caller, this.anyMessageHeaders());
    else if (kind < 17) this.meet();
    else if (kind < 18) this.caller.some(3);
    else this.deeper();
  }

  private anyMessageHeaders(): Headers {
    const response = this.x.response;
    const inResponse = response !== null && this.random(2) == 0;
    if (this.random(4) > 0) return inResponse ? response!.headers : this.x.request.headers;
    return inResponse ? response!.trailers : this.x.request.trailers;
  }

  /** Calls that decide what becomes of the exchange. */
  private goOn(): void {
    const x = this.x;
    switch (this.random(8)) {
      case 0:
        this.respond(x);
        break;
      case 1:
        if (this.random(4) == 0) x.reset();
        break;
      case 2:
        x.onCancel<Actor>(this, (self) => self.cancelled());
        break;
      case 3:
        x.isAnswered;
        x.heldBytes;
        break;
      default: {
        const response = x.next();
        response.status;
        callHeaders(this.caller, response.headers);
      }
    }
  }

  private respond(x: Exchange): void {
    const caller = this.caller;
    const status = this.random(3) == 0 ? this.random(1200) : 200 + this.random(400);
    if (this.random(2) == 0) x.respondBytes(status, caller.bytes(), { headers: caller.pairs() });
    else x.respond(status, caller.value(), { headers: caller.pairs(), details: caller.value() });
  }

  /** What is called when the client has gone, and outside of flows: nothing can wait there. */
  cancelled(): void {
    this.caller.some(2);
    this.one();
    sleep(1);
    fetch("side", { path: "/" }).failed;
  }

  /** Calls to others, waited for or not. */
  private call(): void {
    const caller = this.caller;
    const cluster = this.random(3) == 0 ? caller.pick(clusters) : "side";
    switch (this.random(4)) {
      case 0:
        this.read(this.begin(cluster).response);
        break;
      case 1:
        this.keep(this.begin(cluster));
        break;
      case 2: {
        const method = caller.value();
        const timeout = this.while(200);
        const result = grpcCall("grpc-side", "fuzz", method, caller.bytes(), {
          metadata: caller.pairs(),
          timeout,
        });
        result.message.length + result.body.length;
        break;
      }
      default:
        this.keep(
          startGrpcCall(cluster, "fuzz", caller.value(), caller.bytes(), { timeout: this.while(200) }),
        );
    }
  }

  private begin(cluster: string): FetchFuture {
    const caller = this.caller;
    return startFetch(cluster, {
      path: "/fuzz/" + this.random(6).toString(),
      method: this.random(3) == 0 ? caller.value() : "GET",
      headers: this.random(3) == 0 ? caller.pairs() : [],
      body: caller.value(),
      trailers: this.random(3) == 0 ? caller.pairs() : [],
      timeout: this.while(200),
    });
  }

  private read(answer: FetchResponse): void {
    answer.headers.length;
    answer.header("x-a");
    answer.text.length + answer.body.length;
    if (answer.ok && answer.failed) log.critical("wrong: a call has failed and has not");
  }

  private keep(future: Future): void {
    if (this.random(6) == 0) {
      if (shared.length >= 8) shared.shift();
      shared.push(future);
    } else this.futures.push(future);
  }

  private some(): Future[] {
    const futures = this.futures;
    const result: Future[] = [];
    for (let i = 0; i < futures.length; i++) if (this.random(2) == 0) result.push(futures[i]);
    if (this.random(4) == 0) result.push(new Alarm(this.while()));
    if (result.length > 0 && this.random(8) == 0) result.push(result[0]);
    return result;
  }

  /** Waits for what was begun, or for time. */
  private await(): void {
    const futures = this.futures;
    switch (this.random(8)) {
      case 0:
        sleep(this.random(12));
        break;
      case 1:
        this.keep(new Alarm(this.random(40)));
        break;
      case 2:
        all<Future>(this.some(), this.random(2) == 0 ? 0 : this.while());
        break;
      case 3:
        race<Future>(this.some(), this.random(2) == 0 ? 0 : this.while());
        break;
      case 4:
        if (shared.length > 0) shared[this.random(shared.length)].wait(this.while());
        break;
      case 5:
        if (shared.length > 0) race<Future>(shared.slice(0), this.while());
        break;
      default: {
        if (futures.length == 0) break;
        const future = futures[this.random(futures.length)];
        if (this.random(2) == 0) future.wait(this.random(2) == 0 ? 0 : this.while());
        else if (future instanceof FetchFuture) this.read((future as FetchFuture).response);
        else if (future instanceof GrpcFuture) (future as GrpcFuture).result.status;
        future.isDone;
      }
    }
  }

  /** Calls of a body. */
  private readBody(): void {
    const x = this.x;
    const response = x.response;
    if (response !== null && this.random(3) > 0) this.readMessage(response);
    else this.readMessage(x.request);
  }

  private readMessage(message: Message): void {
    switch (this.random(7)) {
      case 0:
        message.text();
        break;
      case 1:
        message.bytes();
        break;
      case 2:
        message.setBody(this.caller.value());
        break;
      case 3:
        message.setBytes(this.caller.bytes());
        break;
      case 4:
        message.setChunk(this.caller.bytes());
        break;
      default:
        for (let i = this.random(5); i > 0 && message.chunk() !== null; i--) {
          if (this.random(3) == 0) message.setChunk(this.caller.bytes());
          if (this.random(3) == 0) sleep(this.while(5));
        }
    }
  }

  /** What concerns other flows. */
  private meet(): void {
    const queue = SharedQueue.resolve("fuzz", "flows", space);
    switch (this.random(8)) {
      case 0:
        if (queue !== null) receive(queue, this.while());
        break;
      case 1:
        if (queue !== null) queue.enqueueBytes(this.caller.bytes());
        break;
      case 2:
        if (queue !== null) this.keepQueue(new QueueFuture(queue));
        break;
      case 3:
        signal.wait(this.while());
        break;
      case 4:
        signal.fire();
        break;
      case 5:
        this.x.plugin.after(this.random(20), () => this.outside());
        break;
      default:
        this.trouble(this.other());
    }
  }

  /** A message that nobody may send. */
  private keepQueue(future: QueueFuture): void {
    if (!future.take()) future.wait(this.while());
    future.message;
  }

  /** What a timer of the plugin does: it is in no flow. */
  private outside(): void {
    signal.fire();
    const other = this.other();
    if (this.random(2) == 0) this.respond(other.x);
    else if (this.random(4) == 0) other.x.reset();
    callHeaders(this.caller, other.anyMessageHeaders());
    other.x.request.setBody(this.caller.value());
    this.caller.some(2);
  }

  private other(): Actor {
    return others[this.random(others.length)];
  }

  /** Calls of another's exchange, which may be over. */
  private trouble(other: Actor): void {
    const x = other.x;
    switch (this.random(8)) {
      case 0:
        this.respond(x);
        break;
      case 1:
        if (this.random(4) == 0) x.reset();
        break;
      case 2:
        x.next();
        break;
      case 3:
        this.readMessage(x.request);
        break;
      case 4: {
        const response = x.response;
        if (response !== null) this.readMessage(response);
        break;
      }
      case 5:
        x.onCancel<Actor>(this, (self) => self.cancelled());
        break;
      default:
        callHeaders(this.caller, other.anyMessageHeaders());
    }
  }

  /** Calls within calls, by functions that call themselves, and what ends it all. */
  private deeper(): void {
    switch (this.random(4)) {
      case 0:
        if (this.depth >= 4) break;
        this.depth++;
        this.walk(4);
        this.depth--;
        break;
      case 1:
        descend(this.random(8) == 0 ? this.random(600) : this.random(10));
        break;
      case 2:
        use(this.x, [first, second, third]);
        break;
      default: {
        const plugin = this.x.plugin;
        if (plugin instanceof Flows && (plugin as Flows).aborts && this.random(12) == 0) {
          log.critical("fuzz: on purpose");
          load<u32>(usize.MAX_VALUE - 8);
        }
        this.caller.mayThrow(4);
      }
    }
  }
}

/** Waits in the depth of `depth` calls; what each adds must be there on the way back. */
function descend(depth: u32): u32 {
  if (depth == 0) {
    sleep(2);
    return 0;
  }
  const text = depth.toString();
  const below = descend(depth - 1);
  if (below + 1 != depth || text != depth.toString()) log.critical("wrong: what a flow kept is not the same");
  return depth;
}

function actorOf(x: Exchange): Actor {
  for (let i = others.length - 1; i >= 0; i--) if (others[i].x === x) return others[i];
  return new Actor(x);
}

function first(x: Exchange, next: Next): void {
  actorOf(x).walk(2);
  const response = next.run();
  if (response !== null) response.headers.add("x-first", "1");
}

function second(x: Exchange, next: Next): void {
  sleep(1);
  next.run();
  next.run();
  actorOf(x).walk(2);
}

function third(x: Exchange, next: Next): void {
  if (actorOf(x).caller.random(4) > 0) next.run();
}

class Flows extends FlowPlugin {
  aborts: bool = false;

  /** Each letter of the configuration is a limit or a way to behave. */
  onConfigure(configuration: string): bool {
    SharedQueue.register("flows", space);
    const flow = this.flow;
    flow.holdHeaders = configuration.includes("h");
    flow.metrics = configuration.includes("m");
    if (configuration.includes("f")) flow.maxSuspended = 3;
    if (configuration.includes("b")) flow.maxSuspendedBytes = 2000;
    if (configuration.includes("l")) flow.requestBodyLimit = flow.responseBodyLimit = 1000;
    this.aborts = configuration.includes("a");
    Caller.throws = configuration.includes("e");
    return true;
  }

  handle(x: Exchange): void {
    new Actor(x).walk(14);
  }
}

registerPlugin<Flows>();
registerFlow("plain", (x: Exchange): void => new Actor(x).walk(8));
registerPlugin<Fuzz>("classes");
registerPlugin<Connections>("connections");
registerPlugin<Log>("log");
registerPlugin<Sink>("sink");
