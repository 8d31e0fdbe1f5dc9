/**
 * One request and its response, handled by one function.
 *
 * @module
 */
import { HttpContext } from "../context/http-context";
import { withJsonType } from "../context/json-response";
import { LocalResponseOptions } from "../http/local-response";
import { cast } from "../memory/cast";
import { log } from "../services/log";
import { CleanupOf } from "./cleanup";
import { ExchangeState, TOO_LATE } from "./exchange-state";
import { Fiber, Wait, current } from "./fiber";
import { ExchangeResponse } from "./request-and-response";
import { FlowPlugin } from "./plugin";
import { FlowPluginBase } from "./plugin-base";
import { suspend } from "./stack";

/**
 * A request and its response. A handler is given one for each request and may wait anywhere: for the body, for the
 * upstream's response, for calls and timers. When it returns, whatever is held goes on.
 *
 * @example
 * registerFlow("auth", (x: Exchange): void => {
 *   const check = fetch("auth", { path: "/check" });
 *   if (check.status != 200) return x.respond(403, "denied\n");
 *   const response = x.next();
 *   response.headers.set("x-user", check.header("x-user")!);
 * });
 */
@final
export class Exchange extends ExchangeState {
  /** @internal */
  constructor(stream: HttpContext, plugin: FlowPlugin) {
    super(stream, plugin, cast<(x: Exchange) => void, (fiber: Fiber) => void>(plugin.$handler));
  }

  /** The plugin, with its configuration and state: `(x.plugin as MyPlugin).limit`. */
  get plugin(): FlowPlugin {
    return cast<FlowPluginBase, FlowPlugin>(this.flows);
  }

  /**
   * Passes the request on and waits for the response; it is held until the handler waits for its body or returns. A second
   * call, and one after `respond`, is refused with a line in the log and answers what there is.
   */
  next(): ExchangeResponse {
    const before = this.answer;
    const response = before !== null ? before : this.newResponse();
    if (before !== null || this.answered) log.error(TOO_LATE);
    else while (this.at !== response && this.mayWaitFor(Wait.Next)) suspend();
    return response;
  }

  /** The response, once `next()` has returned; null before. */
  get response(): ExchangeResponse | null {
    return this.answer;
  }

  /** Tells whether `respond` has answered the request. */
  get isAnswered(): bool {
    return this.answered;
  }

  /**
   * Answers in the upstream's stead; see `HttpContext.respond`. After `next()` it takes the response's place as long as its
   * headers are held; when they have gone on, nothing happens but a line in the log. Return after it.
   */
  respond(status: u32, body: string = "", options: Partial<LocalResponseOptions> | null = null): void {
    this.answerWith(status, body, options as LocalResponseOptions | null);
  }

  /** `respond` with a body of JSON; see `HttpContext.respondJson`. */
  respondJson(status: u32, json: string, options: Partial<LocalResponseOptions> | null = null): void {
    this.respond(status, json, withJsonType(options as LocalResponseOptions | null));
  }

  /** `respond` with a body of bytes. */
  respondBytes(status: u32, body: Uint8Array, options: Partial<LocalResponseOptions> | null = null): void {
    if (this.mayRespond())
      this.note(this.stream.respondBytes(status, body, options as LocalResponseOptions | null));
  }

  /**
   * Calls `callback` with `value` when the stream ends while the flow waits: the client is gone, a time limit has ended the
   * request. Nothing after the wait runs then. The callback that was registered last runs first. It cannot wait.
   *
   * @example
   * x.onCancel<Slot>(slot, (slot) => slot.release());
   */
  onCancel<T>(value: T, callback: (value: T) => void): void {
    const cleanup = new CleanupOf<T>(value, callback);
    cleanup.next = this.cleanups;
    this.cleanups = cleanup;
  }

  private newResponse(): ExchangeResponse {
    const response = new ExchangeResponse(this.stream, true);
    response.owner = this;
    // Nobody else's call may be mistaken for the handler's own.
    if (current === this) this.answer = response;
    return response;
  }
}
