import {
  FilterDataStatus,
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  registerPlugin,
} from "proxy-wasm-as";

/** Counts what its streams have done, and keeps a little of the last ones. */
class Mixed extends PluginContext {
  readonly latest: string[] = [];
  marker: string = "";

  onConfigure(configuration: string): bool {
    this.marker = configuration;
    return true;
  }

  createHttpContext(): HttpContext {
    return new MixedStream();
  }
}

/** Does by path what filters do: state, calls, bodies, refusals, timers. */
class MixedStream extends HttpContext {
  private path: string = "";
  private parts: string[] = [];

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const headers = this.request.headers;
    const path = headers.get(":path");
    this.path = path === null ? "" : path;
    const plugin = this.plugin as Mixed;
    plugin.latest.push(this.path);
    if (plugin.latest.length > 64) plugin.latest.shift();
    headers.set("x-marker", plugin.marker);
    headers.remove("content-length");
    if (this.path == "/error") return this.respond(418, "no\n", { headers: [["x-error", "yes"]] });
    if (this.path == "/call" || this.path == "/abort") {
      this.fetch("auth", { path: "/check", timeout: 1000 }, (result) => {
        if (result.status == 200) this.resumeRequest();
        else this.respond(403, "denied\n");
      });
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    if (this.path == "/wait") {
      this.after(5, () => this.resumeRequest());
      return FilterHeadersStatus.StopAllIterationAndWatermark;
    }
    return FilterHeadersStatus.Continue;
  }

  onRequestBody(bodySize: u32, endOfStream: bool): FilterDataStatus {
    if (!endOfStream) return FilterDataStatus.StopIterationAndBuffer;
    const body = this.request.body;
    this.parts = body.text().split(" ");
    body.set(this.parts.join("-"));
    return FilterDataStatus.Continue;
  }

  onResponseHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const entries = this.response.headers.entries();
    this.response.headers.add("x-seen", entries.length.toString() + " of " + this.path);
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Mixed>();
