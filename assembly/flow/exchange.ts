/**
 * One request and its response, handled by one function.
 *
 * @module
 */
import { FilterDataStatus, FilterHeadersStatus, FilterTrailersStatus, Status } from "../abi/enums";
import { HttpContext } from "../context/http-context";
import { withJsonType } from "../context/json-response";
import { LocalResponseOptions } from "../http/local-response";
import { Tunnel, isOpened, tunnelOf } from "../http/tunnel";
import { log } from "../services/log";
import { APPENDS, CANCELS, CHANGES_BODIES, HOLDS_HEADERS, WAITS_FOR_BODIES } from "./build";
import { Fiber, FiberState, Wait, current, noteFailed, outside, refuseWait, runReady, step } from "./fiber";
import { ExchangeRequest, ExchangeResponse, Message } from "./message";
import { FlowPlugin } from "./plugin";
import { hasRecursion, neededBytes, suspend } from "./stack";

/** Shared, because a text costs twice its length in every module. */
const BEYOND = "flow: waiting here would exceed maxSuspended";
const TOO_LATE = "flow: next() or respond() once more, or too late";
const EARLY = "flow: answered before the request has ended; the rest of it is held";

/** Something to do when the client goes while the flow waits. */
abstract class Cleanup {
  next: Cleanup | null = null;
  abstract run(): void;
}

class CleanupOf<T> extends Cleanup {
  constructor(
    private readonly value: T,
    private readonly callback: (value: T) => void,
  ) {
    super();
  }

  run(): void {
    this.callback(this.value);
  }
}

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
export class Exchange extends Fiber {
  /** The request. */
  readonly request: ExchangeRequest;
  private answer: ExchangeResponse | null = null;
  /** @internal The message that waiting holds: the request until the response has come. */
  at: Message;
  private answered: bool = false;
  /** The response has come while the flow was waiting for the request: what it has not seen of that must not go on. */
  private cutOff: bool = false;
  /** What the request asks for: what passes in a tunnel has no end that could be waited for. */
  private tunnel: u8 = <u8>Tunnel.None;
  private cleanups: Cleanup | null = null;

  /** @internal */
  constructor(
    /** @internal */
    readonly stream: HttpContext,
    /** The plugin, with its configuration and state: `(x.plugin as MyPlugin).limit`. */
    readonly plugin: FlowPlugin,
  ) {
    super();
    const request = new ExchangeRequest(stream, false);
    this.request = request;
    this.at = request;
    request.owner = this;
  }

