import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";

/** Keeps the tokens of the configuration, one on each line. */
class Denylist extends PluginContext {
  readonly tokens: Set<string> = new Set<string>();

  onConfigure(configuration: string): bool {
    const lines = configuration.split("\n");
    for (let i = 0; i < lines.length; i++) {
      const token = lines[i].trim();
      if (token.length > 0) this.tokens.add(token);
    }
    log.info("Config keys size " + this.tokens.size.toString());
    return true;
  }

  createHttpContext(): HttpContext {
    return new DenylistStream();
  }
}

/** Refuses requests without a token, and those whose token is on the list. An empty list refuses nothing but the former. */
class DenylistStream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const given = this.request.headers.getAll("user-token");
    if (given.length == 0) return this.respond(403, "Access forbidden - token missing.\n");
    const tokens = (this.plugin as Denylist).tokens;
    for (let i = 0; i < given.length; i++)
      if (tokens.has(given[i])) return this.respond(403, "Access forbidden.\n");
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Denylist>();
