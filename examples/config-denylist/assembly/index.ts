import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";

/** Keeps the tokens of the configuration, one on each line. */
class Denylist extends PluginContext {
  readonly tokens = new Set<string>();

  onConfigure(configuration: string): boolean {
    for (const line of configuration.split("\n")) {
      const token = line.trim();
      if (token) this.tokens.add(token);
    }
    log.info(`Config keys size ${this.tokens.size}`);
    return true;
  }

  createHttpContext(): HttpContext {
    return new DenylistStream();
  }
}

/** Refuses requests without a token, and those whose token is on the list. An empty list refuses nothing but the former. */
class DenylistStream extends HttpContext {
  onRequestHeaders(): FilterHeadersStatus {
    const given = this.request.headers.getAll("user-token");
    if (given.length == 0) return this.respond(403, "Access forbidden - token missing.\n");
    const tokens = (this.plugin as Denylist).tokens;
    for (const token of given) if (tokens.has(token)) return this.respond(403, "Access forbidden.\n");
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Denylist>();
