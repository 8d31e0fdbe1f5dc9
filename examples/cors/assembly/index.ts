import { FilterHeadersStatus, HttpContext, PluginContext, log, registerPlugin } from "proxy-wasm-as";
import { Config } from "proxy-wasm-as/assembly/std/config";

/** Keeps the configuration: which sites' pages may use this one, and how. */
class Cors extends PluginContext {
  origins: string[] = [];
  credentials: bool = false;
  /** Ready for the answers to preflights. */
  methods = "";
  headers = "";
  maxAge = "";

  onConfigure(configuration: string): bool {
    const config = Config.readJson(configuration);
    config.allowOnly(["origins", "methods", "headers", "credentials", "maxAge"]);
    this.origins = config.texts("origins");
    this.methods = config.texts("methods").join(", ");
    this.headers = config.texts("headers").join(", ");
    this.credentials = config.boolOr("credentials", false);
    this.maxAge = config.integerOr("maxAge", 600, 0, 86400).toString();
    if (this.credentials && this.origins.includes("*"))
      config.refuse("credentials", "browsers do not take them together with the origin *");
    const error = config.error;
    if (error !== null) log.error(error);
    return error === null;
  }

  allows(origin: string): bool {
    return this.origins.includes(origin) || this.origins.includes("*");
  }

  createHttpContext(): HttpContext {
    return new CorsStream();
  }
}

/** Answers preflights, and tells browsers which pages may read a response. */
class CorsStream extends HttpContext {
  /** The page's origin, when it is allowed. */
  private origin: string | null = null;

  onRequestHeaders(): FilterHeadersStatus {
    const headers = this.request.headers;
    const origin = headers.get("origin");
    const cors = this.plugin as Cors;
    if (origin !== null && cors.allows(origin)) this.origin = origin;
    const isPreflight = headers.equals(":method", "OPTIONS") && headers.has("access-control-request-method");
    if (!isPreflight || origin === null) return FilterHeadersStatus.Continue;
    if (this.origin === null) return this.respond(403, "this origin is not allowed\n");
    return this.respond(204, "", {
      headers: [
        ["access-control-allow-methods", cors.methods],
        ["access-control-allow-headers", cors.headers],
        ["access-control-max-age", cors.maxAge],
      ],
    });
  }

  /** Called for responses of the upstream and for those of `respond` alike. */
  onResponseHeaders(): FilterHeadersStatus {
    const headers = this.response.headers;
    headers.add("vary", "origin"); // or a cache would give one site's answer to another
    // The configuration says it, not the upstream: what that lets in, the list may not.
    headers.remove("access-control-allow-origin");
    headers.remove("access-control-allow-credentials");
    const origin = this.origin;
    if (origin === null) return FilterHeadersStatus.Continue;
    headers.set("access-control-allow-origin", origin);
    if ((this.plugin as Cors).credentials) headers.set("access-control-allow-credentials", "true");
    return FilterHeadersStatus.Continue;
  }
}

registerPlugin<Cors>();
