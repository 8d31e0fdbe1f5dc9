// Each path does what random calls have killed or hung Envoy with, and logs how the SDK answered.
import {
  FilterDataStatus,
  FilterHeadersStatus,
  GrpcStatus,
  GrpcStream,
  Headers,
  HttpContext,
  lastStatus,
  log,
  registerHttpFilter,
} from "proxy-wasm-as";

/** A stream that waits for others to act upon it. */
let waiting: Safety | null = null;

function acted(stream: Safety): Safety {
  stream.respond(418, "too late");
  return stream;
}

class Watch extends GrpcStream {
  onInitialMetadata(metadata: Headers): void {
    log.info("initial metadata");
  }

  onTrailingMetadata(metadata: Headers): void {
    log.info("trailing metadata");
  }

  onClose(status: GrpcStatus, message: string): void {
    log.info(`closed ${status}`);
  }
}

class Safety extends HttpContext {
  private path: string = "";
  /** Whether another filter of the chain has had the request before it. */
  private isSecond: bool = false;

  private is(path: string): bool {
    return this.path == path;
  }

  private say(what: string): void {
    log.info(this.path + " " + what);
  }

  /** The statuses of what could make or read trailers. */
  private touchTrailers(): string {
    const trailers = this.request.trailers;
    const set = trailers.set("x-a", "1");
    const remove = trailers.remove("x-a");
    trailers.byteLength;
    const size = lastStatus();
    trailers.get("x-a");
    return `${set} ${remove} ${size} ${lastStatus()}`;
  }

  private resetThenTrap(): void {
    this.reset();
    unreachable();
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.path = this.request.headers.get(":path") || "";
    if (this.is("/wait")) {
      waiting = this;
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    const other = waiting;
    if (this.is("/answer-other") && other !== null) {
      other.respond(200, "from another");
      this.say(`refused ${lastStatus()} ${other.resumeRequest()} ${other.reset()}`);
      this.plugin.after(1, () => {
        const late = waiting;
        if (late !== null) late.respond(200, "from a timer");
      });
    }
    if (this.is("/timer-of-another")) {
      if (other === null) waiting = this;
      else {
        waiting = null;
        other.after(5, () => log.info("fired"));
        this.after(50, () => {
          this.resumeRequest();
        });
        return FilterHeadersStatus.StopAllIterationAndWatermark;
      }
    }
    if (this.is("/resume-both") || this.is("/make-response-trailers")) {
      this.isSecond = this.request.headers.has("x-first");
      this.request.headers.set("x-first", "yes");
    }
    if (this.is("/reset-then-trap")) this.resetThenTrap();
    if (this.is("/reset-then-trap-later")) {
      this.after(1, () => {
        this.resetThenTrap();
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.is("/reset-then-trap-in-answer")) {
      this.fetch("upstream", { path: "/" }, () => {
        this.resetThenTrap();
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.is("/first-timers")) {
      this.after(5, () => {
        this.resumeRequest();
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.is("/open-streams")) {
      this.say(`callback ${this.grpcStream("empty", "s", "m", new Watch())}`);
      this.after(0, () => {
        const first = this.grpcStream("empty", "s", "m", new Watch());
        const second = this.grpcStream("empty", "s", "m", new Watch());
        this.say(`timer ${first} ${second}`);
      });
      this.after(20, () => {
        const call = this.grpcCall("empty", "s", "m", new Uint8Array(0), {}, () => {});
        const stream = this.grpcStream("empty", "s", "m", new Watch());
        this.say(`call ${call} stream ${stream}`);
        this.resumeRequest();
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.is("/resume-both")) {
      if (this.isSecond) this.reset();
      return FilterDataStatus.StopIterationAndBuffer;
    }
    if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    if (this.is("/reset-then-trap-in-body")) this.resetThenTrap();
    if (this.is("/look-for-trailers")) {
      this.say(this.request.trailers.get("x-a") === null ? "none" : "some");
      this.say(`${this.request.trailers.entries().length} ${this.request.trailers.remove("x-a")}`);
      this.after(20, () => {
        this.say("resumed");
        this.resumeRequest();
      });
      return FilterDataStatus.StopIterationAndBuffer;
    }
    if (this.is("/resume-in-response")) return FilterDataStatus.StopIterationAndBuffer;
    if (this.path.startsWith("/make-trailers")) {
      this.say(`made ${this.request.trailers.add("x-a", "1")} ${this.request.trailers.get("x-a") || "none"}`);
      if (this.is("/make-trailers-and-hold")) return FilterDataStatus.StopIterationAndBuffer;
    }
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.is("/resume-in-response")) this.say(`resume ${this.resumeRequest()}`);
    if (this.is("/resume-both") && !this.isSecond) {
      this.after(20, () => {
        this.say(`resume ${this.resumeRequest()} ${this.resumeResponse()}`);
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.is("/touch-trailers")) {
      this.say(`response ${this.touchTrailers()}`);
      this.after(1, () => {
        this.say(`timer ${this.touchTrailers()}`);
      });
      this.after(150, () => {
        this.say(`late ${this.touchTrailers()}`);
        this.resumeResponse();
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.is("/respond-then-trap-in-response")) {
      this.respond(503, "instead");
      unreachable();
    }
    if (this.is("/reset-then-trap-in-response")) this.resetThenTrap();
    if (this.is("/respond-then-reset")) {
      this.respond(503, "instead");
      this.say(`reset ${this.reset()}`);
    }
    if (this.is("/resume-then-reset")) {
      this.after(1, () => {
        this.resumeResponse();
        this.say(`reset ${this.reset()}`);
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (!this.is("/make-response-trailers")) return FilterDataStatus.Continue;
    if (!this.isSecond && !endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    if (this.isSecond && endOfStream) this.say(`made ${this.response.trailers.set("x-a", "1")}`);
    return FilterDataStatus.Continue;
  }

  onDelete(): void {
    if (this.is("/touch-trailers")) this.say(`delete ${this.touchTrailers()}`);
    if (!this.is("/act-when-gone")) return;
    this.say(`stream ${this.plugin.grpcStream("empty", "s", "m", new Watch())}`);
    acted(this);
    this.say(`respond ${lastStatus()} reset ${this.reset()}`);
    waiting = this;
    this.plugin.after(1, () => {
      const gone = waiting;
      if (gone !== null) acted(gone);
      log.info(`gone ${lastStatus()}`);
    });
  }
}

registerHttpFilter<Safety>();
