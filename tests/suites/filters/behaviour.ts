// What suites can ask about: state, local responses in each phase, held messages, a refused configuration.
import {
  FilterDataStatus,
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  clock,
  log,
  property,
  registerPlugin,
} from "proxy-wasm-as";

class Behaviour extends PluginContext {
  streams: u32 = 0;

  onConfigure(configuration: string): bool {
    if (configuration == "refuse") log.error("no, thank you");
    return configuration != "refuse";
  }

  createHttpContext(): HttpContext {
    return new BehaviourStream();
  }
}

class BehaviourStream extends HttpContext {
  private path: string = "";
  private chunks: u32 = 0;

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const plugin = this.plugin as Behaviour;
    this.path = this.request.headers.get(":path")!;
    if (this.path == "/deny")
      return this.respond(418, "no", {
        headers: [["x-why", "because"]],
        details: "some reason",
        grpcStatus: 7,
      });
    const name = this.request.headers.get("x-name");
    if (name !== null) log.info("name: " + name);
    if (this.path == "/time") log.info("time " + clock.now().toString() + " " + clock.now().toString());
    if (this.path == "/property") {
      const value = property.text(["a", "b"]);
      log.info("property " + (value === null ? "(none)" : value));
    }
    this.request.headers.set("x-count", (++plugin.streams).toString());
    return this.path == "/hold" || this.path == "/wait"
      ? FilterHeadersStatus.StopIteration
      : FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (this.path == "/hold") return FilterDataStatus.StopIterationAndBuffer;
    if (this.path == "/late" && ++this.chunks == 2) return this.respond(413, "");
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    if (this.response.headers.has("x-fail")) return this.respond(500, "sorry", { details: "bad upstream" });
    this.response.headers.set("x-seen", "1");
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Behaviour>();
