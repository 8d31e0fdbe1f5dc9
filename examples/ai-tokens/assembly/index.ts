import {
  Counter,
  FilterDataStatus,
  FilterHeadersStatus,
  HttpContext,
  PluginContext,
  log,
  registerPlugin,
} from "proxy-wasm-as";
import { json } from "proxy-wasm-as/assembly/std/json";
import { SlidingWindow } from "proxy-wasm-as/assembly/std/limit";
import { SseReader } from "proxy-wasm-as/assembly/std/sse";

/** The largest answer that comes as one JSON text. */
const MOST: u32 = 1 << 20;

class Tokens extends PluginContext {
  user = "";
  limit = new SlidingWindow("tokens", 0, 1);
  counter = new Counter("ai_tokens");

  onConfigure(configuration: string): boolean {
    const config = json.parse(configuration).root;
    const tokens = config.get("tokens").integerOr(0);
    const seconds = config.get("seconds").integerOr(0);
    this.user = config.get("user").textOr("");
    this.limit = new SlidingWindow("tokens", tokens, seconds);
    if (this.user && tokens > 0 && seconds > 0) return true;
    log.error('write { "user": "x-user", "tokens": 1000, "seconds": 3600 }');
    return false;
  }

  createHttpContext(): HttpContext {
    return new TokensStream();
  }
}

/** Counts the tokens that a language model reports in its answer, which passes as it comes. */
class TokensStream extends HttpContext {
  private user = "";
  private events: SseReader | null = null;
  private text: string | null = null;
  private input: i64 = 0;
  private output: i64 = 0;

  onRequestHeaders(): FilterHeadersStatus {
    const plugin = this.plugin as Tokens;
    const headers = this.request.headers;
    const user = headers.get(plugin.user);
    if (!user) return this.respond(401, "who asks?\n", { details: "no_user" });
    // What a request costs is known afterwards: it may pass while anything is left.
    const left = plugin.limit.take(user, 0);
    if (left.remaining == 0)
      return this.respond(429, "no tokens left\n", { headers: left.headers(), details: "no_tokens" });
    this.user = user;
    headers.remove("accept-encoding"); // what is compressed cannot be read
    return FilterHeadersStatus.Continue;
  }

  onResponseHeaders(): FilterHeadersStatus {
    const headers = this.response.headers;
    if (headers.startsWith("content-type", "text/event-stream")) this.events = new SseReader();
    else if (headers.startsWith("content-type", "application/json")) this.text = "";
    return FilterHeadersStatus.Continue;
  }

  onResponseBody(bodySize: u32, endOfStream: boolean): FilterDataStatus {
    const { events, text } = this;
    if (events !== null) {
      events.push(this.response.body.bytes());
      for (let event = events.next(); event !== null; event = events.next()) this.readUsage(event.data);
    } else if (text !== null && <u32>text.length + bodySize <= MOST) {
      this.text = text + this.response.body.text();
      if (endOfStream) this.readUsage(this.text!);
    }
    return FilterDataStatus.Continue;
  }

  onLog(): void {
    const tokens = this.input + this.output;
    if (tokens == 0 || !this.user) return;
    const plugin = this.plugin as Tokens;
    const left = plugin.limit.charge(this.user, tokens);
    plugin.counter.increment(tokens);
    log.info(`${this.user} used ${tokens}, left ${left.remaining}`);
  }

  /** The numbers of OpenAI and Anthropic; those of a stream grow, and the last counts. */
  private readUsage(text: string): void {
    if (!text.includes('"usage"')) return;
    const root = json.parse(text).root;
    let usage = root.get("usage");
    if (!usage.exists) usage = root.get("message").get("usage");
    if (!usage.exists) usage = root.get("response").get("usage");
    const input = usage.get("input_tokens").integerOr(usage.get("prompt_tokens").integerOr(0));
    const output = usage.get("output_tokens").integerOr(usage.get("completion_tokens").integerOr(0));
    this.input = max(this.input, min(input, 1000000000));
    this.output = max(this.output, min(output, 1000000000));
  }
}

registerPlugin<Tokens>();
