import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";

/** Keeps its configuration as it is. */
class PluginConfig extends PluginContext {
  secret = "";

  onConfigure(configuration: string): boolean {
    this.secret = configuration;
    return true;
  }

  createHttpContext(): HttpContext {
    return new PluginConfigStream();
  }
}

/** Reads the configuration from its plugin. */
class PluginConfigStream extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    log.info("secret: " + (this.plugin as PluginConfig).secret);
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<PluginConfig>();
