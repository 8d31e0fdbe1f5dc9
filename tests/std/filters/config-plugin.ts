/** Reads its configuration, and says in a header what it has read. */
import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";
import { Config } from "proxy-wasm-as/assembly/std/config";

class Limits extends PluginContext {
  summary: string = "";

  onConfigure(configuration: string): bool {
    const config = Config.read(configuration);
    this.summary =
      config.text("header") + " " + config.section("limits").integerOr("rps", 100, 1, 10000).toString();
    const routes = config.sections("routes");
    for (let i = 0; i < routes.length; i++) {
      this.summary += " " + routes[i].text("path") + "=" + routes[i].numberOr("weight", 1).toString();
    }
    config.allowOnly(["header", "limits", "routes"]);
    if (config.error !== null) log.error(config.error!);
    return config.error === null;
  }

  createHttpContext(): HttpContext | null {
    return new Marker(this);
  }
}

class Marker extends HttpContext {
  constructor(private limits: Limits) {
    super();
  }

  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    this.request.headers.set("x-summary", this.limits.summary);
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Limits>();
