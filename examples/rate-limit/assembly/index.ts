import {
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  log,
  property,
  registerPlugin,
} from "proxy-wasm-as";
import { Config } from "proxy-wasm-as/assembly/std/config";
import { IpAddress } from "proxy-wasm-as/assembly/std/ip";
import { SlidingWindow } from "proxy-wasm-as/assembly/std/limit";

/** Keeps the limit. */
class RateLimit extends PluginContext {
  limit = new SlidingWindow("client", 0, 1);

  onConfigure(configuration: string): boolean {
    const config = Config.readJson(configuration);
    config.allowOnly(["requests", "seconds"]);
    const requests = config.integer("requests", 1);
    const seconds = config.integerOr("seconds", 60, 1, 86400);
    this.limit = new SlidingWindow("client", requests, seconds);
    const error = config.error;
    if (error !== null) log.error(error);
    return error === null;
  }

  createHttpContext(): HttpContext {
    return new RateLimitStream();
  }
}

/** Refuses the requests of a client that are too many. */
class RateLimitStream extends HttpContext {
  private told: string[][] = [];

  onRequestHeaders(): FilterHeadersStatus {
    const result = (this.plugin as RateLimit).limit.take(this.client());
    this.told = result.headers();
    if (result.allowed) return FilterHeadersStatus.Continue;
    return this.respond(429, "too many requests\n", { details: "rate_limited" });
  }

  onResponseHeaders(): FilterHeadersStatus {
    for (const [name, value] of this.told) this.response.headers.set(name, value);
    return FilterHeadersStatus.Continue;
  }

  /** Who asks: the client's address, of IPv6 its network, of which each client has all addresses. */
  private client(): string {
    const address = IpAddress.ofSocket(property.text(["source", "address"]) ?? "");
    if (address === null) return "";
    return (address.isV4 ? address.low : address.high).toString();
  }
}

registerPlugin<RateLimit>();
