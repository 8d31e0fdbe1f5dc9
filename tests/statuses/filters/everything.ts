// Calls everything that reaches the host once, and logs for each "name|what came|status".
import {
  TcpContext,
  StatsSink,
  StatsReader,
  FilterStatus,
  FilterDataStatus,
  FilterHeadersStatus,
  Counter,
  Gauge,
  GrpcStatus,
  GrpcStream,
  Headers,
  Histogram,
  HttpContext,
  LogLevel,
  PluginContext,
  SharedData,
  SharedQueue,
  Status,
  callForeignFunction,
  clock,
  environment,
  lastStatus,
  log,
  property,
  registerPlugin,
} from "proxy-wasm-as";
import {
  Expression,
  attributes,
  clearRouteCache,
  compress,
  declareProperty,
  setFilterState,
  sign,
  uncompress,
  verifySignature,
} from "proxy-wasm-as/assembly/envoy";

const counter = new Counter("c");
const gauge = new Gauge("g");
const histogram = new Histogram("h");

function say(name: string, what: string, status: i32): void {
  log.critical(`${name}|${what}|${status}`);
}

function text(name: string, value: string | null): void {
  const status = lastStatus();
  if (value === null) say(name, "null", status);
  else say(name, value.length.toString(), status);
}

function bytes(name: string, value: Uint8Array | null): void {
  const status = lastStatus();
  if (value === null) say(name, "null", status);
  else say(name, value.length.toString(), status);
}

function number(name: string, value: i64): void {
  say(name, value.toString(), lastStatus());
}

function yes(name: string, value: bool): void {
  const status = lastStatus();
  say(name, value ? "true" : "false", status);
}

function status(name: string, value: i32): void {
  say(name, "", value);
}

class Watch extends GrpcStream {
  onInitialMetadata(metadata: Headers): void {
    text("initialMetadata.get", metadata.get("x"));
  }

  onMessage(message: Uint8Array): void {
    bytes("stream.message", message);
    status("stream.send", this.send(message));
    status("stream.close", this.close());
  }

  onTrailingMetadata(metadata: Headers): void {
    number("trailingMetadata.entries", metadata.entries().length);
  }

  onClose(status: GrpcStatus, message: string): void {
    say("stream.closeMessage", message.length.toString(), 0);
  }
}

/** One that is broken off: at once, as something has come of it. */
class Cancelled extends GrpcStream {
  onMessage(message: Uint8Array): void {
    status("stream.cancel", this.cancel());
  }
}

class Plugin extends StatsSink {
  onVmStart(vmConfiguration: string): bool {
    text("vmConfiguration", vmConfiguration);
    text("environment.get", environment.get("A"));
    return true;
  }

  onConfigure(configuration: string): bool {
    text("configuration", configuration);
    const queue = SharedQueue.register("q");
    yes("queue.register", queue !== null);
    return true;
  }

  createHttpContext(): HttpContext | null {
    return connecting ? null : new Stream();
  }

  createTcpContext(): TcpContext {
    return new Connection();
  }

  onStatsUpdate(stats: StatsReader): void {
    yes("stats.next", stats.next());
  }

  onQueueReady(queue: SharedQueue): void {
    bytes("queue.dequeue", queue.dequeue());
  }

  onForeignFunction(functionId: u32, argument: Uint8Array): void {
    bytes("foreign.argument", argument);
  }

  onDone(): bool {
    status("plugin.done", this.done());
    return true;
  }
}

/** Whether contexts are those of connections from now on. */
let connecting = false;

class Connection extends TcpContext {
  onNewConnection(): FilterStatus {
    status("tcp.resumeDownstream", this.resumeDownstream());
    return FilterStatus.Continue;
  }

  onDownstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    number("tcp.size", this.downstreamData.size);
    text("tcp.text", this.downstreamData.text());
    status("tcp.set", this.downstreamData.set("x"));
    return FilterStatus.Continue;
  }

  onUpstreamData(dataSize: u32, endOfStream: bool): FilterStatus {
    bytes("tcp.bytes", this.upstreamData.bytes());
    status("tcp.close", this.close());
    return FilterStatus.Continue;
  }
}

let held: Stream | null = null;

class Stream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (held === null) {
      held = this;
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    const headers = this.request.headers;
    text("headers.get", headers.get("x"));
    bytes("headers.getBytes", headers.getBytes("x"));
    number("headers.getAll", headers.getAll("x").length);
    yes("headers.has", headers.has("x"));
    yes("headers.equals", headers.equals("x", ""));
    yes("headers.startsWith", headers.startsWith("x", "seven"));
    yes("headers.includes", headers.includes("x", "even"));
    number("headers.pick", headers.pick(["x"]).length);
    number("headers.entries", headers.entries().length);
    number("headers.byteLength", headers.byteLength);
    status("headers.set", headers.set("x", "1"));
    status("headers.add", headers.add("x", "1"));
    status("headers.remove", headers.remove("content-length"));
    status("headers.replaceAll", headers.replaceAll([["x", "1"]]));