  /**
   * Passes the request on and waits for the response; it is held until the handler waits for its body or returns. A second
   * call, and one after `respond`, is refused with a line in the log and answers what there is.
   */
  next(): ExchangeResponse {
    const before = this.answer;
    const response = before !== null ? before : this.newResponse();
    if (before !== null || this.answered) log.error(TOO_LATE);
    else while (this.at !== response && this.mayWaitFor(Wait.Next, this.request)) suspend();
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
    if (this.mayRespond())
      this.note(this.stream.respond(status, body, options as LocalResponseOptions | null));
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

  /** Resets the stream: the client sees a broken connection. Return after it. */
  reset(): void {
    if (!this.answered) this.answered = this.stream.reset() == Status.Ok;
  }

  /**
   * Calls `callback` with `value` when the stream ends while the flow waits: the client is gone, a time limit has ended the
   * request. Nothing after the wait runs then. What was registered last runs first. It cannot wait.
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

  private mayRespond(): bool {
    const may = !this.answered && !this.hasResponded;
    if (!may) log.error(TOO_LATE);
    return may;
  }

  /** Notes what came of a response: one that is refused, in a callback of another stream, leaves the flow as it is. */
  private note(answer: i32): void {
    this.answered = answer != FilterHeadersStatus.Continue;
  }

  /** @internal Tells whether it may wait for something that comes by a callback of the stream; see `mayWait`. */
  mayWaitFor(what: Wait, message: Message): bool {
    if (current !== this) {
      refuseWait();
      return false;
    }
    if (this.answered) return false;
    if (what != Wait.Next && CHANGES_BODIES && !this.holdsHeaders) message.prepare();
    this.wait = what;
    return this.maySuspend();
  }

  /** @internal Tells whether it may wait now. One too many waits for ever, and is over: its stream has been answered. */
  maySuspend(): bool {
    const plugin = this.plugin;
    if (hasRecursion() && neededBytes() > <usize>plugin.flow.maxSuspendedBytes) {
      this.refuse(BEYOND + "Bytes");
      return false;
    }
    if (plugin.$suspended < plugin.flow.maxSuspended) plugin.$noteSuspended();
    else {
      this.refuse(BEYOND);
      this.state = FiberState.Ended;
    }
    return true;
  }

  private refuse(reason: string): void {
    this.plugin.$noteRefused();
    log.warn(reason);
    if (!this.answered && !this.hasResponded) this.respond(503, "overloaded\n");
  }

  /** Tells whether the response's headers have gone on. */
  private get hasResponded(): bool {
    const response = this.answer;
    return response !== null && response.passed;
  }

  private get holdsHeaders(): bool {
    return HOLDS_HEADERS && this.plugin.flow.holdHeaders;
  }

  private goOn(): void {
    if (this.state == FiberState.Suspended) this.plugin.$noteResumed();
    step(this);
    runReady();
  }

  /** @internal It has run in a callback of something else: lets go on what it no longer holds. */
  onPaused(): void {
    if (this.answered) return;
    const at = this.at;
    if (this.state == FiberState.Ended) {
      this.release(this.request);
      const response = this.answer;
      if (response !== null) this.release(response);
    } else if (this.wait == Wait.Next || this.wait == Wait.Chunk || (this.wait == Wait.Body && at.stopped)) {
      if (APPENDS && this.wait == Wait.Chunk && !at.stopped && at.hold()) return;
      this.release(at);
    }
  }

  /** @internal Lets a message go on that was held. */
  release(message: Message): void {
    if (!message.passed || message.size > 0 || message.stopped) message.forget();
    message.pass();
    if (message.isResponse) this.stream.resumeResponse();
    else this.stream.resumeRequest();
  }

  /** @internal */
  drop(): void {
    if (!this.end()) return;
    this.leaveAll();
    this.plugin.$noteDropped();
    if (CANCELS) outside(this);
  }

  /** @internal Runs what was registered for it. */
  cancel(): void {
    for (let cleanup = this.cleanups; cleanup !== null; cleanup = this.cleanups) {
      // Once, also when it fails.
      this.cleanups = cleanup.next;
      cleanup.run();
    }
  }

  /** @internal A bug has ended it, or one of its stream's other callbacks. */
  abandon(): void {
    if (this.end()) this.plugin.$noteDropped();
    if (CANCELS) noteFailed(this);
  }

  /** Tells whether the flow has anything to do with the message now. */
  private isWaitingFor(what: Wait, message: Message): bool {
    return this.state == FiberState.Suspended && this.wait == what && this.at === message;
  }

  /** @internal */
  onRequestHeaders(ended: bool): FilterHeadersStatus {
    const request = this.request;
    if (WAITS_FOR_BODIES && !ended) {
      const tunnel = tunnelOf(request.headers);
      this.tunnel = <u8>tunnel;
      if (tunnel != Tunnel.None) ended = true;
    }
    request.ended = ended;
    this.goOn();
    return this.headersStatus(this.request);
  }

  /** @internal */
  onResponseHeaders(ended: bool): FilterHeadersStatus {
    const response = this.answer;
    if (this.answered || this.state == FiberState.Ended) return FilterHeadersStatus.Continue;
    if (response === null || !this.isWaitingFor(Wait.Next, this.request)) {
      // The request was answered before the flow has passed it on: there is nothing left to do.
      if (WAITS_FOR_BODIES && this.request.passed && !this.request.ended) {
        log.warn(EARLY);
        this.cutOff = true;
      }
      this.drop();
      return FilterHeadersStatus.Continue;
    }
    this.at = response;
    response.ended = ended || (WAITS_FOR_BODIES && isOpened(this.tunnel, response.headers));
    this.goOn();
    return this.headersStatus(response);
  }

  private headersStatus(message: Message): FilterHeadersStatus {
    if (this.state == FiberState.Suspended && this.at === message) {
      const hold = this.holdsHeaders && !message.ended;
      if (this.wait == Wait.Body && hold) return FilterHeadersStatus.StopIteration;
      if (this.wait == Wait.Future) {
        if (hold) return FilterHeadersStatus.StopIteration;
        message.stopped = true;
        return FilterHeadersStatus.StopAllIterationAndWatermark;
      }
    }
    message.pass();
    return FilterHeadersStatus.Continue;
  }

  /** @internal */
  onBody(message: Message | null, size: u32, ended: bool): FilterDataStatus {
    if (WAITS_FOR_BODIES && this.cutOff && message === this.request)
      return FilterDataStatus.StopIterationAndWatermark;
    if (message === null || this.answered || this.state == FiberState.Ended || this.at !== message)
      return FilterDataStatus.Continue;
    message.size = size;
    message.stopped = false;
    if (ended) message.ended = true;
    if (this.wait == Wait.Body) {
      if (size > this.limitOf(message)) return this.refuseBody(message);
      if (!ended) return FilterDataStatus.StopIterationAndBuffer;
      this.goOn();
    } else if (this.wait == Wait.Chunk) this.goOn();
    return this.dataStatus(message);
  }

  private dataStatus(message: Message): FilterDataStatus {
    if (this.state == FiberState.Suspended && this.at === message) {
      if (this.wait == Wait.Future || this.wait == Wait.Body) return FilterDataStatus.StopIterationAndBuffer;
      if (APPENDS && this.wait == Wait.Chunk && message.hold())
        return FilterDataStatus.StopIterationAndBuffer;
    }
    message.pass();
    message.forget();
    return FilterDataStatus.Continue;
  }

  /** @internal */
  onTrailers(message: Message | null): FilterTrailersStatus {
    if (WAITS_FOR_BODIES && this.cutOff && message === this.request)
      return FilterTrailersStatus.StopIteration;
    if (message === null || this.answered || this.state == FiberState.Ended || this.at !== message)
      return FilterTrailersStatus.Continue;
    message.ended = true;
    message.stopped = false;
    const size = message.size + message.held;
    if (this.wait == Wait.Body || this.wait == Wait.Chunk) this.goOn();
    if (this.dataStatus(message) != FilterDataStatus.Continue) return FilterTrailersStatus.StopIteration;
    if (size == 0 || !message.wasStopped) return FilterTrailersStatus.Continue;
    // Envoy 1.40 is still within `continue_stream` and would lose the body that it has buffered.
    this.stream.afterWith<Message>(1, message, (message) => message.exchange.release(message));
    return FilterTrailersStatus.StopIteration;
  }

  private limitOf(message: Message): u32 {
    const flow = this.plugin.flow;
    return message.isResponse ? flow.responseBodyLimit : flow.requestBodyLimit;
  }

  /** A body beyond the limit ends the flow. */
  private refuseBody(message: Message): FilterDataStatus {
    this.drop();
    this.answered = true;
    if (message.isResponse)
      this.stream.respond(500, "Internal Server Error\n", { details: "response_body_beyond_flow_limit" });
    else this.stream.respond(413, "Payload Too Large\n", { details: "request_body_beyond_flow_limit" });
    return FilterDataStatus.StopIterationAndBuffer;
  }
}
