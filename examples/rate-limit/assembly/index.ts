import {
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  SharedData,
  clock,
  log,
  property,
  registerPlugin,
} from "proxy-wasm-as";
import { Config } from "proxy-wasm-as/assembly/std/config";

/**
 * How many counters there are. Shared data cannot be removed, so clients share a fixed number of them: two clients with
 * the same counter are limited together, which is rare as long as there are many more counters than clients.
 */
const COUNTERS: u32 = 4096;

/** Keeps the limit. */
class RateLimit extends PluginContext {
  requests: i64 = 0;
  seconds: i64 = 0;

  onConfigure(configuration: string): bool {
    const config = Config.readJson(configuration);
    config.allowOnly(["requests", "seconds"]);
    this.requests = config.integer("requests", 1);
    this.seconds = config.integerOr("seconds", 60, 1, 86400);
    const error = config.error;
    if (error !== null) log.error(error);
    return error === null;
  }

  /** Counts a request of `client`; answers how many it has made in this window, in all worker threads. */
  count(client: string, window: i64): i64 {
    const counter = new Counted(window);
    SharedData.updateWith("rate-" + (hash(client) % COUNTERS).toString(), counter, (self, old) => {
      return self.next(old === null ? "" : old.text);
    });
    return counter.count;
  }

  createHttpContext(): HttpContext {
    return new RateLimitStream();
  }
}

/** A counter on its way through an update: its value is "window count". */
class Counted {
  count: i64 = 0;

  constructor(private readonly window: i64) {}

  next(old: string): Uint8Array {
    const parts = old.split(" ");
    const isSame = parts.length == 2 && parts[0] == this.window.toString();
    this.count = 1 + (isSame ? I64.parseInt(parts[1], 10) : 0);
    return Uint8Array.wrap(String.UTF8.encode(this.window.toString() + " " + this.count.toString()));
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): u32 {
  let sum: u32 = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = (sum ^ text.charCodeAt(i)) * 0x01000193;
  return sum;
}

/** Refuses the requests of a client that are too many. */
class RateLimitStream extends HttpContext {
  onRequestHeaders(headerCount: u32, endOfStream: bool): FilterHeadersStatus {
    const plugin = this.plugin as RateLimit;
    const now = clock.milliseconds() / 1000;
    const window = now / plugin.seconds;
    if (plugin.count(this.client(), window) <= plugin.requests) return FilterHeadersStatus.Continue;
    const wait = (window + 1) * plugin.seconds - now;
    return this.respond(429, "too many requests\n", {
      headers: [["retry-after", wait.toString()]],
      details: "rate_limited",
    });
  }

  /** Who asks: the client's address without its port. */
  private client(): string {
    const address = property.text(["source", "address"]);
    if (address === null) return "";
    const colon = address.lastIndexOf(":");
    return colon < 0 ? address : address.substring(0, colon);
  }
}

registerPlugin<RateLimit>();