    text("property.text", property.text(["a", "b"]));
    bytes("property.bytes", property.bytes(["a"]));
    number("property.integerOr", property.integerOr(["a"], -1));
    number("property.numberOr", <i64>property.numberOr(["a"], -1));
    yes("property.boolOr", property.boolOr(["a"], false));
    yes("property.has", property.has(["a"]));
    status("property.set", property.set("a", "b"));
    status("property.setBytes", property.setBytes("a", new Uint8Array(2)));

    const shared = SharedData.get("k");
    const sharedStatus = lastStatus();
    if (shared === null) say("shared.get", "null", sharedStatus);
    else say("shared.get", shared.text.length.toString(), sharedStatus);
    status("shared.set", SharedData.set("k", "v"));
    status("shared.setBytes", SharedData.setBytes("k", new Uint8Array(1)));
    status("shared.clear", SharedData.clear("k"));
    status(
      "shared.update",
      SharedData.update("k", (old) => new Uint8Array(1)),
    );
    number("shared.add", SharedData.add("k", 1));
    status("queue.enqueueBytes", new SharedQueue(1).enqueueBytes(new Uint8Array(1)));
    yes("queue.resolve", SharedQueue.resolve("", "q") !== null);
    status("queue.enqueue", new SharedQueue(1).enqueue("m"));

    status("counter.increment", counter.increment());
    number("counter.value", counter.value);
    status("gauge.set", gauge.set(7));
    status("gauge.add", gauge.add(-1));
    status("histogram.record", histogram.record(1));
    status("counter.with", counter.with([["a", "b"]]).increment());
    status("gauge.with", gauge.with([["a", "b"]]).set(1));
    status("histogram.with", histogram.with([["a", "b"]]).record(1));

    number("clock.now", clock.now());
    yes("log.isEnabled", log.isEnabled(LogLevel.Debug));
    bytes("foreign", callForeignFunction("f", new Uint8Array(1)));
    bytes("compress", compress(new Uint8Array(1)));
    bytes("uncompress", uncompress(new Uint8Array(1)));
    yes("expression.compile", Expression.compile("x") !== null);
    yes(
      "verifySignature",
      verifySignature("sha256", new Uint8Array(1), new Uint8Array(1), new Uint8Array(1)),
    );
    bytes("sign", sign("sha256", new Uint8Array(1), new Uint8Array(1)));
    status("clearRouteCache", clearRouteCache());
    status("setFilterState", setFilterState("a", "b"));
    status("declareProperty", declareProperty("a", false));
    text("attributes.text", attributes.request.path());
    number("attributes.integer", attributes.response.code());

    this.after(5, () => {
      status("stream.open", this.grpcStream("g", "s", "m", new Watch()));
      // In the next tick: a stream is opened first thing in one.
      this.after(5, () => {
        this.grpcStream("g", "s", "m", new Cancelled());
      });
    });
    status(
      "fetch",
      this.fetch("c", {}, (result) => {
        number("call.headers", result.headers.entries().length);
        text("call.body", result.body.text());
        text("call.trailers", result.trailers.get("x"));
      }),
    );
    status(
      "grpcCall",
      this.grpcCall("g", "s", "m", new Uint8Array(0), {}, (result) => {
        text("grpc.message", result.message);
      }),
    );
    const other = held;
    if (other !== null) text("other.headers", other.request.headers.get("x"));
    this.after(10, () => {
      status("other.resume", held!.resumeRequest());
      this.respond(403, "no", { headers: [["x", "1"]] });
      status("respond", lastStatus());
    });
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    const body = this.request.body;
    number("body.size", body.size);
    text("body.text", body.text());
    bytes("body.bytes", body.bytes());
    text("body.slice", body.slice(1, 2));
    bytes("body.sliceBytes", body.sliceBytes(1, 2));
    status("body.set", body.set("0123456789"));
    status("body.splice", body.splice(0, 1, "x"));
    status("body.middle", body.splice(1, 1, "x"));
    status("body.setBytes", body.setBytes(new Uint8Array(1)));
    status("body.append", body.append("x"));
    status("body.prepend", body.prepend("x"));
    status("body.appendBytes", body.appendBytes(new Uint8Array(1)));
    status("body.prependBytes", body.prependBytes(new Uint8Array(1)));
    status("body.clear", body.clear());
    status("body.replaceAll", body.replaceAll("e", "2"));
    text("trailers.get", this.request.trailers.get("x"));
    return FilterDataStatus.StopIterationAndWatermark;
  }

  onLog(): void {
    connecting = true;
    text("log.headers", this.response.headers.get("x"));
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    // In its own callback it would wait for the end of that.
    this.after(1, () => status("reset", this.reset()));
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Plugin>();
