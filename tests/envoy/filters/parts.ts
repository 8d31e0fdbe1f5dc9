/** Streams whose contexts have others as parts, which act on the stream in callbacks, answers, timers and from elsewhere. */
import {
  CallResult,
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  SharedQueue,
  Status,
  registerPlugin,
} from "proxy-wasm-as";

class Plugin extends PluginContext {
  /** Belongs to no stream. */
  readonly lone: Refuse = new Refuse();
  readonly parts: Held[] = [];
  queue: SharedQueue | null = null;

  onConfigure(configuration: string): bool {
    this.queue = SharedQueue.register("end");
    return true;
  }

  createHttpContext(): HttpContext {
    return new Both(new Auth(), new Mark());
  }

  onQueueReady(queue: SharedQueue): void {
    while (queue.dequeue() !== null) {
      for (let i = 0; i < this.parts.length; i++) this.parts[i].end();
      this.parts.length = 0;
    }
  }
}

/** Two filters in a row; others by the request's path. */
class Both extends HttpContext {
  private late: HttpContext | null = null;

  constructor(
    private readonly first: HttpContext,
    private readonly second: HttpContext,
  ) {
    super();
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const path = this.request.headers.get(":path");
    const lone = (this.plugin as Plugin).lone;
    if (path == "/lone") return lone.onRequestHeaders(headerCount, endOfStream);
    if (path == "/lone-reset")
      return lone.reset() == Status.Ok ? FilterHeadersStatus.StopIteration : FilterHeadersStatus.Continue;
    if (path == "/lone-plugin") (lone.plugin as Plugin).parts.push(new Held());
    if (path == "/lone-timer") lone.after(1, () => {});
    if (path == "/refuse") return (this.late = new Refuse()).onRequestHeaders(headerCount, endOfStream);
    if (path == "/timer") return (this.late = new Late()).onRequestHeaders(headerCount, endOfStream);
    if (path == "/held") return (this.late = new Held()).onRequestHeaders(headerCount, endOfStream);
    if (path == "/keep") {
      (this.plugin as Plugin).parts.push(new Held());
      return FilterHeadersStatus.Continue;
    }
    if (path == "/end") {
      (this.plugin as Plugin).queue!.enqueue("now");
      return FilterHeadersStatus.Continue;
    }
    const status = this.first.onRequestHeaders(headerCount, endOfStream);
    this.second.onRequestHeaders(headerCount, endOfStream);
    return status;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.second.onResponseHeaders(headerCount, endOfStream);
  }
}

class Auth extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.fetch("auth", { path: "/check" }, (result: CallResult) => {
      if (result.status == 200) this.resumeRequest();
      else this.respond(403, "denied\n");
    });
    return FilterHeadersStatus.StopIteration;
  }
}

class Mark extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.request.headers.set("x-mark", "1");
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.response.headers.set("x-marked", "1");
    return FilterHeadersStatus.Continue;
  }
}

class Refuse extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    return this.respond(401, "no\n");
  }
}

class Late extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.after(20, () => {
      this.request.headers.set("x-late", "1");
      this.resumeRequest();
    });
    return FilterHeadersStatus.StopIteration;
  }
}

/** Waits until somebody ends it. */
class Held extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    (this.plugin as Plugin).parts.push(this);
    return FilterHeadersStatus.StopIteration;
  }

  end(): void {
    this.respond(503, "ended\n");
  }
}

registerPlugin<Plugin>();
