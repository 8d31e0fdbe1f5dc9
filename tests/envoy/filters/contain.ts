// Has the bug that `x-bug: kind@stage` names, in the callback that is the stage.
import {
  CallResult,
  FilterDataStatus,
  FilterHeadersStatus,
  FilterTrailersStatus,
  GrpcResult,
  GrpcStatus,
  GrpcStream,
  HttpContext,
  PluginContext,
  SharedQueue,
  registerPlugin,
} from "proxy-wasm-as";
import { contextCount } from "proxy-wasm-as/assembly/context/table";
import { pendingCallCount } from "proxy-wasm-as/assembly/context/pending-calls";
import { bug } from "./bug-kinds";

let nothing: i32 = 0;

/** The bug that the next stream has before it has headers. */
let armed: string = "";

class Plugin extends PluginContext {
  kind: string = "";
  queue: SharedQueue | null = null;
  ticks: u32 = 0;

  onConfigure(configuration: string): bool {
    if (configuration.startsWith("bug ")) bug(configuration.slice(4), nothing);
    this.queue = SharedQueue.register("bugs");
    this.every(2, () => {
      this.ticks++;
      const kind = this.kind;
      this.kind = "";
      if (kind.length > 0) bug(kind, nothing);
    });
    return true;
  }

  onQueueReady(queue: SharedQueue): void {
    const message = queue.dequeue();
    if (message !== null) bug(String.UTF8.decode(message.buffer), nothing);
  }

  createHttpContext(): HttpContext {
    return new Stream();
  }
}

/** Has the bug when a gRPC stream ends. */
class Watch extends GrpcStream {
  constructor(readonly kind: string) {
    super();
  }

  onClose(status: GrpcStatus, message: string): void {
    bug(this.kind, nothing);
  }
}

class Stream extends HttpContext {
  stage: string = "";
  kind: string = "";
  padding: string = "";

  constructor() {
    super();
    const kind = armed;
    armed = "";
    if (kind.length > 0) bug(kind, nothing);
  }

  at(stage: string): void {
    if (this.stage == stage) bug(this.kind, nothing);
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const plugin = this.plugin as Plugin;
    if (this.request.headers.has("x-open")) {
      return this.respond(200, "", {
        headers: [
          [
            "x-open",
            contextCount().toString() + " " + pendingCallCount().toString() + " " + plugin.ticks.toString(),
          ],
        ],
      });
    }
    const what = this.request.headers.get("x-bug");
    if (what !== null) {
      const at = what.indexOf("@");
      this.kind = what.slice(0, at);
      this.stage = what.slice(at + 1);
      if (this.stage == "arm") armed = this.kind;
    }
    this.at("onRequestHeaders");
    if (this.stage == "respond") {
      this.respond(403);
      bug(this.kind, nothing);
    }
    if (this.stage == "plugin-timer") plugin.kind = this.kind;
    if (this.stage == "queue") plugin.queue!.enqueue(this.kind);
    if (this.stage == "plugin-answer") {
      plugin.kind = "";
      plugin.fetchWith<string>("side", { path: "/" }, this.kind, (kind: string, result: CallResult) => {
        bug(kind, nothing);
      });
    }
    if (this.stage == "answer") {
      this.fetch("side", { path: "/" }, (result: CallResult) => {
        this.at("answer");
        this.resumeRequest();
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.stage == "grpc-answer") {
      this.grpcCall("grpc-closed", "acme.Auth", "Check", new Uint8Array(3), {}, (result: GrpcResult) => {
        this.at("grpc-answer");
        this.resumeRequest();
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.stage == "grpc-stream") {
      this.grpcStream("grpc-closed", "acme.Auth", "Watch", new Watch(this.kind));
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.stage == "timer") {
      this.after(1, () => this.at("timer"));
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.at("onRequestBody");
    return FilterDataStatus.Continue;
  }

  onRequestTrailers(trailerCount: u32): FilterTrailersStatus {
    this.at("onRequestTrailers");
    return FilterTrailersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.at("onResponseHeaders");
    this.response.headers.add("x-seen", this.stage);
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    this.at("onResponseBody");
    return FilterDataStatus.Continue;
  }

  onResponseTrailers(trailerCount: u32): FilterTrailersStatus {
    this.at("onResponseTrailers");
    return FilterTrailersStatus.Continue;
  }

  onLog(): void {
    this.at("onLog");
  }

  onDone(): void {
    this.at("onDone");
  }

  onDelete(): void {
    this.at("onDelete");
  }
}

registerPlugin<Plugin>();
